"""Workers, young people, chats, statements and flags for the tests of the desk and of the worker side of `records`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records import conversations, drafts, messages
from records.database import Work
from records.tables import Conversation, Flag, Statement, Worker, YoungPerson
from tests.conftest import NOW
from voice.messages import Bubble
from voice.pathways.model import Topic
from voice.pathways.walk import Asked, Place
from voice.safeguarding.screen import Level, Screening, Severity
from voice.understanding.lessons import Stance
from voice.understanding.understood import Understood
from voice.wording import Style

Meant = tuple[tuple[Topic, ...], Stance]
WORRY_OF_FAMILY: Meant = (("family_time",), "worry")
WISH_OF_FAMILY: Meant = (("family_time",), "wish")

HASH = "!"
"""No password fits it: tests that sign in make real workers."""


@dataclass(frozen=True)
class Team:
    """A social worker with a young person, their reviewing officer, another social worker, duty and a manager."""

    ash: Worker
    mo: Worker
    priya: Worker
    dee: Worker
    max: Worker
    robin: YoungPerson


def worker(work: Work, name: str, role: str) -> Worker:
    """A worker nobody can sign in as."""
    row = Worker(email=f"{name.split(maxsplit=1)[0].lower()}@example.org", name=name, role=role, password=HASH, active=True, created_at=NOW)
    work.session.add(row)
    work.session.flush()
    return row


def team(work: Work) -> Team:
    """Everybody the tests need."""
    ash = worker(work, "Ash Fernwood", "social_worker")
    mo = worker(work, "Mo Hollybush", "social_worker")
    priya = worker(work, "Priya Larkspur", "reviewing_officer")
    dee = worker(work, "Dee Brightwater", "duty")
    boss = worker(work, "Max Oakapple", "manager")
    return Team(ash, mo, priya, dee, boss, person(work, "Robin Example", "2012-03-04", ash, priya))


def person(work: Work, name: str, identifier: str, social_worker: Worker | None = None, officer: Worker | None = None) -> YoungPerson:
    """A young person with their workers."""
    row = YoungPerson(
        name=name,
        identifier=identifier,
        social_worker_id=social_worker.id if social_worker else None,
        reviewing_officer_id=officer.id if officer else None,
        created_at=NOW,
    )
    work.session.add(row)
    work.session.flush()
    return row


def chat(work: Work, young_person: YoungPerson | None = None, style: Style = Style.standard) -> Conversation:
    """A chat, tied to a young person or to nobody."""
    owner = young_person.id if young_person else None
    return conversations.add(work, style=style, mode="alone", young_person_id=owner, now=NOW)


def says(
    work: Work,
    conversation: Conversation,
    text: str,
    screening: Screening | None = None,
    now: datetime = NOW,
    meant: Meant | None = None,
) -> messages.Received:
    """The young person types something; `screening` and `meant` are what the door makes of it."""
    found = screening or messages.nothing_found()
    received = messages.receive(
        work,
        conversation,
        client_id=str(uuid.uuid4()),
        text=text,
        picked=(),
        screen=lambda _text, _before, _question: found,
        now=now,
        understood=Understood(*meant, parts=()) if meant else None,
    )
    received.message.state = "done"
    return received


def draft(
    work: Work, conversation: Conversation, words: str = "i want to see my nan", now: datetime = NOW, meant: Meant = WORRY_OF_FAMILY
) -> Statement:
    """A draft with two answers, each said in the chat. The first was understood as `meant`, the other as WISH_OF_FAMILY."""
    place = Place("question", Asked("free_text"))
    statement = drafts.open_draft(work, conversation, pathway="say_anything", version=1, place=place, from_n=conversation.next_n, now=now)
    told = (("free_text", "free_text", words, meant), ("wanted", "wanted_outcome", "every other week please", WISH_OF_FAMILY))
    for question, save, text, understood in told:
        messages.say(work, conversation, [Bubble(f"About {question}?", kind="question")], now)
        message = says(work, conversation, text, now=now, meant=understood).message
        answer(work, statement, question, save, text, (), message.id, now)
    return statement


def answer(
    work: Work,
    statement: Statement,
    question: str,
    save: str,
    verbatim: str | None,
    picked: Sequence[str],
    message_id: str | None = None,
    now: datetime = NOW,
) -> None:
    """One answer of a draft."""
    drafts.keep_answer(
        work,
        statement,
        asked=Asked(question),
        save=save,
        question_shown=f"About {question}?",
        topic="other",
        verbatim=verbatim,
        choices=[{"value": value, "label": value.replace("_", " ")} for value in picked],
        how="answered",
        message_id=message_id,
        now=now,
    )


def sent(
    work: Work,
    conversation: Conversation,
    *,
    to: Sequence[str] = ("social_worker",),
    hide_from: Sequence[str] = ("nobody",),
    words: str = "i want to see my nan",
    now: datetime = NOW,
    meant: Meant = WORRY_OF_FAMILY,
) -> Statement:
    """A statement that was sent."""
    statement = draft(work, conversation, words, now, meant)
    answer(work, statement, "recipients", "recipients", None, to, now=now)
    answer(work, statement, "hide_from", "not_in_front_of", None, hide_from, now=now)
    drafts.send(work, statement, drafts.answers(work, statement), to_n=conversation.next_n - 1, now=now)
    work.session.flush()
    return statement


def flagged(
    work: Work,
    conversation: Conversation,
    text: str = "he hit me",
    *,
    about: Sequence[str] = (),
    level: Level = Level.urgent,
    severity: Severity | None = None,
    category: str = "physical_abuse",
    families: Sequence[str] = (),
    now: datetime = NOW,
) -> Flag:
    """A message that raised a flag."""
    weight = severity or (Severity.S2 if level is Level.urgent else Severity.S4)
    found = Screening(weight.level, weight, (category,), tuple(families), tuple(about), softened=False, unscreened=None)
    flag = says(work, conversation, text, found, now).flag
    assert flag is not None
    return flag
