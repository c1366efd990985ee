"""How the families do on lists of invented messages: one they were widened with, one they have never met."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from voice.safeguarding.screen import Level, Screen

HERE = Path(__file__).parent


def read(name: str) -> Any:
    return YAML(typ="safe").load((HERE / name).read_text(encoding="utf-8"))


def share(screen: Screen, messages: list[str], counts: Callable[[Level], bool]) -> float:
    return sum(counts(screen.screen(message).level) for message in messages) / len(messages)


def flat(by_category: dict[str, list[str]]) -> list[str]:
    return [message for messages in by_category.values() for message in messages]


def flagged(level: Level) -> bool:
    return level is not Level.none


def urgent(level: Level) -> bool:
    return level is Level.urgent


def test_nearly_all_serious_messages_of_the_seen_list_are_urgent(screen: Screen) -> None:
    serious = flat(read("seen.yml")["urgent"])
    assert len(serious) >= 250
    assert share(screen, serious, flagged) >= 0.98
    assert share(screen, serious, urgent) >= 0.95


def test_every_category_of_the_seen_list_is_found_nine_times_in_ten(screen: Screen) -> None:
    low = {category: share(screen, messages, flagged) for category, messages in read("seen.yml")["urgent"].items()}
    assert {category: found for category, found in low.items() if found < 0.9} == {}


def test_nearly_all_concerns_of_the_seen_list_are_flagged(screen: Screen) -> None:
    assert share(screen, flat(read("seen.yml")["check"]), flagged) >= 0.95


def test_harmless_messages_of_the_seen_list_are_hardly_ever_flagged(screen: Screen) -> None:
    harmless = read("seen.yml")["harmless"]
    assert len(harmless) >= 250
    assert share(screen, harmless, flagged) <= 0.02


def test_messages_it_has_never_met_keep_their_measured_floor(screen: Screen) -> None:
    # measured when the list was written: 62 % flagged, 60 % urgent. Not good enough, and known: it is why the page has "Tell someone now"
    serious = flat(read("held_out.yml")["urgent"])
    assert share(screen, serious, flagged) >= 0.6
    assert share(screen, serious, urgent) >= 0.55


def test_harmless_messages_it_has_never_met_are_flagged_less_than_one_time_in_twelve(screen: Screen) -> None:
    assert share(screen, read("held_out.yml")["harmless"], flagged) <= 0.08


def test_the_held_out_list_is_kept_apart_from_the_seen_one() -> None:
    seen, held_out = read("seen.yml"), read("held_out.yml")
    assert not set(flat(seen["urgent"])) & set(flat(held_out["urgent"]))
    assert not set(seen["harmless"]) & set(held_out["harmless"])


def test_nothing_that_the_assistant_is_for_looks_urgent(screen: Screen) -> None:
    mistaken = []
    for file in sorted((HERE.parents[2] / "data" / "nlu").glob("*.yml")):
        for intent in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu", ()):
            if intent.get("intent") not in (None, "need_help"):
                messages = (line.removeprefix("- ") for line in intent["examples"].splitlines())
                mistaken += [message for message in messages if screen.screen(message).level is Level.urgent]
    assert mistaken == []
