"""Young people as their workers know them: adding one, handing over a join code, and tying a chat to one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update

from records import codes, flags, outbox, routing
from records.conversations import circle_of
from records.database import Work
from records.drafts import SENT
from records.errors import AlreadyThere, NotFound, NothingWritten, Stale, TooLate
from records.readable import around, flags_for, on_duty, statements_for
from records.routing import note_event
from records.tables import Conversation, Event, Flag, FlagNames, Invitation, Match, Message, Statement, Worker, YoungPerson

INVITATION_LASTS = timedelta(days=30)
UNDO_WITHIN = timedelta(hours=24)
"""How long a match can be undone (safety research, promise P43)."""


def add(
    work: Work,
    worker: Worker,
    *,
    name: str,
    identifier: str,
    social_worker_id: str | None,
    reviewing_officer_id: str | None,
    now: datetime,
) -> YoungPerson:
    """Adds a young person with the two identifiers that tell them from everybody else.

    Raises NothingWritten, AlreadyThere when both identifiers are somebody's, NotFound for a worker who is not active.
    """
    called, second = " ".join(name.split()), " ".join(identifier.split())
    if not called:
        raise NothingWritten("name")
    if not second:
        raise NothingWritten("identifier")
    if find_by_two_identifiers(work, called, second):
        raise AlreadyThere
    for chosen in (social_worker_id, reviewing_officer_id):
        found = work.session.get(Worker, chosen) if chosen else None
        if chosen and (found is None or not found.active):
            raise NotFound
    person = YoungPerson(
        name=called,
        identifier=second,
        social_worker_id=social_worker_id,
        reviewing_officer_id=reviewing_officer_id,
        created_at=now,
    )
    work.session.add(person)
    work.session.flush()
    note_event(work, "young_person", person.id, "added", worker.id, now)
    return person


def known_to(work: Work, worker: Worker) -> list[YoungPerson]:
    """The young people this worker may know of, by name: their own, or on duty everybody's."""
    query = select(YoungPerson)
    if not on_duty(worker):
        query = query.where(around(worker))
    # names are sealed, so the database cannot sort them
    return sorted(work.session.scalars(query), key=lambda person: person.name.casefold())


def one(work: Work, worker: Worker, young_person_id: str) -> YoungPerson:
    """A young person this worker may know of. Raises NotFound."""
    query = select(YoungPerson).where(YoungPerson.id == young_person_id)
    person = work.session.scalar(query if on_duty(worker) else query.where(around(worker)))
    if person is None:
        raise NotFound
    return person


def find_by_two_identifiers(work: Work, name: str, identifier: str) -> YoungPerson | None:
    """The one young person with this name and this second identifier; capitals and spaces make no difference."""
    wanted = (_bare(name), _bare(identifier))
    if not all(wanted):
        return None
    found = [person for person in work.session.scalars(select(YoungPerson)) if (_bare(person.name), _bare(person.identifier)) == wanted]
    return found[0] if len(found) == 1 else None


