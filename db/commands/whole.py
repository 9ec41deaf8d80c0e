"""Every verb by which the record is changed.

``execute(engine, command)`` runs one command in a transaction of its own; ``run(connection, command)`` joins one.
"""

from db.commands.alarm import AcknowledgeAlarm, ShelveAlarm, UnshelveAlarm
from db.commands.assignment import Allocate, StandDown, Step
from db.commands.base import Command, execute, run
from db.commands.baseline import SetBaseline, WithdrawBaseline
from db.commands.care import (
    ClosePromise,
    DoFollowUp,
    LinkLate,
    PlanFollowUp,
    PutOffFollowUp,
    RecordContact,
    SayPlacesFree,
    SetContactSchedule,
    Spoken,
)
from db.commands.decision import LetOn, LookedAt
from db.commands.details import Details
from db.commands.device import (
    GiveDevice,
    MoveDevice,
    RenameDevice,
    RenewToken,
    SwitchOffDevice,
    SwitchOnDevice,
)
from db.commands.ending import AmendEnd, LegalGround, NameResponsible, Responsible
from db.commands.erasing import ErasePerson
from db.commands.fleet import RetireVan, SaveVan
from db.commands.handover import ExpectHandover, MoveHandover, RefuseHandover
from db.commands.imported import ImportRows
from db.commands.intake_call import BeginCall, CallerHungUp, EndCall, FinishCall, KeepCall, TakeCallOver
from db.commands.kept_list import RetireListed, SaveListed
from db.commands.marks import UndoEnteredInError
from db.commands.message import SeeMessage, SendMessage
from db.commands.notes import AddNote, Advise999, OpenRecord
from db.commands.person import (
    AddFlag,
    BookInterpreter,
    ReadBriefBack,
    ReportWishes,
    SayDeprivation,
    SayEthnicity,
    SayWhoItIs,
    TakeOver,
    TellAbout,
    WithdrawFlag,
)
from db.commands.person_request import AnswerAboutRecord, AskAboutRecord, CorrectRecord, GiveOutPerson
from db.commands.referral import (
    Accept,
    Cancel,
    Close,
    Decline,
    EditReferral,
    EndHold,
    Hold,
    MarkEnteredInError,
    Reopen,
    TakeReferral,
)
from db.commands.room import OfferRoom, PassOn, SignRisk, TakeRoom, WithdrawOffer, WriteLog
from db.commands.rota import (
    CancelPlan,
    ChangeCrew,
    CopyWeek,
    ExtendShift,
    PlannedSeat,
    PublishRota,
    SetCover,
    SetPlan,
)
from db.commands.screening import CompleteScreening
from db.commands.setting import SetRule
from db.commands.staff import SaveStaff, StaffLeaves
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
from db.commands.voices import AddFeedback, SetImprovement, SignOff, SortFeedback
from db.commands.welfare import CrewWell

__all__ = [
    "Accept",
    "AcknowledgeAlarm",
    "AddFeedback",
    "AddFlag",
    "AddNote",
    "Advise999",
    "Allocate",
    "AmendEnd",
    "AmendTime",
    "AnswerAboutRecord",
    "AskAboutRecord",
    "BeginCall",
    "BookInterpreter",
    "CallerHungUp",
    "Cancel",
    "CancelPlan",
    "ChangeCrew",
    "ClearEmergency",
    "Close",
    "ClosePromise",
    "Command",
    "CompleteScreening",
    "CopyWeek",
    "CorrectRecord",
    "CrewWell",
    "Decline",
    "Details",
    "DoFollowUp",
    "EditReferral",
    "EndCall",
    "EndHold",
    "ErasePerson",
    "ExpectHandover",
    "ExtendShift",
    "FinishCall",
    "GiveDevice",
    "GiveOutPerson",
    "GoOffDuty",
    "GoOnDuty",
    "Hold",
    "ImportRows",
    "KeepCall",
    "LegalGround",
    "LetOn",
    "LinkLate",
    "LookedAt",
    "MakeAvailable",
    "MarkEnteredInError",
    "MoveDevice",
    "MoveHandover",
    "NameResponsible",
    "OfferRoom",
    "OpenRecord",
    "PassOn",
    "PlanFollowUp",
    "PlannedSeat",
    "PublishRota",
    "PutOffFollowUp",
    "RaiseEmergency",
    "ReadBriefBack",
    "RecordContact",
    "RefuseHandover",
    "RenameDevice",
    "RenewToken",
    "Reopen",
    "ReportWishes",
    "Responsible",
    "RetireListed",
    "RetireVan",
    "SaveListed",
    "SaveStaff",
    "SaveVan",
    "SayDeprivation",
    "SayEthnicity",
    "SayPlacesFree",
    "SayWhoItIs",
    "SeeMessage",
    "SendMessage",
    "SetBaseline",
    "SetContactSchedule",
    "SetCover",
    "SetImprovement",
    "SetPlan",
    "SetRule",
    "ShelveAlarm",
    "SignOff",
    "SignRisk",
    "SortFeedback",
    "Spoken",
    "StaffLeaves",
    "StandDown",
    "StartMealBreak",
    "Step",
    "SwitchOffDevice",
    "SwitchOnDevice",
    "TakeBack",
    "TakeCallOver",
    "TakeOutOfService",
    "TakeOver",
    "TakeReferral",
    "TakeRoom",
    "TellAbout",
    "UndoEnteredInError",
    "UnshelveAlarm",
    "WithdrawBaseline",
    "WithdrawFlag",
    "WithdrawOffer",
    "WriteLog",
    "execute",
    "run",
]
