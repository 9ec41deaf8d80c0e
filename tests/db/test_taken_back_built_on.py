"""What somebody has built on stays, with a sentence that says who did what. The rest does not hinder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import commands as do
from db import queries
from db.commands import run
from db.domain.states import AssignmentState, HandoverState
from db.engine import transaction
from db.errors import Conflict, RecordError
from tests.cluster import Record
from tests.db import desk
from tests.db.undoing import ANSWERS, UndoRoom, accepted, closed, job, link, received, room_on, van

State = AssignmentState
SHAH, OKAFOR, LEAD = "a.shah", "b.okafor", "l.lead"
Built = Callable[[UndoRoom], Awaitable[do.Command]]


@pytest.fixture
async def room(record: Record) -> AsyncIterator[UndoRoom]:
    async with room_on(record) as made:
        await made.stop_clock()
        await made.pass_time(41 * 60)
        yield made


async def _next_step(room: UndoRoom) -> do.Command:
    sent = await job(room)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ACKNOWLEDGED))
    await room.send(do.Step(assignment_id=sent.assignment_id, to=State.MOBILE), OKAFOR)
    return done


async def _allocated_and_mobile(room: UndoRoom) -> do.Command:
    sent = await job(room)
    await room.send(do.Step(assignment_id=sent.assignment_id, to=State.MOBILE), OKAFOR)
    return sent


async def _accepted_and_sent(room: UndoRoom) -> do.Command:
    taken = await received(room)
    await desk.screen(room.engines[SHAH], taken.referral_id)
    done = await room.send(do.Accept(referral_id=taken.referral_id))
    await room.send(do.Allocate(referral_id=taken.referral_id, van_id=await van(room)), OKAFOR)
    return done


async def _screened_and_accepted(room: UndoRoom) -> do.Command:
    taken = await received(room)
    await desk.screen(room.engines[SHAH], taken.referral_id)
    # The second one changes nothing but its own row.
    done = await room.send(await desk.answered(room.engines[SHAH], taken.referral_id))
    await room.send(do.Accept(referral_id=taken.referral_id), OKAFOR)
    return done


async def _clear_and_closed(room: UndoRoom) -> do.Command:
    sent = await job(room, State.ON_SCENE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.CLEAR))
    await room.send(do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS), OKAFOR)
    return done


async def _clear_and_sent_elsewhere(room: UndoRoom) -> do.Command:
    sent = await job(room, State.ON_SCENE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.CLEAR))
    await room.send(do.Allocate(referral_id=await accepted(room), van_id=sent.van_id), OKAFOR)
    return done


async def _clear_and_sent_elsewhere_and_back(room: UndoRoom) -> do.Command:
    sent = await job(room, State.ON_SCENE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.CLEAR))
    again = do.Allocate(referral_id=await accepted(room), van_id=sent.van_id)
    await room.send(again, OKAFOR)
    await room.send(do.StandDown(assignment_id=again.assignment_id, reason="not_needed"), OKAFOR)
    return done


async def _clear_and_resting(room: UndoRoom) -> do.Command:
    sent = await job(room, State.ON_SCENE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.CLEAR))
    until = await room.now() + timedelta(minutes=30)
    await room.send(do.StartMealBreak(van_id=sent.van_id, until=until), OKAFOR)
    return done


async def _on_scene_and_handed_over(room: UndoRoom) -> do.Command:
    sent = await job(room, State.MOBILE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ON_SCENE))
    found = await room.owner.fetchval("SELECT id FROM cru.handover WHERE referral_id = $1", sent.referral_id)
    await room.send(do.MoveHandover(handover_id=found, to=HandoverState.STARTED), OKAFOR)
    return done


async def _handed_over_and_released(room: UndoRoom) -> do.Command:
    found = await link(room)
    done = await room.send(do.MoveHandover(handover_id=found, to=HandoverState.ACCEPTED))
    await room.send(do.MoveHandover(handover_id=found, to=HandoverState.RELEASED), OKAFOR)
    return done


async def _stood_down_and_replaced(room: UndoRoom) -> do.Command:
    sent = await job(room, State.MOBILE)
    done = await room.send(do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"))
    await room.send(do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1)), OKAFOR)
    return done


async def _reopened_and_sent(room: UndoRoom) -> do.Command:
    done = do.Reopen(referral_id=await closed(room), reason="rang again")
    await room.send(done, LEAD)
    await room.send(do.Allocate(referral_id=done.referral_id, van_id=await van(room, 1)), OKAFOR)
    return done


async def _reopened_and_expected(room: UndoRoom) -> do.Command:
    done = do.Reopen(referral_id=await closed(room), reason="rang again")
    await room.send(done, LEAD)
    await room.send(
        do.ExpectHandover(referral_id=done.referral_id, from_party="CRU", to_party="Crisis house"), OKAFOR
    )
    return done


async def _cancelled_and_van_sent(room: UndoRoom) -> do.Command:
    sent = await job(room, State.MOBILE)
    done = await room.send(do.Cancel(referral_id=sent.referral_id, reason="duplicate"))
    await room.send(do.Allocate(referral_id=await accepted(room), van_id=sent.van_id), OKAFOR)
    return done


async def _on_duty_and_sent(room: UndoRoom) -> do.Command:
    one = (await desk.vans(room.engines[SHAH]))[2]
    staff = tuple(row["id"] for row in await room.owner.fetch("SELECT id FROM cru.staff LIMIT 2"))
    done = do.GoOnDuty(van_id=one.id, staff_ids=staff, planned_end=await room.now() + timedelta(hours=9))
    await room.send(done)
    await room.send(do.Allocate(referral_id=await accepted(room), van_id=one.id), OKAFOR)
    return done


async def _off_duty_and_on_again(room: UndoRoom) -> do.Command:
    off = do.GoOffDuty(van_id=await van(room))
    await room.send(off)
    staff = tuple(row["id"] for row in await room.owner.fetch("SELECT id FROM cru.staff OFFSET 2 LIMIT 2"))
    end = await room.now() + timedelta(hours=9)
    await room.send(do.GoOnDuty(van_id=off.van_id, staff_ids=staff, planned_end=end), OKAFOR)
    return off


async def _held_and_edited(room: UndoRoom) -> do.Command:
    taken = await received(room)
    until = await room.now() + timedelta(minutes=50)
    done = await room.send(do.Hold(referral_id=taken.referral_id, until=until, reason="call_back"))
    edit = do.EditReferral(referral_id=taken.referral_id, version=2, details=desk.details(caller="Ann"))
    await room.send(edit, OKAFOR)
    return done


async def _second_van_and_the_first_stood_down(room: UndoRoom) -> do.Command:
    sent = await job(room, State.MOBILE)
    done = do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1))
    await room.send(done)
    await room.send(do.StandDown(assignment_id=sent.assignment_id, reason="not_needed"), OKAFOR)
    return done


BUILT: dict[str, tuple[Built, str]] = {
    "a step, the next one": (_next_step, "CRU1 acknowledged has been built on since: CRU1 mobile"),
    "a van sent, its step": (_allocated_and_mobile, "CRU1 allocated has been built on since: CRU1 mobile"),
    "accepted, a van": (_accepted_and_sent, "Accepted has been built on since: CRU1 allocated"),
    "a screening, accepted": (_screened_and_accepted, "Screening complete has been built on since: accepted"),
    "clear, closed": (_clear_and_closed, "CRU1 clear has been built on since: closed"),
    "clear, another job": (_clear_and_sent_elsewhere, "CRU1 clear has been built on since: CRU1 allocated"),
    "clear, a job that is over": (_clear_and_sent_elsewhere_and_back, "CRU1 clear has been built on since: CRU1"),
    "clear, a break": (_clear_and_resting, "CRU1 clear has been built on since: CRU1 meal break"),
    "on scene, a handover": (_on_scene_and_handed_over, "CRU1 on scene has been built on since: handover started"),
    "taken over, released": (_handed_over_and_released, "Handover accepted has been built on since: handover rel"),
    "stood down, another van": (_stood_down_and_replaced, "CRU1 stood down has been built on since: CRU2 alloc"),
    "reopened, a van": (_reopened_and_sent, "Reopened has been built on since: CRU2 allocated"),
    "reopened, a handover": (_reopened_and_expected, "Reopened has been built on since: handover expected"),
    "cancelled, its van elsewhere": (_cancelled_and_van_sent, "Cancelled has been built on since: CRU1 allocated"),
    "on duty, sent": (_on_duty_and_sent, "CRU3 available has been built on since: CRU3 allocated"),
    "off duty, on duty": (_off_duty_and_on_again, "CRU1 off duty has been built on since: CRU1 available"),
    "held, edited": (_held_and_edited, "On hold has been built on since: details changed"),
    "a second van, the first gone": (
        _second_van_and_the_first_stood_down,
        "CRU2 allocated has been built on since: CRU1 stood down",
    ),
}


@pytest.mark.hazard("H-021", "H-077")
@pytest.mark.parametrize("name", BUILT)
async def test_it_is_refused_and_nothing_changes(room: UndoRoom, name: str) -> None:
    build, says = BUILT[name]
    done = await build(room)
    before = await room.rows()
    for who, reason in ((SHAH, ""), (LEAD, "wrong")):
        if who == SHAH and isinstance(done, do.Reopen):
            continue
        with pytest.raises(Conflict) as refusal:
            await room.back(done, who, reason)
        assert refusal.value.sentence.startswith(says)
        assert refusal.value.sentence.endswith(" 03:41 by B. Okafor.")
    assert await room.rows() == before


# --- what does not hinder ---


async def test_words_hinder_nothing(room: UndoRoom) -> None:
    sent = await job(room, State.MOBILE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ON_SCENE))
    for words in (
        do.AddNote(referral_id=sent.referral_id, words="rang"),
        do.AddFlag(
            referral_id=sent.referral_id,
            subject="address",
            kind="pets",
            reason="a dog",
            expires_at=await room.now() + timedelta(days=30),
        ),
        do.OpenRecord(referral_id=sent.referral_id),
    ):
        await room.send(words, OKAFOR)
    await room.send(do.RaiseEmergency(van_id=sent.van_id), OKAFOR)
    await room.back(done)


async def test_a_decision_goes_also_after_accept_and_what_it_let_on_stands_again(room: UndoRoom) -> None:
    taken = await received(room)
    await room.send(await desk.answered(room.engines[SHAH], taken.referral_id, pregnancy="yes"))
    decided = await room.send(await room.let_on(taken.referral_id), LEAD)
    await room.send(do.Accept(referral_id=taken.referral_id), OKAFOR)
    await room.back(decided, LEAD, "the wrong person")
    with pytest.raises(RecordError, match="Pregnan"):
        await room.send(do.Allocate(referral_id=taken.referral_id, van_id=await van(room)), OKAFOR)


async def test_nor_does_another_van_on_the_way(room: UndoRoom) -> None:
    sent = await job(room)
    other = do.Allocate(referral_id=sent.referral_id, van_id=await van(room, 1))
    await room.send(other, OKAFOR)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.MOBILE))
    await room.send(do.Step(assignment_id=other.assignment_id, to=State.MOBILE), OKAFOR)
    await room.back(done)


async def test_nor_does_what_was_itself_taken_back(room: UndoRoom) -> None:
    sent = await job(room)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ACKNOWLEDGED))
    later = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.MOBILE), OKAFOR)
    await room.back(later, OKAFOR)
    await room.back(done)
    await room.back(sent)


async def test_the_wrong_van_is_taken_back_after_the_right_one_was_sent(room: UndoRoom) -> None:
    hold = do.Hold(
        referral_id=await accepted(room), until=await room.now() + timedelta(minutes=50), reason="call_back"
    )
    await room.send(hold)
    before = await room.rows()
    wrong = do.Allocate(referral_id=hold.referral_id, van_id=await van(room))
    right = do.Allocate(referral_id=hold.referral_id, van_id=await van(room, 1))
    on_duty = await room.rows()
    await room.send(wrong)
    await room.send(right)
    await room.back(wrong)
    state = "SELECT state FROM cru.referral WHERE id = $1"
    assert await room.owner.fetchval(state, hold.referral_id) == "allocated"
    # The referral is allocated because of the right one now, and goes with it.
    await room.back(right)
    assert await room.rows() == on_duty != before
    await room.back(hold)


# --- two at once ---


async def test_two_take_it_back_at_once(room: UndoRoom) -> None:
    for _ in range(5):
        sent = await job(room, place=0)
        answers = await asyncio.gather(room.back(sent), room.back(sent, LEAD, "wrong van"), return_exceptions=True)
        lost = [one for one in answers if isinstance(one, BaseException)]
        assert len(lost) == 1, answers
        assert isinstance(lost[0], Conflict)
        assert "CRU1 allocated was taken back already, 03:41 by" in lost[0].sentence
        kinds = [one["kind"] for one in await room.events(referral_id=sent.referral_id)]
        assert kinds.count("van allocated taken back") == 1
        await room.send(do.GoOffDuty(van_id=sent.van_id))


async def test_it_is_taken_back_while_somebody_builds_on_it(room: UndoRoom) -> None:
    won = set()
    for round_ in range(8):
        sent = await job(room)
        done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ON_SCENE))
        tries = [
            room.back(done),
            room.send(do.Step(assignment_id=sent.assignment_id, to=State.WITH_PATIENT), OKAFOR),
        ]
        answers = await asyncio.gather(*(tries if round_ % 2 else tries[::-1]), return_exceptions=True)
        back, built = answers if round_ % 2 else answers[::-1]
        assert not isinstance(built, BaseException)
        assert back is None or not isinstance(back, BaseException) or isinstance(back, Conflict), back
        won.add(isinstance(back, Conflict))
        row = await room.owner.fetchrow("SELECT * FROM cru.assignment WHERE id = $1", sent.assignment_id)
        assert row["state"] == "with patient"
        assert (row["on_scene_at"] is None) == (not isinstance(back, Conflict))
        await room.send(do.Step(assignment_id=sent.assignment_id, to=State.CLEAR))
        await room.send(do.GoOffDuty(van_id=sent.van_id))
    assert won


async def test_a_command_repeated_takes_nothing_back_twice(room: UndoRoom) -> None:
    sent = await job(room)
    back = do.TakeBack(act_id=sent.command_id)
    await room.send(back)
    again = do.Allocate(referral_id=sent.referral_id, van_id=sent.van_id)
    await room.send(again)
    before = await room.rows()
    await room.send(back)
    assert await room.rows() == before


# --- what the screen asks ---


async def acts(room: UndoRoom, referral: UUID | None, of_van: UUID | None = None) -> list[tuple[str, str]]:
    async with transaction(room.engines[LEAD]) as connection:
        found = await queries.acts_of(connection, referral, of_van)
    names = {one.id: one.callsign for one in await desk.vans(room.engines[LEAD])}
    return [(act.title(names), act.blocked) for _, act in sorted(found.items())]


async def test_each_login_is_offered_its_own_last_act(room: UndoRoom) -> None:
    sent = await job(room)
    other = await room.send(do.AddNote(referral_id=sent.referral_id, words="x"), OKAFOR)
    found = {}
    for who in (SHAH, OKAFOR, LEAD):
        async with transaction(room.engines[who]) as connection:
            found[who] = await queries.my_last_act(connection)
    mine, theirs = found[SHAH], found[OKAFOR]
    assert found[LEAD] is None
    assert mine is not None
    assert theirs is not None
    assert (mine.act_id, mine.kind, mine.van_id) == (sent.command_id, "van allocated", sent.van_id)
    assert (theirs.act_id, theirs.kind, theirs.done_by) == (other.command_id, "note", OKAFOR)
    now = await room.now()
    assert mine.left(now) == timedelta(seconds=60)
    assert mine.left(now + timedelta(seconds=45)) == timedelta(seconds=15)
    assert mine.left(now + timedelta(seconds=75)) == timedelta(0)


async def test_a_lead_sees_which_acts_can_be_taken_back_and_why_not(room: UndoRoom) -> None:
    sent = await job(room, State.ACKNOWLEDGED, State.MOBILE)
    found = await acts(room, sent.referral_id)
    told = dict(found)
    # Each once, by the event that says it best.
    assert [title for title, _ in found] == [
        *("received", "screening complete", "accepted", "CRU1 allocated", "CRU1 acknowledged", "CRU1 mobile")
    ]
    assert told["CRU1 mobile"] == ""
    assert told["CRU1 acknowledged"] == "CRU1 acknowledged has been built on since: CRU1 mobile 03:41 by A. Shah."
    assert told["received"].startswith("A referral that was taken is not taken back")
    mobile = next(act for act in (await _acts_of(room, sent.referral_id)).values() if act.kind == "van mobile")
    await room.send(do.TakeBack(act_id=mobile.act_id, reason="wrong van"), LEAD)
    after = dict(await acts(room, sent.referral_id))
    assert (after.get("CRU1 mobile"), after["CRU1 acknowledged"]) == (None, "")
    duty = await acts(room, None, sent.van_id)
    ((title, why),) = duty
    assert title == "CRU1 available"
    assert why.startswith("CRU1 available has been built on since: CRU1 allocated")


async def test_nothing_is_offered_that_would_then_be_refused(room: UndoRoom) -> None:
    sent = await job(room, State.ON_SCENE, State.CLEAR)
    for act in {act for act in (await _acts_of(room, sent.referral_id)).values() if not act.blocked}:
        await room.send(do.TakeBack(act_id=act.act_id, reason="x"), LEAD)
        with pytest.raises(RecordError):
            await room.send(do.TakeBack(act_id=act.act_id, reason="x"), LEAD)


async def _acts_of(room: UndoRoom, referral: UUID) -> dict[int, queries.PastAct]:
    async with transaction(room.engines[LEAD]) as connection:
        return await queries.acts_of(connection, referral)


async def test_a_handover_that_starts_at_a_prompt_meanwhile_waits_and_is_refused(room: UndoRoom) -> None:
    """Nobody locks the referral there: without a lock on the handovers it would start with nobody on scene."""
    sent = await job(room, State.MOBILE)
    done = await room.send(do.Step(assignment_id=sent.assignment_id, to=State.ON_SCENE))
    start = text("UPDATE cru.handover SET state = 'started' WHERE referral_id = :referral")
    async with room.engines[SHAH].connect() as mine, room.engines[OKAFOR].connect() as other:
        await run(mine, do.TakeBack(act_id=done.command_id))
        starting = asyncio.ensure_future(other.execute(start, {"referral": sent.referral_id}))
        waits = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        async with asyncio.timeout(30):
            while not await room.owner.fetchval(waits):
                await asyncio.sleep(0.01)
        await mine.commit()
        with pytest.raises(DBAPIError, match="starts when a crew is on scene"):
            await starting
