"""After a chat full of words that stand nowhere else, no file that Sayso wrote contains one of them."""

from __future__ import annotations

import base64
import gzip
import sqlite3
import tempfile
import time
import uuid
import zlib
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from records import answering, drafts, safety_queue, statements, workers, young_people
from records.database import unit_of_work
from records.tables import Message, Note, YoungPerson
from tests.canary.search import forms, hits, written_since
from tests.conversations.play import invitation
from tests.stack import ROOT, Stack, wait_for
from tests.staff import DUTY, WORKER
from tests.visitor import Refused, Visitor, is_answered, new_id


class Aviary:
    """Makes words that stand nowhere else, and remembers them."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def bird(self) -> str:
        """A new word, letters and digits only, long enough to be found in every way of writing."""
        word = f"canary{uuid.uuid4().hex}bird"
        self.words.append(word)
        return word


@pytest.mark.stack
@pytest.mark.faults
def test_no_file_that_sayso_wrote_holds_a_word_of_a_chat(stack: Stack) -> None:
    aviary, began = Aviary(), time.time() - 1
    visitor = Visitor(stack.address, join=invitation(stack))
    visitor.start()
    _chat(visitor, aviary)
    _work(stack, visitor, aviary)
    _refused(visitor, aviary)
    _failing(stack, visitor, aviary)
    stored = _stored(stack, visitor)
    kept = [word for word in aviary.words if word in stored]
    assert len(kept) >= 15, "the words were not said at all"

    ours = written_since([stack.folder], 0)
    assert {file.name for file in ours} >= {"sayso.db", "sayso.db-wal", "gateway.log"}
    assert hits(ours, aviary.words) == []
    with closing(sqlite3.connect(stack.data / "sayso.db", isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(FULL)")
    assert hits([stack.data / "sayso.db"], aviary.words) == []
    others = written_since([ROOT], began, (".venv", ".git", "node_modules", "__pycache__", ".uv"))
    others += written_since([Path(tempfile.gettempdir())], began, (stack.folder.name,))
    print(f"\n{len(aviary.words)} words said, {len(ours)} files of this installation and {len(others)} others looked at, 0 hits")
    assert hits(others, aviary.words) == []


@pytest.mark.parametrize("way", ["plain", "utf-16", "base64", "base64 later", "hex", "capitals", "zlib", "gzip", "database"])
def test_a_word_is_found_however_it_is_written(way: str, tmp_path: Path) -> None:
    word = Aviary().bird()
    said = f"x I said {word} today".encode()
    file = tmp_path / "file"
    match way:
        case "database":
            with closing(sqlite3.connect(file)) as database:
                database.execute("CREATE TABLE said (text TEXT)")
                database.execute("INSERT INTO said VALUES (?)", (said.decode(),))
                database.commit()
        case "gzip":
            file.write_bytes(b"before" + gzip.compress(said))
        case "zlib":
            file.write_bytes(b"before" + zlib.compress(said))
        case "base64 later":
            file.write_bytes(base64.b64encode(b"1" + said))
        case "base64":
            file.write_bytes(base64.b64encode(said))
        case "hex":
            file.write_bytes(said.hex().upper().encode())
        case "utf-16":
            file.write_bytes(said.decode().encode("utf-16"))
        case "capitals":
            file.write_bytes(said.upper())
        case _:
            file.write_bytes(said)
    assert hits([file], [word])
    assert not hits([file], [Aviary().bird()])
    assert len(forms(word)) == 7


def _chat(visitor: Visitor, aviary: Aviary) -> None:
    """Typed words that are carried into a pathway, answers, words between, a changed answer; all of it sent."""
    visitor.says(f"i want to say something about my {aviary.bird()} please")
    visitor.presses("Yes, let's do that")
    for _ in range(12):
        if visitor.transcript()[-1].get("progress") is None:
            break
        visitor.says(f"it is about {aviary.bird()}")
    visitor.says(f"and one more {aviary.bird()}")
    # a word without sense may worry the ear, and what it then asks stays open; only the list to change is new
    before = {button["label"] for button in visitor.live()}
    visitor.presses("I want to change something")
    visitor.presses(next(button["label"] for button in visitor.live() if button["label"] not in before))
    visitor.says(f"no, it is {aviary.bird()}")
    visitor.presses("Yes, that is right")
    visitor.presses("Send it")
    visitor.says(f"i want to kill myself {aviary.bird()}")
    visitor.tell_someone(f"somebody hurts me {aviary.bird()}")


def _work(stack: Stack, visitor: Visitor, aviary: Aviary) -> None:
    """The desk's words: a name, a note, a reply, the outcome of a flag."""
    now = datetime.now(timezone.utc)
    with stack.records(), unit_of_work() as work:
        robin, dana = (workers.by_email(work, who[0]) for who in (WORKER, DUTY))
        statement = drafts.latest_sent(work, visitor.conversation)
        assert robin
        assert dana
        assert statement
        young_people.add(
            work, robin, name=aviary.bird(), identifier=aviary.bird(), social_worker_id=robin.id, reviewing_officer_id=None, now=now
        )
        statements.read_statement(work, dana, statement.id, now)
        answering.add_note(work, dana, statement.id, f"Note: {aviary.bird()}", now, token=new_id())
        answering.reply(work, dana, statement.id, f"Reply: {aviary.bird()}", now, token=new_id())
        entry = safety_queue.open_flags(work, dana)[0]
        safety_queue.act(work, dana, entry.flag.id, "spoke_to_child", f"Done: {aviary.bird()}", now, token=new_id())
        safety_queue.close(work, dana, entry.flag.id, f"Outcome: {aviary.bird()}", now, ended="safe")
        work.commit()


