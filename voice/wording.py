"""The two ways we say a thing: in standard words, and in easy words for younger children or anyone who picks them."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Style(str, Enum):
    """How the young person asked to be spoken to."""

    standard = "standard"
    easy = "easy"


class Sheet(BaseModel):
    """Base of everything read from `data/`: unknown keys are mistakes, and nothing changes after it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Sheet):
    """One sentence in both styles. A bare string in a data file serves both."""

    standard: str
    easy: str

    @model_validator(mode="before")
    @classmethod
    def _one_string_serves_both(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"standard": value, "easy": value}
        return value

    def in_style(self, style: Style) -> str:
        """The sentence in the style asked for."""
        return self.easy if style is Style.easy else self.standard
