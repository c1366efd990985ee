"""The bubbles of a chat: keeping what the young person says, before anything else sees it, and what is said to them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy import text as sql

from records import codes, flags, understanding
from records.conversations import delete_date
from records.database import Work
from records.errors import ChoiceIsOld
from records.tables import Conversation, Flag, Message, ScreeningRow, Statement
from voice.messages import Bubble, Button
from voice.plain_language import bare
from voice.safeguarding.screen import Level, Screening, raised
from voice.understanding.understood import Understood

Reader = Callable[[str, Sequence[str], "str | None"], Screening]
"""Screens a text, given the young person's last messages and the question it answers."""

_WAITS = sql("message.state <> 'done'")
"""SQL: not answered yet. Written as in the index that finds these rows."""
_OF_CHAT = select(Message).where(Message.conversation_id == bindparam("chat"))
"""Made once, here and below: to put a query together takes SQLAlchemy longer than to run it, while others wait to write."""
_KNOWN = _OF_CHAT.where(Message.client_id == bindparam("client"))
_LIVE = _OF_CHAT.where(Message.open.is_(True)).order_by(Message.n.desc())
_OPEN = _LIVE.where(Message.stays_open.is_(False))
_UNANSWERED = _OF_CHAT.where(_WAITS).order_by(Message.n)
_NUMBERED = _OF_CHAT.where(Message.n == bindparam("n"))
_THREAD = select(Message).where(or_(Message.id == bindparam("id"), Message.answers_id == bindparam("id"))).order_by(Message.n)
_BY_ID = select(Message).where(Message.id == bindparam("id"))
_TALKED_ABOUT = select(Statement.id).where(Statement.conversation_id == bindparam("chat"), Statement.active.is_(True))
_YES = frozenset(("yes", "yeah", "yep", "yh", "ye", "ok", "okay", "y", "yea", "sure", "yes please", "please"))
"""How a yes to an offer is typed, where the offer itself has a flag to raise."""
_BEFORE = 5
"""How many earlier messages the screening sees (safety research, section 2.2, layer C)."""
_LATELY = _OF_CHAT.where(Message.said_by == "me", Message.extras.is_(None)).order_by(Message.n.desc()).limit(_BEFORE)


@dataclass(frozen=True)
class Received:
    """A message of the young person as it is kept. `fresh` is False when the same id came before.

    `question` is the one that was open when it came.
    """

    message: Message
    fresh: bool
    screening: Screening
    flag: Flag | None
    payloads: tuple[str, ...]
    question: Message | None


def receive(
    work: Work,
    conversation: Conversation,
    *,
    client_id: str,
    text: str | None,
    picked: Sequence[str],
    screen: Reader,
    now: datetime,
    source: str | None = None,
    screened: Screening | None = None,
    understood: Understood | None = None,
) -> Received:
    """Keeps one message with its screening and, if there is cause, its flag and alerts: all in the caller's transaction.

    `text` is what was typed, kept exactly; or `picked` are ids of buttons of an open question. `source` is "button" for
    "Tell someone now", which raises an urgent flag whatever is typed. `screened` is what was found in typed words before the
    lock, `understood` what was understood of them. The conversation's row must be locked.
    Raises ChoiceIsOld when a button is not one of an open question's.
    """
    if {*work.session.new, *work.session.dirty} - {conversation}:
        work.session.flush()
    with work.session.no_autoflush:
        # what was changed in the chat's own row, like its lease, is written with the message, in one go
        known = work.session.scalar(_KNOWN, {"chat": conversation.id, "client": client_id})
        question = open_question(work, conversation.id)
        about = work.session.scalar(_TALKED_ABOUT, {"chat": conversation.id})
    if known is not None:
        return _as_before(work, known)
    buttons = _buttons(work, conversation.id, picked)
    words = text if text is not None else ", ".join(button["label"] for button in buttons)
    screening = screened or nothing_found()
    if text and not screened:
        screening = screen(text, _said_before(work, conversation.id), question.text if question else None)
    pressed = buttons or (_typed_out(question, text) if text else [])
    for level in [button["raises"] for button in pressed if button["raises"]] + (["urgent"] if source == "button" else []):
        screening = raised(screening, Level(level))
    conversation.last_at, conversation.delete_on = now, delete_date(now)
    message = Message(
        conversation_id=conversation.id,
        n=_next_n(conversation),
        client_id=client_id,
        said_by="me",
        kind="text",
        text=words,
        extras={"payloads": [button["payload"] for button in buttons]} if buttons else None,
        asked_n=question.n if question else None,
        statement_id=about,
        state="received",
        at=now,
    )
    work.session.add(message)
    work.session.flush()
    work.session.add(_row(message, screening, now))
    if understood:
        understanding.keep(work, message, understood)
    flag = None
    if screening.level is not Level.none:
        flag = flags.raise_flag(work, conversation, message, screening, source or ("choice" if buttons else "words"), now)
    return Received(message, True, screening, flag, tuple(button["payload"] for button in buttons), question)


