"""The pages of the desk, as a worker uses them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from ops.post import one_round
from records import conversations, outbox, sampling, unanswered, workers
from records.database import Work, unit_of_work
from records.safety_data import load_help
from records.settings import settings
from records.tables import Conversation, Flag, Message, OutboxRow, Reading, Reply, SampleItem, Statement, YoungPerson
from tests.conftest import NOW
from tests.desk import people
from tests.desk.conftest import Office
from voice.safeguarding.screen import Level, Screening, Severity
from voice.wording import Style

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> \"' {{7*7}} \u202e end"


def made(office: Office, **how: object) -> Statement:
    """A statement of Robin's, sent to Ash unless `how` says otherwise."""
    with unit_of_work(on=office.engine) as work:
        statement = people.sent(work, people.chat(work, office.team.robin), **how)  # type: ignore[arg-type]
        work.commit()
    return statement


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def count(office: Office, table: type) -> int:
    with unit_of_work(write=False, on=office.engine) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def reply(client: TestClient, page: str, statement: Statement, text: str, **more: str) -> int:
    form = {"reply": text, "seen": hidden(page, "seen"), "form": hidden(page, "form"), "do": "send"} | more
    return client.post(f"/statements/{statement.id}/reply", data=form).status_code


def test_empty_folders_say_something_kind(office: Office) -> None:
    client = office.visitor(office.team.dee)
    for path, words in (("/", "All is calm"), ("/inbox/mine", "Nothing is waiting"), ("/inbox/unassigned", "Nothing without an owner")):
        assert words in client.get(path).text
    assert "No open flags" in client.get("/flags").text


def test_a_list_shows_whose_it_is_and_none_of_the_words(office: Office) -> None:
    made(office, words="canary words of mine")
    client = office.visitor(office.team.ash)
    page = client.get("/inbox/mine").text
    assert "Robin Example" in page
    assert "canary" not in page
    assert count(office, Reading) == 0


def test_a_statement_shows_what_is_wanted_first_and_links_lines_to_bubbles(office: Office) -> None:
    statement = made(office)
    page = office.visitor(office.team.ash).get(f"/statements/{statement.id}").text
    assert page.index("every other week please") < page.index("i want to see my nan")
    line = re.search(r'<a class="from" href="#(m\d+)">', page)
    assert line is not None
    assert f'id="{line[1]}"' in page
    back = re.search(r'<a href="#(line-\d+)">In the statement', page)
    assert back is not None
    assert f'id="{back[1]}"' in page
    assert "Ash Fernwood</strong>" in page
    assert count(office, Reading) == 1


def test_every_link_within_the_statement_leads_somewhere(office: Office) -> None:
    page = office.visitor(office.team.ash).get(f"/statements/{made(office).id}").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_who_should_not_see_it_stands_out(office: Office) -> None:
    statement = made(office, to=("reviewing_officer",), hide_from=("social_worker", "parents"))
    page = office.visitor(office.team.priya).get(f"/statements/{statement.id}").text
    box = page[page.index("What they want kept private") : page.index("What they said")]
    assert "social worker" in box
    assert "parents" in box
    assert office.visitor(office.team.ash).get(f"/statements/{statement.id}").status_code == 404


def test_whatever_a_young_person_or_worker_wrote_is_shown_as_words(office: Office) -> None:
    with unit_of_work(on=office.engine) as work:
        person = people.person(work, NASTY, NASTY, office.team.ash)
        conversation = people.chat(work, person)
        statement = people.sent(work, conversation, words=NASTY)
        flag = people.flagged(work, conversation, NASTY)
        work.commit()
    client = office.visitor(office.team.ash)
    page = client.get(f"/statements/{statement.id}").text
    client.post(f"/statements/{statement.id}/note", data={"note": NASTY, "form": "n"})
    assert reply(client, page, statement, NASTY) == 303
    client.post(f"/flags/{flag.id}/actions", data={"kind": "other", "words": NASTY, "form": "f"})
    client.post(f"/flags/{flag.id}/close", data={"outcome": NASTY, "ended": "other"})
    for path in (
        f"/statements/{statement.id}",
        f"/flags/{flag.id}",
        "/young-people",
        f"/young-people/{person.id}",
        "/inbox/all",
        "/history",
    ):
        shown = client.get(path).text
        assert "<script>" not in shown
        assert "<img src=x" not in shown
        assert "&lt;script&gt;" in shown
        assert "{{7*7}}" in shown


