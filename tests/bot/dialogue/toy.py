"""A small action server for tests of the dialogue: five questions, an offer, and ways to fail. It keeps to the contract of `actions`."""

from __future__ import annotations

from typing import Any

QUESTIONS = 5


class ToyActions:
    """Stands where Rasa expects the endpoint of the action server; answers in the same process."""

    url = "toy"
    kwargs = {"enable_selective_domain": True}

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.seen: list[dict[str, Any]] = []
        self.step: dict[str, int | str] = {}
        self.offered: set[str] = set()
        self.fails_in: str | None = None
        self.silent_in: str | None = None
        self.answers_with: Any = None

    async def request(self, *, json: dict[str, Any], **_: Any) -> Any:
        """One call of an action, as Rasa makes it."""
        name: str = json["next_action"]
        self.calls.append(name)
        self.seen.append(json)
        if self.fails_in == name:
            raise ConnectionError("canary words in an error")
        if self.answers_with is not None:
            return self.answers_with
        events, said = getattr(self, name)(json["sender_id"], json["tracker"])
        return {"events": events, "responses": [] if self.silent_in == name else [_message(words) for words in said]}

    def action_hear(self, sender: str, tracker: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        if _intent(tracker) == "prepare_review":
            self.offered.add(sender)
            return [], ["offer"]
        return [], [f"heard {_intent(tracker)}"]

    def action_open_pathway(self, sender: str, tracker: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        if not _choice(tracker).startswith("open:") and not (_intent(tracker) == "affirm" and sender in self.offered):
            return [], ["only answered"]
        self.offered.discard(sender)
        self.step[sender] = 0
        return [{"event": "active_loop", "name": "pathway_form"}], ["opening"]

    def validate_pathway_form(self, sender: str, tracker: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        slots = tracker["slots"]
        if slots["requested_slot"] is None:
            return [], []
        if _choice(tracker) == "control:stop" or slots["answer"] == "stop":
            self.step[sender] = "stopped"
            return [_slot("over")], []
        if _choice(tracker) == "control:who_sees":
            return [_slot(None)], ["who sees this"]
        step = int(self.step.get(sender, 0)) + 1
        self.step[sender] = step
        return [_slot(None if step < QUESTIONS else "over")], []

    def action_ask_answer(self, sender: str, _: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        return [], [f"question {self.step.get(sender, 0)}"]

    def action_finish_pathway(self, sender: str, _: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
        return [_slot(None)], [f"over at {self.step.get(sender)}"]


def choose(payload: str) -> str:
    """What the gateway sends for a button."""
    return '/choose{"choice": "' + payload + '"}'


def _message(words: str) -> dict[str, Any]:
    return {"text": words, "sayso": {"kind": "text", "text": words}}


def _slot(value: str | None) -> dict[str, Any]:
    return {"event": "slot", "name": "answer", "value": value}


def _intent(tracker: dict[str, Any]) -> str:
    return str(tracker["latest_message"]["intent"]["name"])


def _choice(tracker: dict[str, Any]) -> str:
    found = (entity["value"] for entity in tracker["latest_message"]["entities"] if entity["entity"] == "choice")
    return str(next(found, ""))
