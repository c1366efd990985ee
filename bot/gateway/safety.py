"""What the door does by itself when somebody may not be safe: it screens, shows the card, and asks one question.

None of this needs Rasa, the action server or mail.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from records import drafts, flags, messages, unanswered, unreached
from records.database import Work
from records.messages import Received
from records.tables import Conversation, Message
from voice.messages import Bubble, Button
from voice.plain_language import bare
from voice.safeguarding import card as cards
from voice.safeguarding.card import Card
from voice.safeguarding.help import HelpData
from voice.safeguarding.screen import Level, Screen, Screening, raised
from voice.wording import Style

_AGAIN_WITHIN = timedelta(minutes=10)
"""For this long a worry of a kind that a card was shown for gets a short line only (safety research, section 2.5)."""


class Safety:
    """Screening, and the replies that must work when nothing else does."""

    def __init__(self, screen: Screen, help_data: HelpData, help_pathways: Collection[str] = (), *, live: bool = False) -> None:
        """`help_pathways`: the pathways that are for somebody who needs help now. They ask themselves whether somebody is safe.

        Without `live` the first screen says that this is only a demo.
        """
        self._screen = screen
        self._live = live
        self._help = help_data
        self._help_pathways = help_pathways

    def screen(self, text: str, before: Sequence[str], question: str | None) -> Screening:
        """Screens a text with what was said before it and the question it answers. Never raises."""
        return self._screen.screen(text, before=before, question=question)

    def welcome(self, style: Style, now: datetime) -> dict[str, Any]:
        """The first screen's words."""
        return cards.welcome(now, style, self._help, live=self._live)

    def asked(self, question: Message) -> bool:
        """Whether a question is one of the door's own ("Are you safe right now?", "What do you want to do now?")."""
        return messages.is_the_doors_own(question)

    def speak(self, work: Work, conversation: Conversation, received: Received, source: str | None, now: datetime) -> bool:
        """Says what safety has to say to a message, in the same transaction. True when nothing more is to be said to it.

        An urgent message does not become an answer by itself: the young person chooses that afterwards. Only in a pathway
        for somebody who needs help now it does: that one asks by itself whether they are safe.
        """
        style, question = Style(conversation.style), received.question
        if received.flag is None or received.screening.level is not Level.urgent:
            # an urgent card says it itself
            self.admit(work, conversation, now, received)
        own_question = question is not None and self.asked(question)
        first = received.payloads[0] if received.payloads else ""
        if question and own_question and not received.payloads and source != "button":
            first = _button_typed(question, received.message)
        not_safe = self._heed_safe_answer(work, conversation, received, question, source, now)
        if own_question and source != "button":
            # said to the door, not to a pathway: it must not go when a draft goes
            received.message.statement_id = None
        if first.startswith("safe:"):
            self._say(work, conversation, received, self._after_safe_question(work, conversation, first, question, style, now), now)
            return True
        if first and not received.payloads:
            # as if it had been pressed; Rasa is asked about buttons and never sees the words
            received.message.extras = {"payloads": [first]}
            return False
        if received.flag is None:
            if own_question and question and not received.payloads:
                self._say(work, conversation, received, self._kept(work, question, style), now)
                return True
            return False
        under_own_question = own_question and not received.payloads
        goes_on = received.screening.level is not Level.urgent or first.startswith(("open:", "offer:", "resume:", "fresh:"))
        if source != "button" and not own_question and self._is_in_help_pathway(work, conversation):
            goes_on = True
        card = self._not_safe(work, conversation, style, now) if not_safe else self._card(work, conversation, received, style, now)
        bubbles = self._bubbles(card, style, told=source == "button", asks=not goes_on)
        if goes_on and under_own_question and question:
            # words typed under the door's own question become no answer by themselves
            bubbles.append(self._what_now(work, question, style))
        self._say(work, conversation, received, bubbles, now)
        return not goes_on or under_own_question

    def card_without_storage(self, text: str, source: str | None, now: datetime) -> list[dict[str, Any]] | None:
        """For a message that could not be stored: help to show at once, or None when nothing in it is worrying."""
        screening = self._screen.screen(text) if text else messages.nothing_found()
        if source == "button":
            screening = raised(screening, Level.urgent)
        if screening.level is Level.none:
            return None
        card = cards.card_without_storage(screening, now=now, style=Style.standard, help_data=self._help)
        return [{"n": None, "from": "bot", "kind": "safety", "text": one.text, "help": list(one.help)} for one in card.said]

    def _is_in_help_pathway(self, work: Work, conversation: Conversation) -> bool:
        statement = drafts.active(work, conversation.id)
        return statement is not None and statement.pathway in self._help_pathways

    def admit(self, work: Work, conversation: Conversation, now: datetime, received: Received | None = None) -> None:
        """Says, once, that nobody could be alerted yet, if alerts of this chat have not gone out. The conversation must be locked."""
        late = unreached.due(work, conversation.id, now)
        if not late:
            return
        categories = tuple(dict.fromkeys(category for flag in late for category in flag.categories))
        card = cards.not_reached_card(categories, now=now, style=Style(conversation.style), help_data=self._help)
        messages.say(work, conversation, _bubbles_of(card), now, answers=received.message if received else None)
        unreached.note_told(work, late, now)

    def _heed_safe_answer(
        self, work: Work, conversation: Conversation, received: Received, question: Message | None, source: str | None, now: datetime
    ) -> bool:
        """Takes note of a yes, no or not sure to "Are you safe right now?", the door's or that of a pathway for help. True: not safe."""
        if source == "button" or question is None or not unanswered.is_safe_question(question, self._help.replies.question):
            return False
        payload = received.payloads[0] if received.payloads else _button_typed(question, received.message)
        return unanswered.heard(work, conversation, payload, now)

    def _card(self, work: Work, conversation: Conversation, received: Received, style: Style, now: datetime) -> Card:
        flag = received.flag
        reachable = flag is not None and flags.can_reach_somebody(work, flag, now)
        if flag and received.screening.level is Level.urgent and not reachable:
            unreached.note_told(work, [flag, *unreached.due(work, conversation.id, now)], now)
        if flag and flags.shown_lately(work, conversation.id, flag, now - _AGAIN_WITHIN):
            return cards.short_card(received.screening, now=now, style=style, help_data=self._help, reachable=reachable)
        return cards.safety_card(
            received.screening,
            now=now,
            style=style,
            help_data=self._help,
            reachable=reachable,
            hidden=flag is not None and flags.is_withheld(work, flag),
        )

    def _not_safe(self, work: Work, conversation: Conversation, style: Style, now: datetime) -> Card:
        categories = unanswered.categories(work, conversation.id, now)
        return cards.not_safe_card(categories, now=now, style=style, help_data=self._help)

    def _bubbles(self, card: Card, style: Style, *, told: bool, asks: bool) -> list[Bubble]:
        bubbles = _bubbles_of(card)
        if told:
            bubbles.insert(0, Bubble(self._help.replies.told_button.in_style(style), kind="safety"))
        if asks:
            question = card.question or self._help.replies.question.in_style(style)
            bubbles.append(Bubble(question, kind="question", choices=cards.safe_choices(style, self._help)))
        return bubbles

    def _after_safe_question(
        self, work: Work, conversation: Conversation, payload: str, question: Message | None, style: Style, now: datetime
    ) -> list[Bubble]:
        if payload == "safe:yes":
            bubbles = [Bubble(self._help.replies.after_yes.in_style(style))]
        else:
            bubbles = _bubbles_of(self._not_safe(work, conversation, style, now))
        return [*bubbles, self._what_now(work, question, style)]

    def _kept(self, work: Work, question: Message, style: Style) -> list[Bubble]:
        """Words typed under the door's own question are kept, and become no answer by themselves."""
        return [Bubble(self._help.replies.kept.in_style(style)), self._what_now(work, question, style)]

    def _what_now(self, work: Work, question: Message | None, style: Style) -> Bubble:
        """What becomes of the words that the safe question was the answer to. "Tell someone now" may have come without any."""
        replies = self._help.replies
        said = work.session.get(Message, _first_worry(question)) if question else None
        buttons = [Button(f"put:{said.id}", replies.put_in.in_style(style), "done")] if said and said.text else []
        buttons.append(Button("after:on", replies.carry_on.in_style(style), "yes"))
        buttons.append(Button("control:stop", replies.stop.in_style(style), "stop"))
        return Bubble(replies.what_now.in_style(style), kind="question", choices=tuple(buttons))

    def _say(self, work: Work, conversation: Conversation, received: Received, bubbles: Sequence[Bubble], now: datetime) -> None:
        messages.say(work, conversation, bubbles, now, answers=received.message)


def _bubbles_of(card: Card) -> list[Bubble]:
    return [Bubble(one.text, kind="safety", help=one.help) for one in card.said]


def _button_typed(question: Message, message: Message) -> str:
    """What the button means whose label was typed out instead of pressed; empty when none was."""
    buttons = (question.extras or {}).get("choices", ())
    return next((button["payload"] for button in buttons if bare(button["label"]) == bare(message.text)), "")


def _first_worry(question: Message) -> str | None:
    """The words it all began with: asked again and again, "Put what I said in" still means those."""
    carried = (payload.removeprefix("put:") for payload in messages.payloads_open(question) if payload.startswith("put:"))
    return next(carried, question.answers_id)