def keep_from_shell(work: Work, conversation: Conversation, message_id: str, text: str, payload: str | None, now: datetime) -> Message:
    """Keeps what was said in `rasa shell`, where no gateway did. It is not screened: the shell is a developer's tool."""
    question = open_question(work, conversation.id)
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        n=_next_n(conversation),
        client_id=message_id,
        said_by="me",
        kind="text",
        text=text,
        extras={"payloads": [payload]} if payload else None,
        asked_n=question.n if question else None,
        at=now,
    )
    work.session.add(message)
    work.session.flush()
    return message


def nothing_found() -> Screening:
    """The screening of a message without words of the young person's own."""
    return Screening(level=Level.none, severity=None, categories=(), families=(), about=(), softened=False, unscreened=None)


def say(
    work: Work,
    conversation: Conversation,
    bubbles: Sequence[Bubble],
    now: datetime,
    *,
    answers: Message | None = None,
    worker_id: str | None = None,
    statement_id: str | None = None,
) -> list[Message]:
    """Adds what Sayso (or a worker) says. A new question closes the buttons of the one before.

    What is said belongs to `statement_id`, or to the statement of the message it answers.
    """
    rows = []
    with work.session.no_autoflush:
        standing = list(work.session.scalars(_OPEN, {"chat": conversation.id}))
    overtaken = answers is not None and bool(standing) and _overtakes(standing[0], answers)
    for bubble in bubbles:
        asks = bubble.asks and not overtaken
        if asks and not bubble.stays_open:
            for question in standing:
                question.open = False
        row = Message(
            conversation_id=conversation.id,
            n=_next_n(conversation),
            said_by="worker" if worker_id else "bot",
            kind=bubble.kind,
            text=bubble.text,
            extras=_extras(bubble),
            open=asks,
            stays_open=bubble.stays_open,
            answers_id=answers.id if answers else None,
            statement_id=statement_id or (answers.statement_id if answers else None),
            worker_id=worker_id,
            at=now,
        )
        if asks and not bubble.stays_open:
            standing = [row]
        rows.append(row)
    work.session.add_all(rows)
    work.session.flush()
    return rows


def is_the_doors_own(question: Message) -> bool:
    """Whether a question is one the gateway asks by itself ("Are you safe right now?", "What do you want to do now?")."""
    return any(payload.startswith(("safe:", "after:")) for payload in payloads_open(question))


def is_overtaken(work: Work, conversation_id: str, answered: Message) -> bool:
    """Whether the door has asked its own question since the message that is only now answered: that one stays open."""
    question = open_question(work, conversation_id)
    return question is not None and _overtakes(question, answered)


def _overtakes(question: Message, answered: Message) -> bool:
    return question.n > answered.n and question.answers_id != answered.id and is_the_doors_own(question)


def open_question(work: Work, conversation_id: str) -> Message | None:
    """The question that is open just now, if any."""
    return work.session.scalars(_OPEN, {"chat": conversation_id}).first()


def numbered(work: Work, conversation_id: str, n: int) -> Message | None:
    """The bubble with this number."""
    return work.session.scalar(_NUMBERED, {"chat": conversation_id, "n": n})


def by_id(work: Work, message_id: str) -> Message | None:
    """The bubble with this id."""
    return work.session.scalar(_BY_ID, {"id": message_id})


def kept(work: Work, message_id: str) -> Message:
    """The bubble with this id, which must be there."""
    return work.session.scalars(_BY_ID, {"id": message_id}).one()


def transcript(work: Work, conversation_id: str, after: int = 0, upto: int | None = None) -> list[Message]:
    """The bubbles of a chat in order, with n over `after` and not over `upto`."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.n > after)
    if upto is not None:
        query = query.where(Message.n <= upto)
    return list(work.session.scalars(query.order_by(Message.n)))


def of_statement(work: Work, statement_id: str, upto: int) -> list[Message]:
    """The bubbles that belong to a statement, in order, with n not over `upto`."""
    query = select(Message).where(Message.statement_id == statement_id, Message.n <= upto)
    return list(work.session.scalars(query.order_by(Message.n)))


def thread(work: Work, message_id: str) -> list[Message]:
    """A message with everything that was said in answer to it. Empty when it is gone."""
    return list(work.session.scalars(_THREAD, {"id": message_id}))


def unanswered(work: Work, conversation_id: str) -> list[Message]:
    """The messages of a chat that are not answered yet, oldest first."""
    return list(work.session.scalars(_UNANSWERED, {"chat": conversation_id}))


def chats_waiting(work: Work, before: datetime, now: datetime, limit: int) -> list[str]:
    """Chats with messages from before a moment that are not answered yet, and that nobody is answering just now; those that waited
    longest first."""
    query = (
        select(Message.conversation_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(_WAITS, Message.at < before, or_(Conversation.lease.is_(None), Conversation.lease_until < now))
        .group_by(Message.conversation_id)
        .order_by(func.min(Message.at))
        .limit(limit)
    )
    return list(work.session.scalars(query))


def view(message: Message, *, code: bool = True) -> dict[str, Any]:
    """A bubble as the page gets it (docs/developers/http.md). With `code` the return code is filled in: only for the young person."""
    extras = message.extras or {}
    shown: dict[str, Any] = {
        "n": message.n,
        "from": message.said_by,
        "kind": message.kind,
        "text": message.text,
        "at": message.at.isoformat(),
        "open": message.open,
    }
    if extras.get("code"):
        shown["text"] = message.text.replace("{code}", codes.return_code(message.conversation_id) if code else "····")
    for part in ("choices", "controls"):
        if extras.get(part):
            shown[part] = [{key: button[key] for key in ("id", "label", "picture", "name") if key in button} for button in extras[part]]
    for part in ("many", "progress", "help"):
        if extras.get(part):
            shown[part] = extras[part]
    if message.stays_open:
        shown["stays_open"] = True
    if message.said_by == "me":
        shown["held"] = message.state != "done"
    return shown


def payloads_of(message: Message) -> tuple[str, ...]:
    """What the buttons pressed in a young person's message mean to us; empty when it was typed."""
    return tuple((message.extras or {}).get("payloads", ()))


