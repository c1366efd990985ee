"""After a pathway: what became of it, what happens next and when, the code to come back, and the menu."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk.events import SlotSet

from actions.doing import Outcome, SaysoAction, knowledge
from actions.heard import Turn
from actions.menu import menu
from records import drafts, flags
from records.memos import remembered
from records.settings import settings
from records.tables import Statement, Worker
from voice.messages import Bubble
from voice.promises.saying import day_in_words


class FinishPathway(SaysoAction):
    """Says how it ended, and only what is so."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_finish_pathway"

    def do(self, turn: Turn) -> Outcome:
        """The validator of this very message knows how the pathway ended."""
        result = remembered(turn.work, turn.message.id, "validate_pathway_form") if turn.message else None
        ended = str(result["result"]) if result else "nothing"
        ways = {"sent": _sent, "kept": _kept, "stopped": _stopped, "deleted": _deleted, "finished": _finished}
        return Outcome([*(ways[ended](turn) if ended in ways else []), menu(turn)])

    def events(self, _result: str) -> list[dict[str, Any]]:
        """A value left in the slot would end the next pathway at once."""
        return [SlotSet("answer", None)]


def _sent(turn: Turn) -> list[Bubble]:
    statement = drafts.latest_sent(turn.work, turn.conversation.id)
    if statement is None:
        return []
    bubbles: list[Bubble] = []
    if drafts.versions(turn.work, statement) > 1:
        bubbles += _lines(turn, "utter_version_changed")
    owner = turn.work.session.get(Worker, statement.owner_id) if statement.owner_id else None
    if owner:
        bubbles += _lines(turn, "utter_sent", who=owner.name, read_by=_day(statement.read_by), reply_by=_day(statement.reply_by))
    else:
        bubbles += _lines(turn, "utter_sent_unassigned", read_by=_day(statement.read_by), reply_by=_day(statement.reply_by))
    return [*bubbles, *_code(turn)]


def _kept(turn: Turn) -> list[Bubble]:
    if _was_sent(turn):
        return [*_lines(turn, "utter_stays_sent"), *_code(turn)]
    return [*_lines(turn, "utter_kept", date=_day(turn.conversation.delete_on)), *_sent_or_seen(turn), *_code(turn)]


def _stopped(turn: Turn) -> list[Bubble]:
    if _was_sent(turn):
        return [*_lines(turn, "utter_stays_sent"), *_code(turn)]
    if not _becomes_a_statement(turn):
        # of "I need help now" workers have seen the flag: it must not be called unsent
        return _code(turn)
    saved = _lines(turn, "utter_saved_draft", date=_day(turn.conversation.delete_on))
    return [*saved, *_sent_or_seen(turn), *_lines(turn, "utter_come_back"), *_code(turn)]


def _sent_or_seen(turn: Turn) -> list[Bubble]:
    """Nothing was sent; but what raised a flag can be seen by workers, and it must not be said that nobody can."""
    return _lines(turn, "utter_not_sent_but_seen" if flags.any_in(turn.work, turn.conversation.id) else "utter_not_sent")


def _deleted(turn: Turn) -> list[Bubble]:
    return _lines(turn, "utter_deleted")


def _finished(turn: Turn) -> list[Bubble]:
    speech = knowledge().speech
    finished = _statement(turn)
    return speech.closing(speech.pathways[finished.pathway], turn.style) if finished else []


def _statement(turn: Turn) -> Statement | None:
    """What this turn was about."""
    return turn.work.session.get(Statement, turn.message.statement_id) if turn.message and turn.message.statement_id else None


def _was_sent(turn: Turn) -> bool:
    statement = _statement(turn)
    return statement is not None and drafts.versions(turn.work, statement) > 0


def _becomes_a_statement(turn: Turn) -> bool:
    statement = _statement(turn)
    return statement is None or knowledge().speech.pathways[statement.pathway].ending


def _lines(turn: Turn, key: str, **values: object) -> list[Bubble]:
    return knowledge().speech.lines(key, turn.style, "notice", **values)


def _code(turn: Turn) -> list[Bubble]:
    return knowledge().speech.lines("utter_return_code", turn.style, "notice", True)


def _day(moment: datetime | None) -> str:
    if moment is None:
        raise ValueError("a sent statement has its dates")
    return day_in_words(moment.astimezone(ZoneInfo(settings().timezone)).date())
