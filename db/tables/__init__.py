"""The schema: SQLAlchemy 2 declarative tables of the shared record.

Triggers, grants and partitions are SQL beside the migrations; constraints that PostgreSQL can state by itself
are here, and the limit of every column is in :mod:`db.tables.bounds`. All times are ``timestamptz``. Rows are
never deleted.
"""

from db.tables import bounds
from db.tables.base import NOW, SCHEMA, Base, Configured
from db.tables.changes import Change
from db.tables.configured import (
    Destination,
    LegalMove,
    Outcome,
    Priority,
    Reason,
    ReferralSource,
    Rule,
    ScreeningItem,
    ScreeningTool,
    Service,
    UserAccount,
    VanBase,
    Wish,
)
from db.tables.crew import Device, Shift, ShiftMember, Staff, Van
from db.tables.mended import Mended
from db.tables.positions import FixColumns, Position, PositionFix
from db.tables.record import (
    Assignment,
    CommandLog,
    Event,
    Feedback,
    Flag,
    Handover,
    Referral,
    ReferralDay,
    Screening,
)

__all__ = [
    "NOW",
    "SCHEMA",
    "Assignment",
    "Base",
    "Change",
    "CommandLog",
    "Configured",
    "Destination",
    "Device",
    "Event",
    "Feedback",
    "FixColumns",
    "Flag",
    "Handover",
    "LegalMove",
    "Mended",
    "Outcome",
    "Position",
    "PositionFix",
    "Priority",
    "Reason",
    "Referral",
    "ReferralDay",
    "ReferralSource",
    "Rule",
    "Screening",
    "ScreeningItem",
    "ScreeningTool",
    "Service",
    "Shift",
    "ShiftMember",
    "Staff",
    "UserAccount",
    "Van",
    "VanBase",
    "Wish",
]

bounds.attach(Base.metadata)
