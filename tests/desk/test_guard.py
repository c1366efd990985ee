"""What stands before every page of the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from records import workers
from records.database import unit_of_work
from records.settings import Settings
from tests.conftest import NOW
from tests.desk.conftest import ADDRESS, Office

PASSWORD = "four plain unusual words"


def add_kit(office: Office) -> None:
    with unit_of_work(on=office.engine) as work:
        workers.add_worker(work, email="kit@example.org", name="Kit", role="duty", password=PASSWORD, now=NOW)
        work.commit()


def sign_in(client: TestClient, password: str = PASSWORD, **more: str) -> int:
    return client.post("/sign-in", data={"email": "kit@example.org", "password": password, **more}).status_code


@pytest.mark.parametrize("path", ["/", "/nothing", "/inbox/all", "/docs", "/assets", "/sign-in/x", "/.env"])
def test_a_stranger_is_sent_to_sign_in_whether_or_not_the_page_exists(office: Office, path: str) -> None:
    answer = office.visitor().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_health_the_style_sheet_and_sign_in_are_open_to_all(office: Office) -> None:
    client = office.visitor()
    for path in ("/healthz", "/readyz", "/assets/desk.css", "/assets/mark.svg", "/sign-in"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2fapp.py", "/assets/missing.css"])
def test_nothing_but_assets_comes_out_of_the_assets(office: Office, path: str) -> None:
    assert office.visitor().get(path).status_code in (303, 404)


@pytest.mark.parametrize("path", ["/sign-in", "/", "/assets/desk.css", "/nothing", "/healthz"])
def test_every_answer_carries_the_headers(office: Office, path: str) -> None:
    headers = office.visitor(office.team.dee).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == ("no-cache" if path.startswith("/assets") else "no-store")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": ADDRESS}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS}, 403),
        ({}, 403),
    ],
)
def test_a_change_is_heard_only_from_a_page_of_the_desk(office: Office, headers: dict[str, str], status: int) -> None:
    client = office.visitor(office.team.dee, ours=False)
    assert client.post("/sign-out", headers=headers).status_code == status


def test_signing_in_gives_a_cookie_no_script_and_no_other_site_can_use(office: Office) -> None:
    add_kit(office)
    answer = office.visitor().post("/sign-in", data={"email": "kit@example.org", "password": PASSWORD})
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("desk=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(office: Office) -> None:
    add_kit(office)
    app = create_app(Settings(desk_url="https://desk.example"), engine=office.engine, clock=lambda: NOW)
    client = TestClient(app, base_url="https://desk.example", follow_redirects=False, headers={"Origin": "https://desk.example"})
    answer = client.post("/sign-in", data={"email": "kit@example.org", "password": PASSWORD})
    assert answer.headers["set-cookie"].startswith("__Host-desk=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "strict-transport-security" in answer.headers
    assert client.get("/").status_code == 200


def test_the_token_changes_at_every_sign_in_and_the_old_one_is_dead(office: Office) -> None:
    add_kit(office)
    client = office.visitor()
    assert sign_in(client) == 303
    first = client.cookies["desk"]
    assert sign_in(client) == 303
    assert client.cookies["desk"] != first
    with office.visitor() as thief:
        thief.cookies.set("desk", first)
        assert thief.get("/").status_code == 303


def test_a_token_somebody_else_chose_is_never_taken_over(office: Office) -> None:
    add_kit(office)
    client = office.visitor()
    client.cookies.set("desk", "chosen-by-a-thief", domain="127.0.0.1", path="/")
    assert sign_in(client) == 303
    assert client.cookies["desk"] != "chosen-by-a-thief"
    thief = office.visitor()
    thief.cookies.set("desk", "chosen-by-a-thief")
    assert thief.get("/").status_code == 303


def test_signing_out_kills_the_token(office: Office) -> None:
    client = office.visitor(office.team.ash)
    token = client.cookies["desk"]
    assert client.post("/sign-out").status_code == 303
    again = office.visitor()
    again.cookies.set("desk", token)
    assert again.get("/").status_code == 303


def test_an_hour_of_silence_signs_out(office: Office) -> None:
    client = office.visitor(office.team.ash)
    assert client.get("/").status_code == 200
    office.now = NOW + timedelta(minutes=61)
    assert client.get("/").status_code == 303


def test_a_wrong_password_and_an_unknown_email_look_the_same(office: Office) -> None:
    add_kit(office)
    answers = []
    for email, password in (("kit@example.org", "wrong"), ("nobody@example.org", PASSWORD)):
        answer = office.visitor().post("/sign-in", data={"email": email, "password": password})
        answers.append((answer.status_code, answer.text.replace(email, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401


def test_guessing_is_slowed_down_and_says_so(office: Office) -> None:
    add_kit(office)
    client = office.visitor()
    assert [sign_in(client, "wrong") for _ in range(5)] == [401] * 5
    answer = client.post("/sign-in", data={"email": "kit@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_after_signing_in_the_page_that_was_asked_for_comes_and_no_strangers_page(office: Office) -> None:
    add_kit(office)
    client = office.visitor()
    assert client.get("/flags/abc").headers["location"] == "/sign-in?next=/flags/abc"
    for target, goes in (("/flags/abc", "/flags/abc"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/")):
        answer = client.post("/sign-in", data={"email": "kit@example.org", "password": PASSWORD, "next": target})
        assert answer.headers["location"] == goes


def test_a_form_larger_than_any_of_ours_is_refused(office: Office) -> None:
    client = office.visitor(office.team.dee)
    assert client.post("/workers", content=b"x=" + b"a" * 500_000).status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe=\x00", b"a=b&" * 100, b"", b"%00=%00&email=%ed%a0%80"])
def test_a_strange_form_breaks_nothing(office: Office, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert office.visitor().post("/sign-in", content=body, headers=headers).status_code in (401, 413)
