"""The young person's side of a statement: a draft that is theirs alone, kept answer by answer, until they send it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlalchemy import delete as delete_rows

from records import understanding
from records.conversations import Circle, circle_of
from records.database import Work
from records.routing import route
from records.tables import Answer, Conversation, Flag, Message, ScreeningRow, Statement, StatementVersion
from voice.pathways.model import ADDED, OPENING
from voice.pathways.walk import Asked, Given, How, Place
from voice.promises.clocks import read_due, reply_due

SENT = ("sent", "read", "replied", "done")
"""The states in which workers can see a statement."""
_ACTIVE = select(Statement).where(Statement.conversation_id == bindparam("chat"), Statement.active.is_(True))
"""Made once, as in messages.py."""
_STANDING = select(Answer).where(Answer.statement_id == bindparam("statement"), Answer.replaced_by.is_(None)).order_by(Answer.position)
_TO_QUESTION = select(Answer).where(
    Answer.statement_id == bindparam("statement"),
    Answer.question == bindparam("question"),
    Answer.round.is_not_distinct_from(bindparam("round")),
    Answer.replaced_by.is_(None),
)
_LAST = select(func.max(Answer.position)).where(Answer.statement_id == bindparam("statement"))
_SAME_QUESTION = (
    select(Answer)
    .join(Message, Message.id == Answer.message_id)
    .where(
        Answer.statement_id == bindparam("statement"),
        Answer.replaced_by.is_(None),
        Message.asked_n == bindparam("asked"),
        Message.n < bindparam("before"),
        Answer.question != OPENING,
    )
    .order_by(Message.n.desc())
    .limit(1)
)


def open_draft(
    work: Work, conversation: Conversation, *, pathway: str, version: int, place: Place, from_n: int, now: datetime
) -> Statement:
    """Begins a draft; it becomes the one being talked about."""
    _put_others_aside(work, conversation.id)
    draft = Statement(
        conversation_id=conversation.id,
        young_person_id=conversation.young_person_id,
        pathway=pathway,
        pathway_version=version,
        style=conversation.style,
        mode=conversation.mode,
        status="draft",
        asking=place.to_plain(),
        from_n=from_n,
        created_at=now,
    )
    work.session.add(draft)
    work.session.flush()
    return draft


def active(work: Work, conversation_id: str) -> Statement | None:
    """The statement being talked about in this chat, if any."""
    return work.session.scalar(_ACTIVE, {"chat": conversation_id})


def unfinished(work: Work, conversation_id: str) -> list[Statement]:
    """Drafts of this chat that were put aside with something in them, newest first."""
    query = select(Statement).where(
        Statement.conversation_id == conversation_id,
        Statement.status == "draft",
        Statement.active.is_(False),
        exists().where(Answer.statement_id == Statement.id),
    )
    return list(work.session.scalars(query.order_by(Statement.created_at.desc())))


def mine(work: Work, conversation_id: str, statement_id: str) -> Statement | None:
    """A statement of this chat by its id; None for another chat's."""
    return work.session.scalar(select(Statement).where(Statement.conversation_id == conversation_id, Statement.id == statement_id))


def latest_sent(work: Work, conversation_id: str) -> Statement | None:
    """The statement sent last from this chat."""
    query = select(Statement).where(Statement.conversation_id == conversation_id, Statement.status.in_(SENT))
    return work.session.scalar(query.order_by(Statement.sent_at.desc()).limit(1))


def versions(work: Work, statement: Statement) -> int:
    """How many times it was sent."""
    return work.session.scalar(select(func.count()).where(StatementVersion.statement_id == statement.id)) or 0


def pick_up(work: Work, statement: Statement) -> None:
    """Makes a statement the one being talked about again."""
    _put_others_aside(work, statement.conversation_id)
    statement.active = True


def take_in(work: Work, statement: Statement, message: Message) -> None:
    """A message from before, with what was said to it, belongs to the statement from now on."""
    work.session.execute(
        update(Message).where(or_(Message.id == message.id, Message.answers_id == message.id)).values(statement_id=statement.id)
    )


def put_aside(statement: Statement) -> None:
    """It stays as it is, and the chat talks of something else."""
    statement.active = False


def place_of(statement: Statement) -> Place:
    """Where the talk about a statement is."""
    return Place.from_plain(statement.asking or {})


def answers(work: Work, statement: Statement) -> list[Answer]:
    """The answers that stand, oldest first."""
    return list(work.session.scalars(_STANDING, {"statement": statement.id}))


def given(rows: Sequence[Answer]) -> dict[Asked, Given]:
    """The answers as the walk sees them. Opening and added words answer no question and are left out."""
    return {
        Asked(row.question, row.round): Given(Asked(row.question, row.round), tuple(one["value"] for one in row.choices), _how(row.how))
        for row in rows
        if row.question not in (OPENING, ADDED)
    }


SOMEONE_ELSE = "someone_else"
"""A person who is on no button."""


def keep_answer(
    work: Work,
    statement: Statement,
    *,
    asked: Asked,
    save: str,
    question_shown: str,
    topic: str,
    verbatim: str | None,
    choices: Sequence[dict[str, str]],
    how: How,
    message_id: str | None,
    now: datetime,
) -> Answer:
    """Keeps one answer as it was given; an earlier answer to the same question stays in the table, marked as replaced."""
    old = work.session.scalar(_TO_QUESTION, {"statement": statement.id, "question": asked.question, "round": asked.round})
    last = work.session.scalar(_LAST, {"statement": statement.id}) or 0
    answer = Answer(
        statement_id=statement.id,
        message_id=message_id,
        position=old.position if old else last + 1,
        question=asked.question,
        round=asked.round,
        save=save,
        question_shown=question_shown,
        verbatim=verbatim,
        choices=list(choices),
        how=how,
        topic=topic,
        answered_at=now,
    )
    work.session.add(answer)
    work.session.flush()
    if old:
        old.replaced_by = answer.id
        work.session.flush()
    return answer


