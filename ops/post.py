"""The post: takes alerts up the chain and delivers them, draws the weekly sample, deletes what is due, and shows that it is
alive. `python -m ops.post` runs it for ever."""

from __future__ import annotations

import logging
import secrets
import signal
import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from email.message import EmailMessage

from records import escalation, outbox, retention, sampling, unanswered
from records.database import unit_of_work
from records.errors import NotSaved
from records.migrating import prepare
from records.safety_data import load_help
from records.settings import Settings, settings
from records.tables import OutboxRow

log = logging.getLogger("sayso.post")

ROUND = 5.0
"""Seconds between two rounds."""

Deliver = Callable[[OutboxRow], None]
"""Hands one alert over. Raises OSError or smtplib.SMTPException when it did not work."""


def one_round(deliver: Deliver, now: datetime) -> None:
    """One round: a sign of life, those who did not say that they are safe, the alerts nobody heeded one rung up, every alert that
    is due, once a week a sample, and the chats whose date has come. Raises NotSaved."""
    with unit_of_work() as work:
        outbox.beat(work, "post", now)
        work.commit()
    _heed_silence(now)
    _climb(now)
    _deliver_due(deliver, now)
    _draw(now)
    with unit_of_work() as work:
        due = retention.expired(work, now)
        if due:
            retention.delete_chats(work, due)
            work.commit()
            log.info("deleted %d chats on their date", len(due))
    with unit_of_work(write=False) as work:
        ids = retention.due_for_clearing(work, now)
    for conversation_id in ids:
        # each by itself: whoever comes back waits for one chat, not for a hundred
        with unit_of_work() as work:
            retention.clear_chat(work, conversation_id, now)
            work.commit()


def _climb(now: datetime) -> None:
    with unit_of_work(write=False) as work:
        ids = escalation.waiting(work, now)
    for flag_id in ids:
        with unit_of_work() as work:
            escalation.climb(work, flag_id, now)
            work.commit()


def _draw(now: datetime) -> None:
    with unit_of_work(write=False) as work:
        if not sampling.is_due(work, now):
            return
    with unit_of_work() as work:
        sampling.draw(work, now, secrets.token_hex(16))
        work.commit()


def _heed_silence(now: datetime) -> None:
    """Who was asked whether they are safe and has not answered may not be able to."""
    asked = load_help(settings().root).replies.question
    with unit_of_work(write=False) as work:
        ids = unanswered.due(work, asked, now)
    for flag_id in ids:
        with unit_of_work() as work:
            unanswered.raise_to_danger(work, flag_id, asked, now)
            work.commit()


def _deliver_due(deliver: Deliver, now: datetime) -> None:
    """Delivers outside any transaction, and notes each outcome before the next is tried."""
    with unit_of_work(write=False) as work:
        ids = [row.id for row in outbox.due(work, now)]
    for row_id in ids:
        with unit_of_work() as work:
            row = outbox.claim(work, row_id, now)
            work.commit()
        if row is None:
            continue
        fault = _try(deliver, row)
        with unit_of_work() as work:
            row = work.session.get(OutboxRow, row_id)
            if row is None:
                # withdrawn while it was on its way: a flag names this worker now
                continue
            if fault:
                outbox.failed(row, fault, now)
            else:
                outbox.delivered(row, now)
            work.commit()


def _try(deliver: Deliver, row: OutboxRow) -> str | None:
    """None when it was delivered, else the kind of fault."""
    try:
        deliver(row)
    except Exception as fault:
        # an address nobody could write to raises what it likes; the other alerts go out all the same
        log.warning("an alert could not be delivered: %s", type(fault).__name__)
        return type(fault).__name__
    return None


_URGENT = ("flag_raised", unanswered.ALERT, escalation.OVERDUE)


def _page(row: OutboxRow) -> str:
    """Where at the desk it is."""
    if row.kind == sampling.DRAWN:
        return "/sample"
    return f"/{'flags' if row.kind in (*_URGENT, escalation.WAITING) else 'statements'}/{row.about_id}"


class NoMailServer(OSError):
    """No mail server is set; the desk shows that alerts wait there only."""


def by_mail(chosen: Settings) -> Deliver:
    """Delivery by mail. A mail says that something waits and where, never what: it can be read on a lock screen."""

    def deliver(row: OutboxRow) -> None:
        if not chosen.smtp_host:
            raise NoMailServer("SAYSO_SMTP_HOST is not set")
        mail = EmailMessage()
        mail["From"], mail["To"] = chosen.mail_from, row.address
        mail["Subject"] = "Sayso: something needs you now" if row.kind in _URGENT else "Sayso: something new is waiting"
        mail.set_content(f"Please sign in and look at it:\n{chosen.desk_address}{_page(row)}\n")
        with smtplib.SMTP(chosen.smtp_host, chosen.smtp_port, timeout=10) as server:
            server.send_message(mail)

    return deliver


def main() -> None:
    """Rounds until SIGTERM. A database that is away is waited for."""
    chosen = settings()
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    prepare()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    deliver = by_mail(chosen)
    while not stop.is_set():
        try:
            one_round(deliver, datetime.now(timezone.utc))
        except NotSaved as fault:
            log.warning("the database is away: %s", fault)
        stop.wait(ROUND)


if __name__ == "__main__":
    main()
