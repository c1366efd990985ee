"""Whether the young person says that they are safe: "no", "not sure" or no word at all within five minutes is danger now.

Safety research, section 2.5, rule 3. Each flag gets one of these events once; the flag itself can only become more urgent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select

from records import conversations, flags, outbox
from records.clocks import due_at
from records.database import Work
from records.routing import note_event
from records.tables import Conversation, Event, Flag, Message
from voice.wording import Words

WAIT = timedelta(minutes=5)
NO_ANSWER = "safe_no_answer"
_SAID = {"yes": "safe_yes", "no": "safe_no", "not_sure": "safe_not_sure"}
"""What the answer's button means → the event of the flag."""
_LONGEST = timedelta(days=1)
"""A question from longer ago is not about now any more."""
ALERT = "flag_no_answer"
"""Kind of the second alert."""


def is_safe_question(question: Message, asked: Words) -> bool:
    """Whether a bubble asks if somebody is safe now, in whichever style, by the door or in a pathway."""
    return question.said_by == "bot" and question.text in (asked.standard, asked.easy)


def heard(work: Work, conversation: Conversation, payload: str, now: datetime) -> bool:
    """Notes what was answered to the safe question for every flag of the chat that waits for it. True when they are not safe.

    After "no" or "not sure" they are danger now, and so is the flag of the answer itself, which brings its own alerts.
    The conversation's row must be locked.
    """
    said = payload.partition(":")[2]
    if not payload.startswith(("safe:", "answer:")) or said not in _SAID:
        return False
    for flag in list(work.session.scalars(_waiting(now).where(Flag.conversation_id == conversation.id))):
        if said != "yes":
            _is_danger_now(flag, now)
        note_event(work, "flag", flag.id, _SAID[said], None, now)
    work.session.flush()
    return said != "yes"


def categories(work: Work, conversation_id: str, now: datetime) -> tuple[str, ...]:
    """What the urgent flags of a chat are about these days."""
    urgent = select(Flag).where(Flag.conversation_id == conversation_id, Flag.level == "urgent", Flag.raised_at > now - _LONGEST)
    return tuple(dict.fromkeys(category for flag in work.session.scalars(urgent.order_by(Flag.raised_at)) for category in flag.categories))


def due(work: Work, asked: Words, now: datetime) -> list[str]:
    """Ids of flags whose safe question has had no answer for five minutes. Writes nothing."""
    return [flag.id for flag in work.session.scalars(_waiting(now).where(Flag.raised_at <= now - WAIT)) if _is_due(work, flag, asked, now)]


def raise_to_danger(work: Work, flag_id: str, asked: Words, now: datetime) -> bool:
    """Makes a flag without an answer danger now, and alerts again. Done twice it does nothing; False when there is no cause any more."""
    # an answer that comes in this moment is either seen or waits
    conversation = conversations.held(work, work.session.scalars(select(Flag.conversation_id).where(Flag.id == flag_id)).one())
    flag = work.session.scalar(_waiting(now).where(Flag.id == flag_id))
    if flag is None or not _is_due(work, flag, asked, now):
        return False
    _is_danger_now(flag, now)
    note_event(work, "flag", flag.id, NO_ANSWER, None, now)
    for address in flags.told_first(work, conversation):
        outbox.put(work, kind=ALERT, about_id=flag.id, address=address, now=now)
    work.session.flush()
    return True


def _is_danger_now(flag: Flag, now: datetime) -> None:
    """Its clock becomes that of danger now, unless it runs out sooner anyway."""
    flag.severity = "S1"
    flag.due_at = min(flag.due_at, due_at("S1", flag.categories, now))


def _waiting(now: datetime) -> Select[tuple[Flag]]:
    noted = exists().where(Event.about == "flag", Event.about_id == Flag.id, Event.what.in_((*_SAID.values(), NO_ANSWER)))
    return select(Flag).where(Flag.level == "urgent", Flag.closed_at.is_(None), Flag.raised_at > now - _LONGEST, ~noted)


def _is_due(work: Work, flag: Flag, asked: Words, now: datetime) -> bool:
    """Whether the question was asked after what was flagged, and five minutes have gone by since. A flag without the question
    (an urgent button that leads elsewhere) waits for nothing."""
    flagged = select(Message.n).where(Message.id == flag.message_id).scalar_subquery()
    questions = select(Message).where(
        Message.conversation_id == flag.conversation_id,
        Message.n > flagged,
        Message.kind == "question",
        Message.said_by == "bot",
        Message.at <= now - WAIT,
    )
    return any(is_safe_question(question, asked) for question in work.session.scalars(questions.order_by(Message.n)))
