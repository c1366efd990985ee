"""Whether an installation is fit for real young people: what is missing, what is still invented, what must be checked again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from records.settings import Settings
from voice.promises.hours import HERE, Hours
from voice.safeguarding.help import HelpData, Helpline, Local
from voice.wording import Words

LOCAL = "data/help/local.yml"
_FICTION = (
    "01632960",
    "02079460",
    "01914980",
    "02896496",
    "02920180",
    "07700900",
    "03069990",
    "08081570",
    "09098790",
    *(f"01{city}4960" for city in ("13", "14", "15", "16", "17", "18", "21", "31", "41", "51", "61")),
)
"""Beginnings of the numbers that Ofcom keeps for films and books: nobody ever answers them."""
_NOBODYS = re.compile(r"(\.|@|^)(example|test|invalid|localhost|example\.(com|net|org))$")
"""Ends of mail addresses that belong to nobody (RFC 2606)."""
_MONDAY = datetime(2026, 11, 23, tzinfo=HERE)
"""A week without bank holidays, to look at the hours of a week."""


def missing_for_live(chosen: Settings, help_data: HelpData) -> list[str]:
    """What must be put right before real young people use it, one plain sentence each. Empty: nothing."""
    return [*_of_the_council(help_data.local), *_of_the_installation(chosen)]


def out_of_date(help_data: HelpData, today: date) -> list[Helpline]:
    """Helplines that were last checked more than 90 days ago."""
    return [line for line in help_data.helplines if line.is_out_of_date(today)]


def refused(chosen: Settings, help_data: HelpData) -> str | None:
    """Why a live start is refused, as one text with a line for each reason; None when it may start."""
    missing = missing_for_live(chosen, help_data) if chosen.live else []
    if not missing:
        return None
    listed = "\n".join(f"  - {one}" for one in missing)
    return f"SAYSO_LIVE is true, but Sayso is not ready for real young people:\n{listed}\nNothing was started. docs/hosts.md says more."


def _of_the_council(local: Local) -> Iterator[str]:
    if local.invented:
        yield f"{LOCAL} still says `invented: true`: the council and its numbers are those of the sample."
    officer = local.allegations_officer
    texts: dict[str, str | Words] = {
        "council": local.council,
        "reader": local.reader,
        "duty.name": local.duty.name,
        "duty.what": local.duty.what,
        "out_of_hours.name": local.out_of_hours.name,
        "out_of_hours.what": local.out_of_hours.what,
        "out_of_hours.at_night": local.out_of_hours.at_night,
        "allegations_officer.name": officer.name,
        "allegations_officer.reached": officer.reached,
    }
    for place, text in texts.items():
        if not all(part.strip() for part in ((text.standard, text.easy) if isinstance(text, Words) else (text,))):
            yield f"{LOCAL}: {place} is empty."
    numbers = {"duty": local.duty.call, "out_of_hours": local.out_of_hours.call, "allegations_officer": officer.call}
    for place, number in numbers.items():
        bare = re.sub(r"\D", "", number)
        if not bare:
            yield f"{LOCAL}: {place}.call has no number."
        elif bare.startswith(_FICTION):
            yield f"{LOCAL}: {place}.call is {number}, a number kept for fiction."
    yield from _mail(officer.mail, f"{LOCAL}: allegations_officer.mail")
    if _nobody_there(local.duty.open_hours, local.out_of_hours.open_hours):
        yield f"{LOCAL}: there are hours in which neither the duty team nor the out-of-hours team is there."


def _of_the_installation(chosen: Settings) -> Iterator[str]:
    if not chosen.smtp_host:
        yield "SAYSO_SMTP_HOST is not set: no alert can go out by mail."
    yield from _mail(chosen.mail_from, "SAYSO_MAIL_FROM")
    yield from _mail(chosen.duty_mail, "SAYSO_DUTY_MAIL")
    if chosen.out_of_hours_mail:
        # without it the chain ends with everybody again; an invented one would end it with nobody
        yield from _mail(chosen.out_of_hours_mail, "SAYSO_OUT_OF_HOURS_MAIL")
    for name, address in (("SAYSO_CHAT_URL", chosen.chat_address), ("SAYSO_DESK_URL", chosen.desk_address)):
        if not address.startswith("https://"):
            yield f"{name} is {address}: it must be an https address."
    for origin in chosen.embed_origins.split():
        if not origin.startswith("https://"):
            yield f"SAYSO_EMBED_ORIGINS has {origin}: every website must be an https address."
    if chosen.council_port:
        yield f"SAYSO_COUNCIL_PORT is {chosen.council_port}: the page of the invented council must not be served; set it to 0."


def _mail(address: str, where: str) -> Iterator[str]:
    """What is wrong with a mail address, if anything."""
    name, at, host = address.strip().rpartition("@")
    if not address.strip():
        yield f"{where} is not set."
    elif not (name and at and host):
        yield f"{where} is {address}, which is no mail address."
    elif _NOBODYS.search(host.casefold()):
        yield f"{where} is {address}, an address that belongs to nobody."


def _nobody_there(duty: Hours, out_of_hours: Hours) -> bool:
    """Whether the two leave any quarter of an hour of a week open, or the bank holidays."""
    if out_of_hours.always or duty.always:
        return False
    if not (out_of_hours.bank_holidays or duty.bank_holidays):
        return True
    moments = (_MONDAY.astimezone(HERE) + timedelta(minutes=15 * quarter) for quarter in range(7 * 24 * 4))
    return not all(duty.open_at(moment) or out_of_hours.open_at(moment) for moment in moments)
