"""The people of the desk, for managers."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from desk.visit import Visit
from records import workers
from records.errors import AlreadyThere, LastManager, NotFound, NothingWritten
from records.tables import Worker


def everybody(visit: Visit) -> Response:
    """All workers, and the form to add one."""
    return _show(visit)


def add(visit: Visit) -> Response:
    """Adds a worker with a random password, shown this once to be handed over."""
    password = secrets.token_urlsafe(12)
    role = visit.written("role")
    if role not in workers.ROLES:
        return _show(visit, 422, fault="role")
    with visit.desk.work() as work:
        try:
            added = workers.add_worker(
                work, email=visit.written("email"), name=visit.written("name"), role=role, password=password, now=visit.now
            )
        except (NothingWritten, AlreadyThere) as fault:
            work.session.rollback()
            return _show(visit, 422, fault=fault.what if isinstance(fault, NothingWritten) else fault.code)
        work.commit()
    return _show(visit, added=added, password=password)


def deactivate(visit: Visit) -> Response:
    """Ends a worker's access."""
    with visit.desk.work() as work:
        if work.session.get(Worker, visit.part("worker")) is None:
            raise NotFound
        try:
            workers.deactivate(work, visit.part("worker"), visit.now)
        except LastManager as fault:
            work.session.rollback()
            return _show(visit, 409, fault=fault.code)
        work.commit()
    return visit.go("/workers", "deactivated")


def _show(visit: Visit, status: int = 200, *, fault: str = "", added: Worker | None = None, password: str = "") -> Response:
    filled = {field: visit.written(field) if fault else "" for field in ("name", "email", "role")}
    with visit.desk.work(write=False) as work:
        rows = workers.everybody(work)
    return visit.show("workers.html", status, rows=rows, roles=workers.ROLES, fault=fault, filled=filled, added=added, password=password)
