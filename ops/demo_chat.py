"""Plays one young person's side of a chat with the functions of the door and the actions, without Rasa in between."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.gateway.safety import Safety
from records import drafts, messages
from records.database import Work
from records.library import load_pathways
from records.safety_data import load_help, load_screen
from records.tables import Answer, Conversation, Message, Statement
from records.wording import load_wording
from voice.messages import Bubble
from voice.pathways.model import Topic
from voice.pathways.speech import Line, Speech
from voice.pathways.walk import Asked, How, Place, Walk
from voice.understanding.lessons import Stance
from voice.understanding.understood import Part, Understood
from voice.wording import Sheet, Style

_A_WHILE = timedelta(seconds=40)
"""Between two messages of the young person."""


class Told(Sheet):
    """An answer: words, with what they are about and in which spirit, or values of buttons."""

    says: str | None = None
    topics: tuple[Topic, ...] = ()
    stance: Stance | None = None
    picks: tuple[str, ...] = ()

    @property
    def understood(self) -> Understood | None:
        """As the ear would give it: the demo does without one, so that it needs no training."""
        if self.says is None or self.stance is None:
            return None
        return Understood(self.topics, self.stance, (Part(0, len(self.says), self.topics, self.stance),))


class Player:
    """Has what all chats of the demo need."""

    def __init__(self, work: Work, root: Path) -> None:
        library = load_pathways(root)
        self.work = work
        self.speech = Speech(library.pathways, library.ending, library.menu, load_wording(root))
        self.safety = Safety(load_screen(root), load_help(root))

    def begin(self, conversation: Conversation, now: datetime) -> PlayedChat:
        """Says hello."""
        chat = PlayedChat(self, conversation, now)
        chat.speak(self.speech.hello(chat.style, conversation.mode))
        return chat


class PlayedChat:
    """One chat with its own clock."""

    def __init__(self, player: Player, conversation: Conversation, now: datetime) -> None:
        self._player = player
        self._work = player.work
        self._conversation = conversation
        self._now = now
        self.style = Style(conversation.style)

    def speak(self, bubbles: Sequence[Bubble], answers: Message | None = None) -> None:
        """What Sayso says."""
        messages.say(self._work, self._conversation, bubbles, self._now, answers=answers)

    def say_freely(self, text: str, *, button: bool = False) -> None:
        """The young person types something outside a pathway; `button`: with "Tell someone now"."""
        message, handled = self._hear(text=text, source="button" if button else None)
        if not handled:
            self.speak([self._player.speech.menu(self.style)], message)

    def walk_through(self, pathway_id: str, told: Mapping[str, Told], end: str) -> Statement:
        """Opens a pathway from the menu and goes through it. `end`: send, keep, or stop after what was told."""
        speech = self._player.speech
        walk, pathway = speech.walk(pathway_id), speech.pathways[pathway_id]
        opening, _ = self._press(f"open:{pathway_id}")
        place: Place | None = walk.start()
        statement = drafts.open_draft(
            self._work,
            self._conversation,
            pathway=pathway_id,
            version=pathway.version,
            place=walk.start(),
            from_n=opening.n,
            now=self._now,
        )
        self.speak([*speech.opening(pathway, self.style), *self._at(walk, walk.start(), statement)], opening)
        while place is not None and place.stage != "check":
            if end == "stop" and place.asked and place.asked.question not in told and drafts.answers(self._work, statement):
                return statement
            place = self._answer(walk, place, statement, told)
        if end == "stop" or place is None:
            return statement
        message, _ = self._press("check:right")
        self.speak(self._at(walk, Place("send"), statement), message)
        message, _ = self._press(f"send:{end}")
        if end == "send":
            drafts.send(self._work, statement, self._in_order(walk, statement), to_n=message.n, now=self._now)
        else:
            drafts.keep(self._work, statement)
        return statement

    def _answer(self, walk: Walk, place: Place, statement: Statement, told: Mapping[str, Told]) -> Place | None:
        if place.stage == "carry_on" or place.asked is None:
            message, _ = self._press("carry:on")
            place = Place("question", place.asked, place.enough, place.rested_at)
            after: Place | None = place
        else:
            asked = place.asked
            answer = told.get(asked.question if asked.round is None else f"{asked.question}:{asked.round}")
            message = self._give(walk, asked, statement, answer)
            after = walk.after(place, drafts.given(drafts.answers(self._work, statement)))
        if after is not None:
            statement.asking = after.to_plain()
            self.speak(self._at(walk, after, statement), message)
        return after

    def _give(self, walk: Walk, asked: Asked, statement: Statement, answer: Told | None) -> Message:
        question = walk.question(asked)
        how: How = "answered"
        choices = [choice for choice in question.choices if answer and choice.value in answer.picks]
        if answer is None:
            message, _ = self._press("control:skip")
            how = "skipped"
        elif choices:
            message, _ = self._press(*(f"answer:{choice.value}" for choice in choices))
        else:
            message, _ = self._hear(text=answer.says, understood=answer.understood)
        drafts.keep_answer(
            self._work,
            statement,
            asked=asked,
            save=question.save,
            question_shown=walk.wording(asked, self.style),
            topic=walk.topic(asked),
            verbatim=answer.says if answer else None,
            choices=[{"value": choice.value, "label": choice.label.in_style(self.style)} for choice in choices],
            how=how,
            message_id=message.id,
            now=self._now,
        )
        return message

    def _at(self, walk: Walk, place: Place, statement: Statement) -> list[Bubble]:
        rows = self._in_order(walk, statement)
        lines = [Line(Asked(row.question, row.round), row.question_shown, _said(row)) for row in rows]
        return self._player.speech.at(walk, place, drafts.given(rows), lines, self.style)

    def _in_order(self, walk: Walk, statement: Statement) -> list[Answer]:
        rows = drafts.answers(self._work, statement)
        by_question = {Asked(row.question, row.round): row for row in rows}
        return [by_question[asked] for asked in walk.order(drafts.given(rows)) if asked in by_question]

    def _press(self, *payloads: str) -> tuple[Message, bool]:
        """Presses buttons of the open question. Raises LookupError for one that is not there: the story has a mistake."""
        question = messages.open_question(self._work, self._conversation.id)
        extras = (question.extras or {}) if question else {}
        ids = {button["payload"]: button["id"] for part in ("choices", "controls") for button in extras.get(part, ())}
        missing = [payload for payload in payloads if payload not in ids]
        if missing:
            raise LookupError(f"the open question has no button {missing[0]}")
        return self._hear(picked=[ids[payload] for payload in payloads])

    def _hear(
        self, *, text: str | None = None, picked: Sequence[str] = (), source: str | None = None, understood: Understood | None = None
    ) -> tuple[Message, bool]:
        """The message as it is kept, and whether safety has said all there is to say to it."""
        self._now += _A_WHILE
        received = messages.receive(
            self._work,
            self._conversation,
            client_id=str(uuid.uuid4()),
            text=text,
            picked=picked,
            screen=self._player.safety.screen,
            now=self._now,
            source=source,
            understood=understood,
        )
        handled = self._player.safety.speak(self._work, self._conversation, received, source, self._now)
        received.message.state = "done"
        return received.message, handled


def _said(row: Answer) -> str | None:
    return row.verbatim or ", ".join(choice["label"] for choice in row.choices) or None