def answer_from_question(work: Work, statement: Statement, message: Message) -> Answer | None:
    """The standing answer an earlier message gave to the very question this message was typed under, if one did."""
    return work.session.scalar(_SAME_QUESTION, {"statement": statement.id, "asked": message.asked_n, "before": message.n})


def send(work: Work, statement: Statement, ordered: Sequence[Answer], *, to_n: int, now: datetime) -> StatementVersion:
    """Freezes the answers as the next version and puts the statement where its reader will find it.

    `ordered` are the answers that stand, in the order of the pathway. Sets who should read it and by when.
    """
    conversation = work.session.get_one(Conversation, statement.conversation_id)
    by_save = {answer.save: answer for answer in ordered}
    version = StatementVersion(
        statement_id=statement.id,
        number=versions(work, statement) + 1,
        body=[_frozen(work, answer) for answer in ordered],
        wanted=_said(by_save.get("wanted_outcome")),
        from_n=statement.from_n,
        to_n=to_n,
        sent_at=now,
    )
    work.session.add(version)
    statement.recipients = _named(by_save.get("recipients"))
    statement.hide_from = [value for value in _named(by_save.get("not_in_front_of")) if value != "nobody"]
    statement.status, statement.active, statement.asking = "sent", False, None
    statement.sent_at = now
    statement.read_by, statement.reply_by = read_due(now), reply_due(now)
    statement.read_at = statement.replied_at = statement.done_at = None
    statement.young_person_id = conversation.young_person_id
    work.session.flush()
    route(work, statement, now)
    return version


def keep(work: Work, statement: Statement) -> None:
    """Finished, and for the young person's own eyes. What was sent once stays sent; only the talk about it is over."""
    if not versions(work, statement):
        statement.status = "kept"
    statement.active, statement.asking = False, None


def delete(work: Work, statement: Statement, sparing: str | None) -> None:
    """Deletes a draft with its answers and the bubbles that belong to it, and to nothing else.

    Flagged messages stay (a flag is never deleted), and so does the message `sparing`, which is being answered, with
    everything said since: that was acknowledged after the young person asked for this.
    A statement that was sent once is not deleted: only what was changed since is put aside.
    """
    if versions(work, statement):
        statement.active, statement.asking = False, None
        return
    flagged = select(Flag.message_id).where(Flag.conversation_id == statement.conversation_id)
    own = select(Message.id).where(Message.statement_id == statement.id, Message.id.not_in(flagged))
    spared = work.session.get(Message, sparing) if sparing else None
    if spared:
        own = own.where(Message.n < spared.n)
    delete_bubbles(work, list(work.session.scalars(own)))
    work.session.execute(update(Message).where(Message.statement_id == statement.id).values(statement_id=None))
    work.session.execute(update(Answer).where(Answer.statement_id == statement.id).values(replaced_by=None))
    work.session.execute(delete_rows(Answer).where(Answer.statement_id == statement.id))
    work.session.delete(statement)
    work.session.flush()


def delete_bubbles(work: Work, ids: Sequence[str]) -> None:
    """Deletes bubbles with their screening."""
    work.session.execute(delete_rows(ScreeningRow).where(ScreeningRow.message_id.in_(ids)))
    work.session.execute(update(Message).where(Message.answers_id.in_(ids)).values(answers_id=None))
    work.session.execute(delete_rows(Message).where(Message.id.in_(ids)))


def circle(work: Work, statement: Statement) -> Circle:
    """The workers around the statement's young person."""
    return circle_of(work, work.session.get_one(Conversation, statement.conversation_id))


def _put_others_aside(work: Work, conversation_id: str) -> None:
    work.session.execute(update(Statement).where(Statement.conversation_id == conversation_id).values(active=False))


def _how(text: str) -> How:
    return "skipped" if text == "skipped" else "dont_know" if text == "dont_know" else "answered"


def _said(answer: Answer | None) -> str | None:
    if answer is None:
        return None
    return answer.verbatim or ", ".join(one["label"] for one in answer.choices) or None


def _named(answer: Answer | None) -> list[str]:
    """The people somebody picked. Whoever is named in words counts as someone else: a person has to read who is meant."""
    if answer is None:
        return []
    values = [one["value"] for one in answer.choices]
    return list(dict.fromkeys([*values, SOMEONE_ELSE])) if answer.verbatim and not values else values


def _frozen(work: Work, answer: Answer) -> dict[str, Any]:
    message = work.session.get(Message, answer.message_id) if answer.message_id else None
    understood = understanding.of_words(work, message, answer.verbatim) if message and answer.verbatim else None
    return {
        "question": answer.question,
        "round": answer.round,
        "save": answer.save,
        "question_shown": answer.question_shown,
        "verbatim": answer.verbatim,
        "choices": list(answer.choices),
        "how": answer.how,
        "topic": answer.topic,
        "topics": list(understood.topics) if understood else [],
        "stance": understood.stance if understood else None,
        "n": message.n if message else None,
    }
