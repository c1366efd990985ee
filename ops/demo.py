"""`sayso demo`: fills an empty database with plainly invented people, statements in every state, and some flags.

Everything goes through the functions the real thing uses, with the clock moved; the story is ops/demo.yml.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from ops.demo_chat import Player, Told
from ops.errors import CannotGoOn
from records import (
    answering,
    codes,
    conversations,
    escalation,
    outbox,
    replies,
    safety_queue,
    sampling,
    statements,
    workers,
    young_people,
)
from records.database import Work, unit_of_work
from records.migrating import prepare
from records.reading import read_sheet
from records.settings import settings
from records.tables import Conversation, Flag, Message, OutboxRow, Reply, Worker, YoungPerson
from voice.wording import Sheet, Style

_STORY = Path(__file__).with_name("demo.yml")


class DemoWorker(Sheet):
    """A worker of the story."""

    key: str
    name: str
    email: str
    role: str


class DemoYoungPerson(Sheet):
    """A young person of the story. Workers by their key."""

    key: str
    name: str
    identifier: str
    social_worker: str | None = None
    reviewing_officer: str | None = None


class DemoStep(Sheet):
    """What happened after a chat. `by` is a worker's key."""

    do: Literal["read", "note", "reply", "helped", "done", "acknowledge", "act", "close_flag", "pass_up", "delivered"]
    """`pass_up`: the post takes the flag's alerts up the chain; `delivered`: those that wait go out."""
    days_ago: float
    by: str | None = None
    text: str = ""
    answer: Literal["yes", "bit", "no"] = "yes"
    action: str = ""
    ended: str = ""


class DemoChat(Sheet):
    """One chat: a pathway with its answers, or a few lines said freely; `button` says the last of them with "Tell someone now"."""

    days_ago: float
    person: str | None = None
    style: Style = Style.standard
    mode: Literal["alone", "with_helper"] = "alone"
    pathway: str | None = None
    answers: dict[str, Told] = Field(default_factory=dict)
    end: Literal["send", "keep", "stop"] = "send"
    says: tuple[str, ...] = ()
    button: bool = False
    then: tuple[DemoStep, ...] = ()


class DemoMiss(Sheet):
    """A message of which whoever reads the sample says that it should have been flagged."""

    text: str
    category: str
    severity: str


class DemoSample(Sheet):
    """Three weekly samples, read by one worker, but for the last few messages."""

    by: str
    unread: int
    missed: tuple[DemoMiss, ...]


class Story(Sheet):
    """The whole of ops/demo.yml."""

    workers: tuple[DemoWorker, ...]
    young_people: tuple[DemoYoungPerson, ...]
    chats: tuple[DemoChat, ...]
    sample: DemoSample


@dataclass(frozen=True)
class SignIn:
    """A way in at the desk."""

    email: str
    name: str
    role: str


@dataclass(frozen=True)
class Filled:
    """What whoever ran it needs to know: the ways in, their one password, and return codes by young person."""

    sign_ins: tuple[SignIn, ...]
    password: str
    return_codes: Mapping[str, str]


def fill() -> None:
    """The command: fills the database of the settings and prints the ways in. Raises CannotGoOn when somebody is in it."""
    prepare()
    with unit_of_work() as work:
        filled = fill_with(work, datetime.now(timezone.utc), settings().root)
        work.commit()
    print(f"The demo is in. Sign in at {settings().desk_address} with the password {filled.password} as one of:")
    for one in filled.sign_ins:
        print(f"  {one.email:20} {one.name}, {one.role.replace('_', ' ')}")
    print(f"Be one of the young people: open {settings().chat_address} and come back with a code:")
    for name, code in filled.return_codes.items():
        print(f"  {code}  {name}")


def fill_with(work: Work, now: datetime, root: Path) -> Filled:
    """Plays the story into an empty database; `root` is the folder with data/. Raises CannotGoOn when it has any young person or chat.

    A first sign-in, which `make run` makes, does no harm: the people of the demo are added beside it.
    """
    if any(work.session.scalar(select(table.id).limit(1)) is not None for table in (YoungPerson, Conversation)):
        raise CannotGoOn(
            "This database has young people or chats in it. The demo only goes into an empty one: set SAYSO_DATA_DIR to a new folder."
        )
    story, password = read_sheet(_STORY, Story), secrets.token_urlsafe(9)
    began = now - timedelta(days=30)
    staff = {
        one.key: workers.add_worker(work, email=one.email, name=one.name, role=one.role, password=password, now=began)
        for one in story.workers
    }
    join_codes = {one.key: _add(work, one, staff, began) for one in story.young_people}
    names = {one.key: one.name for one in story.young_people}
    player = Player(work, root)
    return_codes = {}
    # in the order it happened, so that workers in the story see each other's steps as workers would
    for chat in sorted(story.chats, key=lambda chat: -chat.days_ago):
        conversation_id = _play(work, player, chat, staff, join_codes, now)
        if chat.person and any(step.do == "reply" for step in chat.then):
            return_codes[names[chat.person]] = codes.return_code(conversation_id)
    _sample(work, story.sample, staff, now)
    sign_ins = tuple(SignIn(one.email, one.name, one.role) for one in story.workers)
    return Filled(sign_ins, password, return_codes)