def payloads_open(message: Message) -> tuple[str, ...]:
    """What the buttons under a bot message mean to us."""
    extras = message.extras or {}
    return tuple(button["payload"] for part in ("choices", "controls") for button in extras.get(part, ()))


def _as_before(work: Work, message: Message) -> Received:
    row = work.session.get(ScreeningRow, message.id)
    flag = work.session.scalar(select(Flag).where(Flag.message_id == message.id))
    screening = nothing_found()
    if row and row.level != "none":
        screening = flags.screening_of(row, tuple(flag.about) if flag else ())
    return Received(message, False, screening, flag, payloads_of(message), None)


def _buttons(work: Work, conversation_id: str, picked: Sequence[str]) -> list[dict[str, Any]]:
    if not picked:
        return []
    live = {button["id"]: (button, row, part) for row, part, button in _live(work, conversation_id)}
    if any(one not in live for one in picked):
        raise ChoiceIsOld
    rows_picked = {live[one][1].id: live[one][1] for one in picked}
    if len(rows_picked) > 1 or (len(picked) > 1 and not all((row.extras or {}).get("many") for row in rows_picked.values())):
        raise ChoiceIsOld
    for row in rows_picked.values():
        if row.stays_open:
            row.open = False
    return [live[one][0] for one in dict.fromkeys(picked)]


def _typed_out(question: Message | None, text: str) -> list[dict[str, Any]]:
    """The buttons of the open question whose label somebody typed instead; a plain yes to an offer is its first button."""
    buttons = (question.extras or {}).get("choices", []) if question else []
    said = bare(text)
    if said in _YES and buttons and buttons[0]["payload"].startswith(("offer:", "resume:")):
        return list(buttons[:1])
    return [button for button in buttons if bare(button["label"]) == said]


def context(work: Work, conversation_id: str) -> tuple[list[str], str | None]:
    """What the screening of a new message sees beside it: what was said before, and the open question."""
    question = open_question(work, conversation_id)
    return _said_before(work, conversation_id), question.text if question else None


def live_buttons(work: Work, conversation_id: str) -> dict[str, dict[str, Any]]:
    """The buttons of a chat that can be pressed now, by their ids."""
    return {button["id"]: button for _, _, button in _live(work, conversation_id)}


def _live(work: Work, conversation_id: str) -> Iterator[tuple[Message, str, dict[str, Any]]]:
    for row in work.session.scalars(_LIVE, {"chat": conversation_id}):
        for part in ("choices", "controls"):
            for button in (row.extras or {}).get(part, ()):
                yield row, part, button


def _said_before(work: Work, conversation_id: str) -> list[str]:
    rows = work.session.scalars(_LATELY, {"chat": conversation_id})
    return [row.text for row in rows][::-1]


def _next_n(conversation: Conversation) -> int:
    n = conversation.next_n
    conversation.next_n = n + 1
    return n


def _extras(bubble: Bubble) -> dict[str, Any] | None:
    extras: dict[str, Any] = {}
    if bubble.choices:
        extras["choices"] = [_button(button) for button in bubble.choices]
    if bubble.controls:
        extras["controls"] = [_button(button) for button in bubble.controls]
    if bubble.many:
        extras["many"] = True
    if bubble.progress:
        extras["progress"] = {"at": bubble.progress[0], "of": bubble.progress[1]}
    if bubble.help:
        extras["help"] = list(bubble.help)
    if bubble.code:
        extras["code"] = True
    return extras or None


def _button(button: Button) -> dict[str, Any]:
    return {"id": secrets.token_urlsafe(9), **asdict(button)}


def _row(message: Message, screening: Screening, now: datetime) -> ScreeningRow:
    return ScreeningRow(
        message_id=message.id,
        level=screening.level.value,
        severity=screening.severity.value if screening.severity else None,
        categories=list(screening.categories),
        families=list(screening.families),
        softened=screening.softened,
        unscreened=screening.unscreened,
        at=now,
    )
