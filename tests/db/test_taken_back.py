"""Everything that can be done can be taken back: rows, board and who holds whom are what they were before."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from db import commands as do
from db.domain.states import AssignmentState, HandoverState
from db.errors import Conflict
from tests.cluster import Record
from tests.db import desk
from tests.db.person_doings import PERSON_DOINGS
from tests.db.undoing import ANSWERS, UndoRoom, accepted, closed, job, link, received, room_on, van
from tests.sampled import some

State = AssignmentState
Doing = Callable[[UndoRoom], Awaitable[tuple[do.Command, str]]]
LEAD, SHAH = "l.lead", "a.shah"


@pytest.fixture
async def room(record: Record) -> AsyncIterator[UndoRoom]:
    async with room_on(record) as made:
        yield made


async def _screen(room: UndoRoom, *, again: bool = False) -> tuple[do.Command, str]:
    taken = await received(room)
    if again:
        await desk.screen(room.engines[SHAH], taken.referral_id)
    return await desk.answered(room.engines[SHAH], taken.referral_id, pregnancy="yes"), SHAH


async def _let_on(room: UndoRoom) -> tuple[do.Command, str]:
    command, _ = await _screen(room)
    await room.send(command)
    assert isinstance(command, do.CompleteScreening)
    return await room.let_on(command.referral_id), LEAD


async def _accept(room: UndoRoom) -> tuple[do.Command, str]:
    taken = await received(room)
    await desk.screen(room.engines[SHAH], taken.referral_id)
    return do.Accept(referral_id=taken.referral_id), SHAH


async def _decline(room: UndoRoom) -> tuple[do.Command, str]:
    return do.Decline(referral_id=(await received(room)).referral_id, reason="physical"), SHAH


async def _decline_held(room: UndoRoom) -> tuple[do.Command, str]:
    taken = await received(room)
    until, spoken = await room.now() + timedelta(hours=2), do.Spoken("Ottoline")
    await room.send(do.Hold(referral_id=taken.referral_id, until=until, reason="call_back", spoken=spoken))
    return do.Decline(referral_id=taken.referral_id, reason="physical"), SHAH


async def _cancel_with_two_vans(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.MOBILE)
    await room.send(do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)))
    return do.Cancel(referral_id=sent.referral_id, reason="duplicate"), SHAH


async def _edit(room: UndoRoom) -> tuple[do.Command, str]:
    taken = await received(room)
    changed = replace(taken.details, priority="P3", narrative="a\ttab, an é and a 👩", caller="Ann")
    return do.EditReferral(referral_id=taken.referral_id, version=1, details=changed), SHAH


async def _hold(room: UndoRoom) -> tuple[do.Command, str]:
    until = await room.now() + timedelta(minutes=50)
    return do.Hold(referral_id=await accepted(room), until=until, reason="call_back"), SHAH


async def _end_hold(room: UndoRoom) -> tuple[do.Command, str]:
    command, _ = await _hold(room)
    await room.send(command)
    assert isinstance(command, do.Hold)
    return do.EndHold(referral_id=command.referral_id), SHAH


async def _allocate_held(room: UndoRoom) -> tuple[do.Command, str]:
    command, _ = await _hold(room)
    await room.send(command)
    assert isinstance(command, do.Hold)
    return do.Allocate(referral_id=command.referral_id, van_id=await van(room)), SHAH


async def _allocate(room: UndoRoom) -> tuple[do.Command, str]:
    return do.Allocate(referral_id=await accepted(room), van_id=await van(room)), SHAH


async def _allocate_second(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.WITH_PATIENT)
    return do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)), SHAH


def _step(*before: AssignmentState, to: AssignmentState) -> Doing:
    async def doing(room: UndoRoom) -> tuple[do.Command, str]:
        sent = await job(room, *before)
        where = "Crisis house" if to is State.CONVEYING else ""
        return do.Step(assignment_id=sent.assignment_id, to=to, destination=where), SHAH

    return doing


async def _stand_down(room: UndoRoom) -> tuple[do.Command, str]:
    return do.StandDown(assignment_id=(await job(room, State.MOBILE)).assignment_id, reason="not_needed"), SHAH


async def _stand_down_swapped(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.ON_SCENE)
    await room.send(do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)))
    return do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"), SHAH


async def _amend(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.MOBILE)
    await room.pass_time(1)  # also where the clock stands still, the time is another one
    at = await room.now()
    return (
        do.AmendTime(entity="assignment", id=sent.assignment_id, field="mobile", at=at, reason="typed wrong"),
        LEAD,
    )


async def _expect(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.WITH_PATIENT)
    return do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="Crisis house"), SHAH


def _hand(*before: HandoverState, to: HandoverState) -> Doing:
    async def doing(room: UndoRoom) -> tuple[do.Command, str]:
        return do.MoveHandover(handover_id=await link(room, *before), to=to), SHAH

    return doing


async def _refuse(room: UndoRoom) -> tuple[do.Command, str]:
    return do.RefuseHandover(handover_id=await link(room, HandoverState.STARTED), reason="physical"), SHAH


async def _close(room: UndoRoom) -> tuple[do.Command, str]:
    sent = await job(room, State.ON_SCENE, State.CLEAR)
    return do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS), SHAH


async def _reopen(room: UndoRoom) -> tuple[do.Command, str]:
    return do.Reopen(referral_id=await closed(room), reason="rang again"), LEAD


async def _error(room: UndoRoom) -> tuple[do.Command, str]:
    return do.MarkEnteredInError(referral_id=await accepted(room), reason="duplicate"), LEAD


async def _error_closed(room: UndoRoom) -> tuple[do.Command, str]:
    return do.MarkEnteredInError(referral_id=await closed(room), reason="duplicate"), LEAD


async def _note(room: UndoRoom) -> tuple[do.Command, str]:
    return do.AddNote(referral_id=await accepted(room), words="rang the sister"), SHAH


async def _advise(room: UndoRoom) -> tuple[do.Command, str]:
    return do.Advise999(referral_id=await accepted(room)), SHAH


async def _flag(room: UndoRoom) -> tuple[do.Command, str]:
    ends = await room.now() + timedelta(days=30)
    dog = {"subject": "address", "kind": "pets", "reason": "a dog", "expires_at": ends}
    return do.AddFlag(referral_id=await accepted(room), **dog), SHAH


async def _feedback(room: UndoRoom) -> tuple[do.Command, str]:
    return do.AddFeedback(referral_id=await closed(room), said_by="person", words="kind"), SHAH


async def _on_duty(room: UndoRoom) -> tuple[do.Command, str]:
    one = (await desk.vans(room.engines[SHAH]))[2]
    staff = tuple([row["id"] for row in await room.owner.fetch("SELECT id FROM cru.staff")][:2])
    return do.GoOnDuty(van_id=one.id, staff_ids=staff, planned_end=await room.now() + timedelta(hours=9)), SHAH


async def _off_duty(room: UndoRoom) -> tuple[do.Command, str]:
    return do.GoOffDuty(van_id=await van(room)), SHAH


async def _meal(room: UndoRoom) -> tuple[do.Command, str]:
    return do.StartMealBreak(van_id=await van(room), until=await room.now() + timedelta(minutes=30)), SHAH


async def _back_from_meal(room: UndoRoom) -> tuple[do.Command, str]:
    command, _ = await _meal(room)
    await room.send(command)
    assert isinstance(command, do.StartMealBreak)
    return do.MakeAvailable(van_id=command.van_id), SHAH


async def _out(room: UndoRoom) -> tuple[do.Command, str]:
    return do.TakeOutOfService(van_id=await van(room), reason="fault"), SHAH


async def _emergency(room: UndoRoom) -> tuple[do.Command, str]:
    return do.RaiseEmergency(van_id=await van(room)), LEAD


async def _clear_emergency(room: UndoRoom) -> tuple[do.Command, str]:
    command, _ = await _emergency(room)
    await room.send(command)
    assert isinstance(command, do.RaiseEmergency)
    return do.ClearEmergency(van_id=command.van_id), LEAD


DOINGS: dict[str, Doing] = {
    "screen": _screen,
    "screen again": lambda room: _screen(room, again=True),
    "let on": _let_on,
    "accept": _accept,
    "decline": _decline,
    "decline what rests": _decline_held,
    "cancel with two vans on the way": _cancel_with_two_vans,
    "edit, with another priority": _edit,
    "hold": _hold,
    "end a hold": _end_hold,
    "allocate": _allocate,
    "allocate what rests": _allocate_held,
    "allocate a second van": _allocate_second,
    "acknowledged": _step(to=State.ACKNOWLEDGED),
    "at rendezvous, skipping": _step(State.ACKNOWLEDGED, to=State.AT_RENDEZVOUS),
    "on scene": _step(State.MOBILE, to=State.ON_SCENE),
    "with patient, skipping": _step(to=State.WITH_PATIENT),
    "conveying": _step(State.WITH_PATIENT, to=State.CONVEYING),
    "at destination": _step(State.CONVEYING, to=State.AT_DESTINATION),
    "clear": _step(State.ON_SCENE, State.WITH_PATIENT, to=State.CLEAR),
    "stand down the only van": _stand_down,
    "stand down a crew that was swapped": _stand_down_swapped,
    "amend a time": _amend,
    "expect a handover": _expect,
    "handover started": _hand(to=HandoverState.STARTED),
    "handover accepted": _hand(HandoverState.STARTED, to=HandoverState.ACCEPTED),
    "handover released": _hand(HandoverState.ACCEPTED, to=HandoverState.RELEASED),
    "handover refused": _refuse,
    "close": _close,
    "reopen": _reopen,
    "entered in error": _error,
    "entered in error after its end": _error_closed,
    "note": _note,
    "999 advised": _advise,
    "flag": _flag,
    "feedback": _feedback,
    "on duty": _on_duty,
    "off duty": _off_duty,
    "meal break": _meal,
    "back from a meal": _back_from_meal,
    "out of service": _out,
    "emergency": _emergency,
    "emergency cleared": _clear_emergency,
    **PERSON_DOINGS,
}


@pytest.mark.hazard("H-018")
@pytest.mark.parametrize("name", DOINGS)
async def test_what_was_before_is_there_again(room: UndoRoom, name: str) -> None:
    command, who = await DOINGS[name](room)
    rows, seen = await room.rows(), await room.seen()
    told = await room.owner.fetchval("SELECT coalesce(max(id), 0) FROM cru.event")
    await room.send(command, who)
    done = await room.owner.fetch("SELECT * FROM cru.event WHERE id > $1 ORDER BY id", told)
    assert done
    if name not in {"note", "999 advised"}:
        assert await room.rows() != rows
    await room.back(command, who)
    assert await room.rows() == rows
    assert await room.seen() == seen
    # Both stay: each event, and one beside it that says so.
    after = await room.owner.fetch("SELECT * FROM cru.event WHERE id > $1 ORDER BY id", told)
    assert after[: len(done)] == done
    beside = after[len(done) :]
    assert [(one["amends"], one["kind"]) for one in beside] == [
        (one["id"], f"{one['kind']} taken back") for one in done
    ]
    assert {(one["recorded_by"], one["referral_id"], one["van_id"]) for one in beside} == {
        (who, one["referral_id"], one["van_id"]) for one in done
    }


@pytest.mark.parametrize("name", some(DOINGS, 3))
async def test_it_can_be_done_again_and_only_then_taken_back_again(room: UndoRoom, name: str) -> None:
    command, who = await DOINGS[name](room)
    await room.send(command, who)
    await room.back(command, who)
    with pytest.raises(Conflict, match="taken back already"):
        await room.back(command, who)
    again = replace(command, command_id=UUID(int=7), **_new_rows(command))
    if isinstance(again, do.EditReferral):
        again = replace(again, version=3)
    done = await room.seen()
    await room.send(again, who)
    if name not in {"note", "999 advised", "feedback", "who it is", "wishes reported"}:
        assert await room.seen() != done
    await room.back(again, who)
    assert await room.seen() == done


def _new_rows(command: do.Command) -> dict[str, UUID]:
    made = ("screening_id", "assignment_id", "handover_id", "flag_id", "feedback_id", "shift_id", "decision_id")
    inserts = (
        do.CompleteScreening, do.Allocate, do.ExpectHandover, do.AddFlag, do.AddFeedback, do.GoOnDuty, do.LetOn
    )  # fmt: skip
    if hasattr(command, "row_id"):
        return {"row_id": UUID(int=8)}
    if not isinstance(command, inserts):
        return {}
    return {name: UUID(int=8) for name in made if hasattr(command, name)}
