"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from starlette.responses import Response

from desk.visit import Visit
from records import desk_sessions, workers
from records.errors import SignInRefused, SlowDown, WeakPassword


def form(visit: Visit) -> Response:
    """The sign-in page."""
    return visit.show("sign_in.html", next=_local(visit.asked("next")), email="", fault="")


def sign_in(visit: Visit) -> Response:
    """Checks e-mail and password; a new session begins and the one that came with the browser ends."""
    client = visit.request.client
    email, target = visit.written("email"), _local(visit.written("next"))
    with visit.desk.work() as work:
        try:
            worker = workers.check_password(work, email, visit.written("password"), client.host if client else "", visit.now)
        except (SignInRefused, SlowDown) as fault:
            status = 429 if isinstance(fault, SlowDown) else 401
            page = visit.show("sign_in.html", status, next=target, email=email, fault=fault.code)
            if isinstance(fault, SlowDown):
                page.headers["Retry-After"] = str(fault.seconds)
            return page
        token = desk_sessions.start(work, worker, visit.now, instead_of=visit.token)
        work.commit()
    return _with_cookie(visit, visit.go(target or "/"), token)


def sign_out(visit: Visit) -> Response:
    """Ends the session and takes the cookie away."""
    if visit.token:
        with visit.desk.work() as work:
            desk_sessions.end(work, visit.token, visit.now)
            work.commit()
    answer = visit.go("/sign-in", "signed_out")
    answer.delete_cookie(visit.desk.cookie, path="/", secure=visit.desk.is_https, httponly=True, samesite="strict")
    return answer


def password_form(visit: Visit) -> Response:
    """The page to change one's password."""
    return visit.show("password.html", fault="", shortest=workers.SHORTEST)


def change_password(visit: Visit) -> Response:
    """Changes the password; every other sign-in of this worker ends, and this one goes on under a new cookie."""
    with visit.desk.work() as work:
        try:
            if visit.written("new") != visit.written("again"):
                return visit.show("password.html", 422, fault="not_the_same", shortest=workers.SHORTEST)
            workers.change_password(
                work, visit.worker, old=visit.written("old"), new=visit.written("new"), token=visit.token, now=visit.now
            )
        except (SignInRefused, WeakPassword) as fault:
            return visit.show("password.html", 422, fault=fault.code, shortest=workers.SHORTEST)
        token = desk_sessions.start(work, visit.worker, visit.now, instead_of=visit.token)
        work.commit()
    return _with_cookie(visit, visit.go("/me/password", "password_changed"), token)


def _with_cookie(visit: Visit, answer: Response, token: str) -> Response:
    answer.set_cookie(visit.desk.cookie, token, path="/", secure=visit.desk.is_https, httponly=True, samesite="strict")
    return answer


def _local(path: str) -> str:
    """`path` if it is a page of the desk, else nothing: a link must not lead a worker to a stranger's page after signing in."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain else ""
