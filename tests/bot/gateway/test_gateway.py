"""The door: what is acknowledged is stored, whatever comes in and whatever is down behind it."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.rasa import MAX_FOR_RASA, Line, NoAnswer, Rasa, text_for_rasa
from bot.gateway.turns import Turns
from records import codes, drafts
from records.database import unit_of_work
from records.errors import NotSaved
from records.safety_data import load_help
from records.settings import settings
from records.tables import Conversation, Flag, Message, OutboxRow
from records.wording import load_wording
from voice.messages import Bubble, Button
from voice.pathways.walk import Asked, Place
from voice.wording import Style

Answer = Callable[[dict[str, Any]], httpx.Response]


class FakeRasa(Line):
    """Stands where Rasa stands. `answer` decides what it says; `asked` holds what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []
        self.answer: Answer = says("Go on.")
        self.down = ""

    async def call(self, method: str, address: str, _seconds: float, sent: dict[str, str] | None = None) -> tuple[int, bytes]:
        if self.down and address.endswith(self.down):
            raise NoAnswer("refused")
        if sent is None:
            assert method == "GET"
            return 200, b"Hello from Rasa"
        self.asked.append(dict(sent))
        said = self.answer(self.asked[-1])
        return said.status_code, said.content

    def client(self) -> Rasa:
        return Rasa("http://rasa", self)


def says(text: str, *buttons: Button) -> Answer:
    bubble = Bubble(text, kind="question" if buttons else "text", choices=buttons)
    return lambda _asked: httpx.Response(200, json={"messages": [{"text": text, "sayso": bubble.to_plain()}]})


def refuses(_asked: dict[str, Any]) -> httpx.Response:
    raise NoAnswer("refused")


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def door(installation: Engine, rasa: FakeRasa) -> Iterator[TestClient]:
    with TestClient(create_app(settings(), rasa.client()), raise_server_exceptions=False) as client:
        yield client


class Visitor:
    """A young person's page."""

    def __init__(self, door: TestClient, **wish: Any) -> None:
        started = door.post("/chat/start", json={"style": "standard", **wish})
        assert started.status_code == 201, started.text
        self.door = door
        self.first = started.json()
        self.headers = {"Authorization": f"Bearer {self.first['token']}"}

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.door.post(path, json=body, headers=self.headers)

    def says(self, text: str, client_id: str | None = None) -> httpx.Response:
        return self.post("/chat/messages", {"id": client_id or str(uuid.uuid4()), "text": text})

    def presses(self, choice: str, client_id: str | None = None) -> httpx.Response:
        return self.post("/chat/messages", {"id": client_id or str(uuid.uuid4()), "choice": choice})

    def transcript(self, after: int = 0) -> list[dict[str, Any]]:
        response = self.door.get(f"/chat/messages?after={after}", headers=self.headers)
        assert response.status_code == 200
        return list(response.json()["messages"])


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [f"{message['from']}/{message['kind']}" for message in messages]


def count(table: type[Any]) -> int:
    with unit_of_work(write=False) as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_chat_starts_without_rasa_and_says_what_can_be_done(door: TestClient, rasa: FakeRasa) -> None:
    rasa.answer = refuses
    messages = Visitor(door).first["messages"]
    assert "computer" in messages[0]["text"]
    assert messages[-1]["choices"]


def test_a_message_is_answered_with_itself_first_and_then_what_was_said_to_it(door: TestClient) -> None:
    response = Visitor(door).says("my nan is great")
    assert response.status_code == 200
    assert response.json()["saved"] is True
    assert [(one["from"], one["text"]) for one in response.json()["messages"]] == [("me", "my nan is great"), ("bot", "Go on.")]


