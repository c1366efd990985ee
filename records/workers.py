"""The people who sign in at the desk: adding them, their passwords, and ending their access."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from records import attempts, desk_sessions
from records.database import Work
from records.errors import AlreadyThere, LastManager, NothingWritten, SignInRefused, WeakPassword
from records.routing import route
from records.tables import Statement, Worker

ROLES = ("social_worker", "reviewing_officer", "duty", "manager")
"""What a worker can be. Duty and managers (records.flags.DUTY_ROLES) also see what is nobody's yet."""

SHORTEST, LONGEST = 12, 200
"""Characters of a password. Length is asked for and nothing else; the limit above keeps the hashing affordable."""

_hasher = PasswordHasher()


def add_worker(work: Work, *, email: str, name: str, role: str, password: str, now: datetime) -> Worker:
    """Adds someone who can sign in.

    Raises AlreadyThere for an e-mail that is taken, WeakPassword, NothingWritten for an empty name or an e-mail that is
    none, ValueError for a role that is not one of ROLES.
    """
    if role not in ROLES:
        raise ValueError(f"a worker is one of {', '.join(ROLES)}")
    address, called = _plain(email), " ".join(name.split())
    if "@" not in address[1:-1] or len(address) > 254:
        raise NothingWritten("email")
    if not called or len(called) > 120:
        raise NothingWritten("name")
    if by_email(work, address):
        raise AlreadyThere(address)
    worker = Worker(email=address, name=called, role=role, password=_new_hash(password, address), active=True, created_at=now)
    work.session.add(worker)
    work.session.flush()
    return worker


def create_first_worker(work: Work, now: datetime) -> tuple[str, str] | None:
    """A first manager with a random password, only while there are no workers. Returns (e-mail, password), or None."""
    if work.session.scalar(select(Worker.id).limit(1)) is not None:
        return None
    email, password = "manager@sayso.example", secrets.token_urlsafe(12)
    add_worker(work, email=email, name="First Manager", role="manager", password=password, now=now)
    return email, password


def check_password(work: Work, email: str, password: str, source: str, now: datetime) -> Worker:
    """The worker with this e-mail and password. `source` is where the try comes from.

    Raises SignInRefused, the same and after the same work whether the e-mail is known or not; SlowDown after too many
    tries at this e-mail or from this source, never for everybody. Commits what it notes about the try.
    """
    address = _plain(email)
    tried = (f"sign-in {address}", f"sign-in from {source}")
    for key in tried:
        attempts.check_tries(work, key, now)
    worker = by_email(work, address)
    known = worker.password if worker else _nobodys_hash()
    if not _fits(known, password) or worker is None or not worker.active:
        for key in tried:
            attempts.note_failure(work, key, now)
        work.commit()
        raise SignInRefused
    for key in tried:
        attempts.forget_failures(work, key)
    if _hasher.check_needs_rehash(worker.password):
        worker.password = _hasher.hash(password)
    work.commit()
    return worker


def change_password(work: Work, worker: Worker, *, old: str, new: str, token: str | None, now: datetime) -> None:
    """Sets a new password and ends every sign-in of this worker but the one of `token`.

    Raises SignInRefused when `old` is wrong, SlowDown after too many tries, WeakPassword.
    """
    key = f"password {worker.id}"
    attempts.check_tries(work, key, now)
    if not _fits(work.session.get_one(Worker, worker.id).password, old):
        attempts.note_failure(work, key, now)
        work.commit()
        raise SignInRefused
    set_password(work, worker, new, now, token)


def set_password(work: Work, worker: Worker, new: str, now: datetime, token: str | None = None) -> None:
    """Sets a password without asking for the old one, for whoever runs Sayso. Ends other sign-ins. Raises WeakPassword."""
    work.session.get_one(Worker, worker.id).password = _new_hash(new, worker.email)
    desk_sessions.end_all(work, worker.id, now, but=token)


def deactivate(work: Work, worker_id: str, now: datetime) -> Worker:
    """Ends a worker's access at once; what was waiting for them goes to who comes next, or to the unassigned folder.

    Raises LastManager for the only manager left.
    """
    worker = work.session.get_one(Worker, worker_id)
    managers = select(func.count()).where(Worker.role == "manager", Worker.active.is_(True), Worker.id != worker_id)
    if worker.role == "manager" and not work.session.scalar(managers):
        raise LastManager
    worker.active = False
    desk_sessions.end_all(work, worker_id, now)
    work.session.flush()
    for statement in work.session.scalars(select(Statement).where(Statement.owner_id == worker_id, Statement.status != "done")):
        route(work, statement, now)
    return worker


def by_email(work: Work, email: str) -> Worker | None:
    """The worker with this e-mail, active or not."""
    return work.session.scalar(select(Worker).where(Worker.email == _plain(email)))


def everybody(work: Work, *, active_only: bool = False) -> list[Worker]:
    """All workers by name."""
    query = select(Worker).order_by(Worker.active.desc(), Worker.name)
    return list(work.session.scalars(query.where(Worker.active.is_(True)) if active_only else query))


def _plain(email: str) -> str:
    return email.strip().casefold()


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def _new_hash(password: str, email: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST or password.casefold() == email:
        raise WeakPassword
    return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """What an unknown e-mail is checked against, so that it takes as long as a known one."""
    return _hasher.hash(secrets.token_urlsafe(32))
