"""What an answer is about, as a worker sees it and puts it right at the desk."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from desk.showing import environment
from records import drafts
from records.database import unit_of_work
from records.settings import settings
from records.tables import Correction, Reading, Statement
from tests.conftest import NOW
from tests.desk import people
from tests.desk.conftest import Office
from tests.desk.test_pages import count, hidden, made
from voice.understanding.lessons import STANCES, TOPICS

FREE_TEXT, WANTED, RECIPIENTS = 1, 2, 3
"""Places in the statements of tests/desk/people.py."""


def form_of(client: TestClient, statement: Statement, line: int | str) -> str:
    answer = client.get(f"/statements/{statement.id}/meaning?version=1&line={line}")
    assert answer.status_code == 200
    return answer.text


def press(client: TestClient, statement: Statement, page: str, *topics: str, stance: str) -> tuple[int, str, str]:
    """Sends the form of `page`: status, text, and where it leads."""
    form = {name: hidden(page, name) for name in ("version", "line", "seen")}
    form |= {f"topic.{topic}": "1" for topic in topics} | ({"stance": stance} if stance else {})
    answer = client.post(f"/statements/{statement.id}/meaning", data=form)
    return answer.status_code, answer.text, answer.headers.get("location", "")


def chips(page: str, place: str) -> list[str]:
    """What stands beside the line `place` of the statement's page."""
    part = page[page.index(f'id="{place}"') :]
    return [unescape(chip) for chip in re.findall(r'class="chip[^"]*">([^<]+)<', part[: part.index("Put right<")])]


def ticked(page: str) -> list[str]:
    return re.findall(r'(?:name="topic\.|value=")(\w+)"(?: value="1")? checked', page)


@pytest.mark.parametrize(("names", "codes"), [("topics", TOPICS), ("stances", STANCES), ("stance_means", STANCES)])
def test_every_topic_and_stance_has_plain_words(names: str, codes: tuple[str, ...]) -> None:
    words = getattr(environment(settings()).get_template("words.html").module, names)
    assert set(words) == set(codes)
    assert len(set(words.values())) == len(codes)


def test_each_typed_answer_and_the_whole_show_what_they_are_about(office: Office) -> None:
    statement = made(office, meant=(("home", "carers"), "worry"))
    page = office.visitor(office.team.ash).get(f"/statements/{statement.id}").text
    assert chips(page, f"line-{FREE_TEXT}") == ["Worry", "Home", "Carers"]
    assert chips(page, f"line-{WANTED}") == ["Wish", "Family time"]
    assert chips(page, "meaning") == ["Worry", "Home", "Carers", "Family time"]
    assert "A computer’s guess" in page
    assert page.count(">Put right<") == 3


