"""`python -m ops.council`: serves the sample council page."""

import uvicorn

from ops.council.page import create_app
from records.settings import settings


def main() -> None:
    """Serves until it is told to stop."""
    chosen = settings()
    # no websockets: the page has none, and the release that Rasa is held to is too old for uvicorn
    uvicorn.run(
        create_app(chosen.chat_address),
        host=chosen.host,
        port=chosen.council_port,
        access_log=False,
        ws="none",
        log_level=chosen.log_level.lower(),
    )


if __name__ == "__main__":
    main()
