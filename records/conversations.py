"""Chats: starting one, coming back to one, and answering its messages one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from records import codes
from records.database import Work
from records.errors import NotSignedIn, UnknownCode, UnknownJoin
from records.settings import settings
from records.tables import ChatSession, Conversation, Invitation, Match, Worker, YoungPerson, new_id
from voice.wording import Style

_HELD = select(Conversation).where(Conversation.id == bindparam("id")).with_for_update().execution_options(populate_existing=True)
"""Made once, as in messages.py."""
_OF_SENDER = select(Conversation).where(Conversation.sender == bindparam("sender")).with_for_update()
_OF_TOKEN = (
    select(Conversation)
    .join(ChatSession, ChatSession.conversation_id == Conversation.id)
    .where(ChatSession.token_hash == bindparam("token"), ChatSession.ended_at.is_(None))
)
_OF_TOKEN_HELD = _OF_TOKEN.with_for_update(of=Conversation)


@dataclass(frozen=True)
class Entry:
    """A way into a chat: the chat, and the token the device will hold."""

    conversation: Conversation
    token: str


def start(work: Work, *, style: Style, mode: str, join_code: str | None, now: datetime) -> Entry:
    """Starts a chat; a join code ties it to its young person. Raises UnknownJoin for a code that is not open."""
    young_person_id = None
    invitation = None
    if join_code:
        invitation = work.session.get(Invitation, codes.code_hash(join_code))
        if invitation is None or invitation.ended_at is not None or invitation.expires_at <= now:
            raise UnknownJoin
        young_person_id = invitation.young_person_id
    conversation = add(work, style=style, mode=mode, young_person_id=young_person_id, now=now)
    if invitation:
        work.session.add(
            Match(
                conversation_id=conversation.id, young_person_id=invitation.young_person_id, matched_by=invitation.made_by, matched_at=now
            )
        )
    return Entry(conversation, _let_in(work, conversation, now))


def add(work: Work, *, style: Style, mode: str, young_person_id: str | None, now: datetime, sender: str | None = None) -> Conversation:
    """Adds a chat nobody holds a token for. `sender` is given only by `rasa shell`, which names its own."""
    conversation_id = new_id()
    conversation = Conversation(
        id=conversation_id,
        sender=sender or codes.sender_of(conversation_id),
        style=style.value,
        mode=mode,
        young_person_id=young_person_id,
        code_hash=codes.code_hash(codes.return_code(conversation_id)),
        next_n=1,
        started_at=now,
        last_at=now,
        delete_on=delete_date(now),
    )
    work.session.add(conversation)
    work.session.flush()
    return conversation


def delete_date(now: datetime) -> datetime:
    """When a chat that was not sent is deleted if nothing more is said."""
    return now + timedelta(days=settings().keep_chat_days)


def resume(work: Work, code: str, now: datetime) -> Entry:
    """Comes back to a chat with its return code; its row is held. Raises UnknownCode."""
    query = select(Conversation).where(Conversation.code_hash == codes.code_hash(code))
    conversation = work.session.scalar(query.with_for_update())
    if conversation is None:
        raise UnknownCode
    return Entry(conversation, _let_in(work, conversation, now))


def of_token(work: Work, token: str, *, lock: bool = False) -> Conversation:
    """The chat a device's token opens. `lock` holds its row until the unit of work ends. Raises NotSignedIn."""
    conversation = work.session.scalar(_OF_TOKEN_HELD if lock else _OF_TOKEN, {"token": codes.token_hash(token)})
    if conversation is None:
        raise NotSignedIn
    return conversation


def held(work: Work, conversation_id: str) -> Conversation:
    """The chat, its row held until the unit of work ends. Everybody who changes a chat, or what belongs to one and who may read
    it, does this first: in one order nobody waits for each other, and nobody decides by what another is just changing."""
    return work.session.scalars(_HELD, {"id": conversation_id}).one()


def of_sender(work: Work, sender: str) -> Conversation | None:
    """The chat Rasa knows by this name, held as `held` does it."""
    return work.session.scalar(_OF_SENDER, {"sender": sender})


def leave(work: Work, token: str, now: datetime) -> None:
    """Ends a device's token. An unknown one is left alone: leaving always works."""
    session = work.session.get(ChatSession, codes.token_hash(token))
    if session and session.ended_at is None:
        session.ended_at = now


def take_lease(conversation: Conversation, holder: str, now: datetime, seconds: float) -> bool:
    """Takes the right to answer this chat's messages, unless somebody else holds it. It runs out by itself after `seconds`.

    The conversation's row must be locked, also to give the right back.
    """
    if conversation.lease not in (None, holder) and conversation.lease_until is not None and conversation.lease_until >= now:
        return False
    conversation.lease, conversation.lease_until = holder, now + timedelta(seconds=seconds)
    return True


def release_lease(conversation: Conversation, holder: str) -> None:
    """Gives the right back, if it is still this holder's."""
    if conversation.lease == holder:
        conversation.lease, conversation.lease_until = None, None


@dataclass(frozen=True)
class Circle:
    """The workers around a chat, as far as it is tied to a young person."""

    young_person: YoungPerson | None
    social_worker: Worker | None
    reviewing_officer: Worker | None


def circle_of(work: Work, conversation: Conversation) -> Circle:
    """Who this chat belongs to and who their workers are."""
    person = work.session.get(YoungPerson, conversation.young_person_id) if conversation.young_person_id else None

    def worker(worker_id: str | None) -> Worker | None:
        found = work.session.get(Worker, worker_id) if worker_id else None
        return found if found and found.active else None

    return Circle(person, worker(person.social_worker_id) if person else None, worker(person.reviewing_officer_id) if person else None)


def _let_in(work: Work, conversation: Conversation, now: datetime) -> str:
    token = codes.new_token()
    work.session.add(ChatSession(token_hash=codes.token_hash(token), conversation_id=conversation.id, created_at=now))
    return token
