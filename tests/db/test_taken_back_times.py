"""What was taken back stands in no order of time: it hinders nothing that is taken back, done or amended later."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from db import commands as do
from db.domain.states import AssignmentState as State
from db.errors import RecordError
from tests.cluster import Record
from tests.db import desk
from tests.db.undoing import ANSWERS, UndoRoom, accepted, job, received, room_on, van

OKAFOR, LEAD = "b.okafor", "l.lead"


@pytest.fixture
async def room(record: Record) -> AsyncIterator[UndoRoom]:
    async with room_on(record) as made:
        await made.stop_clock()
        await made.pass_time(41 * 60)
        yield made


async def standing(room: UndoRoom, sent: do.Allocate) -> list[Any]:
    """The job, its referral with who holds the patient, and its van, as they stand; without versions."""
    found = []
    for table, column, key in (
        ("assignment", "id", sent.assignment_id),
        ("referral", "id", sent.referral_id),
        ("handover", "referral_id", sent.referral_id),
        ("van", "id", sent.van_id),
    ):
        sql = f"SELECT to_jsonb(t) - 'version' AS row FROM cru.{table} t WHERE {column} = $1"  # noqa: S608 - ours
        found += [row["row"] for row in await room.owner.fetch(sql, key)]
    return found


async def everybody_home(room: UndoRoom) -> None:
    for row in await room.owner.fetch("SELECT id FROM cru.van WHERE duty_status <> 'off duty'"):
        await room.send(do.GoOffDuty(van_id=row["id"]))


# --- the end of a job, after what its van was thought to have done next ---


def _clear(sent: do.Allocate) -> do.Command:
    return do.Step(assignment_id=sent.assignment_id, to=State.CLEAR)


def _stood_down(sent: do.Allocate) -> do.Command:
    return do.StandDown(assignment_id=sent.assignment_id, reason="not_needed")


def _cancelled(sent: do.Allocate) -> do.Command:
    return do.Cancel(referral_id=sent.referral_id, reason="duplicate")


async def _elsewhere(room: UndoRoom, sent: do.Allocate) -> do.Allocate:
    return do.Allocate(referral_id=await accepted(room), van_id=sent.van_id)


async def _sent(room: UndoRoom, sent: do.Allocate) -> list[do.Command]:
    return [await _elsewhere(room, sent)]


async def _sent_and_mobile(room: UndoRoom, sent: do.Allocate) -> list[do.Command]:
    again = await _elsewhere(room, sent)
    return [again, do.Step(assignment_id=again.assignment_id, to=State.MOBILE)]


async def _sent_and_stood_down(room: UndoRoom, sent: do.Allocate) -> list[do.Command]:
    again = await _elsewhere(room, sent)
    return [again, _stood_down(again)]


async def _a_whole_job(room: UndoRoom, sent: do.Allocate) -> list[do.Command]:
    again = await _elsewhere(room, sent)
    return [again, do.Step(assignment_id=again.assignment_id, to=State.ON_SCENE), _clear(again)]


async def _swapped(room: UndoRoom, sent: do.Allocate) -> list[do.Command]:
    """This van to another referral, and another van to this one where a van may still be sent."""
    made: list[do.Command] = [await _elsewhere(room, sent)]
    state = await room.owner.fetchval("SELECT state FROM cru.referral WHERE id = $1", sent.referral_id)
    if state != "cancelled":
        made.append(do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)))
    return made


Ending = Callable[[do.Allocate], do.Command]
Meanwhile = Callable[[UndoRoom, do.Allocate], Awaitable[list[do.Command]]]
ENDED_AND_MEANWHILE: tuple[tuple[tuple[State, ...], Ending, Meanwhile], ...] = (
    ((State.ON_SCENE,), _clear, _a_whole_job),
    ((State.ON_SCENE, State.CONVEYING, State.AT_DESTINATION), _clear, _swapped),
    ((), _stood_down, _sent),
    ((State.MOBILE, State.AT_RENDEZVOUS), _stood_down, _swapped),
    ((State.MOBILE,), _cancelled, _sent_and_stood_down),
    ((State.ACKNOWLEDGED,), _cancelled, _sent_and_mobile),
)


@pytest.mark.hazard("H-077")
async def test_the_end_of_a_job_is_taken_back_after_what_did_not_happen(room: UndoRoom) -> None:
    for steps, end, meanwhile in ENDED_AND_MEANWHILE:
        sent = await job(room, *steps)
        before = await standing(room, sent)
        await room.pass_time(3)
        over = await room.send(end(sent))
        await room.pass_time(3)
        done = await meanwhile(room, sent)
        for one in done:
            await room.send(one, OKAFOR)
            await room.pass_time(3)
        for one in reversed(done):
            await room.back(one, OKAFOR)
            await room.pass_time(3)
        await room.back(over)
        assert await standing(room, sent) == before, (end, meanwhile)
        # The next round begins with a van that is free.
        await room.send(_clear(sent) if State.ON_SCENE in steps else _cancelled(sent))
        await everybody_home(room)


@pytest.mark.hazard("H-077")
async def test_what_did_happen_elsewhere_is_named_with_its_time(room: UndoRoom) -> None:
    """Long after, when the acts of the other referral are kept no more: its times still are."""
    for steps, end in (((State.ON_SCENE,), _clear), ((State.MOBILE,), _stood_down)):
        sent = await job(room, *steps)
        begun = await room.now()
        over = await room.send(end(sent))
        await room.pass_time(25 * 60)
        other = await _elsewhere(room, sent)
        await room.send(other, OKAFOR)
        await room.pass_time(60)
        await room.send(_cancelled(other), OKAFOR)
        await room.pass_time(8 * 86400)
        await room.owner.execute("SELECT cru.trim_acts()")
        before = await room.rows()
        with pytest.raises(RecordError) as refusal:
            await room.back(over, LEAD, "wrong van")
        where, there = [await _reference(room, one.referral_id) for one in (other, sent)]
        first, then = (f"{at:%H:%M %a %d %b}" for at in (begun, begun + timedelta(minutes=25)))
        assert refusal.value.sentence == (
            f"CRU1 was sent to {where} at {then}, so it cannot still be on {there}, where it was sent at {first}."
        )
        assert await room.rows() == before
        await everybody_home(room)


async def _reference(room: UndoRoom, referral: UUID) -> str:
    found: str = await room.owner.fetchval("SELECT reference FROM cru.referral WHERE id = $1", referral)
    return found


# --- and what is done or amended after it ---


async def test_a_referral_is_accepted_again_after_a_van_was_sent_by_mistake(room: UndoRoom) -> None:
    taken = await received(room)
    await desk.screen(room.engines["a.shah"], taken.referral_id)
    for _ in range(2):
        accept = await room.send(do.Accept(referral_id=taken.referral_id))
        await room.pass_time(5)
        sent = await room.send(do.Allocate(referral_id=taken.referral_id, van_id=await van(room)))
        await room.pass_time(5)
        await room.back(sent)
        await room.back(accept)
        await everybody_home(room)
        await room.pass_time(70)
    await room.send(do.Accept(referral_id=taken.referral_id))


async def test_an_ending_is_amended_past_what_did_not_happen(room: UndoRoom) -> None:
    sent = await job(room, State.ON_SCENE)
    await room.send(_clear(sent))
    await room.pass_time(5)
    told = await room.now()
    for wrong in (
        do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)),
        do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="Crisis house"),
    ):
        await room.pass_time(5)
        await room.send(wrong)
        await room.pass_time(5)
        await room.back(wrong)
    await room.send(do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS))
    amended = do.AmendTime(entity="referral", id=sent.referral_id, field="closed", at=told, reason="from the log")
    await room.send(amended, LEAD)


# --- where vans that are clear by now have brought a referral ---


@pytest.mark.hazard("H-077")
async def test_a_crew_that_was_there_meanwhile_keeps_the_referral_attended(room: UndoRoom) -> None:
    sent = await job(room, State.ON_SCENE)
    await room.send(_clear(sent))

    async def state() -> object:
        return await room.owner.fetchval("SELECT state FROM cru.referral WHERE id = $1", sent.referral_id)

    async def later(command: do.Command) -> do.Command:
        await room.pass_time(2)
        return await room.send(command)

    second = do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1))
    third = do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 2))
    await later(second)
    assert await state() == "allocated"
    mistaken = await later(do.Step(assignment_id=second.assignment_id, to=State.ON_SCENE))
    await later(third)
    there = await later(do.Step(assignment_id=third.assignment_id, to=State.ON_SCENE))
    over = await later(_clear(third))
    await room.back(mistaken)
    # The third crew was there, whatever the second one did.
    assert await state() == "attending"
    await room.back(over)
    assert await state() == "attending"
    await room.back(there)
    assert await state() == "allocated"


async def test_a_referral_is_reopened_again_after_a_reopening_that_did_not_happen(room: UndoRoom) -> None:
    """Whoever waited with the person is expected anew each time, after what was expected and was not."""
    for end in (do.Cancel, do.Decline):
        taken = await received(room)
        over = end(referral_id=taken.referral_id, reason="duplicate" if end is do.Cancel else "physical")
        await room.send(over)
        for _ in range(2):
            await room.pass_time(5)
            again = await room.send(do.Reopen(referral_id=taken.referral_id, reason="rang again"), LEAD)
            await room.pass_time(5)
            await room.back(again, LEAD)
        await room.send(do.Reopen(referral_id=taken.referral_id, reason="rang again"), LEAD)
        open_ = "SELECT count(*) FROM cru.handover WHERE referral_id = $1 AND state = 'expected'"
        assert await room.owner.fetchval(open_, taken.referral_id) == 1
