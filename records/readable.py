"""Which statements and flags a worker may know of, as conditions of a query.

Every list, count, search and gate of the desk uses these two, so that none of them can tell more than another.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_

from records.drafts import SENT
from records.flags import DUTY_ROLES
from records.tables import Access, Conversation, Flag, FlagNames, Statement, Worker, YoungPerson


def on_duty(worker: Worker) -> bool:
    """Whether this worker looks after what belongs to nobody yet, and every flag that does not name them."""
    return worker.role in DUTY_ROLES


def statements_for(worker: Worker) -> ColumnElement[bool]:
    """Statements this worker may know of: sent, and theirs or on duty. What keeps them from it always wins."""
    if not worker.active:
        return false()
    row = and_(Access.statement_id == Statement.id, Access.worker_id == worker.id)
    granted = exists().where(row, Access.granted.is_(True))
    withheld = exists().where(row, Access.granted.is_(False))
    theirs = or_(granted, not_(withheld)) if on_duty(worker) else granted
    return and_(Statement.status.in_(SENT), theirs)


def flags_for(worker: Worker) -> ColumnElement[bool]:
    """Flags this worker may know of: on duty, or around the young person, and named by no flag of the chat.

    The whole chat counts, not the one flag: the messages around another flag could hold the words that accuse them.
    """
    if not worker.active:
        return false()
    if on_duty(worker):
        return not_(_named_in_the_chat(worker))
    return and_(young_person_of(worker, Flag.conversation_id), not_(_named_in_the_chat(worker)))


def young_person_of(worker: Worker, conversation_id: object) -> ColumnElement[bool]:
    """Whether the chat belongs to a young person whose social worker or reviewing officer this is."""
    return exists().where(
        Conversation.id == conversation_id,
        YoungPerson.id == Conversation.young_person_id,
        around(worker),
    )


def around(worker: Worker) -> ColumnElement[bool]:
    """Young people whose social worker or reviewing officer this is."""
    return or_(YoungPerson.social_worker_id == worker.id, YoungPerson.reviewing_officer_id == worker.id)


def _named_in_the_chat(worker: Worker) -> ColumnElement[bool]:
    other = Flag.__table__.alias("flag_of_the_chat")
    return exists().where(
        other.c.conversation_id == Flag.conversation_id,
        FlagNames.flag_id == other.c.id,
        FlagNames.worker_id == worker.id,
    )
