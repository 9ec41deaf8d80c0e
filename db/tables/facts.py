"""What the measures ask about a referral and about a job, worked out from the record and kept narrow.

Nobody but the record's own functions reads or writes these (``cru.settle_measures()``); a column that is named
like a measure holds its value.

They refer to referrals and jobs by id alone: a foreign key would hold each row that a figure was worked out from
until that transaction ends, and the crew's next step with it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base


class ReferralFactRow(Base):
    """One referral. Minutes, where NaN is a time that nobody put down; of a share 1, 0, or -1 where nobody did."""

    __tablename__ = "referral_fact"
    __table_args__ = (
        Index("referral_fact_received_at_idx", "received_at"),
        Index("referral_fact_again_at_idx", "again_at", postgresql_where=text("again_at IS NOT NULL")),
        Index("referral_fact_back_id_idx", "back_id", postgresql_where=text("back_id IS NOT NULL")),
    )
    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime]
    again_at: Mapped[datetime | None]
    priority: Mapped[str]
    source: Mapped[str]
    area: Mapped[str]
    hour: Mapped[int] = mapped_column(SmallInteger)
    van_id: Mapped[UUID | None]
    state: Mapped[str]
    end_code: Mapped[str]
    in_error: Mapped[bool]
    met: Mapped[bool]
    accompanied: Mapped[bool]
    held_until: Mapped[datetime | None]
    back_id: Mapped[UUID | None]
    age_band: Mapped[str]
    language: Mapped[str]
    ethnicity: Mapped[str]
    deprivation: Mapped[str]
    response: Mapped[float | None]
    decision: Mapped[float | None]
    handover: Mapped[float | None]
    ems_wait: Mapped[float | None]
    ems_release: Mapped[float | None]
    never_met: Mapped[int | None] = mapped_column(SmallInteger)
    declined: Mapped[int | None] = mapped_column(SmallInteger)
    cancelled: Mapped[int | None] = mapped_column(SmallInteger)
    cancelled_unheard: Mapped[int | None] = mapped_column(SmallInteger)
    care_done: Mapped[int | None] = mapped_column(SmallInteger)
    care_not_done: Mapped[int | None] = mapped_column(SmallInteger)
    care_not_needed: Mapped[int | None] = mapped_column(SmallInteger)
    care_not_known: Mapped[int | None] = mapped_column(SmallInteger)
    back: Mapped[int | None] = mapped_column(SmallInteger)
    promises_kept: Mapped[int | None] = mapped_column(SmallInteger)
    promises_kept_of: Mapped[int | None] = mapped_column(SmallInteger)
    promises_made: Mapped[int | None] = mapped_column(SmallInteger)
    wishes_kept: Mapped[int | None] = mapped_column(SmallInteger)
    wishes_kept_of: Mapped[int | None] = mapped_column(SmallInteger)
    wishes_asked: Mapped[int | None] = mapped_column(SmallInteger)
    follow_ups_kept: Mapped[int | None] = mapped_column(SmallInteger)
    follow_ups_kept_of: Mapped[int | None] = mapped_column(SmallInteger)
    follow_ups_made: Mapped[int | None] = mapped_column(SmallInteger)
    called_in_time: Mapped[int | None] = mapped_column(SmallInteger)
    called_in_time_of: Mapped[int | None] = mapped_column(SmallInteger)
    overrides: Mapped[int | None] = mapped_column(SmallInteger)
    screened_out: Mapped[int | None] = mapped_column(SmallInteger)
    unknown_to_no: Mapped[int | None] = mapped_column(SmallInteger)
    unknown_to_no_of: Mapped[int | None] = mapped_column(SmallInteger)
    unknown_to_yes: Mapped[int | None] = mapped_column(SmallInteger)
    unknown_to_yes_of: Mapped[int | None] = mapped_column(SmallInteger)
    force: Mapped[int | None] = mapped_column(SmallInteger)
    force_not_said: Mapped[int | None] = mapped_column(SmallInteger)
    avoided: Mapped[int | None] = mapped_column(SmallInteger)
    police_avoided: Mapped[int | None] = mapped_column(SmallInteger)
    untyped: Mapped[int | None] = mapped_column(SmallInteger)
    untyped_of: Mapped[int | None] = mapped_column(SmallInteger)
    amended: Mapped[int | None] = mapped_column(SmallInteger)


class JobFactRow(Base):
    """One job of a van that happened, with what its referral may be cut by."""

    __tablename__ = "job_fact"
    __table_args__ = (
        Index("job_fact_received_at_idx", "received_at"),
        Index("job_fact_referral_id_idx", "referral_id"),
        Index("job_fact_from_at_idx", "from_at"),
        Index(
            "job_fact_long_idx",
            "from_at",
            postgresql_where=text("until_at IS NULL OR until_at - from_at > interval '1 day'"),
        ),
    )
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]
    reference: Mapped[str]
    received_at: Mapped[datetime]
    priority: Mapped[str]
    source: Mapped[str]
    area: Mapped[str]
    hour: Mapped[int] = mapped_column(SmallInteger)
    van_id: Mapped[UUID]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    activation: Mapped[float | None]
    travel: Mapped[float | None]
    job_cycle: Mapped[float | None]
    stale: Mapped[float | None]
    stale_of: Mapped[float | None]


class FactDueRow(Base):
    """A referral to which something happened since it was worked out; it may stand here many times."""

    __tablename__ = "fact_due"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID]
