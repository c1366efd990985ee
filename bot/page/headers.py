"""What the browser is told to refuse: other origins, scripts in the page, being framed by strangers, keeping anything."""

from __future__ import annotations

from collections.abc import Iterable


def page_headers(*, framed_by: Iterable[str] = ()) -> dict[str, str]:
    """Headers for the page and everything it loads.

    `framed_by` holds the origins whose pages may show it in a frame; without any, nobody may.
    `no-store` everywhere because a shared phone must not keep a trace of the chat, pictures and styles included
    (research on quick exits: what is left in the cache gives a visit away).
    """
    ancestors = " ".join(framed_by) or "'none'"
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
            f"base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
