"""Outside a pathway: a button, or a yes to an offer, opens one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk.events import ActiveLoop

from actions.already_said import first_place
from actions.doing import Outcome, SaysoAction, knowledge
from actions.heard import Turn
from actions.menu import menu, who_sees
from records import drafts, messages, replies
from records.tables import Message, Statement
from voice.messages import Button
from voice.pathways.model import OPENING, Pathway
from voice.pathways.walk import Asked, Place

OPEN = "open"
"""The result of a turn that opened a pathway."""


class OpenPathway(SaysoAction):
    """Looks at what the button means."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_open_pathway"

    def do(self, turn: Turn) -> Outcome:
        """Opens a pathway, goes on with a draft, changes what was sent, or only answers."""
        if turn.message:
            # what waited behind a "stop" was kept while the pathway was still open
            turn.message.statement_id = None
        kind, _, value = (turn.heard.choice or _offered(turn) or "").partition(":")
        if kind == "open":
            waiting = _draft_of(turn, value)
            return _ask_which(turn, waiting) if waiting else _begin(turn, value, None)
        if kind == "fresh":
            return _begin(turn, value, None)
        if kind == "offer":
            return _begin(turn, value, _words_that_were_offered_for(turn))
        if kind == "put":
            return _begin(turn, "say_anything", turn.work.session.get(Message, value))
        if kind in ("resume", "revise"):
            return _pick_up(turn, value, revise=kind == "revise")
        if kind == "helped":
            return _helped(turn, value)
        return _aside(turn, value if kind == "control" else "")

    def events(self, result: str) -> list[dict[str, Any]]:
        """An opened pathway starts the form in this very turn."""
        return [ActiveLoop("pathway_form")] if result == OPEN else []


def _begin(turn: Turn, pathway_id: str, opening: Message | None) -> Outcome:
    """Opens a pathway; the words that led to it are carried in, as the first answer or as opening words."""
    known = knowledge()
    pathway = known.library.pathways.get(pathway_id)
    if pathway is None:
        return Outcome([menu(turn)])
    if opening is not None and opening.conversation_id != turn.conversation.id:
        opening = None
    walk = known.speech.walk(pathway_id)
    from_n = opening.n if opening else turn.message.n if turn.message else turn.conversation.next_n
    draft = drafts.open_draft(
        turn.work, turn.conversation, pathway=pathway.id, version=pathway.version, place=walk.start(), from_n=from_n, now=turn.now
    )
    if turn.message:
        turn.message.statement_id = draft.id
    bubbles = known.speech.opening(pathway, turn.style)
    if opening is not None and pathway.ending:
        _carry_in(turn, pathway, draft, opening)
        draft.asking = first_place(turn.work, known, draft, walk, opening).to_plain()
        bubbles += known.speech.lines("utter_your_first_words", turn.style, words=opening.text)
    return Outcome(bubbles, OPEN)


def _carry_in(turn: Turn, pathway: Pathway, draft: Statement, opening: Message) -> None:
    known = knowledge()
    drafts.take_in(turn.work, draft, opening)
    first = pathway.questions[0]
    # "i won a prize" is the good news itself; asking "What is your good news?" after it would be not to have listened
    answers_first = first.kind == "text"
    drafts.keep_answer(
        turn.work,
        draft,
        asked=Asked(first.id if answers_first else OPENING),
        save=first.save if answers_first else OPENING,
        question_shown=first.ask.in_style(turn.style) if answers_first else known.speech.say("utter_first_words_question", turn.style),
        topic=first.topic,
        verbatim=opening.text,
        choices=(),
        how="answered",
        message_id=opening.id,
        now=turn.now,
    )


def _pick_up(turn: Turn, statement_id: str, *, revise: bool) -> Outcome:
    statement = drafts.mine(turn.work, turn.conversation.id, statement_id)
    if statement is None or (statement.status not in drafts.SENT if revise else statement.status != "draft"):
        return Outcome([menu(turn)])
    drafts.pick_up(turn.work, statement)
    if turn.message:
        turn.message.statement_id = statement.id
    if revise:
        statement.asking = Place("check").to_plain()
    return Outcome([], OPEN)


def _draft_of(turn: Turn, pathway_id: str) -> Statement | None:
    return next((draft for draft in drafts.unfinished(turn.work, turn.conversation.id) if draft.pathway == pathway_id), None)


def _ask_which(turn: Turn, draft: Statement) -> Outcome:
    """Somebody opens a pathway they have begun before: go on with it, or begin afresh."""
    speech = knowledge().speech
    pathway = speech.pathways[draft.pathway]
    *first, last = speech.lines("utter_draft_waiting", turn.style, title=pathway.title.in_style(turn.style))
    buttons = (
        Button(f"resume:{draft.id}", speech.say("utter_carry_on", turn.style), "yes", raises=pathway.raises),
        Button(f"fresh:{pathway.id}", speech.say("utter_start_again", turn.style), pathway.picture, raises=pathway.raises),
    )
    return Outcome([*first, replace(last, kind="question", choices=buttons)])


def _helped(turn: Turn, value: str) -> Outcome:
    reply_id, _, helped = value.partition(":")
    known = replies.note_helped(turn.work, turn.conversation.id, reply_id, helped, turn.now)
    key = "utter_not_helped_next" if helped == "no" else "utter_helped_thanks"
    bubbles = knowledge().speech.lines(key, turn.style) if known else []
    return Outcome([*bubbles, menu(turn)])


def _aside(turn: Turn, control: str) -> Outcome:
    """A control pressed, or a yes to nothing, outside any pathway."""
    if control == "who_sees":
        return Outcome([*who_sees(turn), menu(turn)])
    bubbles = knowledge().speech.lines("utter_advocate", turn.style) if control == "advocate" else []
    return Outcome([*bubbles, menu(turn)])


def _offered(turn: Turn) -> str | None:
    """What an open offer means, for somebody who typed yes."""
    question = _question_answered(turn)
    payloads = messages.payloads_open(question) if question else ()
    return next((payload for payload in payloads if payload.startswith(("offer:", "resume:"))), None)


def _words_that_were_offered_for(turn: Turn) -> Message | None:
    """The words to which the offer was the answer."""
    question = _question_answered(turn)
    return turn.work.session.get(Message, question.answers_id) if question and question.answers_id else None


def _question_answered(turn: Turn) -> Message | None:
    if turn.message is None or turn.message.asked_n is None:
        return None
    return messages.numbered(turn.work, turn.conversation.id, turn.message.asked_n)