def test_rasa_is_asked_by_a_name_that_says_nothing_and_only_by_us(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    visitor.says("hello")
    assert rasa.asked[0]["sender"] == codes.sender_of(visitor.first["conversation"])
    assert visitor.first["conversation"] not in json.dumps(rasa.asked)


@pytest.mark.parametrize(
    "answer",
    [
        refuses,
        lambda _: httpx.Response(200, json={"messages": []}),
        lambda _: httpx.Response(200, text="not json"),
        lambda _: httpx.Response(200, json=[1]),
        lambda _: httpx.Response(502, json={"error": "turn_failed"}),
        lambda _: httpx.Response(200, json={"messages": [{"sayso": {"nothing": 1}}]}),
    ],
)
def test_when_rasa_does_not_answer_the_words_are_kept_and_the_child_hears_so(door: TestClient, rasa: FakeRasa, answer: Answer) -> None:
    rasa.answer = answer
    visitor = Visitor(door)
    response = visitor.says("can you hear me")
    assert response.status_code == 200
    assert kinds(response.json()["messages"]) == ["me/text", "bot/notice", "bot/notice"]
    assert response.json()["messages"][0]["held"] is True
    assert visitor.transcript()[-3]["text"] == "can you hear me"


def test_a_held_message_is_answered_when_rasa_is_back_and_in_order(door: TestClient, rasa: FakeRasa) -> None:
    rasa.answer = refuses
    visitor = Visitor(door)
    visitor.says("first thing")
    visitor.says("second thing")
    rasa.asked.clear()
    rasa.answer = says("Now I can.")
    visitor.says("third thing")
    assert [asked["text"] for asked in rasa.asked] == ["first thing", "second thing", "third thing"]
    assert not [message for message in visitor.transcript() if message.get("held")]


def test_the_same_message_sent_twice_is_kept_once_and_gets_the_same_answer(door: TestClient) -> None:
    visitor = Visitor(door)
    first, again = (visitor.says("hello there", "same-id-1") for _ in range(2))
    assert first.json() == again.json()
    assert len([message for message in visitor.transcript() if message["from"] == "me"]) == 1


def test_the_same_message_sent_five_times_at_once_is_kept_once(door: TestClient) -> None:
    visitor = Visitor(door)
    with ThreadPoolExecutor(5) as pool:
        responses = list(pool.map(lambda _: visitor.says("hello there", "same-id-1"), range(5)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.text for response in responses}) == 1
    assert len([message for message in visitor.transcript() if message["from"] == "me"]) == 1


def test_a_worrying_message_gets_help_first_and_is_no_answer_by_itself(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    messages = visitor.says("my foster dad hits me").json()["messages"]
    assert kinds(messages)[1] == "bot/safety"
    assert kinds(messages)[-1] == "bot/question"
    assert rasa.asked == []
    assert next(message["help"] for message in messages if message.get("help"))[0]["call"] == "999"
    assert count(Flag) == 1


def test_help_comes_with_rasa_stopped_too(door: TestClient, rasa: FakeRasa) -> None:
    rasa.answer = refuses
    assert "bot/safety" in kinds(Visitor(door).says("i want to die").json()["messages"])


def test_a_typed_no_to_are_you_safe_raises_a_flag_of_its_own(door: TestClient) -> None:
    visitor = Visitor(door)
    visitor.says("he hits me")
    visitor.says("no")
    assert count(Flag) == 2


def test_the_answer_to_are_you_safe_and_what_comes_then_can_be_typed(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    visitor.says("he hits me")
    after = visitor.says("Not sure.").json()["messages"]
    assert after[-1]["choices"][1]["label"] == "Keep talking"
    visitor.says("keep talking")
    assert [asked["text"] for asked in rasa.asked] == ['/choose{"choice": "after:on"}']


def test_nothing_can_be_put_in_when_nothing_was_said(door: TestClient) -> None:
    visitor = Visitor(door)
    visitor.post("/chat/tell-someone", {"id": "press-0001"})
    after = visitor.says("yes").json()["messages"]
    assert [choice["label"] for choice in after[-1]["choices"]] == ["Keep talking", "Stop for now"]


@pytest.mark.parametrize("typed", ["he hits me", "no"])
def test_in_the_pathway_for_help_the_door_asks_no_question_of_its_own(door: TestClient, rasa: FakeRasa, typed: str) -> None:
    visitor = Visitor(door)
    with unit_of_work() as work:
        conversation = work.session.scalars(select(Conversation)).one()
        place = Place("question", Asked("safe_now"))
        drafts.open_draft(work, conversation, pathway="help_now", version=1, place=place, from_n=1, now=conversation.started_at)
        work.commit()
    messages = visitor.says(typed).json()["messages"]
    assert messages[-1]["text"] != "Are you safe right now?"
    assert len(rasa.asked) == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_after_the_safe_question_the_young_person_chooses_what_becomes_of_their_words(door: TestClient, rasa: FakeRasa, place: int) -> None:
    visitor = Visitor(door)
    question = visitor.says("my foster dad hits me").json()["messages"][-1]
    after = visitor.presses(question["choices"][place]["id"]).json()["messages"]
    assert count(Flag) == (1 if place == 0 else 2)
    put_in = after[-1]["choices"][0]
    visitor.presses(put_in["id"])
    assert rasa.asked[-1]["text"].startswith('/choose{"choice": "put:')


def test_tell_someone_raises_an_urgent_flag_without_words(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    response = visitor.post("/chat/tell-someone", {"id": "press-0001"})
    assert response.status_code == 200
    with unit_of_work(write=False) as work:
        flag = work.session.scalars(select(Flag)).one()
    assert (flag.level, flag.source) == ("urgent", "button")
    assert rasa.asked == []


@pytest.mark.parametrize("text", ["\u200b", "\x00", "", None, 5])
def test_nothing_about_the_words_can_stop_the_button(door: TestClient, text: object) -> None:
    assert Visitor(door).post("/chat/tell-someone", {"id": "press-0001", "text": text}).status_code == 200
    assert count(Flag) == 1


def test_words_too_long_to_keep_do_not_stop_the_button_and_it_says_that_they_are_not_kept(door: TestClient) -> None:
    response = Visitor(door).post("/chat/tell-someone", {"id": "press-0001", "text": "x" * 100_001})
    assert (response.status_code, response.json()["error"]) == (413, "too_long")
    assert "bot/safety" in kinds(response.json()["messages"])
    assert count(Flag) == 1


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30])
def test_a_transcript_asked_for_in_a_strange_way_is_refused(door: TestClient, after: str) -> None:
    assert door.get(f"/chat/messages?after={after}", headers=Visitor(door).headers).status_code == 400


def test_the_card_tells_the_truth_while_nobody_can_be_alerted(door: TestClient) -> None:
    texts = " ".join(message["text"] for message in Visitor(door).says("my foster dad hits me").json()["messages"])
    assert "not been able to let anyone know" in texts


@pytest.mark.parametrize("typed", ["/restart", "  /restart", "\u00a0/session_start", "\n/choose{}", "／choose", '/set{"a": 1}'])
def test_a_typed_slash_is_words_and_no_command(door: TestClient, rasa: FakeRasa, typed: str) -> None:
    visitor = Visitor(door)
    visitor.says(typed)
    assert rasa.asked[0]["text"].startswith("\u200b")
    assert visitor.transcript()[-2]["text"] == typed


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 100_000,
        "\N{WOMAN}\u200d\N{GIRL} \N{HEAVY BLACK HEART}\ufe0f",
        "\u202eabc \N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}",
        "a\x00b",
        "lone \ud83d",
        "Z\u0337a\u0337",
        "\n" * 9_000 + "hi",
        "<script>alert(1)</script>",
        "'; DROP TABLE message; --",
    ],
)
def test_odd_words_are_kept_exactly(door: TestClient, rasa: FakeRasa, typed: str) -> None:
    visitor = Visitor(door)
    content = json.dumps({"id": "odd-00001", "text": typed})
    response = visitor.door.post("/chat/messages", content=content, headers=visitor.headers)
    assert response.status_code == 200
    with unit_of_work(write=False) as work:
        assert work.session.scalars(select(Message).where(Message.said_by == "me")).one().text == typed
    for asked in rasa.asked:
        assert len(asked["text"]) <= MAX_FOR_RASA + 1
        assert "\x00" not in asked["text"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"\xff\xfe not utf-8", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"[]", 400, "bad_json"),
        (b"[" * 100_000, 400, "bad_json"),
        (b'{"id": "good-id-1"}', 400, "empty"),
        (b'{"id": "good-id-1", "text": ""}', 400, "empty"),
        (b'{"id": "good-id-1", "text": " \\u200b\\n "}', 400, "empty"),
        (b'{"id": "good-id-1", "text": 5}', 400, "bad_json"),
        (b'{"id": "good-id-1", "text": "a", "choice": "b"}', 400, "bad_json"),
        (b'{"id": "x", "text": "a"}', 400, "bad_id"),
        (b'{"id": "a b c d e f", "text": "a"}', 400, "bad_id"),
        (b'{"text": "a"}', 400, "bad_id"),
        (json.dumps({"id": "good-id-1", "text": "x" * 100_001}).encode(), 413, "too_long"),
        (b'{"id": "good-id-1", "text": "' + b"x" * 800_000 + b'"}', 413, "too_long"),
        (b'{"id": "good-id-1", "choice": "no-such-choice"}', 409, "choice_is_old"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words_and_never_with_200(door: TestClient, content: bytes, status: int, code: str) -> None:
    visitor = Visitor(door)
    before = count(Message)
    response = visitor.door.post("/chat/messages", content=content, headers=visitor.headers)
    assert (response.status_code, response.json()["error"]) == (status, code)
    assert len(response.json()["message"]) > 10
    assert count(Message) == before


def test_without_a_token_nothing_is_taken_and_nothing_is_shown(door: TestClient) -> None:
    Visitor(door).says("secret words")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        assert door.get("/chat/messages", headers=headers).status_code == 401
        assert door.post("/chat/messages", json={"id": "good-id-1", "text": "a"}, headers=headers).status_code == 401


def test_a_choice_of_another_chat_is_refused(door: TestClient) -> None:
    one, two = Visitor(door), Visitor(door)
    assert two.presses(one.first["messages"][-1]["choices"][0]["id"]).status_code == 409


def test_coming_back_with_the_code_shows_the_whole_chat_on_another_device(door: TestClient) -> None:
    visitor = Visitor(door)
    visitor.says("remember me")
    code = visitor.door.get("/chat/code", headers=visitor.headers).json()["code"]
    back = door.post("/chat/resume", json={"code": code.lower().replace("-", " ")})
    assert back.status_code == 200
    assert back.json()["messages"] == visitor.transcript()
    assert back.json()["token"] != visitor.first["token"]


def test_guessing_codes_is_slowed_down_and_a_right_code_still_works_elsewhere(door: TestClient) -> None:
    code = door.get("/chat/code", headers=Visitor(door).headers).json()["code"]
    tries = [door.post("/chat/resume", json={"code": "BBBB-BBBB-BBBB"}) for _ in range(7)]
    assert [response.status_code for response in tries[:5]] == [404] * 5
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["retry-after"]) > 0
    elsewhere = TestClient(door.app, client=("192.0.2.7", 1))
    assert elsewhere.post("/chat/resume", json={"code": code}).status_code == 200


