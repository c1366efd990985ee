"""`python -m ops.adapting`: fits the adapters of the larger model to the lessons, and writes them among the sources.

It takes some twenty minutes and more, so it is no part of `sayso train`. It is worth while when many lessons have come;
`make evaluate` before and after says whether it was (docs/decisions/0007-a-second-encoder-where-the-ear-is-in-doubt.md).
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from ops.command import or_a_sentence
from ops.learning import learn, take_in_every_lesson
from ops.learning_closely import doubtful
from ops.running import tell
from ops.training import Teller
from records import mpnet
from records.adapters import save_adapters
from records.settings import settings
from records.tokens import tokenising
from voice.understanding.closer import MOST_TOKENS
from voice.understanding.lessons import STANCES

_FIRST = 3
"""The layers below stay as they were released: what they say is made once, which saves more than half of the time."""


def main() -> None:
    """Ends with 1 when something it needs is missing, with a sentence."""
    or_a_sentence(lambda: adapt(settings().root, tell))
    tell("Done. `sayso train` teaches the closer ear with them.")


def adapt(root: Path, tell: Teller) -> None:
    """Learns them from the lessons under `root`, and writes them there."""
    tell("Teaching the ear first, which says what leaves it in doubt; this takes a few minutes.")
    examples, wanted = take_in_every_lesson(root)
    _, harm = learn(examples, wanted)
    # TensorFlow and ONNX take seconds to load
    from ops.drawing import LAYERS
    from ops.fitting_adapters import Taught, fit_adapters

    chosen, texts = doubtful(examples.groups, harm)
    weights, tokenizer = mpnet.load_mpnet(LAYERS, MOST_TOKENS)
    tokens = tokenising(Tokenizer.from_str(tokenizer), MOST_TOKENS)(texts)
    tell(f"Fitting adapters to the {len(texts)} examples that leave the ear in doubt; this takes a quarter of an hour and more.")
    taught = Taught(tokens, wanted[chosen], len(STANCES))
    save_adapters(root, fit_adapters(weights, mpnet.SMALL, range(_FIRST, LAYERS), taught, tell))


if __name__ == "__main__":
    main()
