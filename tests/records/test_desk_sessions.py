"""Sign-ins at the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from records import desk_sessions
from records.database import unit_of_work
from records.errors import NotSignedIn
from records.tables import DeskSession
from tests.conftest import NOW
from tests.desk import people


def test_a_token_is_long_random_and_never_kept_itself(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = people.worker(work, "Ash Fernwood", "social_worker")
        tokens = {desk_sessions.start(work, ash, NOW) for _ in range(20)}
        kept = set(work.session.scalars(select(DeskSession.token_hash)))
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43
    assert not tokens & kept


def test_a_sign_in_ends_after_an_hour_of_silence(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = people.worker(work, "Ash Fernwood", "social_worker")
        token = desk_sessions.start(work, ash, NOW)
        assert desk_sessions.worker_of(work, token, NOW + timedelta(minutes=59)).id == ash.id
        # that visit was noted, so another hour begins
        assert desk_sessions.worker_of(work, token, NOW + timedelta(minutes=118)).id == ash.id
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, token, NOW + timedelta(minutes=178))


def test_a_sign_in_ends_after_twelve_hours_however_busy(installation: Engine) -> None:
    with unit_of_work() as work:
        token = desk_sessions.start(work, people.worker(work, "Ash Fernwood", "social_worker"), NOW)
        for minutes in range(30, 12 * 60, 30):
            desk_sessions.worker_of(work, token, NOW + timedelta(minutes=minutes))
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, token, NOW + timedelta(hours=12))


def test_signing_in_ends_the_session_that_came_with_the_browser(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = people.worker(work, "Ash Fernwood", "social_worker")
        before = desk_sessions.start(work, ash, NOW)
        after = desk_sessions.start(work, ash, NOW, instead_of=before)
        assert after != before
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, before, NOW)


def test_signing_out_works_and_works_for_an_unknown_token(installation: Engine) -> None:
    with unit_of_work() as work:
        token = desk_sessions.start(work, people.worker(work, "Ash Fernwood", "social_worker"), NOW)
        desk_sessions.end(work, token, NOW)
        desk_sessions.end(work, "unknown", NOW)
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, token, NOW)


def test_a_closed_account_is_not_signed_in(installation: Engine) -> None:
    with unit_of_work() as work:
        ash = people.worker(work, "Ash Fernwood", "social_worker")
        token = desk_sessions.start(work, ash, NOW)
        ash.active = False
        with pytest.raises(NotSignedIn):
            desk_sessions.worker_of(work, token, NOW)


@pytest.mark.parametrize("token", ["", "x", "é\ud800", "a" * 5000])
def test_a_strange_token_is_nobody(installation: Engine, token: str) -> None:
    with unit_of_work() as work, pytest.raises(NotSignedIn):
        desk_sessions.worker_of(work, token, NOW)
