"""Every page of the desk. What a worker may see of a statement, a flag or a young person is decided in `records`."""

from __future__ import annotations

from desk.pages import corrections, inbox, people, safety, sample, sign_in, statement, workers
from desk.visit import Page
from records.flags import DUTY_ROLES

PAGES = (
    Page("GET", "/sign-in", sign_in.form),
    Page("POST", "/sign-in", sign_in.sign_in),
    Page("POST", "/sign-out", sign_in.sign_out),
    Page("GET", "/", inbox.first),
    Page("GET", "/inbox/{folder}", inbox.folder),
    Page("GET", "/statements/{statement}", statement.read),
    Page("POST", "/statements/{statement}/assign", statement.assign),
    Page("POST", "/statements/{statement}/note", statement.note),
    Page("POST", "/statements/{statement}/reply", statement.reply),
    Page("POST", "/statements/{statement}/done", statement.done),
    Page("POST", "/statements/{statement}/reopen", statement.reopen),
    Page("GET", "/statements/{statement}/meaning", corrections.form),
    Page("POST", "/statements/{statement}/meaning", corrections.correct),
    Page("GET", "/flags", safety.queue),
    Page("GET", "/flags/{flag}", safety.read),
    Page("POST", "/flags/{flag}/acknowledge", safety.acknowledge),
    Page("POST", "/flags/{flag}/actions", safety.act),
    Page("POST", "/flags/{flag}/close", safety.close),
    Page("POST", "/flags/{flag}/name", safety.name),
    Page("GET", "/sample", sample.overview, DUTY_ROLES),
    Page("GET", "/sample/{item}", sample.read, DUTY_ROLES),
    Page("POST", "/sample/{item}/fine", sample.fine, DUTY_ROLES),
    Page("POST", "/sample/{item}/missed", sample.missed, DUTY_ROLES),
    Page("GET", "/screening", sample.screening, DUTY_ROLES),
    Page("GET", "/young-people", people.everybody),
    Page("GET", "/young-people/new", people.form),
    Page("POST", "/young-people/new", people.add),
    Page("GET", "/young-people/{person}", people.one),
    Page("POST", "/young-people/{person}/invite", people.invite),
    Page("GET", "/conversations/{conversation}/match", people.match_form, DUTY_ROLES),
    Page("POST", "/conversations/{conversation}/match", people.match_find, DUTY_ROLES),
    Page("POST", "/conversations/{conversation}/match/confirm", people.match_confirm, DUTY_ROLES),
    Page("POST", "/matches/{match}/undo", people.undo, DUTY_ROLES),
    Page("GET", "/workers", workers.everybody, ("manager",)),
    Page("POST", "/workers", workers.add, ("manager",)),
    Page("POST", "/workers/{worker}/deactivate", workers.deactivate, ("manager",)),
    Page("GET", "/me/password", sign_in.password_form),
    Page("POST", "/me/password", sign_in.change_password),
    Page("GET", "/history", inbox.steps),
)
"""What each role may open is written down once more in tests/desk/matrix.yml; a page that is missing there fails a test."""
