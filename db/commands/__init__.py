"""One async function a verb; the caller owns the transaction. The only way in to the record.

``execute(engine, command)`` runs one command in a transaction of its own; ``run(connection, command)`` joins one.
"""

from db.commands.assignment import Allocate, StandDown, Step
from db.commands.base import Command, execute, run
from db.commands.decision import LetOn, LookedAt
from db.commands.handover import ExpectHandover, MoveHandover, RefuseHandover
from db.commands.notes import AddFeedback, AddNote, Advise999, OpenRecord
from db.commands.person import (
    AddFlag,
    BookInterpreter,
    ReadBriefBack,
    ReportWishes,
    SayWhoItIs,
    TakeOver,
    TellAbout,
    WithdrawFlag,
)
from db.commands.referral import (
    Accept,
    Cancel,
    Close,
    Decline,
    Details,
    EditReferral,
    EndHold,
    Hold,
    MarkEnteredInError,
    Reopen,
    TakeReferral,
)
from db.commands.screening import CompleteScreening, OverrideScreening
from db.commands.times import AmendTime
from db.commands.undo import TakeBack
from db.commands.van import (
    ClearEmergency,
    GoOffDuty,
    GoOnDuty,
    MakeAvailable,
    RaiseEmergency,
    StartMealBreak,
    TakeOutOfService,
)

__all__ = [
    "Accept",
    "AddFeedback",
    "AddFlag",
    "AddNote",
    "Advise999",
    "Allocate",
    "AmendTime",
    "BookInterpreter",
    "Cancel",
    "ClearEmergency",
    "Close",
    "Command",
    "CompleteScreening",
    "Decline",
    "Details",
    "EditReferral",
    "EndHold",
    "ExpectHandover",
    "GoOffDuty",
    "GoOnDuty",
    "Hold",
    "LetOn",
    "LookedAt",
    "MakeAvailable",
    "MarkEnteredInError",
    "MoveHandover",
    "OpenRecord",
    "OverrideScreening",
    "RaiseEmergency",
    "ReadBriefBack",
    "RefuseHandover",
    "Reopen",
    "ReportWishes",
    "SayWhoItIs",
    "StandDown",
    "StartMealBreak",
    "Step",
    "TakeBack",
    "TakeOutOfService",
    "TakeOver",
    "TakeReferral",
    "TellAbout",
    "WithdrawFlag",
    "execute",
    "run",
]
