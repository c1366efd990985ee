"""Every sentence the bot and the chat page say, read from `data/responses/*.yml`.

The files are in Rasa's own `responses:` format, so that Rasa reads them too. Each key has one plain variation,
the standard style, and one with the condition that slot `style` is `easy`. A blank line starts a new bubble.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, field_validator, model_validator

from records.reading import DataMistake, read_sheet, read_tree
from voice.wording import Sheet, Style, Words

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class WordingMissing(KeyError):
    """A sentence was asked for that nobody wrote, or without a value it needs. Carries `key` and `reason`."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


@dataclass(frozen=True)
class Wording:
    """All sentences by their key."""

    sentences: Mapping[str, Words]

    def say(self, key: str, style: Style | str, **values: object) -> str:
        """The sentence `key` in `style`, with `{name}` replaced by `values["name"]`.

        A value is put in as it is: braces in it are not looked at again, so a young person's words stay their words.
        Values that the sentence does not use are ignored. Raises WordingMissing for an unknown key or a value left out.
        """
        return _filled(key, self._template(key, style), values)

    def bubbles(self, key: str, style: Style | str, **values: object) -> list[str]:
        """As `say`, one text for each bubble: a blank line in the file starts a new one, a blank line in a value does not."""
        return [_filled(key, part.strip(), values) for part in self._template(key, style).split("\n\n")]

    def placeholders(self, key: str) -> frozenset[str]:
        """The names of the values that `key` needs in either style. Raises WordingMissing for an unknown key."""
        return frozenset(name for style in Style for name in PLACEHOLDER.findall(self._template(key, style)))

    def _template(self, key: str, style: Style | str) -> str:
        try:
            return self.sentences[key].in_style(Style(style))
        except KeyError:
            raise WordingMissing(key, "no file in data/responses has it") from None


def _filled(key: str, template: str, values: Mapping[str, object]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise WordingMissing(key, f"needs a value for {match[0]}")
        return str(values[match[1]])

    return PLACEHOLDER.sub(value, template)


@lru_cache(maxsize=8)
def load_wording(root: Path) -> Wording:
    """Reads every file of `root/data/responses`, once for each root.

    Raises DataMistake with file, line and reason: a style is missing or there twice, the two styles need different
    values, braces hold something else than a name, two files have the same key.
    """
    sentences: dict[str, Words] = {}
    for file in sorted((root / "data" / "responses").glob("*.yml")):
        sheet = read_sheet(file, _Responses)
        for key, variations in sheet.responses.items():
            if key in sentences:
                line = int(read_tree(file)["responses"].lc.key(key)[0]) + 1
                raise DataMistake(file, line, f"{key} is in another file of this folder already")
            sentences[key] = variations.as_words()
    return Wording(sentences)


class _Condition(Sheet):
    type: Literal["slot"]
    name: Literal["style"]
    value: Literal["easy"]


class _Variation(Sheet):
    text: str = Field(min_length=1)
    condition: tuple[_Condition, ...] = Field(default=(), max_length=1)

    @field_validator("text")
    @classmethod
    def _braces_hold_names(cls, text: str) -> str:
        rest = PLACEHOLDER.sub("", text)
        if "{" in rest or "}" in rest:
            raise ValueError("braces may only hold a name in small letters, such as {worker}")
        return text


class _Variations(RootModel[tuple[_Variation, ...]]):
    """What one key says: once for each style."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _one_for_each_style(self) -> _Variations:
        plain = [variation for variation in self.root if not variation.condition]
        easy = [variation for variation in self.root if variation.condition]
        if len(plain) != 1:
            raise ValueError(f"needs one variation without a condition, the standard style; there are {len(plain)}")
        if len(easy) != 1:
            raise ValueError(f"needs one variation with the condition style = easy; there are {len(easy)}")
        extra = set(PLACEHOLDER.findall(easy[0].text)) - set(PLACEHOLDER.findall(plain[0].text))
        if extra:
            raise ValueError(f"the easy style needs {{{min(extra)}}} and the standard style does not")
        return self

    def as_words(self) -> Words:
        """Both styles as one pair."""
        standard = next(variation.text for variation in self.root if not variation.condition)
        easy = next(variation.text for variation in self.root if variation.condition)
        return Words(standard=standard.strip(), easy=easy.strip())


class _Responses(Sheet):
    """One file of `data/responses`."""

    version: Literal["3.1"]
    responses: dict[Annotated[str, Field(pattern=r"^utter_[a-z0-9_]+$")], _Variations] = Field(min_length=1)
