"""The base of every action: one unit of work, done once for each message, then said."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import SHELL, Heard, Turn, begin
from records import messages
from records.beforehand import load_beforehand
from records.database import unit_of_work
from records.library import Library, load_controls, load_pathways
from records.memos import once
from records.migrating import prepare
from records.settings import settings
from records.wording import load_wording
from voice.messages import Bubble
from voice.pathways.beforehand import Beforehand
from voice.pathways.speech import Speech


@dataclass(frozen=True)
class Outcome:
    """What an action comes to: bubbles to say, and a word that decides the events ("open", "sent", "stopped" …)."""

    bubbles: Sequence[Bubble] = ()
    result: str = ""


@dataclass(frozen=True)
class Knowledge:
    """The data files an action speaks from."""

    library: Library
    speech: Speech
    controls: dict[str, str]
    beforehand: Mapping[str, Beforehand]


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The data files of this process, read once."""
    root = settings().root
    library = load_pathways(root)
    speech = Speech(library.pathways, library.ending, library.menu, load_wording(root))
    return Knowledge(library, speech, dict(load_controls(root)), load_beforehand(root))


class ActionFailed(Exception):
    """An action could not do its work; nothing of it is kept. Carries the kind of fault and its place, never words."""


@lru_cache(maxsize=1)
def _prepared() -> None:
    """For `rasa run actions` and `rasa shell` on a machine where nothing made the database yet."""
    prepare()


class SaysoAction(Action, ABC):
    """An action whose effects happen once for each message, however often Rasa plays the message."""

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    @abstractmethod
    def do(self, turn: Turn) -> Outcome:
        """What the action does, inside one unit of work."""

    changes = True
    """Whether it changes anything. What only reads needs no memo: it says the same again by itself."""

    def events(self, _result: str) -> list[dict[str, Any]]:
        """What Rasa is told of the outcome."""
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG002  the signature is Rasa's
        """Does it in a thread, so that other chats go on meanwhile, and hands the bubbles to Rasa."""
        try:
            outcome = await asyncio.to_thread(self._once, Heard.of(tracker))
        except Exception as fault:
            # Rasa's server logs what is raised and sends it back with the whole request: only the kind of fault may leave
            raise ActionFailed(f"{self.name()}: {type(fault).__name__} at {_place(fault)}") from None
        for bubble in outcome.bubbles:
            buttons = [_rasa_button(button.label, button.payload) for button in (*bubble.choices, *bubble.controls)]
            dispatcher.utter_message(text=bubble.text, buttons=buttons, sayso=bubble.to_plain())
        return self.events(outcome.result)

    def _once(self, heard: Heard) -> Outcome:
        _prepared()
        now = datetime.now(timezone.utc)
        if not self.changes and not heard.from_shell:
            with unit_of_work(write=False) as work:
                return self.do(begin(work, heard, now))
        with unit_of_work() as work:
            turn = begin(work, heard, now)
            if turn.message is None:
                outcome = self.do(turn)
            else:
                plain = once(work, turn.message.id, self.name(), now, lambda: _to_plain(self.do(turn)))
                outcome = Outcome([Bubble.from_plain(bubble) for bubble in plain["bubbles"]], plain["result"])
            if turn.conversation.mode == SHELL:
                messages.say(work, turn.conversation, outcome.bubbles, now, answers=turn.message)
            work.commit()
        return outcome


def _to_plain(outcome: Outcome) -> dict[str, Any]:
    return {"bubbles": [bubble.to_plain() for bubble in outcome.bubbles], "result": outcome.result}


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def _rasa_button(title: str, payload: str) -> dict[str, str]:
    return {"title": title, "payload": f'/choose{{"choice": "{payload}"}}'}
