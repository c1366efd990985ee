from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from ops.errors import CannotGoOn
from ops.rasa_files import write_endpoints
from ops.rasa_server import what_is_missing
from records.settings import Settings

ENDPOINTS = """\
action_endpoint:
  url: http://127.0.0.1:5055/webhook
  enable_selective_domain: true
tracker_store:
  type: bot.dialogue.tracker_store.SealedTrackerStore
"""


class SealedTrackerStore:
    """Stands for ours."""


class InMemoryTrackerStore:
    """Stands for the one Rasa takes when it cannot load ours."""


class Wrapper:
    """What Rasa puts around a store."""

    def __init__(self, store: object) -> None:
        self._tracker_store = store


def agent(store: object, ready: bool = True) -> SimpleNamespace:
    return SimpleNamespace(tracker_store=store, is_ready=lambda: ready)


def test_the_action_server_is_found_at_the_port_of_the_settings_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text(ENDPOINTS)
    file = write_endpoints(Settings(root=tmp_path, actions_port=6123))
    assert file == tmp_path / "var/run/endpoints.yml"
    assert YAML(typ="safe").load(file) == {
        "action_endpoint": {"url": "http://127.0.0.1:6123/webhook", "enable_selective_domain": True},
        "tracker_store": {"type": "bot.dialogue.tracker_store.SealedTrackerStore"},
    }
    assert list(file.parent.iterdir()) == [file]


def test_endpoints_without_an_action_server_are_refused(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("tracker_store:\n  type: some.Store\n")
    with pytest.raises(CannotGoOn, match="must have an action_endpoint"):
        write_endpoints(Settings(root=tmp_path))


def test_the_endpoints_of_this_repository_name_our_store(tmp_path: Path) -> None:
    file = write_endpoints(Settings(data_dir=tmp_path))
    assert YAML(typ="safe").load(file)["tracker_store"]["type"].endswith(".SealedTrackerStore")


def test_rasa_may_serve_with_the_model_and_our_store_however_it_wraps_it() -> None:
    assert what_is_missing(agent(SealedTrackerStore())) is None
    assert what_is_missing(agent(Wrapper(Wrapper(SealedTrackerStore())))) is None


def test_rasa_may_not_serve_without_a_model() -> None:
    assert what_is_missing(None) == "the model"
    assert what_is_missing(agent(SealedTrackerStore(), ready=False)) == "the model"


def test_rasa_may_not_serve_with_its_own_store_in_memory() -> None:
    assert what_is_missing(agent(Wrapper(InMemoryTrackerStore()))) == "our tracker store"