def _add(work: Work, one: DemoYoungPerson, staff: Mapping[str, Worker], began: datetime) -> str:
    """Adds a young person; returns their join code."""
    manager = next(worker for worker in staff.values() if worker.role == "manager")
    person = young_people.add(
        work,
        manager,
        name=one.name,
        identifier=one.identifier,
        social_worker_id=staff[one.social_worker].id if one.social_worker else None,
        reviewing_officer_id=staff[one.reviewing_officer].id if one.reviewing_officer else None,
        now=began,
    )
    return young_people.invite(work, person.id, manager, began + timedelta(days=10))


def _play(work: Work, player: Player, chat: DemoChat, staff: Mapping[str, Worker], join_codes: Mapping[str, str], now: datetime) -> str:
    began = now - timedelta(days=chat.days_ago)
    join_code = join_codes[chat.person] if chat.person else None
    conversation = conversations.start(work, style=chat.style, mode=chat.mode, join_code=join_code, now=began).conversation
    told = player.begin(conversation, began)
    statement_id = ""
    if chat.pathway:
        statement_id = told.walk_through(chat.pathway, chat.answers, chat.end).id
    for place, text in enumerate(chat.says, start=1):
        told.say_freely(text, button=chat.button and place == len(chat.says))
    for step in chat.then:
        _do(work, step, statement_id, conversation.id, staff, now - timedelta(days=step.days_ago))
    return conversation.id


def _do(work: Work, step: DemoStep, statement_id: str, conversation_id: str, staff: Mapping[str, Worker], at: datetime) -> None:
    if step.do == "helped":
        reply = work.session.scalars(select(Reply).where(Reply.statement_id == statement_id)).one()
        replies.note_seen(work, conversation_id, at)
        replies.note_helped(work, conversation_id, reply.id, step.answer, at)
    elif step.do in ("acknowledge", "act", "close_flag", "pass_up", "delivered"):
        _do_with_flag(work, step, conversation_id, staff, at)
    else:
        _do_with_statement(work, step, statement_id, staff[step.by or ""], at)


def _do_with_statement(work: Work, step: DemoStep, statement_id: str, worker: Worker, at: datetime) -> None:
    if step.do == "read":
        statements.read_statement(work, worker, statement_id, at)
    elif step.do == "note":
        answering.add_note(work, worker, statement_id, step.text, at, token="demo")  # noqa: S106  names a form, opens nothing
    elif step.do == "reply":
        answering.reply(work, worker, statement_id, step.text, at, token="demo")  # noqa: S106  the same
    else:
        answering.mark_done(work, worker, statement_id, at)


def _do_with_flag(work: Work, step: DemoStep, conversation_id: str, staff: Mapping[str, Worker], at: datetime) -> None:
    flag_id = work.session.scalars(select(Flag.id).where(Flag.conversation_id == conversation_id)).one()
    if step.do == "pass_up":
        escalation.climb(work, flag_id, at)
        return
    if step.do == "delivered":
        for row in work.session.scalars(select(OutboxRow).where(OutboxRow.about_id == flag_id, OutboxRow.next_try_at.is_not(None))):
            outbox.delivered(row, at)
        return
    worker = staff[step.by or ""]
    safety_queue.read_flag(work, worker, flag_id, at)
    if step.do == "acknowledge":
        safety_queue.acknowledge(work, worker, flag_id, at)
    elif step.do == "act":
        safety_queue.act(work, worker, flag_id, step.action, step.text, at, token=step.action)
    else:
        safety_queue.close(work, worker, flag_id, step.text, at, ended=step.ended)


def _sample(work: Work, told: DemoSample, staff: Mapping[str, Worker], now: datetime) -> None:
    """Draws from the last three weeks, and has one worker read most of it."""
    for weeks in (2, 1, 0):
        at = now - timedelta(weeks=weeks)
        outbox.beat(work, "post", at)
        sampling.draw(work, at, "demo")
    worker = staff[told.by]
    waiting = sampling.to_read(work, worker)
    misses = {miss.text: miss for miss in told.missed}
    texts = {item.id: work.session.get_one(Message, item.message_id).text for item in waiting}
    # what was missed is read first, whatever the draw put last
    waiting.sort(key=lambda item: texts[item.id] not in misses)
    for item in waiting[: -told.unread]:
        sampling.read(work, worker, item.id, now)
        miss = misses.get(texts[item.id])
        if miss:
            sampling.say_missed(work, worker, item.id, severity=miss.severity, category=miss.category, meant=None, now=now)
        else:
            sampling.say_fine(work, worker, item.id, now)
