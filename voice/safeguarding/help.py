"""Who can help, and what Sayso says when somebody may not be safe: the shape of `data/help/*.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Field, model_validator

from voice.promises.hours import HERE, Hours
from voice.wording import Sheet, Style, Words

Group = Literal["danger", "harm", "self", "missing", "online", "hint", "low", "rights", "other"]
"""Kinds of worry that are spoken to in the same words."""


class TextTo(Sheet):
    """Where a text message goes, and the word to send."""

    to: str
    word: str


class Helpline(Sheet):
    """Somebody to turn to. `evidence` says how the line was checked and when; it is never more than that."""

    id: str
    name: str
    what: Words
    call: str | None = None
    text: TextTo | None = None
    web: str | None = None
    ages: str = "all"
    open_hours: Hours
    fits: tuple[str, ...] = ()
    """Categories of the screening; empty: fits all alike."""
    advocacy: bool = False
    emergency: bool = False
    evidence_on: date
    evidence: str
    source_url: str

    @model_validator(mode="after")
    def _can_be_reached(self) -> Helpline:
        if not (self.call or self.text or self.web):
            raise ValueError("a helpline needs a number to call, a number to text or an address")
        return self


class Helplines(Sheet):
    """`data/help/helplines.yml`."""

    helplines: tuple[Helpline, ...] = Field(min_length=1)


class Team(Sheet):
    """A team of the council with its number and hours."""

    name: str
    what: Words
    call: str
    open_hours: Hours


class Local(Sheet):
    """`data/help/local.yml`: what every council must fill in. `invented` marks the sample that comes with Sayso."""

    council: str
    invented: bool
    reading_hours: Hours
    """When workers read what comes in."""
    reader: Words
    """Who reads it: "the duty team"."""
    duty: Team
    out_of_hours: Team


class Replies(Sheet):
    """`data/help/replies.yml`: every sentence said when somebody may not be safe, and on the first screen."""

    group_of: Mapping[str, Group]
    """Category → the words it is spoken to in."""
    first: Mapping[Group, Words]
    not_your_fault: Words
    no_secret: Words
    danger_now: Words
    next_open: Words
    next_closed: Words
    not_reachable: Words
    allegation: Words
    again: Words
    soft: Words
    could_not_read: Words
    not_stored: Words
    question: Words
    safe_yes: Words
    safe_no: Words
    safe_not_sure: Words
    after_yes: Words
    after_no: Words
    kept: Words
    what_now: Words
    put_in: Words
    carry_on: Words
    stop: Words
    told_button: Words
    open_now: Words
    open_always: Words
    opens: Words
    moment_today: Words
    moment_tomorrow: Words
    moment_later: Words
    welcome: tuple[Words, ...] = Field(min_length=1)
    reading_now: Words
    reading_later: Words


@dataclass(frozen=True)
class HelpData:
    """All that is known about help."""

    helplines: tuple[Helpline, ...]
    local: Local
    replies: Replies


def moment_in_words(moment: datetime, now: datetime, style: Style, replies: Replies) -> str:
    """ "today at 9 am", "tomorrow at 9 am", "on Friday at 9 am"; from a week on with the date."""
    here, today = moment.astimezone(HERE), now.astimezone(HERE).date()
    days = (here.date() - today).days
    words = replies.moment_today if days == 0 else replies.moment_tomorrow if days == 1 else replies.moment_later
    day = f"{here:%A}" if days < 7 else f"{here:%A} {here.day} {here:%B}"
    return words.in_style(style).format(day=day, time=_clock(here))


def _clock(here: datetime) -> str:
    hour = here.hour % 12 or 12
    minutes = f".{here.minute:02}" if here.minute else ""
    return f"{hour}{minutes} {'am' if here.hour < 12 else 'pm'}"
