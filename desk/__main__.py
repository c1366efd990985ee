"""`python -m desk`: serves the desk on the address of the settings."""

from __future__ import annotations

import uvicorn

from desk.app import create_app
from records.migrating import prepare
from records.settings import settings


def main() -> None:
    """Brings the database to its present shape and serves until it is stopped."""
    chosen = settings()
    prepare()
    # no access log: addresses of pages say who looked at whom; no websockets, which the desk has none of and Rasa keeps old
    uvicorn.run(
        create_app(chosen),
        host=chosen.host,
        port=chosen.desk_port,
        access_log=False,
        server_header=False,
        ws="none",
        log_level=chosen.log_level.lower(),
    )


if __name__ == "__main__":
    main()
