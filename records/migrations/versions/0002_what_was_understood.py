"""what was understood"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "understanding",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_understanding_message_id_message"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_understanding")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=48), nullable=True),
        sa.Column("round", sa.String(length=48), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("stance", sa.String(length=12), nullable=False),
        sa.Column("worker_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_correction_statement_id_statement"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_correction_worker_id_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_statement", "correction", ["statement_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_correction_statement", table_name="correction")
    op.drop_table("correction")
    op.drop_table("understanding")
