"""Promises: when something must be read or answered at the latest, and how a day is said."""
