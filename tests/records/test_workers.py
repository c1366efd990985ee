"""The people of the desk and their passwords."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from records import desk_sessions, workers
from records.database import Work, unit_of_work
from records.errors import AlreadyThere, LastManager, NothingWritten, NotSignedIn, SignInRefused, SlowDown, WeakPassword
from records.tables import Attempt, Worker
from tests.conftest import NOW
from tests.desk import people

PASSWORD = "four plain unusual words"


def add(work: Work, email: str = "ash@example.org", role: str = "social_worker") -> Worker:
    return workers.add_worker(work, email=email, name="Ash Fernwood", role=role, password=PASSWORD, now=NOW)


def try_in(email: str, password: str, source: str, now: datetime = NOW) -> Worker:
    with unit_of_work() as work:
        return workers.check_password(work, email, password, source, now)


def test_a_password_is_kept_as_argon2id_only(installation: Engine) -> None:
    with unit_of_work() as work:
        assert add(work).password.startswith("$argon2id$")


def test_the_right_password_signs_in_whatever_the_case_of_the_email(installation: Engine) -> None:
    with unit_of_work() as work:
        added = add(work)
        work.commit()
    assert try_in(" Ash@Example.ORG ", PASSWORD, "here").id == added.id


def test_a_wrong_password_an_unknown_email_and_a_closed_account_are_refused_alike(installation: Engine) -> None:
    with unit_of_work() as work:
        add(work)
        add(work, "gone@example.org")
        add(work, "boss@example.org", "manager")
        workers.deactivate(work, workers.by_email(work, "gone@example.org").id, NOW)  # type: ignore[union-attr]
        work.commit()
    refusals = []
    for email, password in (("ash@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("gone@example.org", PASSWORD)):
        with pytest.raises(SignInRefused) as refusal:
            try_in(email, password, email)
        refusals.append((str(refusal.value), refusal.value.args))
    assert len(set(refusals)) == 1


def test_an_unknown_email_costs_a_hash_like_a_known_one(installation: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(workers, "_fits", lambda hashed, _password: bool(checked.append(hashed)))
    with pytest.raises(SignInRefused):
        try_in("nobody@example.org", "x", "here")
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$")


def test_guessing_at_one_email_slows_that_email_down_from_everywhere_and_nobody_else(installation: Engine) -> None:
    with unit_of_work() as work:
        add(work)
        add(work, "mo@example.org")
        work.commit()
    for guess in range(5):
        with pytest.raises(SignInRefused):
            try_in("ash@example.org", "wrong", f"place {guess}")
    with pytest.raises(SlowDown) as slow:
        try_in("ash@example.org", PASSWORD, "yet another place")
    assert slow.value.seconds >= 1
    assert try_in("mo@example.org", PASSWORD, "their own place").email == "mo@example.org"
    assert try_in("ash@example.org", PASSWORD, "home", NOW + timedelta(minutes=16)).email == "ash@example.org"


def test_guessing_from_one_place_slows_that_place_down(installation: Engine) -> None:
    with unit_of_work() as work:
        add(work)
        work.commit()
    for guess in range(5):
        with pytest.raises(SignInRefused):
            try_in(f"guess{guess}@example.org", "wrong", "a dark place")
    with pytest.raises(SlowDown):
        try_in("ash@example.org", PASSWORD, "a dark place")
    assert try_in("ash@example.org", PASSWORD, "the office").email == "ash@example.org"


def test_a_success_wipes_the_slate(installation: Engine) -> None:
    with unit_of_work() as work:
        add(work)
        work.commit()
    with pytest.raises(SignInRefused):
        try_in("ash@example.org", "wrong", "here")
    try_in("ash@example.org", PASSWORD, "here")
    with unit_of_work(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_an_old_hash_is_renewed_at_the_next_sign_in(installation: Engine) -> None:
    from argon2 import PasswordHasher

    with unit_of_work() as work:
        old = add(work)
        old.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        before = old.password
        work.commit()
    try_in("ash@example.org", PASSWORD, "here")
    with unit_of_work(write=False) as work:
        renewed = work.session.get_one(Worker, old.id).password
    assert renewed != before
    assert "m=8," not in renewed


@pytest.mark.parametrize("password", ["short", "x" * 201, "ash@example.org"])
def test_a_weak_password_is_refused(installation: Engine, password: str) -> None:
    with unit_of_work() as work, pytest.raises(WeakPassword):
        workers.add_worker(work, email="ash@example.org", name="Ash", role="duty", password=password, now=NOW)


def test_an_email_is_given_once_a_name_is_needed_and_a_role_must_exist(installation: Engine) -> None:
    with unit_of_work() as work:
        add(work)
        with pytest.raises(AlreadyThere):
            add(work, "ASH@example.org")
        with pytest.raises(NothingWritten):
            workers.add_worker(work, email="mo@example.org", name="  ", role="duty", password=PASSWORD, now=NOW)
        with pytest.raises(NothingWritten):
            workers.add_worker(work, email="not an address", name="Mo", role="duty", password=PASSWORD, now=NOW)
        with pytest.raises(ValueError, match="social_worker"):
            add(work, "x@example.org", "king")


def test_the_first_worker_is_made_once_and_can_sign_in(installation: Engine) -> None:
    with unit_of_work() as work:
        made = workers.create_first_worker(work, NOW)
        assert made is not None
        assert workers.create_first_worker(work, NOW) is None
        work.commit()
    assert try_in(*made, "here").role == "manager"


def test_changing_the_password_needs_the_old_one_and_ends_other_sign_ins(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = add(work)
        here, there = desk_sessions.start(work, ash, NOW), desk_sessions.start(work, ash, NOW)
        with pytest.raises(SignInRefused):
            workers.change_password(work, ash, old="wrong", new="another good long one", token=here, now=NOW)
        workers.change_password(work, ash, old=PASSWORD, new="another good long one", token=here, now=NOW)
        work.commit()
        assert desk_sessions.worker_of(work, here, NOW).id == ash.id
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, there, NOW)
    assert try_in("ash@example.org", "another good long one", "here").id == ash.id


def test_ending_access_signs_out_and_moves_on_what_was_waiting(installation: Engine) -> None:
    with unit_of_work() as work:
        team = people.team(work)
        statement = people.sent(work, people.chat(work, team.robin), to=("social_worker", "reviewing_officer"))
        lonely = people.sent(work, people.chat(work, team.robin))
        token = desk_sessions.start(work, team.ash, NOW)
        workers.deactivate(work, team.ash.id, NOW)
        assert statement.owner_id == team.priya.id
        assert lonely.owner_id is None
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, token, NOW)


def test_the_last_manager_stays(installation: Engine) -> None:
    with unit_of_work() as work:
        boss = add(work, "boss@example.org", "manager")
        with pytest.raises(LastManager):
            workers.deactivate(work, boss.id, NOW)
        add(work, "second@example.org", "manager")
        assert not workers.deactivate(work, boss.id, NOW).active
