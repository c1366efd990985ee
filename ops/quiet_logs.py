"""Keeps what a young person wrote out of the logs of Rasa.

Rasa and the libraries under it put messages, slots and whole events into their warnings and errors. Once Rasa serves,
only our own packages may log sentences; every other record is reduced to where it came from and the kind of error.
"""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = ("voice", "records", "bot", "actions", "desk", "ops", "sayso")
"""First words of the loggers held to the rule that no log line carries a young person's words."""


def log_no_words() -> None:
    """From now on, reduces every log record of this process that is not ours, warnings of Python included.

    Works on the records themselves, so that handlers added later and loggers with handlers of their own are covered too.
    """
    logging.captureWarnings(True)
    make = logging.getLogRecordFactory()
    logging.setLogRecordFactory(lambda *args, **named: reduced(make(*args, **named)))


def reduced(record: logging.LogRecord) -> logging.LogRecord:
    """`record` without anything that could quote somebody, unless one of our packages made it.

    Keeps logger, level, file and line; of an error its kind and the place it was raised, of ours too.
    """
    error = _kind_and_place(record.exc_info) if record.exc_info else ""
    record.exc_info, record.exc_text, record.stack_info = None, None, None
    if record.name.partition(".")[0] in OURS:
        record.msg = f"{record.getMessage()}{error}"
    else:
        record.msg = f"{record.name}: {Path(record.pathname).name} line {record.lineno}{error}"
    record.args = None
    return record


def _kind_and_place(info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None] | Any) -> str:
    kind, _, trace = info
    if kind is None:
        return ""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {Path(trace.tb_frame.f_code.co_filename).name} line {trace.tb_lineno}" if trace is not None else ""
    return f" ({kind.__name__}{place})"
