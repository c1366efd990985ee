"""Hears when a young person says something that a person must look at, and what is shown to them then."""
