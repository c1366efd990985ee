"""Rasa's custom actions: each is a door to `voice` and `records`, and does a thing once for each message."""
