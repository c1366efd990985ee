"""Answers as JSON."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse


class Json(JSONResponse):
    """JSON in plain ASCII: half an emoji that a phone sent (a lone surrogate) is kept as it came, and UTF-8 has no form for it."""

    def render(self, content: Any) -> bytes:
        """The body of the answer."""
        return json.dumps(content, separators=(",", ":"), allow_nan=False).encode("ascii")
