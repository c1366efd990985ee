"""What the database says of itself."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from records.sealing import SealedText
from records.tables.base import Table


class KeyMark(Table):
    """One row, sealed when the database was made: it opens only with the key everything else was sealed with."""

    __tablename__ = "key_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(SealedText("key_mark.mark"))
