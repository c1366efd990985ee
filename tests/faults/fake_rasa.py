"""Something on Rasa's port that answers well, or in one of the ways in which a Rasa can fail."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from voice.messages import Bubble

Mode = Literal["well", "silence", "error", "garbage", "empty", "hang"]
ANSWER = "Here is an answer."


class FakeRasa:
    """Listens on `port`. `mode` can be changed at any time; whoever hangs is let go when it is."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """The message ids in the order in which they came."""
        self._mode: Mode = "well"
        self._go_on = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._send(200, b"Hello from Rasa")

            def do_POST(self) -> None:
                turn = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append(turn["message_id"])
                self._send(*fake.answer())

            def _send(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    # the gateway did not wait
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A gateway that was ended leaves its connections: nothing to be said."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def mode(self) -> Mode:
        """How it answers now."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        self._go_on.set()
        self._go_on = threading.Event()

    @property
    def hangs(self) -> bool:
        """Whether it keeps everybody waiting just now."""
        return self._mode == "hang"

    def answer(self) -> tuple[int, bytes]:
        """Status and body of a turn."""
        if self._mode == "hang":
            self._go_on.wait()
        if self._mode == "error":
            return 500, b"{}"
        if self._mode == "garbage":
            return 200, b'{"messages": [{"sayso": "?"}, \xff'
        if self._mode == "empty":
            return 200, b""
        messages = [{"sayso": Bubble(ANSWER).to_plain()}] if self._mode == "well" else []
        return 200, json.dumps({"messages": messages}).encode()

    def close(self) -> None:
        """Lets everybody go and stops."""
        self.mode = "silence"
        self._server.shutdown()
        self._server.server_close()
