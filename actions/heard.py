"""What a turn is about: the message as Rasa understood it, beside the message as it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import hexdigits

from rasa_sdk import Tracker

from records import conversations, messages
from records.database import Work
from records.tables import Conversation, Message
from voice.wording import Style

_SENDER = 64
SHELL = "shell"
"""The mode of a chat held in `rasa shell`, where no gateway keeps what is said."""


@dataclass(frozen=True)
class Heard:
    """A message as Rasa handed it over."""

    sender: str
    message_id: str
    text: str
    choice: str | None
    """The payload of a pressed button."""
    intent: str
    confidence: float

    @property
    def from_shell(self) -> bool:
        """Whether nobody kept the message before Rasa had it: only the gateway names chats by 64 hex characters."""
        return len(self.sender) != _SENDER or not set(self.sender) <= set(hexdigits)

    @classmethod
    def of(cls, tracker: Tracker) -> Heard:
        """The latest message of a tracker."""
        latest = tracker.latest_message
        intent = latest.get("intent") or {}
        choice = next(tracker.get_latest_entity_values("choice"), None) if intent.get("name") == "choose" else None
        return cls(
            sender=tracker.sender_id,
            message_id=str(latest.get("message_id") or ""),
            text=str(latest.get("text") or ""),
            choice=str(choice) if choice is not None else None,
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
        )


@dataclass(frozen=True)
class Turn:
    """A message with the chat it belongs to, inside one unit of work."""

    work: Work
    conversation: Conversation
    message: Message | None
    """None when Sayso was only asked to say its question again."""
    heard: Heard
    now: datetime

    @property
    def style(self) -> Style:
        """How this young person wants to be spoken to."""
        return Style(self.conversation.style)

    @property
    def words(self) -> str:
        """What was typed, whole: Rasa saw at most the beginning of it."""
        return self.message.text if self.message else self.heard.text


def begin(work: Work, heard: Heard, now: datetime) -> Turn:
    """Finds the chat and the kept message. In `rasa shell`, where there is neither, makes both."""
    conversation = conversations.of_sender(work, heard.sender)
    if conversation is None:
        conversation = conversations.add(work, style=Style.standard, mode=SHELL, young_person_id=None, now=now, sender=heard.sender)
    message = messages.by_id(work, heard.message_id)
    if message is None and conversation.mode == SHELL and heard.message_id:
        message = messages.keep_from_shell(work, conversation, heard.message_id, heard.text, heard.choice, now)
    return Turn(work, conversation, message, heard, now)
