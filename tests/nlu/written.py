"""Every example that teaches and every line that measures, with its place, and which of them are the same or nearly so."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from ops.evaluate.sets import PLACE, Disclosures, Everyday, LookAlikes, Part
from records.reading import read_sheet
from records.safety_data import SHARED, load_screen
from records.settings import Settings
from records.teaching import INTENTS, SAID, WORRYING
from voice.safeguarding.model import CategorySheet
from voice.understanding.lessons import AccountsSheet, SaidSheet, WorrySheet

ROOT = Settings().root
_PIECE = 5
"""Letters. Long enough to hold words together, short enough to bear a slip of spelling."""
_AT_ONCE = 256
ALIKE = 0.7
"""Share of their pieces that two lines have in common, of all the pieces of both. Alike for certain, however short they are."""
MANY = 30
"""Pieces in common, some six words in a row, that two people who write on their own hardly ever hit upon both."""
ALIKE_OF_MANY, WITHIN = 0.55, 0.95
"""With so many in common less of a share is enough; and one line can lie wholly within another."""


@dataclass(frozen=True)
class Line:
    """One line of a file. `harm`: taught as a concern, as harmless, or neither."""

    file: str
    number: int
    text: str
    harm: bool | None = None

    @property
    def place(self) -> str:
        """As an editor opens it."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class Pair:
    """Two lines, and the share of their pieces that they have in common."""

    one: Line
    other: Line
    alike: float

    def __str__(self) -> str:
        # the other is a line that measures: whoever writes lessons had better not read it
        return f"{self.one.place} ({self.alike:.2f} like {self.other.place}): {self.one.text!r}"


@lru_cache(maxsize=1)
def lessons() -> tuple[Line, ...]:
    """The lines of data/nlu/said and data/nlu/worrying, and the examples of the pattern families that the ear learns from."""
    found: list[Line] = []
    for file in sorted((ROOT / SAID).glob("*.yml")) + sorted((ROOT / WORRYING).glob("*.yml")):
        if file.stem.startswith("accounts"):
            taught = [account.lesson() for account in read_sheet(file, AccountsSheet).accounts]
        else:
            taught = list(read_sheet(file, SaidSheet if file.parent.name == SAID.name else WorrySheet).lessons())
        found += _placed(file, ((lesson.text, lesson.harm) for lesson in taught))
    for file in sorted((ROOT / "data" / "screening").glob("*.yml")):
        if file.stem not in SHARED:
            found += _placed(file, _of_families(read_sheet(file, CategorySheet)))
    return tuple(found)


@lru_cache(maxsize=1)
def intents() -> tuple[tuple[str, Line], ...]:
    """What Rasa learns from, by intent."""
    found: list[tuple[str, Line]] = []
    for file in sorted((ROOT / INTENTS).glob("*.yml")):
        for scalar, key, intent in _examples_of_intents(file):
            for offset, row in enumerate(scalar.value.splitlines(), start=1):
                found.append((intent, Line(_short(file), key.start_mark.line + 1 + offset, row.removeprefix("- ").strip())))
    return tuple(found)


@lru_cache(maxsize=2)
def measuring(part: Part) -> tuple[Line, ...]:
    """The lines of one part of tests/understanding."""
    place = ROOT / PLACE / part
    found: list[Line] = []
    for file in sorted((place / "disclosures").glob("*.yml")):
        found += _placed(file, ((lesson.text, True) for lesson in read_sheet(file, Disclosures).lessons()))
    for file in sorted((place / "look_alikes").glob("*.yml")):
        found += _placed(file, ((text, False) for text in read_sheet(file, LookAlikes).harmless))
    everyday = place / "everyday.yml"
    return (*found, *_placed(everyday, ((one.says, one.lesson().harm) for one in read_sheet(everyday, Everyday).root)))


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """As the ear and the families read it, so that spelling, capitals and full stops make no difference."""
    return " ".join(load_screen(ROOT).plain(text).words)


def twice(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """Lines that are the same in their plain copy. One without any words is never the same as another."""
    by_words: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_words[plain(line.text)].append(line)
    return [tuple(same) for words, same in by_words.items() if words and len(same) > 1]


def near(ones: Sequence[Line], others: Sequence[Line]) -> list[Pair]:
    """Pairs that are the same or nearly so, by the pieces of their plain copies; the nearest first."""
    counter = CountVectorizer(analyzer="char", ngram_range=(_PIECE, _PIECE), binary=True, lowercase=False, dtype=np.int32)
    counter.fit(_padded([*ones, *others]))
    first, second = csr_matrix(counter.transform(_padded(ones))), csr_matrix(counter.transform(_padded(others)))
    of_first, of_second = (np.asarray(counted.sum(axis=1)).ravel() for counted in (first, second))
    turned = second.T.tocsr()
    pairs: list[Pair] = []
    for start in range(0, len(ones), _AT_ONCE):
        common = (first[start : start + _AT_ONCE] @ turned).tocoo()
        at, shared = common.row + start, common.data
        alike = shared / (of_first[at] + of_second[common.col] - shared)
        within = shared / np.minimum(of_first[at], of_second[common.col])
        kept = (alike >= ALIKE) | ((shared >= MANY) & ((alike >= ALIKE_OF_MANY) | (within >= WITHIN)))
        pairs += [Pair(ones[at[found]], others[common.col[found]], float(alike[found])) for found in np.flatnonzero(kept)]
    return sorted(pairs, key=lambda pair: (-pair.alike, pair.one.place, pair.other.place))


def _padded(lines: Sequence[Line]) -> list[str]:
    # a short line has a piece too, and a line without words has none in common with any other
    return [f" {plain(line.text)} ".ljust(_PIECE) if plain(line.text) else "" for line in lines]


def _of_families(sheet: CategorySheet) -> Iterator[tuple[str, bool]]:
    for family in sheet.families:
        if not family.question:
            yield from ((text, True) for text in family.examples)
            yield from ((text, False) for text in family.hard_negatives)


def _placed(file: Path, taught: Iterable[tuple[str, bool | None]]) -> Iterator[Line]:
    """Lines with their numbers. Raises LookupError for a line that is not found as it stands in the file."""
    numbers: dict[str, deque[int]] = defaultdict(deque)
    for scalar in _scalars(YAML(typ="safe").compose(file.read_text(encoding="utf-8"))):
        numbers[scalar.value.partition(" | ")[0].strip()].append(scalar.start_mark.line + 1)
        if " | " in scalar.value:
            numbers[scalar.value.strip()].append(scalar.start_mark.line + 1)
    for text, harm in taught:
        if not numbers[text.strip()]:
            raise LookupError(f"{file} has no line {text!r}")
        yield Line(_short(file), numbers[text.strip()].popleft(), text, harm)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
    else:
        for value in node.value:
            yield from _scalars(value)


def _examples_of_intents(file: Path) -> Iterator[tuple[ScalarNode, ScalarNode, str]]:
    tree = YAML(typ="safe").compose(file.read_text(encoding="utf-8"))
    for name, value in tree.value:
        for sheet in value.value if name.value == "nlu" else ():
            parts = {key.value: (key, inner) for key, inner in sheet.value}
            if "intent" in parts:
                yield parts["examples"][1], parts["examples"][0], parts["intent"][1].value


def _short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
