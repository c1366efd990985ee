"""What workers put right, as examples from which the ear can learn. These are young people's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from records import meanings
from records.database import Work
from records.drafts import SENT
from records.naming import Names
from records.routing import note_event
from records.statements import PRIVATE, line_of
from records.tables import Answer, Correction, Flag, Statement, StatementVersion, Worker, YoungPerson
from voice.understanding.lessons import Account

_SHORT_NAME = 2
"""Words. A longer answer to "What should I call you?" is a sentence, and its words are no names."""
_WITH_CORRECTION = (Statement.status.in_(SENT), exists().where(Correction.statement_id == Statement.id))


@dataclass(frozen=True)
class Examples:
    """The accounts, from how many statements they are, and how many statements with a correction were left out, and why."""

    accounts: Sequence[Account]
    statements: int
    flagged: int
    private: int
    unmatched: int


def corrected(work: Work, now: datetime) -> Examples:
    """Every corrected answer and every corrected whole statement, with the labels that count and without the names of the
    young person and of workers.

    Left out is every statement of a chat in which something was flagged, every one in which anything is to be kept from
    anybody, in any of its versions, and every one whose young person is not known, for then their name is not known either.
    That a statement was opened for this is kept, and committed, before a word of it is fetched.
    """
    every = list(work.session.scalars(select(Statement).where(*_WITH_CORRECTION).order_by(Statement.id)))
    in_the_chat = exists().where(Flag.conversation_id == Statement.conversation_id)
    flagged = set(work.session.scalars(select(Statement.id).where(*_WITH_CORRECTION, in_the_chat)))
    unmatched = [one for one in every if one.id not in flagged and one.young_person_id is None]
    opened = [one for one in every if one.id not in flagged and one.young_person_id is not None and not one.hide_from]
    for statement in opened:
        note_event(work, "statement", statement.id, "exported", None, now)
    work.commit()
    workers = list(work.session.scalars(select(Worker.name)))
    found: list[tuple[int, Account]] = []
    used = private = 0
    for statement in opened:
        versions = list(work.session.scalars(select(StatementVersion).where(StatementVersion.statement_id == statement.id)))
        if any(_keeps_something_private(version) for version in versions):
            private += 1
            continue
        names = Names([*workers, *_names_of_young_person(work, statement)])
        found += [account for version in versions for account in _accounts(work, version, names)]
        used += 1
    # one text with two labels would teach nothing: what was said of it last counts
    accounts = {account.says: account for _, account in sorted(found, key=lambda one: one[0])}
    return Examples(
        accounts=tuple(accounts.values()),
        statements=used,
        flagged=len(flagged),
        private=len(every) - len(flagged) - len(unmatched) - len(opened) + private,
        unmatched=len(unmatched),
    )


def _accounts(work: Work, version: StatementVersion, names: Names) -> Iterator[tuple[int, Account]]:
    """With the number of the correction, by which they stand in the order of time."""
    said = meanings.of_version(work, version)
    typed = [(part["verbatim"], meaning) for part, meaning in zip(version.body, said.lines, strict=True) if meaning]
    for words, meaning in [("\n".join(words for words, _ in typed), said.whole), *typed]:
        if words and meaning.last:
            # half an emoji that a phone sent has no form in a file
            whole = words.encode("utf-8", "replace").decode("utf-8")
            yield meaning.last.id, Account(says=names.taken_out(whole), topics=meaning.topics, stance=meaning.stance)


def _keeps_something_private(version: StatementVersion) -> bool:
    return any(line.save in PRIVATE and line.restricts for line in map(line_of, version.body))


def _names_of_young_person(work: Work, statement: Statement) -> list[str]:
    """Their name, and what they asked to be called, which stands in what they never sent: it is used for this and goes nowhere."""
    asked = (
        select(Answer.verbatim)
        .join(Statement, Statement.id == Answer.statement_id)
        .where(Statement.young_person_id == statement.young_person_id, Answer.save == "display_name")
    )
    called = [words for words in work.session.scalars(asked) if words and len(words.split()) <= _SHORT_NAME]
    return [work.session.get_one(YoungPerson, statement.young_person_id).name, *called]
