"""`python -m bot.gateway`: serves the chat."""

import logging
import sys

import uvicorn

from bot.gateway.app import create_app
from bot.one_core import calculate_on_one_core
from records.migrating import prepare
from records.readiness import refused
from records.safety_data import load_help
from records.settings import settings


def main() -> None:
    """Brings the database to its present shape, then serves. The access log stays off: it would hold addresses of people.

    Ends with a sentence when SAYSO_LIVE is set and the council's own settings are missing or invented.
    """
    chosen = settings()
    refusal = refused(chosen, load_help(chosen.root))
    if refusal:
        sys.exit(refusal)
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    prepare()
    calculate_on_one_core()
    uvicorn.run(
        create_app(chosen),
        host=chosen.host,
        port=chosen.port,
        access_log=False,
        log_level=chosen.log_level.lower(),
        server_header=False,
        # nothing here speaks it, and uvicorn would load a library that Rasa pins too old
        ws="none",
    )


if __name__ == "__main__":
    main()
