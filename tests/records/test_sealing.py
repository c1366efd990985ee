"""Sealing, keys, tokens and codes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from records import codes, keys
from records.database import unit_of_work
from records.errors import WrongKey
from records.keys import derive, master_key
from records.migrating import prepare
from records.sealing import seal, unseal
from records.settings import Settings
from records.tables import KeyMark, Worker, YoungPerson
from tests.conftest import NOW, forget


def test_what_was_sealed_comes_out_again(installation: Engine) -> None:
    assert unseal(seal(b"words", "message.text"), "message.text") == b"words"


def test_a_sealed_value_does_not_open_for_another_column(installation: Engine) -> None:
    with pytest.raises(WrongKey):
        unseal(seal(b"words", "message.text"), "note.text")


def test_a_changed_byte_does_not_open(installation: Engine) -> None:
    sealed = bytearray(seal(b"words", "message.text"))
    sealed[-1] ^= 1
    with pytest.raises(WrongKey):
        unseal(bytes(sealed), "message.text")


def test_sealing_the_same_words_twice_looks_different(installation: Engine) -> None:
    assert seal(b"words", "x") != seal(b"words", "x")


@pytest.mark.parametrize(
    "name", ["plain", "nul \x00 inside", "lone \ud83d surrogate", "\N{HEBREW LETTER SHIN} \u202e rtl", "\N{WOMAN}\u200d\N{GIRL} family"]
)
def test_any_text_is_kept_exactly(installation: Engine, name: str) -> None:
    with unit_of_work() as work:
        work.session.add(YoungPerson(id="p", name=name, identifier="1", created_at=NOW))
        work.commit()
    with unit_of_work(write=False) as work:
        assert work.session.get_one(YoungPerson, "p").name == name


def test_the_database_holds_no_word_in_the_clear(installation: Engine) -> None:
    with unit_of_work() as work:
        work.session.add(YoungPerson(id="p", name="canarybird", identifier="1", created_at=NOW))
        work.commit()
        raw = work.session.execute(text("SELECT name FROM young_person")).scalar_one()
    assert b"canarybird" not in bytes(raw)


def test_a_database_sealed_with_another_key_is_refused(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_SECRET_KEY", "ab" * 32)
    forget()
    with pytest.raises(WrongKey):
        prepare()


def test_preparing_twice_changes_nothing(installation: Engine) -> None:
    prepare()
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(KeyMark.id)).all() == [1]


def test_work_that_is_not_committed_is_rolled_back(installation: Engine) -> None:
    with unit_of_work() as work:
        work.session.add(Worker(email="a@example.org", name="A", role="duty", password="x", created_at=NOW))
        work.session.flush()
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Worker)).all() == []


def test_the_key_file_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    chosen = Settings(data_dir=tmp_path)
    first = master_key(chosen)
    assert master_key(chosen) == first
    assert stat.S_IMODE(chosen.key_file.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("bad", ["", "zz" * 32, "ab" * 31])
def test_a_bad_key_is_refused_in_plain_words(tmp_path: Path, bad: str) -> None:
    (tmp_path / "secret.key").write_text(bad)
    with pytest.raises(WrongKey, match="64 hex characters"):
        master_key(Settings(data_dir=tmp_path))


def test_every_use_has_a_key_of_its_own() -> None:
    derived = derive(b"m" * 32)
    assert len({derived.sealing, derived.sender, derived.codes, derived.tokens, bytes.fromhex(derived.door)}) == 5


@given(st.uuids())
def test_a_return_code_can_be_copied_by_hand(conversation: object) -> None:
    keys.keys.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYSO_SECRET_KEY", "cd" * 32)
        forget()
        code = codes.return_code(str(conversation))
        assert len(code) == 14
        assert not set(code) & set("AEIOU01")
        assert codes.code_hash(code) == codes.code_hash(code.lower().replace("-", " "))
    forget()
