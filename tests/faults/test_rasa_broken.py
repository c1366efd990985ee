"""A Rasa that answers with nothing, with an error, with rubbish, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from records.wording import load_wording
from tests.faults.fake_rasa import ANSWER, FakeRasa, Mode
from tests.stack import ROOT, Stack, stack_of, wait_for
from tests.visitor import Shown, Visitor, is_answered

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def rasa() -> Iterator[FakeRasa]:
    """One for all tests of this file."""
    fake = FakeRasa()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def gateway(rasa: FakeRasa) -> Iterator[Stack]:
    """A gateway in front of it, which waits for two seconds."""
    with stack_of("gateway", rasa_port=rasa.port, rasa_deadline=2, retry_every=0.2) as stack:
        yield stack


@pytest.mark.parametrize("mode", ["silence", "error", "garbage", "empty", "hang"])
def test_whatever_rasa_does_there_is_a_holding_reply_and_an_answer_later(mode: Mode, gateway: Stack, rasa: FakeRasa) -> None:
    rasa.mode = mode
    visitor = Visitor(gateway.address)
    visitor.start()
    said = visitor.says("my news is good")
    # the answer is there while Rasa still misbehaves
    assert rasa.mode == mode
    assert _held(said)
    assert [bubble["text"] for bubble in said[1:]] == _wording("utter_holding")
    rasa.mode = "well"
    wait_for(lambda: is_answered(visitor.transcript()), "the late answer")
    later = [bubble["text"] for bubble in visitor.transcript() if bubble["n"] > said[-1]["n"]]
    print(f"\n1 message acknowledged, {sum(one['from'] == 'me' for one in visitor.transcript())} stored")
    assert later == [*_wording("utter_late_answer"), ANSWER]


@pytest.mark.parametrize("mode", ["error", "hang"])
def test_help_does_not_wait_for_a_broken_rasa(mode: Mode, gateway: Stack, rasa: FakeRasa) -> None:
    rasa.mode = mode
    visitor = Visitor(gateway.address)
    visitor.start()
    before = len(rasa.asked)
    card = visitor.says("my uncle hits me")
    assert not _held(card)
    assert "safety" in {bubble["kind"] for bubble in card}
    assert card[-1]["kind"] == "question"
    told = visitor.tell_someone()
    assert not _held(told)
    # the pressed button is answered without Rasa too
    answered = visitor.presses(card[-1]["choices"][0]["label"])
    assert not _held(answered)
    assert len(rasa.asked) == before
    rasa.mode = "well"


def _held(shown: list[Shown]) -> bool:
    return any(bubble.get("held") for bubble in shown)


def _wording(key: str) -> list[str]:
    return load_wording(ROOT).bubbles(key, "standard")
