"""A real PostgreSQL that the tests start themselves (from PyPI, no system package)."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from urllib.parse import quote

import pgserver


class PostgresServer:
    """One server for the whole run; each test gets a database of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="sayso-pg-")
        self._server = pgserver.get_server(self._folder)

    def new_name(self) -> str:
        """A name no database has yet."""
        return "t" + uuid.uuid4().hex

    def create(self, name: str, like: str = "template1") -> str:
        """Makes a database, empty or as a copy of another one; returns its address."""
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {like};")
        return f"postgresql://postgres:@/{name}?host={quote(self._folder)}"

    def stop(self) -> None:
        """Stops the server and clears its folder."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
