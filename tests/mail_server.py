"""A real mail server for tests, as small as one can be: it takes every letter and remembers who it was for."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType


class MailServer:
    """Listens on loopback, on a `port` that stays its own. `addressed` are the addresses of the letters it took."""

    def __init__(self) -> None:
        self.addressed: list[str] = []
        self._server: _Listener | None = _Listener(0, self.addressed)
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.go_away()

    @property
    def is_away(self) -> bool:
        """Whether nobody listens."""
        return self._server is None

    def go_away(self) -> None:
        """Stops listening: whoever connects is refused."""
        if self._server:
            self._server.end()
            self._server = None

    def come_back(self) -> None:
        """Listens again on the same port."""
        if self._server is None:
            self._server = _Listener(self.port, self.addressed)


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, addressed: list[str]) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.addressed = addressed
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Talk(socketserver.StreamRequestHandler):
    """One client (RFC 5321, as much as smtplib asks for)."""

    server: _Listener

    def handle(self) -> None:
        self._answer("220 ready")
        for line in self.rfile:
            words = line.strip().upper()
            if words.startswith(b"RCPT TO:"):
                self.server.addressed.append(line.strip()[len("RCPT TO:") :].decode("ascii", "replace").strip("<> "))
            if words == b"DATA":
                self._answer("354 go on")
                self._take_letter()
            self._answer("221 bye" if words == b"QUIT" else "250 ok")
            if words == b"QUIT":
                return

    def _take_letter(self) -> None:
        for line in self.rfile:
            if line.rstrip(b"\r\n") == b".":
                return

    def _answer(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode("ascii"))
