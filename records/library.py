"""The pathways and the words around them, read from `data/pathways` and `data/words` and checked against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import ConfigDict, Field, RootModel

from records.reading import DataMistake, read_sheet, read_tree
from voice.pathways.model import Ending, Menu, Pathway
from voice.plain_language import bare
from voice.wording import Sheet, Style

Entry = TypeVar("Entry")

Control = Literal[
    "skip",
    "dont_know",
    "back",
    "stop",
    "who_sees",
    "meaning",
    "advocate",
    "menu",
    "help_now",
    "carry_on",
    "start_again",
    "keep_answer",
]
"""What a young person can ask for at any question, by a button or by typing a phrase of data/words/controls.yml."""

NOT_PATHWAYS = ("ending", "menu", "pictures")
"""The files of data/pathways that hold something else than a pathway."""


@dataclass(frozen=True)
class Library:
    """All pathways, how they end, the menu, and the pictures they use."""

    pathways: Mapping[str, Pathway]
    ending: Ending
    menu: Menu
    pictures: Mapping[str, str]
    """Picture name → icon name in the npm package @iconify-json/fluent-emoji-flat."""

    def offered(self, style: Style) -> tuple[Pathway, ...]:
        """The pathways of the menu in `style`, in the order of the menu."""
        return tuple(self.pathways[getattr(entry, style.value)] for entry in self.menu.entries)

    def for_intent(self, intent: str, style: Style) -> Pathway | None:
        """The pathway that fits what someone typed (an intent of data/nlu), or None."""
        return next((pathway for pathway in self.offered(style) if intent in pathway.intents), None)


@lru_cache(maxsize=8)
def load_pathways(root: Path) -> Library:
    """Reads `root/data/pathways`, once for each root.

    Raises DataMistake with file, line and reason: what the schema refuses (voice.pathways.model), a file that is not
    named after its pathway, two pathways with one code, a picture that pictures.yml does not have, a menu entry that
    leads nowhere or to a pathway that is not for that style, an intent that two pathways of one style claim.
    """
    folder = root / "data" / "pathways"
    pictures = read_sheet(folder / "pictures.yml", _Pictures).root
    pathways: dict[str, Pathway] = {}
    for file in sorted(folder.glob("*.yml")):
        if file.stem not in NOT_PATHWAYS:
            pathways[file.stem] = _read_pathway(file, pathways)
    library = Library(pathways, read_sheet(folder / "ending.yml", Ending), read_sheet(folder / "menu.yml", Menu), pictures)
    for file in sorted(folder.glob("*.yml")):
        _check_pictures(file, pictures)
    _check_menu(folder / "menu.yml", library)
    _check_intents(folder, library)
    return library


@lru_cache(maxsize=8)
def load_controls(root: Path) -> Mapping[str, Control]:
    """Phrase → control from `root/data/words/controls.yml`, once for each root.

    The phrases are bare (voice.plain_language.bare); make what was typed bare before looking it up.
    Raises DataMistake for an unknown control, a phrase that is not bare, or one that stands there twice.
    """
    file = root / "data" / "words" / "controls.yml"
    sheet = read_sheet(file, _Controls).root
    tree = read_tree(file)
    controls: dict[str, Control] = {}
    for control, phrases in sheet.items():
        for index, phrase in enumerate(phrases):
            line = int(tree[control].lc.item(index)[0]) + 1
            if phrase != bare(phrase):
                raise DataMistake(file, line, f"write '{phrase}' as '{bare(phrase)}': small letters, no punctuation")
            if phrase in controls:
                raise DataMistake(file, line, f"'{phrase}' means {controls[phrase]} already")
            controls[phrase] = control
    return controls


@lru_cache(maxsize=8)
def load_avoided(root: Path) -> Mapping[str, str]:
    """Words and phrases to avoid, bare → what we say instead, from `root/data/words/avoid.yml`, once for each root.

    Raises DataMistake for an entry without a source, one that is not bare, or one that stands there twice.
    """
    file = root / "data" / "words" / "avoid.yml"
    avoided: dict[str, str] = {}
    for entry, line in _with_lines(file, read_sheet(file, _Avoided).root):
        if entry.avoid != bare(entry.avoid):
            raise DataMistake(file, line, f"write '{entry.avoid}' as '{bare(entry.avoid)}': small letters, no punctuation")
        if entry.avoid in avoided:
            raise DataMistake(file, line, f"'{entry.avoid}' stands there twice")
        avoided[entry.avoid] = entry.prefer
    return avoided


@lru_cache(maxsize=8)
def load_known_words(root: Path) -> frozenset[str]:
    """Hard words that our readers know, from `root/data/words/known.yml`, once for each root.

    Raises DataMistake for a word without a reason or one that stands there twice.
    """
    file = root / "data" / "words" / "known.yml"
    known: set[str] = set()
    for entry, line in _with_lines(file, read_sheet(file, _KnownWords).root):
        if entry.word in known:
            raise DataMistake(file, line, f"'{entry.word}' stands there twice")
        known.add(entry.word)
    return frozenset(known)


class _Avoid(Sheet):
    avoid: str = Field(min_length=1)
    prefer: str = Field(min_length=1)
    source: str = Field(alias="from", min_length=1)


class _Avoided(RootModel[tuple[_Avoid, ...]]):
    model_config = ConfigDict(frozen=True)


class _KnownWord(Sheet):
    word: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class _KnownWords(RootModel[tuple[_KnownWord, ...]]):
    model_config = ConfigDict(frozen=True)


class _Pictures(RootModel[dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]]]):
    model_config = ConfigDict(frozen=True)


class _Controls(RootModel[dict[Control, Annotated[tuple[str, ...], Field(min_length=1)]]]):
    model_config = ConfigDict(frozen=True)


def _read_pathway(file: Path, earlier: Mapping[str, Pathway]) -> Pathway:
    pathway = read_sheet(file, Pathway)
    tree = read_tree(file)
    if pathway.id != file.stem:
        raise DataMistake(file, _key_line(tree, "id"), f"the file is called {file.stem}, the pathway {pathway.id}; they must be the same")
    for other in earlier.values():
        if other.code == pathway.code:
            raise DataMistake(file, _key_line(tree, "code"), f"{other.id} has the code {pathway.code} already")
    return pathway


def _check_pictures(file: Path, pictures: Mapping[str, str]) -> None:
    for name, line in _values_of("picture", read_tree(file)):
        if name not in pictures:
            raise DataMistake(file, line, f"pictures.yml has no picture '{name}'")


def _check_menu(file: Path, library: Library) -> None:
    tree = read_tree(file)["entries"]
    for index, entry in enumerate(library.menu.entries):
        line = int(tree.lc.item(index)[0]) + 1
        for style in Style:
            name = getattr(entry, style.value)
            if name not in library.pathways:
                raise DataMistake(file, line, f"there is no pathway '{name}'")
            if style not in library.pathways[name].styles:
                raise DataMistake(file, line, f"pathway '{name}' is not for the {style.value} style")


def _check_intents(folder: Path, library: Library) -> None:
    for style in Style:
        claimed: dict[str, str] = {}
        for pathway in library.offered(style):
            for intent in pathway.intents:
                if intent in claimed:
                    file = folder / f"{pathway.id}.yml"
                    line = _key_line(read_tree(file), "intents")
                    raise DataMistake(file, line, f"{claimed[intent]} answers to '{intent}' already in the {style.value} style")
                claimed[intent] = pathway.id


def _with_lines(file: Path, entries: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    """The entries of a file that is one list, each with its line (from 1)."""
    tree = read_tree(file)
    for index, entry in enumerate(entries):
        yield entry, int(tree.lc.item(index)[0]) + 1


def _key_line(tree: Any, key: str) -> int:
    return int(tree.lc.key(key)[0]) + 1


def _values_of(key: str, tree: Any) -> Iterator[tuple[str, int]]:
    """Every value that stands at `key`, anywhere in the tree, with its line (from 1)."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value, _key_line(tree, key)
            else:
                yield from _values_of(key, value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _values_of(key, value)
