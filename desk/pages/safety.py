"""The safety queue and its flags."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from desk.visit import Visit
from records import outbox, safety_queue, sampling, workers
from records.errors import NothingDone, NothingWritten, Stale


def queue(visit: Visit) -> Response:
    """The open flags, and those closed lately."""
    with visit.desk.work(write=False) as work:
        open_ones = safety_queue.open_flags(work, visit.worker)
        closed = safety_queue.closed_flags(work, visit.worker)
        names = {one.id: one.name for one in workers.everybody(work)}
        unread = len(sampling.to_read(work, visit.worker))
        mail_works = outbox.is_working(work, visit.now)
    return visit.show("flags.html", flags=open_ones, closed=closed, names=names, unread=unread, mail_works=mail_works)


def read(visit: Visit) -> Response:
    """One flag, through its gate: the reading is kept before anything is shown."""
    return _show(visit)


def acknowledge(visit: Visit) -> Response:
    """Somebody is looking at it."""
    with visit.desk.work() as work:
        safety_queue.acknowledge(work, visit.worker, visit.part("flag"), visit.now)
        work.commit()
    return visit.go(f"/flags/{visit.part('flag')}", "acknowledged")


def act(visit: Visit) -> Response:
    """Keeps something that was done about it."""
    with visit.desk.work() as work:
        try:
            safety_queue.act(
                work,
                visit.worker,
                visit.part("flag"),
                visit.written("kind"),
                visit.written("words"),
                visit.now,
                token=visit.written("form"),
            )
        except NothingWritten as fault:
            work.session.rollback()
            return _show(visit, 422, fault=fault.what)
        work.commit()
    return visit.go(f"/flags/{visit.part('flag')}", "acted")


def close(visit: Visit) -> Response:
    """Closes it with how it ended."""
    with visit.desk.work() as work:
        try:
            safety_queue.close(work, visit.worker, visit.part("flag"), visit.written("outcome"), visit.now, ended=visit.written("ended"))
        except NothingWritten as fault:
            work.session.rollback()
            return _show(visit, 422, fault=fault.what)
        except (NothingDone, Stale) as fault:
            work.session.rollback()
            return _show(visit, 409, fault=fault.code)
        work.commit()
    return visit.go(f"/flags/{visit.part('flag')}", "closed")


def name(visit: Visit) -> Response:
    """Hides it from a worker whom the words mean; who hides it from themselves is back at the queue."""
    with visit.desk.work() as work:
        safety_queue.name_worker(work, visit.worker, visit.part("flag"), visit.written("worker"), visit.now)
        work.commit()
    own = visit.written("worker") == visit.worker.id
    return visit.go("/flags" if own else f"/flags/{visit.part('flag')}", "named")


def _show(visit: Visit, status: int = 200, *, fault: str = "") -> Response:
    with visit.desk.work() as work:
        view = safety_queue.read_flag(work, visit.worker, visit.part("flag"), visit.now)
        named = {row.worker_id for row in view.named}
        others = [one for one in workers.everybody(work, active_only=True) if one.id not in named]
    return visit.show(
        "flag.html",
        status,
        view=view,
        flag=view.flag,
        others=others,
        action_kinds=safety_queue.ACTIONS,
        endings=safety_queue.ENDINGS,
        act_form=visit.written("form") or secrets.token_urlsafe(9),
        filled={field: visit.written(field) for field in ("kind", "words", "ended", "outcome")},
        fault=fault,
    )
