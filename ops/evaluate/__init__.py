"""Measures how Sayso understands and screens, on sets of invented messages that nobody taught it (`make evaluate`)."""
