"""How Sayso reads: Rasa components on a blank spaCy pipeline."""
