"""Every sentence is said somewhere, and every sentence that is said is written."""

from __future__ import annotations

import re
from pathlib import Path

from bot.page.words import KEYS, PREFIX
from records.library import load_controls
from records.wording import load_wording

ROOT = Path(__file__).resolve().parents[2]
CODE = "\n".join(
    file.read_text(encoding="utf-8")
    for room in ("actions", "bot", "desk", "ops", "records", "voice")
    for file in (ROOT / room).rglob("*.py")
    # the bot Sayso is measured against has sentences of its own
    if "bench" not in file.parts
)


def said() -> set[str]:
    literal = set(re.findall(r"\"(utter_[a-z0-9_]*[a-z0-9])\"", CODE))
    page = {PREFIX + key for key in KEYS}
    controls = {f"utter_control_{name}" for name in set(load_controls(ROOT).values())}
    helped = {f"utter_did_it_help_{answer}" for answer in ("yes", "bit", "no")}
    return literal | page | controls | helped


def test_every_sentence_is_said_somewhere() -> None:
    written = {key for key in load_wording(ROOT).sentences if not key.startswith("utter_error_")}
    assert written <= said()


def test_every_sentence_that_is_said_is_written() -> None:
    made_up_of_parts = {"utter_control_help_now", "utter_control_carry_on", "utter_control_start_again", "utter_control_keep_answer"}
    assert said() - made_up_of_parts <= set(load_wording(ROOT).sentences)