def test_a_reply_reaches_the_chat_and_pressing_twice_sends_once(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = client.get(f"/statements/{statement.id}").text
    assert reply(client, page, statement, "Yes, every other week.") == 303
    assert reply(client, page, statement, "Yes, every other week.") == 303
    assert count(office, Reply) == 1
    again = client.get(f"/statements/{statement.id}?said=replied").text
    assert "They see it when they come back" in again
    assert "Not seen yet" in again
    assert "Yes, every other week." in again


def test_a_reply_on_an_old_page_is_not_sent_and_both_texts_are_there(office: Office) -> None:
    statement = made(office, to=("social_worker", "reviewing_officer"))
    hers, mine = office.visitor(office.team.priya), office.visitor(office.team.ash)
    old = mine.get(f"/statements/{statement.id}").text
    assert reply(hers, hers.get(f"/statements/{statement.id}").text, statement, "Priya says yes.") == 303
    form = {"reply": "Ash says maybe.", "seen": hidden(old, "seen"), "form": hidden(old, "form")}
    answer = mine.post(f"/statements/{statement.id}/reply", data=form)
    assert answer.status_code == 409
    assert "Priya says yes." in answer.text
    assert ">Ash says maybe.</textarea>" in answer.text
    assert count(office, Reply) == 1
    # having seen what is new, the same text can be sent from this page
    assert reply(mine, answer.text, statement, "Ash says maybe.") == 303


def test_hints_are_given_and_never_block(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = client.get(f"/statements/{statement.id}").text
    text = "Your placement and contact will be reviewed."
    form = {"reply": text, "seen": hidden(page, "seen"), "form": hidden(page, "form"), "do": "check"}
    checked = client.post(f"/statements/{statement.id}/reply", data=form)
    assert checked.status_code == 200
    assert "<b>placement</b>" in checked.text
    assert "<b>contact</b>" in checked.text
    assert f">{text}</textarea>" in checked.text
    assert count(office, Reply) == 0
    assert reply(client, checked.text, statement, text) == 303


def test_a_note_looks_and_reads_different_from_a_reply(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    client.post(f"/statements/{statement.id}/note", data={"note": "Rang Nan.", "form": "n"})
    page = client.get(f"/statements/{statement.id}").text
    assert '<li class="is-note">' in page
    assert "Internal note</strong>" in page
    with unit_of_work(write=False, on=office.engine) as work:
        assert "Rang Nan." not in [bubble.text for bubble in work.session.scalars(select(Message))]


def test_done_before_an_answer_is_refused_in_words_and_works_after_one(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = client.get(f"/statements/{statement.id}").text
    refused = client.post(f"/statements/{statement.id}/done", data={"seen": hidden(page, "seen")})
    assert refused.status_code == 409
    assert "Please reply first" in refused.text
    reply(client, refused.text, statement, "Yes.")
    page = client.get(f"/statements/{statement.id}").text
    assert client.post(f"/statements/{statement.id}/done", data={"seen": hidden(page, "seen")}).status_code == 303
    assert "Robin Example" in client.get("/inbox/done").text


def test_a_young_person_is_added_and_their_code_starts_a_tied_chat(office: Office) -> None:
    client = office.visitor(office.team.ash)
    form = {"name": "Wren Placeholder", "identifier": "9", "social_worker": office.team.ash.id, "reviewing_officer": ""}
    path = client.post("/young-people/new", data=form).headers["location"].split("?")[0]
    page = client.post(path + "/invite").text
    code = re.search(r'class="join-code">([^<]+)<', page)
    assert code is not None
    assert f"#join={code[1]}" in page
    assert code[1] not in client.get(path).text
    with unit_of_work(on=office.engine) as work:
        tied = conversations.start(work, style=Style.easy, mode="alone", join_code=code[1], now=NOW).conversation
        assert work.session.get_one(YoungPerson, tied.young_person_id).name == "Wren Placeholder"


def test_a_chat_is_matched_after_both_identifiers_are_shown_and_can_be_undone(office: Office) -> None:
    with unit_of_work(on=office.engine) as work:
        loose = people.chat(work)
        statement = people.sent(work, loose)
        work.commit()
    client = office.visitor(office.team.dee)
    match = f"/conversations/{loose.id}/match"
    assert match in client.get(f"/statements/{statement.id}").text
    wrong = client.post(match, data={"name": "Robin Example", "identifier": "wrong"})
    assert wrong.status_code == 422
    found = client.post(match, data={"name": "robin example", "identifier": "2012-03-04"}).text
    assert "Robin Example</dd>" in found
    assert "2012-03-04</dd>" in found
    assert tied_to(office, loose) is None
    client.post(match + "/confirm", data={"person": hidden(found, "person")})
    assert tied_to(office, loose) == office.team.robin.id
    undo = re.search(r'action="(/matches/[^"]+/undo)"', client.get(f"/statements/{statement.id}").text)
    assert undo is not None
    client.post(undo[1])
    assert tied_to(office, loose) is None


def tied_to(office: Office, conversation: Conversation) -> str | None:
    with unit_of_work(write=False, on=office.engine) as work:
        return work.session.get_one(Conversation, conversation.id).young_person_id


def flag_of(office: Office, text: str = "he hit me", severity: Severity = Severity.S2) -> Flag:
    with unit_of_work(on=office.engine) as work:
        flag = people.flagged(work, people.chat(work, office.team.robin), text, severity=severity)
        work.commit()
    return flag


def test_a_flag_is_looked_at_acted_on_and_closed(office: Office) -> None:
    flag = flag_of(office)
    client = office.visitor(office.team.dee)
    page = client.get(f"/flags/{flag.id}").text
    assert "he hit me" in page
    assert "Not delivered" in page
    assert "Nobody yet" in page
    assert "Tue 24 Nov, 5.00 pm" in page
    client.post(f"/flags/{flag.id}/acknowledge")
    early = client.post(f"/flags/{flag.id}/close", data={"outcome": "All fine.", "ended": "safe"})
    assert early.status_code == 409
    assert "First write down what was done" in early.text
    assert "All fine.</textarea>" in early.text
    assert client.post(f"/flags/{flag.id}/actions", data={"kind": "other", "words": " ", "form": "f"}).status_code == 422
    act = {"kind": "spoke_to_child", "words": "Rang Robin.", "form": hidden(page, "form")}
    for _ in range(2):
        assert client.post(f"/flags/{flag.id}/actions", data=act).status_code == 303
    page = client.get(f"/flags/{flag.id}").text
    assert page.count("Rang Robin.") == 1
    assert page.count("<strong>Spoke to the child</strong> Dee Brightwater") == 1
    assert client.post(f"/flags/{flag.id}/close", data={"outcome": " ", "ended": "safe"}).status_code == 422
    assert client.post(f"/flags/{flag.id}/close", data={"outcome": "x", "ended": ""}).status_code == 422
    assert client.post(f"/flags/{flag.id}/close", data={"outcome": "Safe at school.", "ended": "safe"}).status_code == 303
    page = client.get(f"/flags/{flag.id}").text
    assert "Safe at school." in page
    assert "They are safe</strong>" in page
    late = office.visitor(office.team.max).post(f"/flags/{flag.id}/close", data={"outcome": "Me too.", "ended": "safe"})
    assert late.status_code == 409
    assert "Me too." in late.text
    assert "Safe at school." in late.text


def test_the_queue_shows_the_clock_and_how_far_up_the_alerts_went(office: Office) -> None:
    flag = flag_of(office, severity=Severity.S1)
    client = office.visitor(office.team.dee)
    assert "Take it on by Tue 24 Nov, 10.35 am" in client.get("/flags").text
    assert "(in 5 minutes)" in client.get("/flags").text
    for minutes in (5, 10, 15, 20):
        office.now = NOW + timedelta(minutes=minutes)
        one_round(delivers_all_but_the_first, office.now)
    page = client.get("/flags").text
    assert "(overdue, 15 minutes ago)" in page
    assert "Alert goes to everybody, again and again" in page
    page = client.get(f"/flags/{flag.id}").text
    assert page.index("At once") < page.index("Nobody in time: the managers") < page.index("Still nobody: the last address")
    assert "To everybody again, 2×" in page
    assert "last fault: ConnectionRefusedError" in page
    assert "Sayso</strong> passed the alert up to the managers" in page
    history = client.get("/history").text
    assert "passed the alert up to the last address" in history
    assert "again" not in history
    client.post(f"/flags/{flag.id}/acknowledge")
    assert "Dee Brightwater is looking at it" in client.get("/flags").text


def test_the_queue_says_when_alerts_cannot_be_expected_to_go_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = "Alerts may not go out just now"
    client = office.visitor(office.team.dee)
    one_round(lambda _row: None, office.now)
    assert warning in client.get("/flags").text
    monkeypatch.setattr(settings(), "smtp_host", "mail.example")
    assert warning not in client.get("/flags").text
    office.now = NOW + timedelta(minutes=6)
    assert warning in client.get("/flags").text


def delivers_all_but_the_first(row: OutboxRow) -> None:
    if row.step == 0:
        raise ConnectionRefusedError


def sampled(office: Office, words: str) -> str:
    """The address of the one message that was sent last week and drawn."""
    with unit_of_work(on=office.engine) as work:
        people.sent(work, people.chat(work, office.team.robin), words=words, now=NOW - timedelta(days=7))
        outbox.beat(work, "post", NOW)
        sampling.draw(work, NOW, "chance")
        message = work.session.scalars(select(Message.id).where(Message.n == 2)).one()
        item = work.session.scalars(select(SampleItem.id).where(SampleItem.message_id == message)).one()
        work.commit()
    return f"/sample/{item}"


def test_the_sample_is_listed_without_words_and_read_one_by_one(office: Office) -> None:
    address = sampled(office, "canary words of mine")
    client = office.visitor(office.team.dee)
    page = client.get("/sample").text
    assert address in page
    assert "canary" not in page
    assert "Nothing has been read yet" in page
    assert "2<span" in client.get("/flags").text
    assert count(office, Reading) == 0
    assert "canary words of mine" in client.get(address).text
    assert count(office, Reading) == 1
    assert client.post(address + "/fine").headers["location"] == "/sample?said=sample_fine"
    page = client.get("/sample").text
    assert address not in page
    assert "0 of 1</strong> message drawn" in page
    assert "up to 793 may still need one" in page
    assert "Nothing was missed" in client.get(address).text


def test_a_miss_becomes_a_flag_and_a_figure(office: Office) -> None:
    address = sampled(office, "canary words of mine")
    client = office.visitor(office.team.max)
    refused = client.post(address + "/missed", data={"category": "missing", "severity": ""})
    assert refused.status_code == 422
    assert "Choose how serious it is" in refused.text
    assert '<option value="missing" selected>' in refused.text
    flag = client.post(address + "/missed", data={"category": "missing", "severity": "S2", "worker": ""}).headers["location"]
    page = client.get(flag).text
    assert "Found in the weekly sample" in page
    assert "Tue 24 Nov, 11.30 am" in page
    assert "1 of 1</strong>" in client.get("/sample").text
    figures = client.get("/screening").text
    assert "Running away or missing" in figures
    assert "canary" not in figures
    assert client.post(address + "/fine").status_code == 409


def test_who_says_it_is_about_themselves_is_not_taken_to_the_flag(office: Office) -> None:
    address = sampled(office, "that one again")
    client = office.visitor(office.team.dee)
    form = {"category": "allegation", "severity": "S2", "worker": office.team.dee.id}
    assert client.post(address + "/missed", data=form).headers["location"] == "/sample?said=sample_missed"


def test_an_allegation_names_the_officer_and_how_they_are_reached_and_other_flags_do_not(office: Office) -> None:
    officer = load_help(settings().root).local.allegations_officer
    other = office.visitor(office.team.dee).get(f"/flags/{flag_of(office).id}").text
    assert officer.name not in other
    with unit_of_work() as work:
        found = Screening(Level.urgent, Severity.S2, ("physical_abuse", "allegation"), (), ("carer",), softened=False, unscreened=None)
        flag = people.says(work, people.chat(work, office.team.robin), "my carer hits me", found).flag
        work.commit()
    assert flag
    page = office.visitor(office.team.dee).get(f"/flags/{flag.id}").text
    for part in (officer.name, officer.call, officer.reached, "Invented for the demo"):
        assert part in page
    assert page.count(officer.mail) == 2, "who it is, and the alert that is on its way"
    assert "Sayso does not know whether they have read it" in page


def test_what_the_answer_to_are_you_safe_did_is_in_the_flags_history(office: Office) -> None:
    flag = flag_of(office)
    with unit_of_work() as work:
        unanswered.heard(work, work.session.get_one(Conversation, flag.conversation_id), "safe:no", office.now)
        work.commit()
    page = office.visitor(office.team.dee).get(f"/flags/{flag.id}").text
    assert "Danger now" in page
    assert "made it danger now: they said no" in page


def test_every_page_says_that_the_council_is_invented_as_long_as_it_is(office: Office) -> None:
    client = office.visitor(office.team.ash)
    for path in ("/", "/flags", "/young-people", "/history"):
        assert "This is a demo." in client.get(path).text
    assert "This is a demo." in office.visitor().get("/sign-in").text


def test_helplines_that_are_out_of_date_are_named_to_duty_and_managers(office: Office) -> None:
    warning = "last checked more than 90 days ago"
    assert warning not in office.visitor(office.team.dee).get("/").text
    office.now += timedelta(days=120)
    for worker, told in ((office.team.dee, True), (office.team.max, True), (office.team.ash, False)):
        page = office.visitor(worker).get("/").text
        assert (warning in page) is told
        assert ("Childline" in page) is told


def test_a_flag_does_not_exist_for_whom_it_names_anywhere(office: Office) -> None:
    flag = flag_of(office, "ash fernwood hit me")
    client = office.visitor(office.team.ash)
    missing = client.get("/flags/nothing")
    assert client.get(f"/flags/{flag.id}").text == missing.text
    for path in ("/", "/flags", "/history", "/inbox/all", f"/young-people/{office.team.robin.id}"):
        page = client.get(path).text
        assert flag.id not in page
        assert "Urgent" not in page
        assert "is-hot" not in page


def test_naming_somebody_hides_the_flag_from_them(office: Office) -> None:
    flag = flag_of(office)
    ash = office.visitor(office.team.ash)
    assert ash.get(f"/flags/{flag.id}").status_code == 200
    office.visitor(office.team.dee).post(f"/flags/{flag.id}/name", data={"worker": office.team.ash.id})
    assert ash.get(f"/flags/{flag.id}").status_code == 404


def test_a_manager_adds_a_worker_who_can_sign_in_and_ends_their_access(office: Office) -> None:
    boss = office.visitor(office.team.max)
    page = boss.post("/workers", data={"name": "Kit Thornapple", "email": "kit@example.org", "role": "duty"}).text
    password = re.search(r'is-small">([^<]+)<', page)
    assert password is not None
    kit = office.visitor()
    assert kit.post("/sign-in", data={"email": "kit@example.org", "password": unescape(password[1])}).status_code == 303
    assert kit.get("/").status_code == 200
    again = boss.post("/workers", data={"name": "Kit", "email": "KIT@example.org", "role": "duty"})
    assert again.status_code == 422
    with unit_of_work(write=False, on=office.engine) as work:
        found = workers.by_email(work, "kit@example.org")
    assert found is not None
    assert boss.post(f"/workers/{found.id}/deactivate").status_code == 303
    assert kit.get("/").status_code == 303


def test_the_last_manager_is_told_why_they_stay(office: Office) -> None:
    answer = office.visitor(office.team.max).post(f"/workers/{office.team.max.id}/deactivate")
    assert answer.status_code == 409
    assert "only manager" in answer.text


def test_a_password_is_changed_with_the_old_one_and_this_sign_in_goes_on(office: Office) -> None:
    with unit_of_work(on=office.engine) as work:
        kit = workers.add_worker(work, email="kit@example.org", name="Kit", role="duty", password="four plain words", now=NOW)
        work.commit()
    client, other = office.visitor(kit), office.visitor(kit)
    before = client.cookies["desk"]
    new = "five other plain words"
    assert client.post("/me/password", data={"old": "wrong", "new": new, "again": new}).status_code == 422
    assert client.post("/me/password", data={"old": "four plain words", "new": new, "again": "typo"}).status_code == 422
    assert client.post("/me/password", data={"old": "four plain words", "new": new, "again": new}).status_code == 303
    assert client.cookies["desk"] != before
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_a_database_that_is_away_is_said_in_plain_words(office: Office, monkeypatch: object) -> None:
    from records.errors import NotSaved

    class Away:
        def __enter__(self) -> Work:
            raise NotSaved("OperationalError")

        def __exit__(self, *_: object) -> None:
            """Nothing was opened."""

    client = office.visitor(office.team.dee)
    monkeypatch.setattr("desk.visit.Desk.work", lambda *_args, **_more: Away())  # type: ignore[attr-defined]
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Not saved" in answer.text
