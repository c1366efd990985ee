"""`python -m ops.bench`: what a turn of Sayso costs, beside two usual Rasa bots on the same machine in the same minutes.

What is measured, and why so, is in docs/bench.md.
"""
