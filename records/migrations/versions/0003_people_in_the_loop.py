"""people in the loop: clocks, actions, endings and samples"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OLD_CLOCKS = {"S1": timedelta(minutes=5), "S2": timedelta(hours=4), "S3": timedelta(days=1), "S4": timedelta(days=7)}
"""For flags from before there were clocks. What nobody has taken on by now is late, and its alerts go up the chain."""

_FROZEN = (
    ("flag_taken_on_is_frozen", "flag", "UPDATE OF acknowledged_by, acknowledged_at", "OLD.acknowledged_at IS NOT NULL"),
    ("flag_closed_is_frozen", "flag", "UPDATE OF closed_by, closed_at, ended, outcome", "OLD.closed_at IS NOT NULL"),
    ("flag_action_is_frozen", "flag_action", "UPDATE", None),
    ("flag_action_stays", "flag_action", "DELETE", None),
    ("sample_verdict_is_frozen", "sample_item", "UPDATE OF verdict, judged_by, judged_at, severity, category", "OLD.verdict IS NOT NULL"),
    ("event_is_frozen", "event", "UPDATE", None),
    ("reading_is_frozen", "reading", "UPDATE", None),
)
"""Name, table, what is refused, and when: nothing that was done with a flag can be made to look different afterwards."""


def upgrade() -> None:
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rung", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended", sa.String(length=16), nullable=True))
    _fill_flags()
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("rung", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.Integer(), nullable=True))
    op.execute("UPDATE outbox SET step = 0")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("step", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(op.f("uq_outbox_kind_about_id_address"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_outbox_kind_about_id_address_step"), ["kind", "about_id", "address", "step"])

    op.create_table(
        "flag_action",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("flag_id", sa.String(length=36), nullable=False),
        sa.Column("worker_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_action_flag_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_flag_action_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_action")),
    )
    with op.batch_alter_table("flag_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_action_flag_id"), ["flag_id"], unique=False)

    op.create_table(
        "sample_week",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_week")),
        sa.UniqueConstraint("to_at", name=op.f("uq_sample_week_to_at")),
    )
    op.create_table(
        "sample_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("week_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("severity", sa.String(length=2), nullable=True),
        sa.Column("category", sa.String(length=24), nullable=True),
        sa.Column("flag_id", sa.String(length=36), nullable=True),
        sa.Column("judged_by", sa.String(length=36), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_sample_item_flag_id")),
        sa.ForeignKeyConstraint(["judged_by"], ["worker.id"], name=op.f("fk_sample_item_judged_by")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_sample_item_message_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["week_id"], ["sample_week.id"], name=op.f("fk_sample_item_week_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("message_id", name=op.f("uq_sample_item_message_id")),
    )
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_item_week_id"), ["week_id"], unique=False)

    for name, table, what, when in _FROZEN:
        _freeze(name, table, what, when)


def downgrade() -> None:
    for name, table, _, _ in reversed(_FROZEN):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sample_item_week_id"))

    op.drop_table("sample_item")
    op.drop_table("sample_week")
    with op.batch_alter_table("flag_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flag_action_flag_id"))

    op.drop_table("flag_action")
    # the older table knows no steps: of the alerts to one address about one thing it can hold one
    op.execute(
        "DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.kind = outbox.kind"
        " AND earlier.about_id = outbox.about_id AND earlier.address = outbox.address AND earlier.step < outbox.step)"
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_outbox_kind_about_id_address_step"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_outbox_kind_about_id_address"), ["kind", "about_id", "address"])
        batch_op.drop_column("step")

    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_column("ended")
        batch_op.drop_column("rung")
        batch_op.drop_column("due_at")


def _fill_flags() -> None:
    flag = sa.table(
        "flag",
        sa.column("id", sa.String()),
        sa.column("severity", sa.String()),
        sa.column("raised_at", sa.DateTime(timezone=True)),
        sa.column("closed_at", sa.DateTime(timezone=True)),
        sa.column("due_at", sa.DateTime(timezone=True)),
        sa.column("rung", sa.Integer()),
        sa.column("ended", sa.String()),
    )
    work = op.get_bind()
    for row in work.execute(sa.select(flag.c.id, flag.c.severity, flag.c.raised_at, flag.c.closed_at)).all():
        raised: datetime = row.raised_at
        due = raised + _OLD_CLOCKS.get(row.severity or "S2", _OLD_CLOCKS["S2"])
        # how a flag ended was not asked before; its words are still there
        ended = "other" if row.closed_at else None
        work.execute(flag.update().where(flag.c.id == row.id).values(due_at=due, rung=0, ended=ended))


def _freeze(name: str, table: str, what: str, when: str | None) -> None:
    condition = f"WHEN ({when}) " if when else ""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} {condition}BEGIN SELECT RAISE(ABORT, 'what was done never changes'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what was done never changes'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW {condition}EXECUTE FUNCTION {name}()")
