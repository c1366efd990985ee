"""What a conversation file may say: who it is about, what is done step by step, and what must be in the records afterwards."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import Field, model_validator

from voice.safeguarding.screen import Level
from voice.wording import Sheet, Style

Part = Literal["all", "gateway", "rasa", "actions"]
Button = Annotated[str, Field(pattern=r"^[a-z_]+(:[a-z0-9_]+)*$")]
"""What a button means, as in `answer:happy`, `control:skip`, `open:review` or `resume`: the ids in it are left out."""


class Typed(Sheet):
    """Words that a plain string of YAML cannot hold: very long, or (`escaped`) with the escapes of JSON in them."""

    text: str
    times: int = Field(default=1, ge=1)
    escaped: bool = False

    @property
    def whole(self) -> str:
        """The words as they are typed."""
        text: str = json.loads(f'"{self.text}"') if self.escaped else self.text
        return text * self.times


Words = Typed | str


class Worker(Sheet):
    """What the young person's worker does at the desk: opens the statement sent last, or answers it."""

    reads: bool = False
    replies: str | None = None


class Step(Sheet):
    """One thing that happens. Exactly one of these is given."""

    say: Words | None = None
    together: tuple[str, ...] = ()
    """Several messages, each sent before the one before it is answered."""
    press: Button | tuple[Button, ...] | None = None
    tell: str | None = None
    """"Tell someone now", with these words or none."""
    switch: Style | None = None
    resume: Literal["code"] | None = None
    """Leaves, and comes back on another device with the return code."""
    look: Literal["answers", "news"] | None = None
    """Looks at the chat again: for answers that come late, or for what a worker did."""
    restart: Part | None = None
    stop: Part | None = None
    start: Part | None = None
    local_hour: int | None = Field(default=None, ge=0, le=23)
    """From now on it is this hour where the young person lives, whenever the test is run."""
    mail: Literal["away"] | None = None
    """Nobody listens where mail goes, and an alert of a while ago still waits there."""
    worker: Worker | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Step:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"a step is one thing, this is {', '.join(sorted(self.model_fields_set)) or 'nothing'}")
        return self

    @property
    def is_for_all(self) -> bool:
        """Whether it happens to Sayso itself, once for every style."""
        return bool(self.restart or self.stop or self.start or self.mail) or self.local_hour is not None


class KeptAnswer(Sheet):
    """One answer in the records."""

    words: Words | None = None
    picked: tuple[str, ...] = ()
    how: Literal["answered", "skipped", "dont_know"] = "answered"

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"how": value} if value in ("skipped", "dont_know") else {"words": value}
        return {"picked": value} if isinstance(value, (list, tuple)) else value


class KeptStatement(Sheet):
    """One statement in the records, with the answers that stand, in order. A key is a question, or question/choice of a repeated one."""

    pathway: str
    status: Literal["draft", "sent", "read", "replied", "done", "kept"]
    versions: int = 0
    recipients: tuple[str, ...] = ()
    hide_from: tuple[str, ...] = ()
    owned: bool = False
    """Whether a worker has it."""
    answers: dict[str, KeptAnswer]


class KeptFlag(Sheet):
    """One flag in the records."""

    level: Level
    source: Literal["words", "choice", "button"]
    category: str | None = None
    hidden: bool = False
    """Whether the young person's worker may not see it."""


class Kept(Sheet):
    """What must be in the records afterwards: all statements and all flags of the chat, oldest first."""

    statements: tuple[KeptStatement, ...] = ()
    flags: tuple[KeptFlag, ...] = ()
    helped: Literal["yes", "bit", "no"] | None = None


class Conversation(Sheet):
    """One file of tests/conversations."""

    about: str = Field(min_length=10)
    styles: tuple[Style, ...] = (Style.standard, Style.easy)
    mode: Literal["alone", "with_helper"] = "alone"
    joined: bool = False
    """Whether the chat is begun with a joining code, so that it has a worker."""
    steps: tuple[Step, ...] = Field(min_length=1)
    kept: Kept
