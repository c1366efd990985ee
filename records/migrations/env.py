"""How Alembic runs our migrations: always on a connection that records.migrating hands it."""

from typing import Any

from alembic import context
from sqlalchemy.types import TypeDecorator

from records.tables import Table


def plain_type(kind: str, thing: Any, _context: Any) -> Any:
    """A migration is frozen, so it names the database's own types and not ours, which go on changing."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_type,
    # the transaction is the caller's
    transaction_per_migration=False,
)
context.run_migrations()