def test_leaving_ends_the_token_however_the_page_sends_it(door: TestClient) -> None:
    for leave in (
        lambda visitor: door.post("/chat/leave", content=visitor.first["token"], headers={"Content-Type": "text/plain"}),
        lambda visitor: door.post("/chat/leave", headers=visitor.headers),
    ):
        visitor = Visitor(door)
        assert leave(visitor).status_code == 204
        assert visitor.says("hello").status_code == 401
    assert door.post("/chat/leave", content=b"\xff").status_code == 204


def test_switching_style_asks_the_open_question_again(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    rasa.answer = says("Short?", Button("answer:a", "A"), Button("answer:b", "B"))
    response = visitor.post("/chat/style", {"style": "easy"})
    assert response.json()["messages"][-1]["text"] == "Short?"
    assert "control:again" in rasa.asked[-1]["text"]


def test_a_worrying_message_that_cannot_be_stored_is_refused_but_helped(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(door)
    break_the_database(monkeypatch)
    response = visitor.says("my foster dad hits me")
    assert response.status_code == 503
    assert response.json()["error"] == "not_saved"
    assert response.json()["messages"][-1]["help"][0]["call"] == "999"


def test_a_message_that_cannot_be_stored_is_never_called_saved(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(door)
    break_the_database(monkeypatch)
    response = visitor.says("my nan is great")
    assert response.status_code == 503
    assert "saved" not in response.json()
    assert "messages" not in response.json()


@pytest.mark.parametrize("style", Style)
def test_words_that_were_stored_are_not_met_with_silence_when_nothing_more_can_be(
    door: TestClient, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch, style: Style
) -> None:
    visitor = Visitor(door, style=style.value)

    def takes_no_more(*_: object) -> None:
        raise NotSaved

    monkeypatch.setattr(Turns, "_keep_answer", takes_no_more)
    said = visitor.says("i like it here").json()
    assert said["saved"]
    assert [(one["n"], one["text"]) for one in said["messages"][1:]] == [
        (None, text) for text in load_wording(settings().root).bubbles("utter_holding", style)
    ]


def break_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.orm import Session

    def full(self: Session) -> None:
        self.rollback()
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(Session, "commit", full)


def test_every_answer_forbids_keeping_and_framing(door: TestClient) -> None:
    for path in ("/", "/chat/welcome", "/chat/messages", "/healthz", "/nothing-here"):
        headers = door.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors http://127.0.0.1:8002" in door.get("/embedded").headers["content-security-policy"]


def test_readiness_names_the_part_that_is_down(door: TestClient, rasa: FakeRasa) -> None:
    assert door.get("/readyz").json() == {"ready": True, "down": []}
    rasa.down = "/health"
    response = door.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False, "down": ["actions"]})


def test_alerts_are_written_with_the_flag(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_DUTY_MAIL", "duty@example.org")
    settings.cache_clear()
    Visitor(door).says("my foster dad hits me")
    with unit_of_work(write=False) as work:
        addresses = set(work.session.scalars(select(OutboxRow.address)))
    assert addresses == {"duty@example.org", load_help(settings().root).local.allegations_officer.mail}


def test_what_rasa_gets_of_a_text_that_begins_with_nothing_to_see_is_never_blank() -> None:
    assert text_for_rasa("\n" * 9_000 + "hi", ()) == "hi"
    assert text_for_rasa("\x00" * 9_000 + "\u200b/hi", ()) == "\u200b/hi"


def test_several_buttons_become_one_choice_for_rasa() -> None:
    assert text_for_rasa("A, B", ("answer:a", "answer:b")) == '/choose{"choice": "answer:a,b"}'


HELP_NOW = Button("offer:help_now", "Yes, let's do that", "yes", raises="urgent")


@pytest.mark.parametrize("typed", ["yes", "Yeah!", "yes, let's do that"])
def test_a_typed_yes_to_an_offer_of_help_raises_the_flag_its_button_raises(door: TestClient, rasa: FakeRasa, typed: str) -> None:
    visitor = Visitor(door)
    rasa.answer = says("Is this what you mean?", HELP_NOW, Button("menu:", "No"))
    visitor.says("something is going on")
    before = count(Flag)
    assert "bot/safety" in kinds(visitor.says(typed).json()["messages"])
    assert count(Flag) == before + 1


def test_the_label_of_a_button_that_raises_a_flag_may_be_typed(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    rasa.answer = says("How is it there?", Button("answer:a", "Sometimes", raises="check"), Button("answer:b", "Fine"))
    visitor.says("ask me something")
    visitor.says("sometimes")
    assert count(Flag) == 1


def test_a_late_answer_does_not_close_the_question_whether_somebody_is_safe(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    rasa.answer = refuses
    visitor.says("my nan is great")
    question = visitor.says("my stepdad hits me").json()["messages"][-1]
    rasa.answer = says("What else?", Button("answer:a", "A"), Button("answer:b", "B"))
    _wait_for_late_answers(visitor)
    assert "What else?" not in [message["text"] for message in visitor.transcript()]
    assert visitor.presses(question["choices"][1]["id"]).status_code == 200
    assert count(Flag) == 2


def test_of_answers_that_come_late_together_only_the_last_asks(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    rasa.answer = refuses
    visitor.says("my nan is great")
    visitor.says("and my football team won")
    rasa.answer = says("What else?", Button("answer:a", "A"), Button("answer:b", "B"))
    _wait_for_late_answers(visitor)
    said = visitor.transcript()
    assert [message["text"] for message in said].count("What else?") == 1
    assert visitor.presses(said[-1]["choices"][0]["id"]).status_code == 200


def _wait_for_late_answers(visitor: Visitor) -> None:
    while any(message.get("held") for message in visitor.transcript()):
        # the retry of the gateway answers it
        visitor.door.get("/healthz")


def test_put_in_what_i_said_means_the_words_it_began_with(door: TestClient, rasa: FakeRasa) -> None:
    visitor = Visitor(door)
    asked = visitor.says("my stepdad hits me").json()["messages"]
    visitor.presses(asked[-1]["choices"][0]["id"])
    last = visitor.says("it is always when mum is at work").json()["messages"][-1]
    visitor.presses(last["choices"][0]["id"])
    with unit_of_work(write=False) as work:
        first = work.session.scalars(select(Message).where(Message.said_by == "me").order_by(Message.n)).first()
    assert first is not None
    assert f"put:{first.id}" in rasa.asked[-1]["text"]


def test_danger_now_gets_the_whole_card_however_soon_it_comes(door: TestClient) -> None:
    visitor = Visitor(door)
    visitor.says("i want to die")
    said = " ".join(message["text"] for message in visitor.says("i took all the pills just now").json()["messages"])
    assert "999" in said


def test_a_press_that_cannot_be_stored_gets_help_if_it_would_have_raised_a_flag(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(door)
    help_now = next(choice for choice in visitor.first["messages"][-1]["choices"] if "help now" in choice["label"])
    break_the_database(monkeypatch)
    response = visitor.presses(help_now["id"])
    assert response.status_code == 503
    assert response.json()["messages"][-1]["help"][0]["call"] == "999"
