"""A bubble: one thing Sayso says, with whatever can be pressed under it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["text", "question", "safety", "summary", "notice"]


@dataclass(frozen=True)
class Button:
    """Something to press. `payload` is what it means to us; the page only ever sees an opaque id for it.

    `name` is set for the controls that stand under every question (skip, back …). `raises` is the level of the flag
    that pressing it raises.
    """

    payload: str
    label: str
    picture: str | None = None
    name: str | None = None
    raises: str | None = None


@dataclass(frozen=True)
class Bubble:
    """One message from Sayso. `progress` is (at, of). `code` marks a text whose "{code}" becomes the return code on the
    young person's own screen and nowhere else. `stays_open` keeps its buttons live when later questions are asked."""

    text: str
    kind: Kind = "text"
    choices: tuple[Button, ...] = ()
    controls: tuple[Button, ...] = ()
    many: bool = False
    progress: tuple[int, int] | None = None
    help: tuple[dict[str, Any], ...] = field(default=())
    code: bool = False
    stays_open: bool = False

    @property
    def asks(self) -> bool:
        """Whether it wants an answer."""
        return bool(self.choices) or self.kind == "question"

    def to_plain(self) -> dict[str, Any]:
        """As dicts, lists and strings, for the way from the actions to the gateway."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Bubble:
        """The bubble that `to_plain` described. Raises KeyError or TypeError for anything else."""
        progress = plain.get("progress")
        return cls(
            text=str(plain["text"]),
            kind=plain.get("kind", "text"),
            choices=tuple(Button(**button) for button in plain.get("choices", ())),
            controls=tuple(Button(**button) for button in plain.get("controls", ())),
            many=bool(plain.get("many", False)),
            progress=(int(progress[0]), int(progress[1])) if progress else None,
            help=tuple(plain.get("help", ())),
            code=bool(plain.get("code", False)),
            stays_open=bool(plain.get("stays_open", False)),
        )