def invite(work: Work, young_person_id: str, worker: Worker, now: datetime) -> str:
    """A new join code for a young person, good for 30 days. The one before ends. Raises NotFound."""
    person = one(work, worker, young_person_id)
    work.session.execute(
        update(Invitation).where(Invitation.young_person_id == person.id, Invitation.ended_at.is_(None)).values(ended_at=now)
    )
    code = codes.new_join_code()
    work.session.add(
        Invitation(
            code_hash=codes.code_hash(code),
            young_person_id=person.id,
            made_by=worker.id,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    )
    note_event(work, "young_person", person.id, "invited", worker.id, now)
    work.session.flush()
    return code


def open_invitation(work: Work, young_person_id: str, now: datetime) -> Invitation | None:
    """The invitation that can still be used. Its code is kept nowhere, so only its dates can be shown."""
    return work.session.scalar(
        select(Invitation).where(Invitation.young_person_id == young_person_id, Invitation.ended_at.is_(None), Invitation.expires_at > now)
    )


def match(work: Work, conversation_id: str, young_person_id: str, worker: Worker, now: datetime) -> Match:
    """Ties a chat to a young person. Their workers become the ones around it, and who may read is decided anew.

    Raises NotFound unless the worker is on duty and may know of the chat; Stale when it is tied to somebody already.
    """
    conversation = _chat_for(work, conversation_id, worker)
    if conversation.young_person_id is not None:
        raise Stale
    person = one(work, worker, young_person_id)
    tie = Match(conversation_id=conversation.id, young_person_id=person.id, matched_by=worker.id, matched_at=now)
    work.session.add(tie)
    work.session.flush()
    note_event(work, "conversation", conversation.id, "matched", worker.id, now, detail=tie.id)
    work.session.flush()
    conversation.young_person_id = person.id
    statements = _tie_statements(work, conversation, person.id)
    _name_workers(work, conversation)
    for statement in statements:
        if statement.status in SENT and statement.owner_id is None:
            routing.route(work, statement, now)
    routing.decide_access_of_chat(work, conversation.id)
    _alert_the_social_worker(work, conversation, now)
    return tie


def undo_match(work: Work, match_id: str, worker: Worker, now: datetime) -> Match:
    """Unties a chat again: owners, names and access go back to what they were without the young person.

    Raises NotFound as `match` does, Stale when it is undone already, TooLate after 24 hours.
    """
    tie = work.session.get(Match, match_id)
    if tie is None:
        raise NotFound
    conversation = _chat_for(work, tie.conversation_id, worker)
    if tie.undone_at is not None or conversation.young_person_id != tie.young_person_id:
        raise Stale
    if now - tie.matched_at > UNDO_WITHIN:
        raise TooLate
    tie.undone_by, tie.undone_at = worker.id, now
    conversation.young_person_id = None
    for statement in _tie_statements(work, conversation, None):
        statement.owner_id = _owner_before(work, statement, tie)
    of_chat = select(Flag.id).where(Flag.conversation_id == conversation.id)
    work.session.execute(delete(FlagNames).where(FlagNames.flag_id.in_(of_chat), FlagNames.reason != "worker"))
    _name_workers(work, conversation)
    routing.decide_access_of_chat(work, conversation.id)
    note_event(work, "conversation", conversation.id, "match_undone", worker.id, now, detail=tie.id)
    work.session.flush()
    return tie


def match_of(work: Work, conversation_id: str) -> Match | None:
    """The match that holds for a chat."""
    return work.session.scalar(
        select(Match).where(Match.conversation_id == conversation_id, Match.undone_at.is_(None)).order_by(Match.matched_at.desc()).limit(1)
    )


def can_undo(tie: Match, now: datetime) -> bool:
    """Whether a match can still be undone."""
    return tie.undone_at is None and now - tie.matched_at <= UNDO_WITHIN


def chat_to_match(work: Work, conversation_id: str, worker: Worker) -> Conversation:
    """The chat somebody on duty is about to match. Raises NotFound."""
    return _chat_for(work, conversation_id, worker, lock=False)


def _chat_for(work: Work, conversation_id: str, worker: Worker, *, lock: bool = True) -> Conversation:
    """The chat, if this worker is on duty and may know of something in it."""
    seen = or_(
        exists().where(Statement.conversation_id == Conversation.id, statements_for(worker)),
        exists().where(Flag.conversation_id == Conversation.id, flags_for(worker)),
    )
    query = select(Conversation).where(Conversation.id == conversation_id, seen)
    conversation = work.session.scalar(query.with_for_update() if lock else query) if on_duty(worker) else None
    if conversation is None:
        raise NotFound
    return conversation


def _tie_statements(work: Work, conversation: Conversation, young_person_id: str | None) -> list[Statement]:
    statements = list(work.session.scalars(select(Statement).where(Statement.conversation_id == conversation.id)))
    for statement in statements:
        statement.young_person_id = young_person_id
    work.session.flush()
    return statements


def _name_workers(work: Work, conversation: Conversation) -> None:
    """Who the flagged words mean depends on whose workers they can mean."""
    rows = work.session.execute(
        select(Flag, Message).join(Message, Message.id == Flag.message_id).where(Flag.conversation_id == conversation.id)
    )
    for flag, message in rows.tuples().all():
        flags.name_workers(work, flag, conversation, message.text)


def _alert_the_social_worker(work: Work, conversation: Conversation, now: datetime) -> None:
    """What is urgent and open must reach the allocated worker (safety research, section 1.3), unless the chat names them."""
    social_worker = circle_of(work, conversation).social_worker
    if social_worker is None:
        return
    urgent = (Flag.conversation_id == conversation.id, Flag.level == "urgent", Flag.closed_at.is_(None))
    for flag in work.session.scalars(select(Flag).where(*urgent, flags_for(social_worker))):
        outbox.put(work, kind="flag_raised", about_id=flag.id, address=social_worker.email, now=now)


def _owner_before(work: Work, statement: Statement, tie: Match) -> str | None:
    """Who a statement was given to last before the match; nobody for a chat that came with a join code."""
    matched = select(func.max(Event.id)).where(
        Event.about == "conversation", Event.about_id == tie.conversation_id, Event.what == "matched", Event.detail == tie.id
    )
    event = work.session.scalar(matched)
    if event is None:
        return None
    return work.session.scalar(
        select(Event.detail)
        .where(Event.about == "statement", Event.about_id == statement.id, Event.what.in_(("given", "assigned")), Event.id < event)
        .order_by(Event.id.desc())
        .limit(1)
    )


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
