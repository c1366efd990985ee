"""What typed answers and whole statements are about, and in which spirit: as Sayso understood them, or as a worker put it right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from records.database import Work
from records.tables import Correction, StatementVersion
from voice.pathways.model import Topic
from voice.understanding.lessons import Stance
from voice.understanding.understood import of_several

Key = tuple[str | None, str | None]
"""Question and round of an answer; twice None for the whole statement."""
WHOLE: Key = (None, None)


@dataclass(frozen=True)
class Meaning:
    """Of one typed answer or of a whole statement. Nothing was understood of what came before Sayso listened: no topics, no stance.

    `corrections` are those of workers, oldest first. The last one counts.
    """

    understood_topics: tuple[Topic, ...]
    understood_stance: Stance | None
    corrections: tuple[Correction, ...] = ()

    @property
    def last(self) -> Correction | None:
        """The correction that counts."""
        return self.corrections[-1] if self.corrections else None

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What it is about, as it stands now."""
        return tuple(self.last.topics) if self.last else self.understood_topics  # type: ignore[arg-type]

    @property
    def stance(self) -> Stance | None:
        """In which spirit, as it stands now."""
        return self.last.stance if self.last else self.understood_stance  # type: ignore[return-value]


@dataclass(frozen=True)
class Meanings:
    """Of one version: the whole, and each line of its body in order; None where nothing was typed."""

    whole: Meaning
    lines: tuple[Meaning | None, ...]

    def holds(self, topic: str | None, stance: str | None) -> bool:
        """Whether something in it has this topic and this stance; None: any.

        Of the whole only a worker's word counts: a topic and a stance that Sayso put together may be of different answers.
        """
        parts = [line for line in self.lines if line] + ([self.whole] if self.whole.last else [])
        return any((topic is None or topic in one.topics) and (stance is None or stance == one.stance) for one in parts)


def of_version(work: Work, version: StatementVersion) -> Meanings:
    """What one version says. The caller has gone through the gate for it."""
    query = select(Correction).where(Correction.statement_id == version.statement_id, Correction.number == version.number)
    return _meanings(version.body, list(work.session.scalars(query.order_by(Correction.id))))


def of_latest(work: Work, statements: Select[tuple[str]]) -> dict[str, Meanings]:
    """What the last version of each statement says, by its id; `statements` selects the ids.

    For lists: the codes are taken out of the sealed versions here, so that no list needs them unsealed, and no word leaves.
    """
    last = (
        select(StatementVersion.statement_id, func.max(StatementVersion.number).label("number"))
        .where(StatementVersion.statement_id.in_(statements))
        .group_by(StatementVersion.statement_id)
        .subquery()
    )
    versions = select(StatementVersion).join(
        last, and_(StatementVersion.statement_id == last.c.statement_id, StatementVersion.number == last.c.number)
    )
    corrected = select(Correction).join(last, and_(Correction.statement_id == last.c.statement_id, Correction.number == last.c.number))
    corrections: dict[str, list[Correction]] = defaultdict(list)
    for correction in work.session.scalars(corrected.order_by(Correction.id)):
        corrections[correction.statement_id].append(correction)
    return {one.statement_id: _meanings(one.body, corrections[one.statement_id]) for one in work.session.scalars(versions)}


def key_of(part: Mapping[str, Any]) -> Key:
    """How corrections name a part of a version's body."""
    return part["question"], part["round"]


def _meanings(body: Sequence[Mapping[str, Any]], corrections: Sequence[Correction]) -> Meanings:
    by_part: dict[Key, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_part[correction.question, correction.round].append(correction)
    lines = tuple(_of_line(part, by_part[key_of(part)]) for part in body)
    known = [(line.topics, line.stance) for line in lines if line and line.stance]
    topics, stance = of_several(known)
    return Meanings(Meaning(topics, stance, tuple(by_part[WHOLE])), lines)


def _of_line(part: Mapping[str, Any], corrections: Sequence[Correction]) -> Meaning | None:
    if not part["verbatim"]:
        return None
    # versions that were sent before Sayso listened have neither of the two
    return Meaning(tuple(part.get("topics", ())), part.get("stance"), tuple(corrections))
