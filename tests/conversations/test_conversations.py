"""Every conversation file, played through gateway, Rasa and action server in both styles."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.reading import DataMistake, read_sheet
from tests.conversations.mail import mail_goes_away
from tests.conversations.model import Conversation, Kept, KeptAnswer, Step
from tests.conversations.play import Player, whole
from tests.stack import CHAT, Stack

HERE = Path(__file__).resolve().parent
SAID = HERE / "said"
NIGHT = 3
FILES = sorted(HERE.glob("*.yml"))


@pytest.mark.stack
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_conversation_goes_as_its_file_says(file: Path, stack: Stack, request: pytest.FixtureRequest) -> None:
    script = read_sheet(file, Conversation)
    players = {style: Player(stack, script, style) for style in script.styles}
    try:
        for step in script.steps:
            if step.is_for_all:
                _to_the_stack(stack, step)
                for player in players.values():
                    player.watch.at_night = player.watch.at_night or step.local_hour == NIGHT
                    player.lines.append(f"SAYSO {_named(step)}")
                continue
            for player in players.values():
                player.do(step)
        kept = {style: player.kept() for style, player in players.items()}
    finally:
        for style, player in players.items():
            print(f"--- {style.value}", *player.lines, sep="\n")
            player.close()
    update = request.config.getoption("--update", default=False)
    for style, player in players.items():
        _compare(SAID / f"{file.stem}.{style.value}.txt", "\n".join(player.lines) + "\n", update=bool(update))
    for style in script.styles:
        assert _comparable(kept[style]) == _comparable(script.kept), style


def test_every_file_of_what_was_said_belongs_to_a_conversation() -> None:
    played = {f"{file.stem}.{style.value}.txt" for file in FILES for style in read_sheet(file, Conversation).styles}
    assert {file.name for file in SAID.iterdir()} == played


def test_a_mistake_in_a_conversation_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text("about: Somebody does two things at once.\nsteps:\n- say: hello\n- say: hello\n  press: 'open:review'\nkept: {}\n")
    with pytest.raises(DataMistake, match=r"wrong.yml:4: steps.1: a step is one thing, this is press, say"):
        read_sheet(file, Conversation)


def test_a_button_that_is_no_meaning_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text("about: Somebody presses a label.\nsteps:\n- press: Skip it\nkept: {}\n")
    with pytest.raises(DataMistake, match=r"wrong.yml:3: steps.0.press"):
        read_sheet(file, Conversation)


def _to_the_stack(stack: Stack, step: Step) -> None:
    if step.mail:
        mail_goes_away(stack)
        return
    if step.local_hour is not None:
        stack.live_at(step.local_hour)
        return
    named = step.restart or step.stop or step.start
    assert named is not None
    parts = CHAT if named == "all" else (named,)
    if step.restart or step.stop:
        for part in parts:
            stack.stop(part)
    if step.restart or step.start:
        stack.start(*parts)


def _named(step: Step) -> str:
    (name,) = step.model_fields_set
    return f"{name}: {getattr(step, name)}"


def _compare(file: Path, said: str, *, update: bool) -> None:
    if update:
        file.parent.mkdir(exist_ok=True)
        file.write_text(said, encoding="utf-8")
    expected = file.read_text(encoding="utf-8") if file.exists() else ""
    assert said.splitlines() == expected.splitlines(), f"{file.name}: `pytest tests/conversations --update` writes it anew"


def _comparable(kept: Kept) -> dict[str, object]:
    """With every text in one form, and the answers in their order."""

    def answer(one: KeptAnswer) -> tuple[str | None, tuple[str, ...], str]:
        return None if one.words is None else whole(one.words), one.picked, one.how

    return {
        "statements": [
            {**statement.model_dump(exclude={"answers"}), "answers": [(name, answer(one)) for name, one in statement.answers.items()]}
            for statement in kept.statements
        ],
        "flags": [flag.model_dump() for flag in kept.flags],
        "helped": kept.helped,
    }
