"""Who is offered, and in which order: the rows of help that stand on the page, as of a moment.

The order is the safety research's, section 1.5: emergency first, who is there now before who is not, who fits before who
does not, a line that can be texted before one that must be phoned, an advocate never first when offices are closed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from voice.safeguarding.help import HelpData, Helpline, Local, OutOfHoursTeam, Team, moment_in_words
from voice.wording import Style

Row = dict[str, Any]
"""One row as the page gets it (docs/developers/http.md)."""

IN_SIGHT = 4
"""So many rows the page shows at once; what is further down has to be opened."""


def help_rows(categories: Collection[str], now: datetime, style: Style, help_data: HelpData, first: int = 8) -> tuple[Row, ...]:
    """The best `first` rows for these categories.

    Among those in sight is always a line that can be texted, for somebody who cannot speak just now; and where an advocate
    is what the worry asks for, they are among the rows at any hour.
    """
    ranked = _ranked(categories, now, help_data)
    texted = next((one for one in ranked if isinstance(one, Helpline) and one.text), None)
    advocate = next((one for one in ranked if isinstance(one, Helpline) and one.advocacy and _fits(one, categories)), None)
    wanted = [one for one in (texted, advocate if categories else None) if one]
    others = [one for one in ranked if one not in wanted][: max(first - len(wanted), 0)]
    shown = [one for one in ranked if one in wanted or one in others]
    if texted in shown[IN_SIGHT:]:
        shown.remove(texted)
        shown.insert(IN_SIGHT - 1, texted)
    return tuple(_row(one, now, style, help_data) for one in shown)


def emergency_row(now: datetime, style: Style, help_data: HelpData) -> tuple[Row, ...]:
    """Only the number for danger now."""
    return tuple(_row(line, now, style, help_data) for line in help_data.helplines if line.emergency)


def _ranked(categories: Collection[str], now: datetime, help_data: HelpData) -> list[Helpline | Team]:
    team = _team_on(now, help_data.local)
    night = not help_data.local.duty.open_hours.open_at(now)

    def rank(one: Helpline | Team) -> tuple[bool, ...]:
        closed = not one.open_hours.open_at(now)
        if isinstance(one, Team):
            return True, closed, False, False, False
        texts = bool(categories) and one.text is not None
        return not one.emergency, closed, one.advocacy and night, not _fits(one, categories), not texts

    return sorted((team, *help_data.helplines), key=rank)


def _team_on(now: datetime, local: Local) -> Team:
    """The team of the council that is there; when neither is, the one that is there sooner."""
    for team in (local.duty, local.out_of_hours):
        if team.open_hours.open_at(now):
            return team
    return min((local.duty, local.out_of_hours), key=lambda team: team.open_hours.opens_next(now) or now)


def _fits(one: Helpline | Team, categories: Collection[str]) -> bool:
    return isinstance(one, Team) or not categories or bool(set(one.fits) & set(categories))


def _row(one: Helpline | Team, now: datetime, style: Style, help_data: HelpData) -> Row:
    line = one if isinstance(one, Helpline) else None
    return {
        "name": one.name,
        "what": one.what.in_style(style) if line else _what_of_team(one, style, help_data),
        "call": one.call,
        "text": line.text.model_dump() if line and line.text else None,
        "web": line.web if line else None,
        **_when(one, now, style, help_data),
    }


def _what_of_team(team: Helpline | Team, style: Style, help_data: HelpData) -> str:
    words = [team.what.in_style(style)]
    if isinstance(team, OutOfHoursTeam):
        words.append(team.at_night.in_style(style))
    if help_data.local.invented:
        words.append(help_data.replies.made_up_row.in_style(style))
    return " ".join(words)


def _when(one: Helpline | Team, now: datetime, style: Style, help_data: HelpData) -> Row:
    replies, hours = help_data.replies, one.open_hours
    if hours.open_at(now):
        words = replies.open_always if hours.always else replies.open_now
        return {"open": words.in_style(style), "open_now": True}
    opens = hours.opens_next(now)
    said = moment_in_words(opens, now, style, replies) if opens else ""
    return {"open": replies.opens.in_style(style).format(when=said), "open_now": False}
