"""What is said about the assigned worker, at the desk over HTTP: it is not there for them, and it is for whoever looks at allegations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

import httpx
import pytest
from sqlalchemy import select

from records.database import unit_of_work
from records.tables import Flag
from tests.conversations.after_a_flag import HELP
from tests.conversations.play import invitation
from tests.stack import Stack, shared_mail, wait_for
from tests.staff import DUTY, PASSWORD, WORKER, hired
from tests.visitor import Visitor

OFFICER = (HELP.local.allegations_officer.mail, HELP.local.allegations_officer.name, "manager")
WORDS = "my social worker hits me when we are in her car"


@pytest.mark.stack
def test_the_worker_cannot_read_what_is_said_about_them_and_the_allegations_officer_can(stack: Stack) -> None:
    with stack.records(), unit_of_work() as work:
        hired(work, OFFICER, datetime.now(timezone.utc))
        work.commit()
    visitor = Visitor(stack.address, join=invitation(stack))
    visitor.start()
    letters = len(shared_mail().addressed)
    visitor.says(WORDS)
    with stack.records(), unit_of_work(write=False) as work:
        flag = work.session.scalars(select(Flag.id).where(Flag.conversation_id == visitor.conversation)).one()
    if not stack.is_running("desk"):
        stack.start("desk")
    for who in (OFFICER, DUTY):
        with signed_in(stack, who[0]) as desk:
            assert f"/flags/{flag}" in desk.get("/flags").text
            page = desk.get(f"/flags/{flag}")
            assert page.status_code == 200
            assert WORDS in page.text
    with signed_in(stack, WORKER[0]) as desk:
        assert f"/flags/{flag}" not in desk.get("/flags").text
        page = desk.get(f"/flags/{flag}")
        assert page.status_code == 404
        assert WORDS not in page.text
        assert all(WORDS not in desk.get(path).text for path in ("/", "/flags"))
    wait_for(lambda: {OFFICER[0], DUTY[0]} <= set(shared_mail().addressed[letters:]), "the alerts")
    assert WORKER[0] not in shared_mail().addressed[letters:]


@contextmanager
def signed_in(stack: Stack, email: str) -> Iterator[httpx.Client]:
    """A browser at the desk."""
    desk = stack.parts["desk"]
    address = f"http://{desk.reach}:{desk.port}"
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": address}
    with httpx.Client(base_url=address, headers=ours, timeout=60, follow_redirects=True) as client:
        answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 200
        assert "sign-in" not in str(answer.url)
        yield client
