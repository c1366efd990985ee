"""Young people: the list, adding one, the join code, and tying a chat to one."""

from __future__ import annotations

from starlette.responses import Response

from desk.visit import Visit
from records import folders, history, workers, young_people
from records.database import Work
from records.errors import AlreadyThere, NothingWritten, TooLate
from records.tables import Worker

_FIELDS = ("name", "identifier", "social_worker", "reviewing_officer")


def everybody(visit: Visit) -> Response:
    """The young people this worker may know of."""
    with visit.desk.work(write=False) as work:
        known = young_people.known_to(work, visit.worker)
        names = {one.id: one.name for one in workers.everybody(work)}
    return visit.show("people.html", people=known, names=names)


def form(visit: Visit) -> Response:
    """The page to add one. A social worker most often adds their own."""
    filled = dict.fromkeys(_FIELDS, "")
    if visit.worker.role in ("social_worker", "reviewing_officer"):
        filled[visit.worker.role] = visit.worker.id
    return _form(visit, 200, filled, "")


def add(visit: Visit) -> Response:
    """Adds one."""
    filled = {field: visit.written(field) for field in _FIELDS}
    with visit.desk.work() as work:
        try:
            person = young_people.add(
                work,
                visit.worker,
                name=filled["name"],
                identifier=filled["identifier"],
                social_worker_id=filled["social_worker"] or None,
                reviewing_officer_id=filled["reviewing_officer"] or None,
                now=visit.now,
            )
        except (NothingWritten, AlreadyThere) as fault:
            work.session.rollback()
            return _form(visit, 422, filled, fault.what if isinstance(fault, NothingWritten) else fault.code)
        known = any(one.id == person.id for one in young_people.known_to(work, visit.worker))
        work.commit()
    return visit.go(f"/young-people/{person.id}" if known else "/young-people", "person_added")


def one(visit: Visit) -> Response:
    """A young person with their statements and the state of their invitation."""
    return _one(visit, code="")


def invite(visit: Visit) -> Response:
    """Makes a join code and shows it, this once."""
    with visit.desk.work() as work:
        code = young_people.invite(work, visit.part("person"), visit.worker, visit.now)
        work.commit()
    return _one(visit, code=code)


def match_form(visit: Visit) -> Response:
    """The page that asks for two identifiers."""
    with visit.desk.work(write=False) as work:
        young_people.chat_to_match(work, visit.part("conversation"), visit.worker)
    return visit.show("match.html", person=None, fault="", name="", identifier="", names={})


def match_find(visit: Visit) -> Response:
    """Looks for the young person and shows both identifiers before the tie is made (promise P43)."""
    name, identifier = visit.written("name"), visit.written("identifier")
    with visit.desk.work(write=False) as work:
        young_people.chat_to_match(work, visit.part("conversation"), visit.worker)
        person = young_people.find_by_two_identifiers(work, name, identifier)
        names = {one.id: one.name for one in workers.everybody(work)}
    fault = "" if person else "nobody"
    return visit.show("match.html", 200 if person else 422, person=person, fault=fault, name=name, identifier=identifier, names=names)


def match_confirm(visit: Visit) -> Response:
    """Ties the chat to the young person."""
    with visit.desk.work() as work:
        young_people.match(work, visit.part("conversation"), visit.written("person"), visit.worker, visit.now)
        work.commit()
    return visit.go("/inbox/all", "matched")


def undo(visit: Visit) -> Response:
    """Unties it."""
    with visit.desk.work() as work:
        try:
            young_people.undo_match(work, visit.part("match"), visit.worker, visit.now)
        except TooLate:
            return visit.show("too_late.html", 409)
        work.commit()
    return visit.go("/inbox/unassigned", "match_undone")


def _one(visit: Visit, *, code: str) -> Response:
    with visit.desk.work(write=False) as work:
        person = young_people.one(work, visit.worker, visit.part("person"))
        statements = folders.of_young_person(work, visit.worker, person.id, visit.now)
        invitation = young_people.open_invitation(work, person.id, visit.now)
        events = history.of_young_person(work, person.id)
        names = {one.id: one.name for one in workers.everybody(work)}
    return visit.show("person.html", person=person, entries=statements, invitation=invitation, events=events, names=names, code=code)


def _form(visit: Visit, status: int, filled: dict[str, str], fault: str) -> Response:
    with visit.desk.work(write=False) as work:
        everyone = _by_role(work)
    return visit.show("person_new.html", status, filled=filled, fault=fault, **everyone)


def _by_role(work: Work) -> dict[str, list[Worker]]:
    active = workers.everybody(work, active_only=True)
    return {
        "social_workers": [one for one in active if one.role == "social_worker"],
        "reviewing_officers": [one for one in active if one.role == "reviewing_officer"],
    }
