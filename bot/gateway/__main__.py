"""`python -m bot.gateway`: serves the chat."""

import logging

import uvicorn

from bot.gateway.app import create_app
from records.migrating import prepare
from records.settings import settings


def main() -> None:
    """Brings the database to its present shape, then serves. The access log stays off: it would hold addresses of people."""
    chosen = settings()
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    prepare()
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
