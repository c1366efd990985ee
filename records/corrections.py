"""Workers put right what Sayso understood. Nothing is overwritten: the last correction counts, and the earlier ones stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from records import meanings
from records.database import Work
from records.errors import NotAMeaning, NotFound, Stale
from records.meanings import WHOLE, Meaning, key_of
from records.routing import note_event
from records.statements import open_for_change
from records.tables import Correction, StatementVersion, Worker
from voice.understanding.lessons import STANCES, TOPICS


def correct(
    work: Work,
    worker: Worker,
    statement_id: str,
    *,
    number: int,
    place: int | None,
    topics: Collection[str],
    stance: str,
    now: datetime,
    seen: str | None = None,
) -> Correction | None:
    """Keeps what a worker says that a typed answer, or the whole statement, is about, and in which spirit.

    `number` is the version, `place` the line in it, from 1; None: the whole. `seen` is the stamp of the page. Returns None
    when it says that already, so that the same form sent twice makes one correction.
    Raises NotFound, also for a line where nothing was typed; NotAMeaning; Stale when it was changed or sent anew since.
    """
    statement, _ = open_for_change(work, worker, statement_id)
    versions = list(
        work.session.scalars(
            select(StatementVersion).where(StatementVersion.statement_id == statement.id).order_by(StatementVersion.number)
        )
    )
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise NotFound
    question, round_ = WHOLE if place is None else _key_at(version, place)
    now_said = _meaning_at(work, version, place)
    chosen = _chosen(topics, stance)
    if set(chosen) == set(now_said.topics) and stance == now_said.stance:
        return None
    if seen is not None and seen != stamp(versions[-1].number, now_said):
        raise Stale
    correction = Correction(
        statement_id=statement.id,
        number=number,
        question=question,
        round=round_,
        topics=chosen,
        stance=stance,
        worker_id=worker.id,
        at=now,
    )
    work.session.add(correction)
    note_event(work, "statement", statement.id, "corrected", worker.id, now)
    work.session.flush()
    return correction


def stamp(latest: int, meaning: Meaning) -> str:
    """Which version was the last, and which correction counted, when somebody looked at this part."""
    return f"{latest}.{meaning.last.id if meaning.last else 0}"


def _key_at(version: StatementVersion, place: int) -> meanings.Key:
    if not 1 <= place <= len(version.body):
        raise NotFound
    return key_of(version.body[place - 1])


def _meaning_at(work: Work, version: StatementVersion, place: int | None) -> Meaning:
    found = meanings.of_version(work, version)
    meaning = found.whole if place is None else found.lines[place - 1]
    if meaning is None:
        raise NotFound
    return meaning


def _chosen(topics: Collection[str], stance: str) -> list[str]:
    """The topics in their usual order. `other` means that none fits, so it stands alone."""
    if not topics or not set(topics) <= set(TOPICS):
        raise NotAMeaning("topics")
    if "other" in topics and len(set(topics)) > 1:
        raise NotAMeaning("other")
    if stance not in STANCES:
        raise NotAMeaning("stance")
    return [topic for topic in TOPICS if topic in topics]
