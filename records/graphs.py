"""Encoders as graphs, run with onnxruntime: several times as quick as NumPy.

Which they are, and why, is said in docs/decisions/0007-a-second-encoder-where-the-ear-is-in-doubt.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, InvalidProtobuf
from tokenizers import Tokenizer

from records.tokens import tokenising
from voice.understanding.vectors import Floats

TOKENS, ROW = "tokens", "row"
"""What a graph takes, and what it gives."""


class GraphEncoder:
    """Texts to rows of numbers, as its graph says. A text's row does not depend on what it is encoded beside. Safe to share by threads."""

    def __init__(self, graph: bytes, tokenizer: str, most_tokens: int) -> None:
        """`tokenizer` is its JSON. Longer texts are cut. Raises ValueError when it is no graph."""
        options = SessionOptions()
        # a row takes milliseconds: threads of its own would cost more than they bring, and take the cores from others
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as fault:
            raise ValueError(f"onnxruntime cannot run it: {fault}") from None
        self._tokenise = tokenising(Tokenizer.from_str(tokenizer), most_tokens)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        # one by one: in eight bits the neighbours of a text would change its row
        return np.concatenate([self._session.run([ROW], {TOKENS: np.array([ids])})[0] for ids in self._tokenise(texts)])
