import io
import json
from typing import Any

import pytest

from ops.screening import screen_lines


def screened(*lines: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    screen_lines(lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_answer_in_order() -> None:
    told, asked = screened('{"id": 1, "text": "my dad hits me"}\n', '{"id": "b", "text": "can i see my sister more?"}\n')
    assert list(told) == ["id", "safety", "topics", "stance"]
    assert told["id"] == 1
    assert told["safety"] == {"level": "urgent", "severity": "S2", "categories": ["physical_abuse"]}
    assert told["stance"] == "worry"
    assert asked["id"] == "b"
    assert asked["safety"] == {"level": "none", "severity": None, "categories": []}
    # which topics are sure beside the first may differ by a hair between two machines
    assert "brothers_sisters" in asked["topics"]
    assert asked["stance"] == "question"


@pytest.mark.parametrize(
    "line",
    ["rubbish", "[]", "3", '{"id": 1}', '{"text": "hi"}', '{"id": 1, "text": 2}', "[" * 100_000, '{"id": 1, "text": "hi"', "1" * 5000],
)
def test_a_bad_line_is_answered_with_an_error_and_the_next_line_goes_on(line: str) -> None:
    bad, good = screened(line, '{"id": 7, "text": "hello"}')
    assert bad["id"] is None
    assert isinstance(bad["error"], str)
    assert good["id"] == 7


def test_an_error_does_not_repeat_the_words() -> None:
    assert "canary" not in json.dumps(screened('{"id": 1, "text": canary}'))


def test_empty_lines_are_passed_over() -> None:
    assert [answer["id"] for answer in screened("\n", '{"id": 1, "text": "hi"}', "   ", '{"id": 2, "text": ""}')] == [1, 2]


def test_odd_text_and_odd_ids_come_through() -> None:
    answers = screened('{"id": "\\ud800", "text": "\\ud800\\u0000 hi"}', '{"id": null, "text": "👍"}', '{"id": {"a": [1]}, "text": "hi"}')
    assert [answer["id"] for answer in answers] == ["\ud800", None, {"a": [1]}]
    assert all(answer["safety"]["level"] == "none" for answer in answers)
