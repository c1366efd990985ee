"""The door: receive, keep, screen, ask Rasa, answer. Safe without Rasa, without the action server and without mail."""
