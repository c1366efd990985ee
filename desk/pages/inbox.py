"""The inbox with its folders, and the history."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from desk.visit import Visit
from records import folders, history, safety_queue
from records.errors import NotFound
from voice.understanding.lessons import STANCES, TOPICS


def first(visit: Visit) -> Response:
    """What needs attention now."""
    return _folder(visit, folders.NeedsAttention.name)


def folder(visit: Visit) -> Response:
    """One folder."""
    return _folder(visit, visit.part("folder"))


def steps(visit: Visit) -> Response:
    """The last changes and readings this worker may know of."""
    with visit.desk.work(write=False) as work:
        recent = history.recent(work, visit.worker)
    return visit.show("history.html", steps=recent)


def _folder(visit: Visit, name: str) -> Response:
    theirs = folders.folders_of(visit.worker, visit.now)
    chosen = next((one for one in theirs if one.name == name), None)
    if chosen is None:
        raise NotFound
    page = max(1, int(visit.asked("page"))) if visit.asked("page").isdecimal() and len(visit.asked("page")) < 6 else 1
    # an unknown one, out of an old address, narrows nothing
    topic = next((one for one in TOPICS if one == visit.asked("topic")), None)
    stance = next((one for one in STANCES if one == visit.asked("stance")), None)
    kept = {"name": visit.asked("name"), "topic": topic, "stance": stance}
    with visit.desk.work(write=False) as work:
        entries, size = folders.contents(work, chosen, page=page, name=visit.asked("name"), topic=topic, stance=stance)
        flags = safety_queue.open_flags(work, visit.worker) if chosen.name == folders.NeedsAttention.name else []
    return visit.show(
        "inbox.html",
        folder=chosen,
        folders=theirs,
        entries=entries,
        size=size,
        flags=flags,
        page=page,
        pages=-(-size // folders.PAGE),
        name=visit.asked("name"),
        topic=topic,
        stance=stance,
        all_topics=TOPICS,
        all_stances=STANCES,
        kept=urlencode({field: value for field, value in kept.items() if value}, errors="replace"),
    )
