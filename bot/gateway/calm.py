"""What the assistant's answer may not be after a flag (safety research, section 2.5, rules 6 and 7).

For three turns no "I did not get that" and no cheerful line; directly after it no question that asks for a score, and no
cheerful question either, nor in the turn after that, unless the young person has chosen to go on. There the door's own "What do
you want to do now?" stands, and the question comes when it is wanted.
The rules of the screening work without Rasa; this works whatever Rasa says.
"""

from __future__ import annotations

from collections.abc import Sequence

from records.after_flag import turns_since
from records.database import Work
from records.messages import payloads_of
from records.tables import Conversation, Message
from records.wording import Wording
from voice.messages import Bubble, Button
from voice.plain_language import bare
from voice.safeguarding.help import HelpData
from voice.wording import Style

TURNS = 3
"""So many turns after a flag no sentence says that it was not understood."""
_CHOSEN = ("open:", "offer:", "resume:", "fresh:", "after:", "put:", "control:")
"""Buttons by which the young person says where the talk goes on."""


class Calm:
    """Takes out of an answer what must not follow a flag."""

    def __init__(self, wording: Wording, help_data: HelpData) -> None:
        self._replies = help_data.replies
        self._not_understood = frozenset(text for style in Style for text in wording.bubbles("utter_not_understood", style))

    def heed(self, work: Work, conversation: Conversation, answered: Message, bubbles: Sequence[Bubble]) -> list[Bubble]:
        """The bubbles that may be said in answer to this message. Never none where there were some."""
        turns = turns_since(work, answered)
        if turns is None or turns > TURNS:
            return list(bubbles)
        style = Style(conversation.style)
        said: list[Bubble] = []
        for bubble in bubbles:
            if bubble.asks:
                said.append(self._what_now(style) if self._is_too_soon(bubble, answered, turns) else bubble)
            elif bubble.text in self._not_understood:
                continue
            elif bubble.kind == "summary" or not self._is_cheerful(bubble.text):
                said.append(bubble)
        if all(bubble.asks for bubble in said) and len(said) < len(bubbles):
            # a question alone would pass over what was said
            said.insert(0, Bubble(self._replies.kept.in_style(style)))
        return said

    def _is_too_soon(self, question: Bubble, answered: Message, turns: int) -> bool:
        if turns == 0 and any("score_" in button.payload for button in question.choices):
            return True
        chosen = turns == 1 and any(payload.startswith(_CHOSEN) for payload in payloads_of(answered))
        return turns <= 1 and not chosen and self._is_cheerful(question.text)

    def _is_cheerful(self, text: str) -> bool:
        spoken = f" {bare(text)} "
        return any(f" {phrase} " in spoken for phrase in self._replies.cheerful)

    def _what_now(self, style: Style) -> Bubble:
        replies = self._replies
        buttons = (
            Button("after:on", replies.carry_on.in_style(style), "yes"),
            Button("control:stop", replies.stop.in_style(style), "stop"),
        )
        return Bubble(replies.what_now.in_style(style), kind="question", choices=buttons)
