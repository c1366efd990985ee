"""Draws the encoder of the closer ear as a graph, in eight bits, from the weights of the model that was released, and its adapters."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from records import mpnet
from records.adapters import adapted, load_adapters
from records.closer_ear import Reader
from records.graphs import ROW, TOKENS
from voice.understanding.closer import MOST_TOKENS
from voice.understanding.vectors import Floats

LAYERS = 6
"""Of the larger model's twelve; the mean over the last of them is heard."""
ATTENTION_HEADS = 12
_NEAR, _FAR = 8, 128
"""Tokens. Up to here each distance counts for itself; from there on all are as far."""
_OPSET, _FORMAT = 17, 8
"""Of ONNX; all versions of onnxruntime of the last years read them."""


def draw_reader(root: Path) -> Reader:
    """The larger model, out of the packages that carry it, with the adapters under `root`.

    Raises WrongWeights when something is missing or not what was released.
    """
    weights, tokenizer = mpnet.load_mpnet(LAYERS, MOST_TOKENS)
    return Reader(in_eight_bits(draw(adapted(weights, load_adapters(root)), LAYERS, mpnet.SMALL)), tokenizer)


def in_eight_bits(graph: bytes) -> bytes:
    """The same graph with its large matrices in eight bits."""
    # it advises to simplify the graph before, in a warning; loading does that
    logging.getLogger().addFilter(_no_advice)
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "graph.onnx"
            # with signs, processors that have no instructions for it would overflow
            quantize_dynamic(onnx.load_model_from_string(graph), made, ["MatMul"], per_channel=True, weight_type=QuantType.QUInt8)
            return made.read_bytes()
    finally:
        logging.getLogger().removeFilter(_no_advice)


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()


def draw(weights: Mapping[str, Floats], layers: int, small: float) -> bytes:
    """A graph that gives, for the tokens of a text, the mean over the last of so many layers, at length 1.

    `weights` as the file of a BERT model names them; `small`: its `layer_norm_eps`. Raises KeyError when one is missing.
    """
    return _Drawing(weights, small).drawn(layers)


class _Drawing:
    """Nodes and constants, one after the other; each method draws one thing and gives the name of its result."""

    def __init__(self, weights: Mapping[str, Floats], small: float) -> None:
        self._weights = weights
        self._small = small
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def drawn(self, layers: int) -> bytes:
        words, places = self._weights["embeddings.word_embeddings.weight"], self._weights["embeddings.position_embeddings.weight"]
        first, length = self._constant([0]), self._node("Gather", self._node("Shape", TOKENS), self._constant([1]))
        # the words in half as many bits: there are many of them
        rows = self._node("Cast", self._node("Gather", self._constant(words.astype(np.float16)), TOKENS), to=onnx.TensorProto.FLOAT)
        placed = self._constant(places + self._weights["embeddings.token_type_embeddings.weight"][0])
        rows = self._norm(self._node("Add", rows, self._node("Slice", placed, first, length, first)), "embeddings.LayerNorm")
        apart = self._apart(self._weights.get("encoder.relative_attention_bias.weight"), len(places), length)
        for layer in range(layers):
            rows = self._layer(f"encoder.layer.{layer}.", rows, words.shape[1], apart)
        mean = self._node("ReduceMean", rows, axes=[1], keepdims=0)
        self._nodes.append(onnx.helper.make_node("LpNormalization", [mean], [ROW], axis=-1, p=2))
        return self._whole(words.shape[1])

    def _whole(self, width: int) -> bytes:
        value = onnx.helper.make_tensor_value_info
        takes, gives = (
            value(TOKENS, onnx.TensorProto.INT64, ["texts", "length"]),
            value(ROW, onnx.TensorProto.FLOAT, ["texts", width]),
        )
        graph = onnx.helper.make_graph(self._nodes, "encoder", [takes], [gives], self._constants)
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", _OPSET)], ir_version=_FORMAT)
        return bytes(model.SerializeToString())

    def _layer(self, name: str, rows: str, size: int, apart: str | None) -> str:
        in_heads, whole = self._constant([0, 0, ATTENTION_HEADS, size // ATTENTION_HEADS]), self._constant([0, 0, size])

        def look(part: str, order: list[int]) -> str:
            return self._node("Transpose", self._node("Reshape", self._linear(rows, f"{name}attention.self.{part}"), in_heads), perm=order)

        weight = self._node("MatMul", look("query", [0, 2, 1, 3]), look("key", [0, 2, 3, 1]))
        weight = self._node("Mul", weight, self._constant(np.float32((size / ATTENTION_HEADS) ** -0.5)))
        weight = self._node("Softmax", self._node("Add", weight, apart) if apart else weight, axis=-1)
        seen = self._node("MatMul", weight, look("value", [0, 2, 1, 3]))
        seen = self._node("Reshape", self._node("Transpose", seen, perm=[0, 2, 1, 3]), whole)
        gathered = self._node("Add", self._linear(seen, f"{name}attention.output.dense"), rows)
        gathered = self._norm(gathered, f"{name}attention.output.LayerNorm")
        narrow = self._linear(self._gelu(self._linear(gathered, f"{name}intermediate.dense")), f"{name}output.dense")
        return self._norm(self._node("Add", narrow, gathered), f"{name}output.LayerNorm")

    def _gelu(self, rows: str) -> str:
        """In the form that onnxruntime knows again and makes one step of."""
        spread = self._node("Erf", self._node("Div", rows, self._constant(np.float32(2**0.5))))
        share = self._node("Mul", rows, self._node("Add", spread, self._constant(np.float32(1))))
        return self._node("Mul", share, self._constant(np.float32(0.5)))

    def _apart(self, by_distance: Floats | None, most: int, length: str) -> str | None:
        """What each head of attention adds for two tokens, by their places; None where the model does not."""
        if by_distance is None:
            return None
        start, until = self._constant([0, 0]), self._node("Concat", length, length, axis=0)
        return self._node("Slice", self._constant(by_places(by_distance, most)[None]), start, until, self._constant([2, 3]))

    def _linear(self, rows: str, name: str) -> str:
        straight = self._constant(self._weights[f"{name}.weight"].T)
        return self._node("Add", self._node("MatMul", rows, straight), self._constant(self._weights[f"{name}.bias"]))

    def _norm(self, rows: str, name: str) -> str:
        scale, shift = self._constant(self._weights[f"{name}.weight"]), self._constant(self._weights[f"{name}.bias"])
        return self._node("LayerNormalization", rows, scale, shift, axis=-1, epsilon=self._small)

    def _constant(self, value: Floats | np.float32 | list[int] | NDArray[np.float16]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, *taken: str, **more: Any) -> str:
        name = f"node_{len(self._nodes)}"
        self._nodes.append(onnx.helper.make_node(kind, taken, [name], **more))
        return name


def by_places(by_distance: Floats, most: int) -> Floats:
    """Heads × tokens × tokens: distances by T5's buckets, half of them for what stands behind, each half finer near by."""
    places = np.arange(most)
    behind = places[None, :] - places[:, None]
    far = np.abs(behind)
    half = len(by_distance) // 2
    bucket = _NEAR + (np.log(np.maximum(far, 1) / _NEAR) / np.log(_FAR / _NEAR) * (half - _NEAR)).astype(int)
    bucket = np.where(far < _NEAR, far, np.minimum(bucket, half - 1)) + half * (behind > 0)
    return np.ascontiguousarray(by_distance[bucket].transpose(2, 0, 1))
