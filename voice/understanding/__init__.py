"""What somebody means: the topics of their words, the spirit they are said in, and whether they tell of harm."""
