"""The weekly sample, and what workers found out about the screening."""

from __future__ import annotations

from starlette.responses import Response

from desk.visit import Visit
from records import lessons, sampling, workers
from records.errors import NothingWritten
from voice.safeguarding.screen import CATEGORIES, Severity


def overview(visit: Visit) -> Response:
    """What is to be read, and what the samples so far say."""
    with visit.desk.work(write=False) as work:
        items = sampling.to_read(work, visit.worker)
        rate = sampling.rate(work, visit.worker)
        weeks = sampling.weeks(work, visit.worker)
    return visit.show("sample.html", items=items, rate=rate, weeks=weeks)


def read(visit: Visit) -> Response:
    """One message, through its gate: the reading is kept before anything is shown."""
    return _show(visit)


def fine(visit: Visit) -> Response:
    """Nothing was missed in it."""
    with visit.desk.work() as work:
        sampling.say_fine(work, visit.worker, visit.part("item"), visit.now)
        work.commit()
    return visit.go("/sample", "sample_fine")


def missed(visit: Visit) -> Response:
    """It should have been flagged: the flag is raised now. Who says it is about themselves does not get to see it."""
    with visit.desk.work() as work:
        try:
            item = sampling.say_missed(
                work,
                visit.worker,
                visit.part("item"),
                severity=visit.written("severity"),
                category=visit.written("category"),
                meant=visit.written("worker") or None,
                now=visit.now,
            )
        except NothingWritten as fault:
            work.session.rollback()
            return _show(visit, 422, fault=fault.what)
        work.commit()
    own = visit.written("worker") == visit.worker.id
    return visit.go("/sample" if own else f"/flags/{item.flag_id}", "sample_missed")


def screening(visit: Visit) -> Response:
    """False alarms and misses in figures."""
    with visit.desk.work(write=False) as work:
        found = lessons.lessons(work, visit.worker, visit.now)
        unread = len(sampling.to_read(work, visit.worker))
    return visit.show("screening.html", lessons=found, unread=unread)


def _show(visit: Visit, status: int = 200, *, fault: str = "") -> Response:
    with visit.desk.work() as work:
        view = sampling.read(work, visit.worker, visit.part("item"), visit.now)
        others = workers.everybody(work, active_only=True)
    return visit.show(
        "sample_item.html",
        status,
        view=view,
        item=view.item,
        categories=CATEGORIES,
        severities=[severity.value for severity in Severity],
        others=others,
        filled={field: visit.written(field) for field in ("category", "severity", "worker")},
        fault=fault,
    )