def _refused(visitor: Visitor, aviary: Aviary) -> None:
    """What is refused: rubbish, too much, a button that is none, codes that are none, an address that is none."""
    headers = {"Authorization": f"Bearer {visitor.token}", "Content-Type": "application/json"}
    address = str(visitor.address)
    torn, long_id = f'{{"id": "{new_id()}", "text": "{aviary.bird()}"', f'{{"id": "{aviary.bird() * 3}", "text": "{aviary.bird()}"}}'
    for content in (torn, long_id):
        assert httpx.post(f"{address}/chat/messages", content=content, headers=headers).status_code == 400
    with pytest.raises(Refused, match="413"):
        visitor.says(f"{aviary.bird()} " * 2_500)
    with pytest.raises(Refused, match="409"):
        visitor.sends({"id": new_id(), "choice": aviary.bird()})
    stranger = Visitor(address, join=aviary.bird())
    for enter in (stranger.start, lambda: stranger.resume(aviary.bird())):
        with pytest.raises(Refused, match="404"):
            enter()
    assert httpx.get(f"{address}/chat/{aviary.bird()}?words={aviary.bird()}").status_code == 404


def _failing(stack: Stack, visitor: Visitor, aviary: Aviary) -> None:
    """Words that come while a part is away, or while the database is locked, and parts that are killed with words in hand."""
    for part in ("actions", "rasa"):
        stack.kill(part)
        visitor.says(f"i think {aviary.bird()} is nice")
        visitor.says(f"my dad hits me {aviary.bird()}")
        stack.start(part)
    with closing(sqlite3.connect(stack.data / "sayso.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for words in ("i like", "i want to kill myself"):
            with pytest.raises(Refused, match="503"):
                visitor.says(f"{words} {aviary.bird()}")
        other.execute("ROLLBACK")
    wait_for(lambda: is_answered(visitor.transcript()), "late answers")
    stack.kill("gateway")
    stack.start("gateway")


def _stored(stack: Stack, visitor: Visitor) -> str:
    """Everything of this chat that the records give back."""
    with stack.records(), unit_of_work(write=False) as work:
        said = [row.text for row in work.session.scalars(select(Message).where(Message.conversation_id == visitor.conversation))]
        notes = [row.text for row in work.session.scalars(select(Note))]
        names = [row.name for row in work.session.scalars(select(YoungPerson))]
    return "\n".join(said + notes + names)
