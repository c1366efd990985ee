"""The safety card: what somebody sees when they may not be safe, in the order of the safety research, section 2.5.

Nothing here says that a person has been told. What happens next is computed from the hours of those who read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voice.messages import Button
from voice.safeguarding.help import Group, HelpData, Helpline, Team, moment_in_words
from voice.safeguarding.screen import Level, Screening, Severity
from voice.wording import Style


@dataclass(frozen=True)
class Card:
    """`lines`: one bubble each. `help`: rows for the page, the best first. `question` with its `choices`: at most one."""

    lines: tuple[str, ...]
    help: tuple[dict[str, Any], ...]
    question: str | None = None
    choices: tuple[Button, ...] = ()


def safety_card(screening: Screening, *, now: datetime, style: Style, help_data: HelpData, reachable: bool, hidden: bool) -> Card:
    """The card for a flag.

    `reachable` is False when alerts cannot be expected to go out: the card then says so. `hidden` is True when the flag
    is in fact withheld from the worker it names: only then the card may say that they will not be shown it.
    """
    replies = help_data.replies
    if screening.level is Level.check:
        line = replies.could_not_read if screening.unscreened else replies.soft
        return Card((line.in_style(style),), _help(screening.categories, now, style, help_data, first=4))
    group: Group = next((replies.group_of[category] for category in screening.categories if category in replies.group_of), "other")
    lines = [replies.danger_now] if screening.severity is Severity.S1 or group == "danger" else []
    lines.append(replies.first[group])
    if group in ("harm", "online", "danger"):
        lines.append(replies.not_your_fault)
    lines.append(replies.no_secret)
    said = [line.in_style(style) for line in lines]
    if hidden:
        said.append(replies.allegation.in_style(style))
    said.append(_what_next(now, style, help_data, reachable))
    rows = _help(screening.categories, now, style, help_data, first=5)
    return Card(tuple(said), rows, replies.question.in_style(style), safe_choices(style, help_data))


def short_card(screening: Screening, *, now: datetime, style: Style, help_data: HelpData) -> Card:
    """For a worry that a card was shown for within the last minutes: no wall of cards."""
    return Card((help_data.replies.again.in_style(style),), _help(screening.categories, now, style, help_data, first=3))


def card_without_storage(screening: Screening, *, now: datetime, style: Style, help_data: HelpData) -> Card:
    """For a worrying message that could not be stored: help, and the truth."""
    replies = help_data.replies
    lines = [replies.danger_now, replies.not_stored]
    return Card(tuple(line.in_style(style) for line in lines), _help(screening.categories, now, style, help_data, first=5))


def safe_choices(style: Style, help_data: HelpData) -> tuple[Button, ...]:
    """The three answers to "Are you safe right now?". All but yes raise an urgent flag by themselves."""
    replies = help_data.replies
    return (
        Button("safe:yes", replies.safe_yes.in_style(style), "yes"),
        Button("safe:no", replies.safe_no.in_style(style), "no", raises="urgent"),
        Button("safe:not_sure", replies.safe_not_sure.in_style(style), "not_sure", raises="urgent"),
    )


def welcome(now: datetime, style: Style, help_data: HelpData) -> dict[str, Any]:
    """The first screen: `lines`, `reading` (who reads and when) and `help`."""
    replies, local = help_data.replies, help_data.local
    return {
        "lines": [line.in_style(style) for line in replies.welcome],
        "reading": _reading(now, style, help_data),
        "help": list(_help((), now, style, help_data)),
        "council": local.council,
    }


def _what_next(now: datetime, style: Style, help_data: HelpData, reachable: bool) -> str:
    replies, local = help_data.replies, help_data.local
    if not reachable:
        return replies.not_reachable.in_style(style)
    opens = local.reading_hours.opens_next(now)
    reader = local.reader.in_style(style)
    if local.reading_hours.open_at(now) or opens is None:
        return replies.next_open.in_style(style).format(reader=reader)
    return replies.next_closed.in_style(style).format(reader=reader, when=moment_in_words(opens, now, style, replies))


def _reading(now: datetime, style: Style, help_data: HelpData) -> str:
    replies, local = help_data.replies, help_data.local
    opens = local.reading_hours.opens_next(now)
    reader = local.reader.in_style(style)
    if local.reading_hours.open_at(now) or opens is None:
        return replies.reading_now.in_style(style).format(reader=reader)
    return replies.reading_later.in_style(style).format(reader=reader, when=moment_in_words(opens, now, style, replies))


def _help(categories: Sequence[str], now: datetime, style: Style, help_data: HelpData, first: int = 8) -> tuple[dict[str, Any], ...]:
    """Emergency first, then who is there now, then who fits best; an advocate is never first when offices are closed."""
    local = help_data.local
    night = not local.duty.open_hours.open_at(now)
    day_team = local.out_of_hours if night else local.duty

    def rank(line: Helpline) -> tuple[bool, bool, bool, bool]:
        fits = not categories or bool(set(line.fits) & set(categories))
        # somebody who cannot speak just now is helped first by a line that can be texted
        texts = bool(categories) and line.text is not None
        return not line.emergency, not line.open_hours.open_at(now) or (line.advocacy and night), not fits, not texts

    lines = sorted(help_data.helplines, key=rank)
    rows = [_row(line, now, style, help_data) for line in lines]
    rows.insert(sum(line.emergency for line in lines), _team_row(day_team, now, style, help_data))
    return tuple(rows[:first])


def _row(line: Helpline, now: datetime, style: Style, help_data: HelpData) -> dict[str, Any]:
    return {
        "name": line.name,
        "what": line.what.in_style(style),
        "call": line.call,
        "text": line.text.model_dump() if line.text else None,
        "web": line.web,
        **_when(line, now, style, help_data),
    }


def _team_row(team: Team, now: datetime, style: Style, help_data: HelpData) -> dict[str, Any]:
    return {
        "name": team.name,
        "what": team.what.in_style(style),
        "call": team.call,
        "text": None,
        "web": None,
        **_when(team, now, style, help_data),
    }


def _when(who: Helpline | Team, now: datetime, style: Style, help_data: HelpData) -> dict[str, Any]:
    replies, hours = help_data.replies, who.open_hours
    is_open = hours.open_at(now)
    if is_open:
        words = replies.open_always if hours.always else replies.open_now
        return {"open": words.in_style(style), "open_now": True}
    opens = hours.opens_next(now)
    said = moment_in_words(opens, now, style, replies) if opens else ""
    return {"open": replies.opens.in_style(style).format(when=said), "open_now": False}
