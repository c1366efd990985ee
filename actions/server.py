"""`python -m actions.server`: Rasa's action server, on loopback only, without cross-origin answers."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app

from actions.doing import knowledge
from records.migrating import prepare
from records.settings import settings


def main() -> None:
    """Prepares the database, reads the data files (a mistake in one stops it here, with file and line), then serves."""
    chosen = settings()
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    prepare()
    knowledge()
    app = create_app("actions", cors_origins=[])
    app.run("127.0.0.1", chosen.actions_port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
