"""Cuts texts into the tokens of a model."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer

from voice.understanding.vectors import Tokenise


def tokenising(tokenizer: Tokenizer, most: int) -> Tokenise:
    """As the encoders want it: no padding, and at most so many tokens of a text."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)

    def tokenise(texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in tokenizer.encode_batch(list(texts))]

    return tokenise
