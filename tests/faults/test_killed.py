"""`kill -9` of the gateway, of Rasa and of the action server, at random moments, while several young people talk."""

from __future__ import annotations

import functools
import random

import pytest

from tests.faults.ledger import Ledger, check, talk_all
from tests.stack import Stack, wait_for
from tests.visitor import Visitor

VISITORS, TURNS = 6, 55
KILLED = ("gateway", "actions", "rasa", "gateway", "actions", "gateway", "rasa", "actions", "gateway")


@pytest.mark.stack
@pytest.mark.faults
def test_nothing_acknowledged_is_lost_or_doubled_when_parts_are_killed_again_and_again(stack: Stack) -> None:
    chance = random.Random(20261124)
    ledgers = [
        Ledger(Visitor(stack.address, style="easy" if number % 2 else "standard"), random.Random(number)) for number in range(VISITORS)
    ]
    talkers = talk_all(ledgers, TURNS)
    share = VISITORS * TURNS // (len(KILLED) + 1)
    for number, part in enumerate(KILLED):
        moment = share * number + chance.randint(share // 3, share)
        wait_for(functools.partial(_so_many, stack, ledgers, moment), "the next kill")
        stack.kill(part)
        stack.start(part)
    for talker in talkers:
        talker.join()
    acknowledged, stored = check(stack, ledgers)
    assert acknowledged == stored >= 300
    assert not [one for ledger in ledgers for one in ledger.silent]


def _so_many(stack: Stack, ledgers: list[Ledger], turns: int) -> bool:
    """Whether so many messages are acknowledged."""
    stack.check_alive()
    return sum(ledger.turns for ledger in ledgers) >= turns
