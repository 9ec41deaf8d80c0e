"""What is usual in a control chart, as a person said it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import NOW, Base, id_column, words_column


class SpcBaselineRow(Base):
    """From a day on, the limits of a measure are told by days from then on. Withdrawn, never changed."""

    __tablename__ = "spc_baseline"
    __table_args__ = (
        CheckConstraint("until_on >= since_on", name="in_order"),
        Index(
            "spc_baseline_in_force_idx",
            "measure",
            "since_on",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: Mapped[UUID] = id_column()
    measure: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    since_on: Mapped[date]
    # The last day that tells what is usual; later ones are judged by it. None takes all there are.
    until_on: Mapped[date | None]
    reason: Mapped[str]
    author: Mapped[str] = mapped_column(server_default=text("session_user"))
    set_at: Mapped[datetime] = mapped_column(server_default=NOW)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = words_column()
