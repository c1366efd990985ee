from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator

import pytest

from ops.quiet_logs import log_no_words

WORDS = "my canary is called Pim"


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged once Rasa serves; the process logs as before afterwards."""
    factory = logging.getLogRecordFactory()
    log_no_words()
    yield caplog
    logging.setLogRecordFactory(factory)
    logging.captureWarnings(False)


def fail() -> None:
    raise ValueError(WORDS)


def test_what_rasa_logs_is_reduced_to_where_it_came_from(written: pytest.LogCaptureFixture) -> None:
    logging.getLogger("rasa.core.processor").warning("could not handle %s", WORDS)
    logging.getLogger("rasa.core.processor").error(f"could not handle {WORDS}")
    assert "canary" not in written.text
    assert "rasa.core.processor: test_quiet_logs.py line" in written.text


def test_an_error_is_logged_by_its_kind_and_place_without_what_it_says(written: pytest.LogCaptureFixture) -> None:
    for name in ("rasa.core.agent", "bot.dialogue.channel", "root"):
        try:
            fail()
        except ValueError:
            logging.getLogger(name).exception("a turn failed")
    assert "canary" not in written.text
    assert written.text.count("(ValueError in test_quiet_logs.py line") == 3


def test_our_own_packages_may_log_sentences(written: pytest.LogCaptureFixture) -> None:
    logging.getLogger("bot.dialogue.channel").warning("a turn failed: %s", "deadline")
    logging.getLogger("bottle").warning("a turn failed: %s", WORDS)
    assert "a turn failed: deadline" in written.text
    assert "canary" not in written.text


def test_warnings_of_python_are_reduced_too(written: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"slot value {WORDS}", UserWarning, stacklevel=1)
    assert "canary" not in written.text
    assert "py.warnings" in written.text
