"""How Sayso's dialogue is carried: the door into Rasa, the sealed dialogue state, and measured overrides of Rasa's hot spots."""
