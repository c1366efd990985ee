"""All tables. Importing this module registers every one of them with the metadata."""

from records.tables.base import Instant, Table, new_id
from records.tables.conversations import ChatSession, Conversation, Dialogue, Match, Memo, Message
from records.tables.marks import KeyMark
from records.tables.people import Attempt, DeskSession, Invitation, Worker, YoungPerson
from records.tables.safety import Flag, FlagAction, FlagNames, Heartbeat, OutboxRow, SampleItem, SampleWeek, ScreeningRow
from records.tables.statements import Access, Answer, Event, Note, Reading, Reply, Statement, StatementVersion
from records.tables.understanding import Correction, UnderstandingRow

__all__ = [
    "Access",
    "Answer",
    "Attempt",
    "ChatSession",
    "Conversation",
    "Correction",
    "DeskSession",
    "Dialogue",
    "Event",
    "Flag",
    "FlagAction",
    "FlagNames",
    "Heartbeat",
    "Instant",
    "Invitation",
    "KeyMark",
    "Match",
    "Memo",
    "Message",
    "Note",
    "OutboxRow",
    "Reading",
    "Reply",
    "SampleItem",
    "SampleWeek",
    "ScreeningRow",
    "Statement",
    "StatementVersion",
    "Table",
    "UnderstandingRow",
    "Worker",
    "YoungPerson",
    "new_id",
]
