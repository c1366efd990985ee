"""What must hold in every conversation once something in it was flagged, whatever else its file says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from records import safety_queue, workers
from records.database import Work
from records.safety_data import load_help
from records.tables import Conversation, Flag, FlagNames, Message
from tests.stack import ROOT
from tests.staff import DUTY, WORKER
from tests.visitor import Shown
from voice.plain_language import bare, has_emoji

HELP = load_help(ROOT)
CHEERFUL = HELP.replies.cheerful


class Watch:
    """Looks at every turn of one conversation. `said` are the words the young person has typed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.at_night = False
        self._careful = 0

    def turn(self, shown: Sequence[Shown], words: str = "") -> None:
        """One thing the young person did, and what came back."""
        if words:
            self.said.append(words)
        spoken = [bubble for bubble in shown if bubble["from"] == "bot"]
        if any(bubble["kind"] == "safety" for bubble in spoken):
            self._careful = 2
            assert spoken[0]["kind"] == "safety", "something is said before the card"
            assert sum(_asks(bubble) for bubble in spoken) <= 1, "more than one question is asked"
            if self.at_night:
                check_night(spoken)
        if self._careful:
            self._careful -= 1
            _check_calm(spoken)

    def late(self, shown: Sequence[Shown]) -> None:
        """What came by itself: it may be no more cheerful than an answer."""
        if self._careful:
            _check_calm(shown)


def _asks(bubble: Shown) -> bool:
    """Whether it wants an answer. A line of the card wants none ("Need someone now? These people can help.")."""
    return bubble["kind"] == "question" or (bubble["kind"] == "text" and "?" in bubble["text"])


def _check_calm(shown: Sequence[Shown]) -> None:
    """Nothing cheerful is there, unless it is the young person's own words that are read back."""
    for bubble in shown:
        if bubble["from"] == "bot" and bubble["kind"] != "summary":
            assert not is_cheerful(bubble["text"]), f"said after a flag: {bubble['text']}"


def is_cheerful(text: str) -> bool:
    """Whether it has a word of praise or joy in it, or a picture."""
    spoken = f" {bare(text)} "
    return has_emoji(text) or any(f" {phrase} " in spoken for phrase in CHEERFUL)


def check_night(spoken: Sequence[Shown]) -> None:
    """At three in the morning nobody is said to be at work, and who is awake stands before who is not."""
    texts = [bubble["text"] for bubble in spoken]
    opened = [re.escape(line).replace(r"\{reader\}", ".+") for line in (HELP.replies.next_open.standard, HELP.replies.next_open.easy)]
    assert not any(re.fullmatch(line, text) for line in opened for text in texts)
    for bubble in spoken:
        rows: list[dict[str, Any]] = bubble.get("help") or []
        awake = [row["open_now"] for row in rows]
        assert awake == sorted(awake, reverse=True), rows
        assert HELP.local.duty.name not in [row["name"] for row in rows if row["open_now"]]


def check_flags(work: Work, conversation_id: str, said: Sequence[str]) -> None:
    """Each flag holds on to words exactly as they were said, and the desk shows it to duty, and to nobody it names."""
    conversation = work.session.get_one(Conversation, conversation_id)
    duty, worker = (workers.by_email(work, who[0]) for who in (DUTY, WORKER))
    assert duty is not None
    assert worker is not None
    queue = {entry.flag.id: entry for entry in safety_queue.open_flags(work, duty)}
    own = {entry.flag.id for entry in safety_queue.open_flags(work, worker)}
    named = select(FlagNames.flag_id).join(Flag, Flag.id == FlagNames.flag_id)
    hidden = work.session.scalar(named.where(Flag.conversation_id == conversation_id, FlagNames.worker_id == worker.id).limit(1))
    for flag in work.session.scalars(select(Flag).where(Flag.conversation_id == conversation_id)):
        message = work.session.get_one(Message, flag.message_id)
        if flag.source == "words":
            assert message.text in said
        entry = queue[flag.id]
        shown = entry.young_person.id if entry.young_person else None
        assert shown == conversation.young_person_id
        assert (flag.id in own) == (conversation.young_person_id is not None and hidden is None)
