"""Teaches the ear: from the examples in data/nlu and data/screening to the numbers in models/ear.npz."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ops.cores import on_every_core
from ops.learning_closely import learn_closely
from ops.training import Teller, digest_of
from records import closer_ear, minilm, mpnet
from records.adapters import ADAPTERS
from records.ear import LEARNED, load_encoder, save_learned
from records.safety_data import load_screen, load_sheets
from records.teaching import INTENTS, load_intents, load_lessons
from voice.safeguarding.model import Severity
from voice.safeguarding.slips import Slips
from voice.understanding.ear import HARM, HEADS, MEANING_WEIGHT, NOW, SERIOUS, Learned
from voice.understanding.lessons import STANCES, Lesson
from voice.understanding.listening import cut
from voice.understanding.ngrams import PLACES, Pieces, pieces, rarity
from voice.understanding.vectors import Encoder, Filters, Floats, States, Thinning, of_groups

FINGERPRINT = Path("models/ear.fingerprint")
_MADE_OF = (
    str(ADAPTERS),
    str(INTENTS),
    "data/screening",
    "ops/drawing.py",
    "ops/fitting.py",
    "ops/learning.py",
    "ops/learning_closely.py",
    "records/adapters.py",
    "records/closer_ear.py",
    "records/graphs.py",
    "records/mpnet.py",
    "voice/safeguarding/normalise.py",
    "voice/safeguarding/signs.py",
    "voice/safeguarding/slips.py",
    *(f"voice/understanding/{name}.py" for name in ("closer", "ear", "lessons", "listening", "ngrams", "vectors")),
)
UNDECIDED = frozenset({"need_help", "ask_advocate", "ask_who_sees", "say_something", "give_feedback"})
"""Intents whose examples may lie near a concern ("will you tell my mum", "i want an advocate", "how do i complain")."""
_MISSPELLED = 5
"""Every fifth example is taught a second time, misspelled."""
_LONG, _SLIPS = 4, 0.3
"""Letters of a word in which fingers slip, and how often they do."""
_NEURONS = 512
"""Of 1,536 in each layer. A third of them loses next to nothing on the tuning part, and saves nearly half of the time."""
_EVERY = 10
"""Every tenth example is enough to see which neurons matter."""


@dataclass(frozen=True)
class Examples:
    """Lessons as the ear takes them in: a vector, the states of their tokens, and pieces, for each of them.

    The states are a row for each token, text behind text; `lengths` says how many each text has, and `texts` in how many texts each
    lesson is cut.
    """

    lessons: Sequence[Lesson]
    groups: Sequence[Sequence[Sequence[str]]]
    vectors: Floats
    states: NDArray[np.float16]
    lengths: NDArray[np.int64]
    texts: NDArray[np.int64]
    found: Sequence[Pieces]
    rarity: Floats
    thinning: Thinning
    slips: Slips


def learn_if_needed(root: Path, tell: Teller, *, anyway: bool = False) -> bool:
    """Makes sure that the ear has learned what lies in the folders now; says whether it had to learn."""
    made_of = _fingerprint(root)
    mark = root / FINGERPRINT
    made = all((root / file).is_file() for file in (LEARNED, closer_ear.LEARNED))
    if not anyway and made and mark.is_file() and mark.read_text(encoding="ascii").strip() == made_of:
        return False
    started = time.monotonic()
    tell("Teaching Sayso to hear what words mean; this takes a few minutes, and only happens when its examples have changed.")
    examples, wanted = take_in_every_lesson(root)
    (root / LEARNED).parent.mkdir(exist_ok=True)
    learned, harm = learn(examples, wanted)
    save_learned(learned, root / LEARNED)
    learn_closely(examples.groups, wanted, harm, root)
    mark.write_text(made_of + "\n", encoding="ascii")
    tell(f"It has learned ({time.monotonic() - started:.0f} s).")
    return True


def take_in_every_lesson(root: Path) -> tuple[Examples, NDArray[np.int8]]:
    """All examples as `learn` wants them: what they are as numbers, and what is wanted of each."""
    examples = take_in(every_lesson(root), root, load_encoder())
    return examples, np.stack([labels(examples.lessons, head) for head in HEADS], 1)


def every_lesson(root: Path) -> list[Lesson]:
    """The examples of data/nlu, and those of the pattern families, which are examples of harm too.

    What is said to the assistant itself is harmless, but for the intents in which a concern may lie.
    """
    said_to_us = (text for intent, texts in load_intents(root).items() if intent not in UNDECIDED for text in texts)
    return [*load_lessons(root), *_of_families(root), *(Lesson(text, harm=False) for text in said_to_us)]


def misspelled(lessons: Sequence[Lesson]) -> Iterator[Lesson]:
    """Some of the lessons once more, as fingers write them in a hurry: letters change places, are left out or come twice."""
    chance = Random(0)  # noqa: S311  the same on every run
    for lesson in lessons[::_MISSPELLED]:
        yield replace(lesson, text=" ".join(_slip(word, chance) for word in lesson.text.split()))


def _slip(word: str, chance: Random) -> str:
    if len(word) < _LONG or chance.random() > _SLIPS:
        return word
    at = chance.randrange(1, len(word) - 1)
    one, other = word[at], word[at + 1]
    return word[:at] + chance.choice((other + one, other, one + one + other)) + word[at + 2 :]


def take_in(lessons: Sequence[Lesson], root: Path, encoder: Encoder) -> Examples:
    """Reads lessons the way messages are read, through the plain copy of the screening, and some a second time, misspelled."""
    normaliser = load_screen(root).normaliser
    slips = Slips.learned(normaliser.plain(lesson.text).words for lesson in lessons)
    lessons = [*lessons, *misspelled(lessons)]
    plain = [normaliser.putting_right(slips).plain(lesson.text) for lesson in lessons]
    groups = [cut(one) for one in plain]
    thinning = encoder.thinning([" ".join(one.words) for one in plain[::_EVERY]], _NEURONS)
    thinned = encoder.thinned(thinning)
    texts = [" ".join(words) for group in groups for words in group]
    # half as long a number is exact enough to learn from, and takes half of the memory
    seen = on_every_core(lambda some: _halved(thinned.states(some)), texts)
    weights = rarity([one.words for one in plain])
    return Examples(
        lessons,
        groups,
        of_groups(np.concatenate([means for means, _, _ in seen]), groups),
        np.concatenate([half for _, _, half in seen]),
        np.concatenate([lengths for _, lengths, _ in seen]),
        np.array([len(group) for group in groups]),
        [pieces(one.words, weights) for one in plain],
        weights,
        thinning,
        slips,
    )


def _halved(states: States) -> tuple[Floats, NDArray[np.int64], NDArray[np.float16]]:
    return states.means(), states.lengths, states.rows.astype(np.float16)


def learn(examples: Examples, wanted: NDArray[np.int8]) -> tuple[Learned, Floats]:
    """Everything the ear listens for, from the same features; and the score for harm that it has come to give each example.

    `wanted` has a row for each example, a column for each head.
    """
    # TensorFlow takes seconds to load, and most starts have nothing to learn; it tells more of itself than anybody wants to read
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from ops.fitting import Numbers, fit, fit_at_a_glance

    rows = np.full(PLACES, -1, dtype=np.int32)
    used = np.flatnonzero(examples.rarity)
    rows[used] = np.arange(len(used), dtype=np.int32)
    found = _as_matrix(examples.found, rows, len(used))
    vectors = examples.vectors * MEANING_WEIGHT
    fitted, scores = fit(Numbers(vectors, examples.states, examples.lengths, examples.texts, found, wanted, len(STANCES)))
    filters = Filters(fitted.pop("filters"), fitted.pop("filters_bias"))
    learned = Learned(
        **fitted,
        filters=filters,
        at_a_glance=fit_at_a_glance(found, wanted[:, HEADS.index(HARM)]),
        rows=rows,
        rarity=examples.rarity,
        thinning=examples.thinning,
        slips=examples.slips,
    )
    return learned, scores[:, HEADS.index(HARM)]


def labels(lessons: Sequence[Lesson], head: str) -> NDArray[np.int8]:
    """For one head: 1 yes, 0 no, -1 nobody said."""
    kind, _, name = head.partition(":")
    return np.array([_label(lesson, kind, name) for lesson in lessons], dtype=np.int8)


def _label(lesson: Lesson, kind: str, name: str) -> int:
    if kind == "stance":
        return -1 if lesson.stance is None else int(lesson.stance == name)
    if kind == "topic":
        return -1 if lesson.topics is None else int(name in lesson.topics)
    if lesson.harm is None:
        return -1
    if kind == "category":
        return int(name in lesson.categories)
    return int({HARM: lesson.harm, SERIOUS: bool(lesson.serious), NOW: lesson.severity is Severity.S1}[kind])


def _as_matrix(found: Sequence[Pieces], rows: NDArray[np.int32], width: int) -> csr_matrix:
    amounts, columns, ends = [], [], [0]
    for one in found:
        at = rows[one.places]
        columns.append(at[at >= 0])
        amounts.append(one.amounts[at >= 0])
        ends.append(ends[-1] + len(columns[-1]))
    matrix = csr_matrix((np.concatenate(amounts), np.concatenate(columns), ends), shape=(len(found), width))
    matrix.sum_duplicates()
    return matrix


def _of_families(root: Path) -> Iterator[Lesson]:
    for category, sheet in load_sheets(root).categories.items():
        for family in sheet.families:
            if not family.question:
                yield from (Lesson(text, harm=True, categories=(category,), severity=family.severity) for text in family.examples)  # type: ignore[arg-type]
                yield from (Lesson(text, harm=False) for text in family.hard_negatives)


def _fingerprint(root: Path) -> str:
    return hashlib.sha256(f"{digest_of(root, _MADE_OF)} {minilm.SHA256} {mpnet.SHA256}".encode()).hexdigest()
