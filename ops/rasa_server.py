"""`python -m ops.rasa_server`: Rasa as `rasa run` starts it, on loopback, with our ports, and with logs that quote nobody.

Differs from `rasa run` in three ways: it ends, instead of serving without one, when the model or our tracker store cannot
be loaded; once it serves, its logs carry no message text (ops.quiet_logs); the HTTP interface of Rasa itself stays shut.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from ops.errors import CannotGoOn
from ops.quiet_logs import log_no_words
from ops.rasa_files import write_endpoints
from ops.training import MODEL
from records.settings import Settings, settings

_STORE = "SealedTrackerStore"


def main() -> None:
    """Serves until it is told to stop; never returns. Ends with status 1 and a sentence when it cannot start."""
    chosen = settings()
    # Rasa and TensorFlow read these while they are imported
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", LOG_LEVEL="WARNING", LOG_LEVEL_LIBRARIES="ERROR")
    os.chdir(chosen.root)
    sys.path.insert(0, str(chosen.root))
    try:
        _serve(chosen)
    except CannotGoOn as reason:
        sys.exit(str(reason))
    # everything is closed and kept by now; taking TensorFlow apart would use up the seconds a part has for stopping
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _serve(chosen: Settings) -> None:
    model = chosen.root / MODEL
    if not model.is_file():
        raise CannotGoOn(f"There is no model at {model}. `sayso train` makes one.")
    endpoints = write_endpoints(chosen)

    import rasa
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog
    from rasa.utils.tensorflow.environment import setup_tf_environment

    configure_logging_and_warnings(logging.WARNING)
    setup_tf_environment()
    configure_structlog(logging.WARNING)
    rasa.run(
        str(model),
        str(endpoints),
        credentials=str(chosen.root / "credentials.yml"),
        interface="127.0.0.1",
        port=chosen.rasa_port,
        enable_api=False,
        cors=None,
        server_listeners=[(_check_and_hush, "after_server_start")],
    )


async def _check_and_hush(app: Any, _loop: Any) -> None:
    """Rasa goes on without a model, or with its own tracker store in memory, and would seem to be well; we do not."""
    agent = app.ctx.agent
    wrong = what_is_missing(agent)
    if wrong:
        print(f"Rasa started without {wrong}; the lines above say why.", file=sys.stderr, flush=True)
        # Sanic would turn an exception, SystemExit too, into an orderly end with status 0
        os._exit(1)
    log_no_words()


def what_is_missing(agent: Any) -> str | None:
    """What a freshly loaded agent lacks to serve Sayso: "the model", "our tracker store", or None."""
    if agent is None or not agent.is_ready():
        return "the model"
    store = agent.tracker_store
    # Rasa wraps a store, sometimes twice; `fallback_tracker_store` must not be looked at, it is made on first sight
    while type(store).__name__ != _STORE and "_tracker_store" in vars(store):
        store = vars(store)["_tracker_store"]
    return None if type(store).__name__ == _STORE else "our tracker store"


if __name__ == "__main__":
    main()
