"""What can stop a command, in words for whoever runs Sayso."""

from __future__ import annotations


class CannotGoOn(Exception):
    """Something must be put right by a person first. The message says what, in whole sentences."""
