"""Every page × every kind of worker (promise P19). A page that is not in matrix.yml fails."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from desk.routes import PAGES
from records import outbox, sampling
from records.database import unit_of_work
from records.statements import stamp
from records.tables import Match, SampleItem, Worker
from tests.conftest import NOW
from tests.desk import people
from tests.desk.conftest import Office

MATRIX = YAML(typ="safe").load((Path(__file__).parent / "matrix.yml").read_text(encoding="utf-8"))
FORMS = {
    "assign": {"worker": "ash", "seen": "seen"},
    "note": {"note": "Rang.", "form": "f"},
    "reply": {"reply": "Yes.", "form": "f", "seen": "seen"},
    "meaning": {"version": "1", "line": "1", "topic.home": "1", "stance": "wish", "seen": "1.0"},
    "name": {"worker": "mo"},
    "actions": {"kind": "spoke_to_child", "form": "f"},
    "missed": {"severity": "S3", "category": "missing", "worker": "mo"},
}
"""What is filled in, so that a page has no other reason to refuse; names stand for ids."""


def world(office: Office) -> tuple[dict[str, str], dict[str, Worker]]:
    """Ids for the addresses, and the visitors by column."""
    team = office.team
    with unit_of_work(on=office.engine) as work:
        accused = people.worker(work, "Kit Thornapple", "duty")
        spare = people.worker(work, "Sam Spare", "social_worker")
        tied = people.chat(work, team.robin)
        statement = people.sent(work, tied)
        flag = people.flagged(work, tied, "kit thornapple frightens me")
        match = Match(conversation_id=tied.id, young_person_id=team.robin.id, matched_by=team.dee.id, matched_at=NOW)
        loose = people.chat(work)
        people.sent(work, loose)
        people.flagged(work, loose, "kit thornapple shouted at me")
        work.session.add(match)
        seen = stamp(work, statement)
        people.sent(work, tied, words="another time", now=NOW - timedelta(days=7))
        outbox.beat(work, "post", NOW)
        sampling.draw(work, NOW, "chance")
        item = work.session.scalars(select(SampleItem.id)).first()
        assert item is not None
        work.commit()
    ids = {
        "folder": "unassigned",
        "statement": statement.id,
        "flag": flag.id,
        "person": team.robin.id,
        "conversation": loose.id,
        "match": match.id,
        "worker": spare.id,
        "seen": seen,
        "item": item,
    }
    visitors = {"ash": team.ash, "mo": team.mo, "priya": team.priya, "dee": team.dee, "max": team.max, "accused": accused}
    return ids, visitors


def test_every_page_stands_in_the_matrix() -> None:
    pages = {f"{page.method} {page.path}" for page in PAGES}
    assert pages == set(MATRIX["pages"]) | set(MATRIX["open_to_all"])


@pytest.mark.parametrize("page", MATRIX["pages"])
def test_each_page_lets_in_whom_the_matrix_says(office: Office, page: str) -> None:
    ids, visitors = world(office)
    method, pattern = page.split(" ")
    path = re.sub(r"\{(\w+)\}", lambda part: ids[part[1]], pattern)
    known = ids | {name: worker.id for name, worker in visitors.items()}
    form = {name: known.get(value, value) for name, value in FORMS.get(path.rsplit("/", 1)[-1], {}).items()}

    refused = office.visitor().request(method, path, data=form if method == "POST" else None)
    assert refused.status_code == 303
    assert refused.headers["location"].startswith("/sign-in")

    got = [office.visitor(visitors[name]).request(method, path, data=form or None).status_code for name in MATRIX["columns"]]
    assert got == MATRIX["pages"][page]
