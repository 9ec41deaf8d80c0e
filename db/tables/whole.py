"""The schema: SQLAlchemy 2 declarative tables of the shared record.

Triggers, grants and partitions are SQL beside the migrations; constraints that PostgreSQL can state by itself
are here, and the limit of every column is in :mod:`db.tables.bounds`. All times are ``timestamptz``. Rows are
never deleted.
"""

from db.tables.acts import ActPartRow, ActRow
from db.tables.alarms import AlarmKindRow, AlarmOnsetRow, AlarmRow, AlarmWatchRow
from db.tables.audit import AuditCheckpointRow, AuditLeafRow, AuditNodeRow, AuditPendingRow, AuditShapeRow
from db.tables.backup import BackupRow
from db.tables.base import NOW, SCHEMA, Base, Configured
from db.tables.care import (
    ContactRow,
    ContactScheduleRow,
    EndingRow,
    EndingRuleRow,
    FollowUpRow,
    LateLinkRow,
    PlacesFreeRow,
)
from db.tables.changes import ChangeRow
from db.tables.configured import (
    CommandWordRow,
    DestinationRow,
    LegalMoveRow,
    MeasureRow,
    OutcomeRow,
    PriorityRow,
    ReasonRow,
    ReferralSourceRow,
    RuleRow,
    ScreeningItemRow,
    ScreeningToolRow,
    ServiceRow,
    UserAccountRow,
    VanBaseRow,
    WishRow,
)
from db.tables.crew import DeviceRow, DeviceStayRow, ShiftMemberRow, ShiftRow, StaffRow, VanRow
from db.tables.facts import FactDueRow, JobFactRow, ReferralFactRow
from db.tables.finding import FindableRow, SearchRow
from db.tables.gate import (
    DangerRow,
    DecisionRow,
    NewsBandRow,
    ReadingRow,
    ToolBranchRow,
    ToolLetterRow,
    ToolLifeRow,
    ToolLimitRow,
)
from db.tables.looking import LookRow, OpenedRow, SearchLineRow
from db.tables.measured import SpcBaselineRow
from db.tables.mended import MendedRow
from db.tables.messages import MessageRow, MessageSeenRow, MessageWaitingRow, PresenceRow
from db.tables.neighbourhood import NeighbourhoodRow
from db.tables.person import (
    AboutMeRow,
    AboutTopicRow,
    CrewWordRow,
    FlagRow,
    InterpreterRow,
    LanguageRow,
    MobilityRow,
    PersonRequestRow,
    ReadBackRow,
    SamePersonRow,
    WishKeptRow,
)
from db.tables.positions import FixColumns, PositionFixRow, PositionRow
from db.tables.record import (
    AssignmentRow,
    CommandLogRow,
    EventRow,
    HandoverRow,
    IntakeCallRow,
    ReferralDayRow,
    ReferralRow,
    ScreeningRow,
)
from db.tables.room import ShiftHandoverItemRow, ShiftHandoverRow, ShiftLogRow
from db.tables.rota import CoverWantedRow, PlannedRideRow, PlannedShiftRow, RotaPublishedRow
from db.tables.voices import FeedbackRow, FeedbackThemeRow, ImprovementRow, ReviewRow

__all__ = [
    "NOW",
    "SCHEMA",
    "AboutMeRow",
    "AboutTopicRow",
    "ActPartRow",
    "ActRow",
    "AlarmKindRow",
    "AlarmOnsetRow",
    "AlarmRow",
    "AlarmWatchRow",
    "AssignmentRow",
    "AuditCheckpointRow",
    "AuditLeafRow",
    "AuditNodeRow",
    "AuditPendingRow",
    "AuditShapeRow",
    "BackupRow",
    "Base",
    "ChangeRow",
    "CommandLogRow",
    "CommandWordRow",
    "Configured",
    "ContactRow",
    "ContactScheduleRow",
    "CoverWantedRow",
    "CrewWordRow",
    "DangerRow",
    "DecisionRow",
    "DestinationRow",
    "DeviceRow",
    "DeviceStayRow",
    "EndingRow",
    "EndingRuleRow",
    "EventRow",
    "FactDueRow",
    "FeedbackRow",
    "FeedbackThemeRow",
    "FindableRow",
    "FixColumns",
    "FlagRow",
    "FollowUpRow",
    "HandoverRow",
    "ImprovementRow",
    "IntakeCallRow",
    "InterpreterRow",
    "JobFactRow",
    "LanguageRow",
    "LateLinkRow",
    "LegalMoveRow",
    "LookRow",
    "MeasureRow",
    "MendedRow",
    "MessageRow",
    "MessageSeenRow",
    "MessageWaitingRow",
    "MobilityRow",
    "NeighbourhoodRow",
    "NewsBandRow",
    "OpenedRow",
    "OutcomeRow",
    "PersonRequestRow",
    "PlacesFreeRow",
    "PlannedRideRow",
    "PlannedShiftRow",
    "PositionFixRow",
    "PositionRow",
    "PresenceRow",
    "PriorityRow",
    "ReadBackRow",
    "ReadingRow",
    "ReasonRow",
    "ReferralDayRow",
    "ReferralFactRow",
    "ReferralRow",
    "ReferralSourceRow",
    "ReviewRow",
    "RotaPublishedRow",
    "RuleRow",
    "SamePersonRow",
    "ScreeningItemRow",
    "ScreeningRow",
    "ScreeningToolRow",
    "SearchLineRow",
    "SearchRow",
    "ServiceRow",
    "ShiftHandoverItemRow",
    "ShiftHandoverRow",
    "ShiftLogRow",
    "ShiftMemberRow",
    "ShiftRow",
    "SpcBaselineRow",
    "StaffRow",
    "ToolBranchRow",
    "ToolLetterRow",
    "ToolLifeRow",
    "ToolLimitRow",
    "UserAccountRow",
    "VanBaseRow",
    "VanRow",
    "WishKeptRow",
    "WishRow",
]
