"""What the assistant is for is not what the screening is for."""

from pathlib import Path

from ruamel.yaml import YAML

from voice.safeguarding.screen import Level, Screen

HERE = Path(__file__).parent


def test_nothing_that_the_assistant_is_for_looks_urgent(screen: Screen) -> None:
    mistaken = []
    for file in sorted((HERE.parents[2] / "data" / "nlu").glob("*.yml")):
        for intent in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu", ()):
            if intent.get("intent") not in (None, "need_help"):
                messages = (line.removeprefix("- ") for line in intent["examples"].splitlines())
                mistaken += [message for message in messages if screen.screen(message).level is Level.urgent]
    assert mistaken == []
