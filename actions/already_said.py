"""What a young person said before it was asked: found in their words, and shown back for a yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.doing import Knowledge
from actions.heard import Turn
from actions.reading_back import labelled
from records import drafts, messages, understanding
from records.database import Work
from records.tables import Answer, Message, Statement
from voice.pathways.beforehand import Beforehand
from voice.pathways.model import Choice
from voice.pathways.speech import Line
from voice.pathways.walk import Asked, Place, Said, Walk


def first_place(work: Work, known: Knowledge, statement: Statement, walk: Walk, opening: Message) -> Place:
    """Where a pathway begins that was opened by words: at what they say already, or at its first question."""
    given = drafts.given(drafts.answers(work, statement))
    place = walk.after(walk.start(), given) or walk.start()
    understood = understanding.of_message(work, opening.id)
    if understood is None:
        return place
    heard = known.beforehand[walk.pathway.id].in_opening(opening.text, understood, opening.id)
    said = [one for one in heard if Asked(one.question) not in given]
    return place.showing(said) if said else place


def on_the_way(work: Work, known: Knowledge, rows: list[Answer], walk: Walk, place: Place) -> Place:
    """The same place; or, where its question was answered in so many words before, what was said shown back.

    What else was said of questions to come is shown with it. Nothing is shown twice.
    """
    if place.stage != "question" or place.asked is None:
        return place
    listening, given = known.beforehand[walk.pathway.id], drafts.given(rows)
    first = _newest(work, listening, rows, place, place.asked)
    if first is None:
        return place
    order = walk.order(given, enough=place.enough)
    later = (_newest(work, listening, rows, place, asked) for asked in order if asked not in given and asked != place.asked)
    return place.showing([first, *(said for said in later if said)])


def _newest(work: Work, listening: Beforehand, rows: Iterable[Answer], place: Place, asked: Asked) -> Said | None:
    """What answers a question in the words that stand, and was not shown back yet; the newest words count."""
    for row in sorted(rows, key=lambda one: (one.answered_at, one.position), reverse=True):
        if row.verbatim is None or row.message_id is None or asked.round is not None:
            continue
        if (asked.question, row.message_id) in place.shown:
            continue
        message, understood = work.session.get(Message, row.message_id), understanding.of_message(work, row.message_id)
        said = listening.in_words(asked.question, message.text, understood, message.id) if message and understood else None
        if said:
            return said
    return None


def is_on_screen(turn: Turn, place: Place) -> bool:
    """Whether somebody answers what is shown back now, and not a question from before it."""
    if place.stage != "said" or turn.message is None or turn.message.asked_n is None:
        return False
    question = messages.numbered(turn.work, turn.conversation.id, turn.message.asked_n)
    return question is not None and f"said:yes:{place.said[0].question}" in messages.payloads_open(question)


def lines(turn: Turn, walk: Walk, place: Place) -> list[Line]:
    """What was heard as it is shown back: the question as it would be asked, the buttons, the young person's own words."""
    shown = []
    for said in place.said:
        asked, labels = Asked(said.question), [one["label"] for one in labelled(_buttons(walk, said), turn.style)]
        told = [part for part in (", ".join(labels), _words(turn.work, said)) if part]
        shown.append(Line(asked, walk.wording(asked, turn.style), ": ".join(told)))
    return shown


def take(turn: Turn, statement: Statement, walk: Walk, place: Place, *, right: bool) -> Place:
    """The place behind what was shown back. What is `right` becomes answers: the question as it was shown, the buttons, and
    the thoughts as they stand in the message they were said in."""
    taken = place.said if right else ()
    for said in taken:
        asked, picked, words = Asked(said.question), _buttons(walk, said), _words(turn.work, said)
        if not picked and words is None:
            continue
        drafts.keep_answer(
            turn.work,
            statement,
            asked=asked,
            save=walk.question(asked).save,
            question_shown=walk.wording(asked, turn.style),
            topic=walk.topic(asked),
            verbatim=words,
            choices=labelled(picked, turn.style),
            how="answered",
            message_id=said.message,
            now=turn.now,
        )
    # what one press answered is no reason to offer a rest
    return replace(place, said=(), rested_at=place.rested_at + len(taken))


def _buttons(walk: Walk, said: Said) -> list[Choice]:
    return [choice for choice in walk.question(Asked(said.question)).choices if choice.value in said.values]


def _words(work: Work, said: Said) -> str | None:
    message = work.session.get(Message, said.message)
    return said.words(message.text) if message else None
