"""The safety card: what somebody sees when they may not be safe, in the order of the safety research, section 2.5.

Nothing here says that a person has been told. What happens next is computed from the hours of those who read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voice.messages import Button
from voice.safeguarding.help import Group, HelpData, Replies, moment_in_words
from voice.safeguarding.rows import Row, emergency_row, help_rows
from voice.safeguarding.screen import Level, Screening, Severity
from voice.wording import Style, Words

_BLAMELESS: tuple[Group, ...] = ("danger", "harm", "self", "missing", "online")
"""Groups that are told that it is not their fault, beside whoever only pressed a button. Of a hint nobody knows yet what it is about."""
_GENTLE = ("bullying", "eating", "neglect", "complaint_rights", "allegation")
"""What may be said beside the soft words of a concern, which is often none at all: nothing that frightens whoever meant no harm."""
_WITHOUT_STAFF = ("peer_harm",)
"""What is not said when somebody who works there is accused too: it sends to the adults of the home."""


@dataclass(frozen=True)
class Said:
    """One bubble of a card, with the rows of help that stand under it."""

    text: str
    help: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Card:
    """`said`: one bubble each, in order. `question` with its `choices`: at most one."""

    said: tuple[Said, ...]
    question: str | None = None
    choices: tuple[Button, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said, without the rows."""
        return tuple(one.text for one in self.said)

    @property
    def help(self) -> tuple[Row, ...]:
        """The rows of help, the best first."""
        return max((one.help for one in self.said), key=len)


def safety_card(screening: Screening, *, now: datetime, style: Style, help_data: HelpData, reachable: bool, hidden: bool) -> Card:
    """The card for a flag.

    `reachable` is False when alerts cannot be expected to go out: the card then says so. `hidden` is True when the flag
    is in fact withheld from the worker it names: only then the card may say that they will not be shown it.
    """
    replies = help_data.replies
    group = _group(screening, replies)
    particular = _particular(screening, replies)
    if screening.level is Level.check:
        return _soft_card(screening, group, particular, now=now, style=style, help_data=help_data)
    said = []
    if screening.severity is Severity.S1 or group == "danger":
        said.append(Said(replies.danger_now.in_style(style), emergency_row(now, style, help_data)))
    # somebody who asks whether it stays a secret is answered before they are invited to say it
    opening = [replies.no_secret_hint, replies.first[group]] if group == "hint" else [replies.first[group]]
    if group in _BLAMELESS or not screening.categories:
        opening.append(replies.not_your_fault)
    if group != "hint":
        particular = [*particular, replies.no_secret]
    if hidden:
        particular = [*particular, replies.allegation]
    said += [Said(line.in_style(style)) for line in (*opening, *particular)]
    said.append(Said(replies.awake.in_style(style), help_rows(screening.categories, now, style, help_data, first=5)))
    said.append(Said(_what_next(now, style, help_data, reachable)))
    return Card(tuple(said), replies.question.in_style(style), safe_choices(style, help_data))


def short_card(screening: Screening, *, now: datetime, style: Style, help_data: HelpData, reachable: bool) -> Card:
    """For a worry that a card was shown for within the last minutes: no wall of cards."""
    line = help_data.replies.again if reachable or screening.level is Level.check else help_data.replies.not_reachable
    return Card((Said(line.in_style(style), help_rows(screening.categories, now, style, help_data, first=4)),))


def card_without_storage(screening: Screening, *, now: datetime, style: Style, help_data: HelpData) -> Card:
    """For a worrying message that could not be stored: help, and the truth."""
    replies = help_data.replies
    rows = help_rows(screening.categories, now, style, help_data, first=5)
    return Card((Said(replies.danger_now.in_style(style)), Said(replies.not_stored.in_style(style), rows)))


def not_reached_card(categories: Sequence[str], *, now: datetime, style: Style, help_data: HelpData) -> Card:
    """For somebody whose alert has not gone out for a while, although it was expected to."""
    return Card((Said(help_data.replies.still_not_reached.in_style(style), help_rows(categories, now, style, help_data, first=5)),))


def safe_choices(style: Style, help_data: HelpData) -> tuple[Button, ...]:
    """The three answers to "Are you safe right now?". All but yes raise an urgent flag by themselves."""
    replies = help_data.replies
    return (
        Button("safe:yes", replies.safe_yes.in_style(style), "yes"),
        Button("safe:no", replies.safe_no.in_style(style), "no", raises="urgent"),
        Button("safe:not_sure", replies.safe_not_sure.in_style(style), "not_sure", raises="urgent"),
    )


def not_safe_card(categories: Sequence[str], *, now: datetime, style: Style, help_data: HelpData) -> Card:
    """After "no" or "not sure". Somebody whose family may be the danger is not sent to a person they trust."""
    replies = help_data.replies
    line = replies.after_no_not_home if "forced_marriage_fgm" in categories else replies.after_no
    return Card((Said(line.in_style(style), help_rows(categories, now, style, help_data)),))


def welcome(now: datetime, style: Style, help_data: HelpData, *, live: bool) -> dict[str, Any]:
    """The first screen: `lines`, `reading` (who reads and when), `help`, and `demo`: why this is not real yet, or None."""
    replies, local = help_data.replies, help_data.local
    demo = replies.demo_made_up if local.invented else None if live else replies.demo_trial
    return {
        "lines": [line.in_style(style) for line in replies.welcome],
        "reading": _reading(now, style, help_data),
        "help": list(help_rows((), now, style, help_data)),
        "council": local.council,
        "demo": demo.in_style(style) if demo else None,
    }


def _soft_card(
    screening: Screening, group: Group, particular: Sequence[Words], *, now: datetime, style: Style, help_data: HelpData
) -> Card:
    """For a concern: no question, and nothing that sounds like danger."""
    replies = help_data.replies
    lines = [replies.first[group]] if group == "low" else list(particular)
    lines.append(replies.could_not_read if screening.unscreened else replies.soft)
    rows = help_rows(screening.categories, now, style, help_data, first=4)
    return Card((*(Said(line.in_style(style)) for line in lines[:-1]), Said(lines[-1].in_style(style), rows)))


def _group(screening: Screening, replies: Replies) -> Group:
    return next((replies.group_of[category] for category in screening.categories if category in replies.group_of), "other")


def _particular(screening: Screening, replies: Replies) -> list[Words]:
    """What the leading kind of worry needs, and the way to complain when it is about somebody who should look after them.

    Where families found something, what was only heard beside it gets no advice: to somebody who is hit, a line about
    fights at home may say nothing.
    """
    accused = "allegation" in screening.categories
    allowed = replies.particular if screening.level is Level.urgent else [one for one in _GENTLE if one in replies.particular]
    found = {family.partition(".")[0] for family in screening.families} - {"ear"} or {*screening.categories}
    wanted = [one for one in screening.categories if one in allowed and one in found and not (accused and one in _WITHOUT_STAFF)]
    first = wanted[:1]
    if accused and not {"allegation", "restraint"} & set(first):
        first.append("allegation")
    return [replies.particular[category] for category in first]


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
