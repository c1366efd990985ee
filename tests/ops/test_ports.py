from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ops.errors import CannotGoOn
from ops.parts import Part, all_parts
from ops.ports import check_ports
from records.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_refused_in_plain_words_with_the_setting_that_changes_it(taken: int) -> None:
    with pytest.raises(CannotGoOn) as refused:
        check_ports([Part("desk", (), port=taken, setting="SAYSO_DESK_PORT")])
    assert f"Port {taken}, for desk, is in use by another program. Choose another with SAYSO_DESK_PORT=…" in str(refused.value)


def test_every_port_in_use_is_named_at_once(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as second:
        also_taken = second.getsockname()[1]
        with pytest.raises(CannotGoOn) as refused:
            check_ports([Part("gateway", (), port=taken), Part("rasa", (), port=also_taken)])
    assert str(taken) in str(refused.value)
    assert str(also_taken) in str(refused.value)


def test_two_parts_cannot_have_the_same_port() -> None:
    chat, desk = Part("gateway", (), port=1, setting="SAYSO_PORT"), Part("desk", (), port=1, setting="SAYSO_DESK_PORT")
    with pytest.raises(CannotGoOn, match="SAYSO_PORT and SAYSO_DESK_PORT are both 1"):
        check_ports([chat, desk])


def test_an_address_that_is_not_of_this_machine_is_refused() -> None:
    with pytest.raises(CannotGoOn, match=r"cannot be used on 192\.0\.2\.1"):
        check_ports([Part("gateway", (), host="192.0.2.1", port=0, setting="SAYSO_PORT")])


def test_free_ports_and_parts_without_one_are_fine() -> None:
    check_ports([Part("post", ()), Part("gateway", (), port=0)])


def test_the_door_is_the_first_part_and_only_it_the_desk_and_the_sample_page_can_be_reached_from_outside() -> None:
    parts = all_parts(Settings(host="0.0.0.0"))  # noqa: S104
    assert parts[0].name == "gateway"
    assert {part.name for part in parts if part.host != "127.0.0.1"} == {"gateway", "desk", "council"}
    assert all(part.setting.startswith("SAYSO_") for part in parts if part.port is not None)


def test_the_sample_page_can_be_left_out() -> None:
    assert "council" not in {part.name for part in all_parts(Settings(council_port=0))}


def test_a_part_that_listens_everywhere_is_reached_on_loopback() -> None:
    everywhere = Part("desk", (), host="0.0.0.0")  # noqa: S104
    assert everywhere.reach == "127.0.0.1"
    assert replace(everywhere, host="::").reach == "::1"
    assert replace(everywhere, host="10.0.0.7").reach == "10.0.0.7"
