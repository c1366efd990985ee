"""Who can help, and what Sayso says when somebody may not be safe: the shape of `data/help/*.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field, model_validator

from voice.promises.hours import HERE, Hours
from voice.wording import Sheet, Style, Words

Group = Literal["danger", "harm", "self", "missing", "online", "hint", "low", "rights", "other"]
"""Kinds of worry that are spoken to in the same words."""


CHECK_AGAIN_AFTER = timedelta(days=90)
"""A helpline that was last checked longer ago may have another number or other hours by now (safety research, section 1.5)."""


class TextTo(Sheet):
    """Where a text message goes, and the word to send."""

    to: str
    word: str


class Helpline(Sheet):
    """Somebody to turn to. It was checked on `verified_on` by `verified_by`; `evidence` says how, and is never more than that."""

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
    verified_on: date
    verified_by: str = Field(min_length=1)
    evidence: str = Field(min_length=1)
    source_url: str

    @model_validator(mode="after")
    def _can_be_reached(self) -> Helpline:
        if not (self.call or self.text or self.web):
            raise ValueError("a helpline needs a number to call, a number to text or an address")
        return self

    def is_out_of_date(self, today: date) -> bool:
        """Whether it was checked so long ago that it must be checked again."""
        return today - self.verified_on > CHECK_AGAIN_AFTER


class Helplines(Sheet):
    """`data/help/helplines.yml`."""

    helplines: tuple[Helpline, ...] = Field(min_length=1)


class Team(Sheet):
    """A team of the council with its number and hours."""

    name: str
    what: Words
    call: str
    open_hours: Hours


class OutOfHoursTeam(Team):
    """The team for nights and weekends. `at_night`: what they take in the middle of the night."""

    at_night: Words


class AllegationsOfficer(Sheet):
    """Who looks at what is said about somebody who works with children (in England the LADO), and how they are reached."""

    name: str
    mail: str
    call: str
    reached: str


class Local(Sheet):
    """`data/help/local.yml`: what every council must fill in. `invented` marks the sample that comes with Sayso."""

    council: str
    invented: bool
    reading_hours: Hours
    """When workers read what comes in."""
    reader: Words
    """Who reads it: "the duty team"."""
    duty: Team
    out_of_hours: OutOfHoursTeam
    allegations_officer: AllegationsOfficer


class Replies(Sheet):
    """`data/help/replies.yml`: every sentence said when somebody may not be safe, and on the first screen."""

    group_of: Mapping[str, Group]
    """Category → the words it is spoken to in."""
    first: Mapping[Group, Words]
    not_your_fault: Words
    particular: Mapping[str, Words]
    """Category → what this kind of worry needs beside the words of its group."""
    no_secret_hint: Words
    no_secret: Words
    danger_now: Words
    awake: Words
    next_open: Words
    next_closed: Words
    not_reachable: Words
    still_not_reached: Words
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
    after_no_not_home: Words
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
    demo_made_up: Words
    demo_trial: Words
    made_up_row: Words
    cheerful: tuple[str, ...] = Field(min_length=1)
    """Bare phrases that no bubble may say in the answers after a flag."""
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
