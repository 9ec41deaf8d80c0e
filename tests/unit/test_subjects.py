"""What a command is about, by what the mirror knows of its parts."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from console.live.store import Link, LinkState, Store
from console.live.subjects import referral_of, subjects, van_of
from db import commands
from db.commands import Command
from db.domain.states import AssignmentState, HandoverState
from tests.unit.board_records import NOW, handover, job, reference, referral, shift, van

PATIENT, OTHER = referral(44), referral(45)
CRU1, CRU2 = van("CRU1"), van("CRU2")
JOB = job(PATIENT.id, CRU1.id, AssignmentState.MOBILE)
LINK = handover(PATIENT.id)
DRIVER, NURSE = uuid4(), uuid4()
ON_DUTY = replace(shift(CRU1.id), staff_ids=(DRIVER, NURSE))
LATER = NOW.replace(year=2027)


@pytest.fixture
def store() -> Store:
    made = Store(reference(), Link(LinkState.LIVE, NOW))
    rows = {"referral": [PATIENT, OTHER], "van": [CRU1, CRU2], "assignment": [JOB], "handover": [LINK]}
    made.put({**rows, "shift": [ON_DUTY]})
    return made


STEP = commands.Step(assignment_id=JOB.id, to=AssignmentState.ON_SCENE)
ALLOCATE = commands.Allocate(referral_id=OTHER.id, van_id=CRU2.id)
MOVE = commands.MoveHandover(handover_id=LINK.id, to=HandoverState.STARTED)
LET_ON = commands.LetOn(referral_id=OTHER.id, clinician="", reason="", covers=())
OFF_DUTY = commands.GoOffDuty(van_id=CRU1.id)
RAISE, CLEAR = commands.RaiseEmergency(van_id=CRU1.id), commands.ClearEmergency(van_id=CRU1.id)


def amend(entity: str, key: UUID) -> Command:
    return commands.AmendTime(entity=entity, id=key, field="accepted", at=NOW, reason="x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "of_referral", "of_van"),
    [
        (STEP, PATIENT.id, CRU1.id),
        (commands.StandDown(assignment_id=JOB.id, reason=""), PATIENT.id, CRU1.id),
        (MOVE, PATIENT.id, None),
        (ALLOCATE, OTHER.id, CRU2.id),
        (LET_ON, OTHER.id, None),
        (amend("referral", OTHER.id), OTHER.id, None),
        (amend("assignment", JOB.id), PATIENT.id, CRU1.id),
        (amend("handover", LINK.id), PATIENT.id, None),
        (OFF_DUTY, None, CRU1.id),
        (RAISE, None, CRU1.id),
        (commands.Step(assignment_id=uuid4(), to=AssignmentState.CLEAR), None, None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_part_leads_to_its_referral_and_van(
    store: Store, command: Command, of_referral: UUID | None, of_van: UUID | None
) -> None:
    assert (referral_of(command, store), van_of(command, store)) == (of_referral, of_van)


ON_DUTY_AGAIN = commands.GoOnDuty(van_id=CRU2.id, staff_ids=(NURSE,), planned_end=LATER)
NOTE = commands.AddNote(referral_id=PATIENT.id, words="x")


@pytest.mark.parametrize(
    ("one", "other", "ordered"),
    [
        (STEP, NOTE, True),
        (STEP, MOVE, True),
        (STEP, OFF_DUTY, True),
        (STEP, ALLOCATE, False),
        (LET_ON, ALLOCATE, True),
        (ALLOCATE, commands.Step(assignment_id=ALLOCATE.assignment_id, to=AssignmentState.MOBILE), True),
        (OFF_DUTY, ON_DUTY_AGAIN, True),
        (replace(OFF_DUTY, van_id=CRU2.id), replace(ON_DUTY_AGAIN, van_id=CRU1.id), False),
        (NOTE, commands.AddNote(command_id=NOTE.command_id, referral_id=OTHER.id, words="x"), False),
        (RAISE, STEP, False),
        (RAISE, OFF_DUTY, False),
        (RAISE, CLEAR, True),
        (CLEAR, STEP, True),
        (RAISE, commands.RaiseEmergency(van_id=CRU2.id), False),
    ],
)
def test_what_depends_on_what(store: Store, one: Command, other: Command, ordered: bool) -> None:
    shared = subjects(one, store) & subjects(other, store)
    assert bool(shared) is ordered