def test_a_worker_puts_an_answer_right_and_is_back_at_it_with_their_name_and_the_time(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = form_of(client, statement, FREE_TEXT)
    assert "i want to see my nan" in page
    assert "every other week" not in page
    assert ticked(page) == ["family_time", "worry"]
    status, _, location = press(client, statement, page, "home", "travel_distance", stance="wish")
    assert (status, location) == (303, f"/statements/{statement.id}?version=1&said=corrected#line-{FREE_TEXT}")
    page = client.get(location).text
    assert chips(page, f"line-{FREE_TEXT}") == ["Wish", "Home", "Travel and distance"]
    assert "by Ash Fernwood, Tue 24 Nov, 10.30 am" in page
    assert "Kept, with your name" in page
    assert "Ash Fernwood put right what it is about" in page
    assert ticked(form_of(client, statement, FREE_TEXT)) == ["home", "travel_distance", "wish"]
    assert "put right what it is about" in client.get("/history").text


def test_the_whole_statement_is_put_right_with_all_its_answers_in_sight(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = form_of(client, statement, "")
    assert "i want to see my nan" in page
    assert "every other week please" in page
    status, _, location = press(client, statement, page, "my_plan", stance="question")
    assert (status, location[-len("#meaning") :]) == (303, "#meaning")
    page = client.get(location).text
    assert chips(page, "meaning") == ["Question", "Their plan"]
    assert "A computer’s guess" not in page


def test_opening_the_form_is_kept_as_a_reading(office: Office) -> None:
    statement = made(office)
    form_of(office.visitor(office.team.ash), statement, FREE_TEXT)
    assert count(office, Reading) == 1


@pytest.mark.parametrize(
    ("topics", "stance", "words"),
    [
        ((), "wish", "Pick at least one topic"),
        (("other", "home"), "wish", "means that no topic fits"),
        (("home",), "", "Pick how it is meant"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_picked_is_still_there(
    office: Office, topics: tuple[str, ...], stance: str, words: str
) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    status, page, _ = press(client, statement, form_of(client, statement, FREE_TEXT), *topics, stance=stance)
    assert status == 422
    assert words in page
    assert set(ticked(page)) == {*topics, stance} - {""}
    assert count(office, Correction) == 0


def test_a_colleague_who_was_faster_is_shown_and_what_was_picked_is_still_there(office: Office) -> None:
    statement = made(office)
    mine, theirs = office.visitor(office.team.ash), office.visitor(office.team.dee)
    old = form_of(mine, statement, FREE_TEXT)
    press(theirs, statement, form_of(theirs, statement, FREE_TEXT), "money", stance="wish")
    status, page, _ = press(mine, statement, old, "home", stance="worry")
    assert status == 409
    assert "A colleague put this right in the meantime" in page
    assert "Dee Brightwater" in page
    assert ticked(page) == ["home", "worry"]
    assert count(office, Correction) == 1
    # having seen what is new, the same can be kept from this page, and both stand there in order
    assert press(mine, statement, page, "home", stance="worry")[0] == 303
    page = form_of(mine, statement, FREE_TEXT)
    assert page.index("Dee Brightwater</strong>") < page.index("Ash Fernwood</strong>") < page.index("Counts</span>")


def test_a_version_that_came_in_the_meantime_is_named(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    old = form_of(client, statement, FREE_TEXT)
    with unit_of_work(on=office.engine) as work:
        again = work.session.get_one(Statement, statement.id)
        drafts.send(work, again, drafts.answers(work, again), to_n=4, now=NOW)
        work.commit()
    status, page, _ = press(client, statement, old, "home", stance="worry")
    assert status == 409
    assert "newer version, version 2" in page


def test_pressing_twice_keeps_one_and_says_so(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    page = form_of(client, statement, FREE_TEXT)
    press(client, statement, page, "home", stance="worry")
    status, _, location = press(client, statement, page, "home", stance="worry")
    assert status == 303
    assert "Nothing was changed" in client.get(location).text
    assert count(office, Correction) == 1


def test_what_was_not_typed_or_is_not_there_has_no_form(office: Office) -> None:
    statement = made(office)
    client = office.visitor(office.team.ash)
    for query in (f"line={RECIPIENTS}", "line=99", "line=0", "line=x", "line=-1", "version=7", "version=x"):
        assert client.get(f"/statements/{statement.id}/meaning?{query}").status_code == 404
    page = form_of(client, statement, FREE_TEXT)
    for field, value in (("version", ""), ("version", "7"), ("line", "99"), ("line", str(RECIPIENTS))):
        form = {"version": "1", "line": "1", "seen": hidden(page, "seen"), "topic.home": "1", "stance": "wish"} | {field: value}
        assert client.post(f"/statements/{statement.id}/meaning", data=form).status_code == 404


def test_the_inbox_finds_by_topic_and_stance_as_they_were_put_right(office: Office) -> None:
    one = made(office, meant=(("home",), "worry"))
    two = made(office, meant=(("money",), "praise"))
    client = office.visitor(office.team.ash)

    def listed(query: str) -> set[str]:
        return set(re.findall(r'class="row-link" href="/statements/([^"]+)"', client.get(f"/inbox/mine?{query}").text))

    assert listed("topic=home") == {one.id}
    assert listed("stance=praise") == {two.id}
    assert listed("topic=&stance=&name=") == {one.id, two.id}
    assert listed("topic=nonsense&stance=nonsense") == {one.id, two.id}
    assert listed("topic=home&name=nobody") == set()
    press(client, two, form_of(client, two, FREE_TEXT), "home", stance="praise")
    assert listed("topic=home") == {one.id, two.id}
    assert listed("topic=home&stance=praise") == {two.id}
    page = client.get("/inbox/mine?topic=money&stance=worry").text
    assert "Sayso may have understood something differently" in page
    assert '<option value="money" selected>' in page
    assert '<option value="worry" selected>' in page
    assert count(office, Reading) == 1


def test_the_pages_of_a_narrowed_folder_stay_narrowed(office: Office) -> None:
    with unit_of_work(on=office.engine) as work:
        for _ in range(31):
            people.sent(work, people.chat(work, office.team.robin))
        work.commit()
    client = office.visitor(office.team.ash)
    page = client.get("/inbox/mine?name=robin&topic=family_time&stance=wish").text
    assert "31 found" in page
    following = re.search(r'href="(\?page=2[^"]*)"', page)
    assert following is not None
    assert unescape(following[1]) == "?page=2&name=robin&topic=family_time&stance=wish"
    assert client.get(f"/inbox/mine{unescape(following[1])}").text.count('class="row-link"') == 1
