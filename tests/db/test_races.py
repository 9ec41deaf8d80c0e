"""Two people do the same thing at the same moment: one wins, the other reads who did what."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.domain.records import YesNo
from db.domain.states import AssignmentState, HandoverState
from db.engine import connect
from db.errors import Busy, Conflict, Invalid, NotAllowed, Unavailable
from tests.cluster import Record
from tests.db import desk
from tests.sampled import some

ROUNDS = 8
NAMES = {"a.shah": "A. Shah", "b.okafor": "B. Okafor"}


@pytest.fixture
async def engines(record: Record) -> AsyncIterator[dict[str, AsyncEngine]]:
    made = {login: connect(record.url(login)) for login in ("a.shah", "b.okafor", "l.lead")}
    yield made
    for engine in made.values():
        await engine.dispose()


async def race(engines: dict[str, AsyncEngine], first: do.Command, second: do.Command) -> str:
    """Run both at once; assert that one won and that the other's sentence names the winner. Returns the winner."""
    tries = {"a.shah": first, "b.okafor": second}
    answers = await asyncio.gather(
        *(do.execute(engines[login], command) for login, command in tries.items()), return_exceptions=True
    )
    lost = {login: answer for login, answer in zip(tries, answers, strict=True) if answer is not None}
    assert len(lost) == 1, answers
    ((loser, answer),) = lost.items()
    (winner,) = set(tries) - {loser}
    assert isinstance(answer, Conflict), answer
    assert NAMES[winner] in answer.sentence
    return winner


async def one(record: Record, sql: str, *given: object) -> object:
    owner = await asyncpg.connect(**record.owner_kwargs)
    try:
        return await owner.fetchval(sql, *given)
    finally:
        await owner.close()


@pytest.mark.hazard("H-025")
async def test_one_van_two_referrals(engines: dict[str, AsyncEngine], record: Record) -> None:
    shah = engines["a.shah"]
    van = await desk.on_duty(shah)
    for _ in range(ROUNDS):
        jobs = [do.Allocate(referral_id=await desk.accepted(shah), van_id=van) for _ in range(2)]
        await race(engines, *jobs)
        sql = "SELECT id FROM cru.assignment WHERE van_id = $1 AND state = 'allocated'"
        job = await one(record, sql, van)
        assert job in {command.assignment_id for command in jobs}
        await do.execute(shah, do.StandDown(assignment_id=UUID(str(job)), reason="not_needed"))


async def test_two_vans_that_are_called_alike_at_once(record: Record) -> None:
    """The second waits for the first, whether that one stays or is undone, and however it sees the record."""
    adds = (
        "INSERT INTO cru.van (callsign, registration, base, livery, seats)"
        " SELECT $1, 'AB12 CDE', name, 'marked', 4 FROM cru.van_base LIMIT 1"
    )
    first, second = [await asyncpg.connect(**record.kwargs("l.lead")) for _ in range(2)]
    try:
        for stays, called in ((True, ("Echo 71", "ECHO-71")), (False, ("Echo 72", "echo72"))):
            trying = first.transaction()
            await trying.start()
            await first.execute(adds, called[0])
            waits = asyncio.create_task(second.execute(adds, called[1]))
            held = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = $1"
            async with asyncio.timeout(10):
                while not waits.done() and not await one(record, held, second.get_server_pid()):
                    await asyncio.sleep(0.01)
            assert not waits.done(), "nobody waited"
            await (trying.commit() if stays else trying.rollback())
            answer = (await asyncio.gather(waits, return_exceptions=True))[0]
            assert isinstance(answer, asyncpg.PostgresError) is stays
            assert not stays or "Another van is called Echo 71." in str(answer)
        for isolation in ("repeatable_read", "serializable"):
            with pytest.raises(asyncpg.PostgresError, match="as it is"):
                async with second.transaction(isolation=isolation):
                    await second.execute(adds, "Echo 73")
    finally:
        await first.close()
        await second.close()


async def test_who_ends_a_referral_waits_for_it_with_none_of_its_handovers_in_hand(
    engines: dict[str, AsyncEngine], record: Record
) -> None:
    shah, holder = engines["a.shah"], await asyncpg.connect(**record.owner_kwargs)
    for end in (do.Decline, do.Cancel):
        who = await desk.accepted(shah)
        async with asyncio.timeout(20), holder.transaction():
            await holder.execute("SELECT FROM cru.referral WHERE id = $1 FOR UPDATE", who)
            ending = asyncio.create_task(do.execute(shah, end(referral_id=who, reason="duplicate")))
            # Whoever takes a step of a handover has the referral first: the other way round both would wait.
            waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
            while not await holder.fetchval(waits):
                await asyncio.sleep(0.01)
            sql = "SELECT count(*) FROM (SELECT FROM cru.handover WHERE referral_id = $1 FOR UPDATE NOWAIT) h"
            assert await holder.fetchval(sql, who) >= 1
        await ending
    await holder.close()


@pytest.mark.hazard("H-025")
async def test_two_vans_for_one_referral_that_had_none(engines: dict[str, AsyncEngine], record: Record) -> None:
    shah = engines["a.shah"]
    vans = [await desk.on_duty(shah, place) for place in (0, 1)]
    for _ in range(ROUNDS // 4):
        who = await desk.accepted(shah)
        one_sends, other_sends = (do.Allocate(referral_id=who, van_id=van, beside=()) for van in vans)
        await race(engines, one_sends, other_sends)
        sql = "SELECT id FROM cru.assignment WHERE referral_id = $1 AND state = 'allocated'"
        job = UUID(str(await one(record, sql, who)))
        there = await one(record, "SELECT van_id FROM cru.assignment WHERE id = $1", job)
        (other,) = [van for van in vans if van != there]
        # Whoever has been told of it sends theirs as well.
        more = do.Allocate(referral_id=who, van_id=other, beside=(job,))
        await do.execute(shah, more)
        for sent in (job, more.assignment_id):
            await do.execute(shah, do.StandDown(assignment_id=sent, reason="not_needed"))


async def test_both_accept(engines: dict[str, AsyncEngine], record: Record) -> None:
    for _ in range(ROUNDS):
        taken = await desk.take(engines["a.shah"])
        await desk.screen(engines["a.shah"], taken.referral_id)
        winner = await race(
            engines, do.Accept(referral_id=taken.referral_id), do.Accept(referral_id=taken.referral_id)
        )
        sql = "SELECT string_agg(recorded_by, ',') FROM cru.event WHERE referral_id = $1 AND kind = 'accepted'"
        assert await one(record, sql, taken.referral_id) == winner


@pytest.mark.hazard("H-025")
async def test_one_accepts_and_the_other_declines(engines: dict[str, AsyncEngine]) -> None:
    for _ in range(ROUNDS):
        taken = await desk.take(engines["a.shah"])
        await desk.screen(engines["a.shah"], taken.referral_id)
        accept = do.Accept(referral_id=taken.referral_id)
        decline = do.Decline(referral_id=taken.referral_id, reason="out_of_area")
        tries = [do.execute(engines["a.shah"], accept), do.execute(engines["b.okafor"], decline)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        # Declining after accepting is legal; accepting after declining is not.
        assert answers[1] is None
        assert answers[0] is None or (isinstance(answers[0], Conflict) and "B. Okafor" in answers[0].sentence)


async def test_both_step(engines: dict[str, AsyncEngine], record: Record) -> None:
    job = (await desk.allocated(engines["a.shah"])).assignment_id
    for to in (AssignmentState.ACKNOWLEDGED, AssignmentState.MOBILE, AssignmentState.ON_SCENE):
        await race(engines, do.Step(assignment_id=job, to=to), do.Step(assignment_id=job, to=to))
    sql = "SELECT count(*) FROM cru.event WHERE kind = 'van on scene'"
    assert await one(record, sql) == 1


async def test_both_take_the_handover(engines: dict[str, AsyncEngine]) -> None:
    shah = engines["a.shah"]
    sent = await desk.allocated(shah)
    await do.execute(shah, do.Step(assignment_id=sent.assignment_id, to=AssignmentState.ON_SCENE))
    link = do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="Crisis house")
    await do.execute(shah, link)
    for to in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
        command = {"handover_id": link.handover_id, "to": to}
        await race(engines, do.MoveHandover(**command), do.MoveHandover(**command))


async def test_both_close(engines: dict[str, AsyncEngine], record: Record) -> None:
    shah = engines["a.shah"]
    sent = await desk.allocated(shah)
    for to in (AssignmentState.ON_SCENE, AssignmentState.CLEAR):
        await do.execute(shah, do.Step(assignment_id=sent.assignment_id, to=to))

    def close() -> do.Close:
        answers = {"ae_avoided": YesNo.YES, "ems_released": YesNo.YES, "police_avoided": YesNo.NO}
        return do.Close(referral_id=sent.referral_id, outcome="gp", **answers)

    await race(engines, close(), close())
    assert await one(record, "SELECT count(*) FROM cru.event WHERE kind = 'closed'") == 1


@pytest.mark.hazard("H-094")
async def test_both_are_told_of_the_same_death_on_another_referral(
    engines: dict[str, AsyncEngine], record: Record
) -> None:
    shah, okafor = engines["a.shah"], engines["b.okafor"]
    for _ in range(2):
        # Each follows the death on the other's referral, so the two wait for each other: both are said.
        theirs = [await desk.accepted(shah) for _ in range(2)]
        for who in theirs:
            await one(record, "UPDATE cru.referral SET nhs_number = '943 476 5919' WHERE id = $1", who)
            await do.execute(
                shah, do.RecordContact(referral_id=who, spoke_with="carer", with_name="x", promised="y")
            )
        deaths = [do.Cancel(referral_id=who, reason="died") for who in theirs]
        await asyncio.gather(*(map(do.execute, (shah, okafor), deaths)))
        ends = "SELECT count(*) FROM cru.ending WHERE referral_id = ANY ($1) AND reason = 'died'"
        open_still = "SELECT count(*) FROM cru.contact WHERE referral_id = ANY ($1) AND promise_outcome = ''"
        assert (await one(record, ends, theirs), await one(record, open_still, theirs)) == (2, 0)


@pytest.mark.hazard("H-076")
async def test_both_put_a_crew_on_the_same_van(engines: dict[str, AsyncEngine], record: Record) -> None:
    shah = engines["a.shah"]
    staff = UUID(str(await one(record, "SELECT id FROM cru.staff LIMIT 1")))
    van = (await desk.vans(shah))[0].id
    end = await one(record, "SELECT now() + interval '8 hours'")
    crew = {"van_id": van, "staff_ids": (staff,), "planned_end": end}
    await race(engines, do.GoOnDuty(**crew), do.GoOnDuty(**crew))  # type: ignore[arg-type] # as queried
    assert await one(record, "SELECT count(*) FROM cru.shift") == 1


@pytest.mark.hazard("H-025")
async def test_an_edit_of_what_somebody_else_changed_is_told(engines: dict[str, AsyncEngine]) -> None:
    taken = await desk.take(engines["a.shah"])
    edit = {"referral_id": taken.referral_id, "version": 1}
    await race(
        engines,
        do.EditReferral(details=desk.details(caller="Ann"), **edit),  # type: ignore[arg-type] # as spelt above
        do.EditReferral(details=desk.details(caller="Bob"), **edit),  # type: ignore[arg-type] # as spelt above
    )


@pytest.mark.hazard("H-027")
async def test_a_command_sent_twice_at_once_is_done_once_and_both_are_told_so(
    engines: dict[str, AsyncEngine], record: Record
) -> None:
    shah = engines["a.shah"]
    for _ in range(ROUNDS):
        command = do.TakeReferral(details=desk.details())
        await asyncio.gather(*(do.execute(shah, command) for _ in range(3)))
    sent = do.Allocate(referral_id=await desk.accepted(shah), van_id=await desk.on_duty(shah))
    await asyncio.gather(*(do.execute(shah, sent) for _ in range(3)))
    step = do.Step(assignment_id=sent.assignment_id, to=AssignmentState.MOBILE)
    await asyncio.gather(*(do.execute(shah, step) for _ in range(3)))
    assert await one(record, "SELECT count(*) FROM cru.referral") == ROUNDS + 1
    assert await one(record, "SELECT count(*) FROM cru.assignment") == 1
    assert await one(record, "SELECT count(*) FROM cru.event WHERE kind = 'van mobile'") == 1


async def test_a_refused_command_may_be_sent_again_once_it_is_legal(engines: dict[str, AsyncEngine]) -> None:
    shah = engines["a.shah"]
    taken = await desk.take(shah)
    accept = do.Accept(referral_id=taken.referral_id)
    with pytest.raises(Invalid):
        await do.execute(shah, accept)
    await desk.screen(shah, taken.referral_id)
    await do.execute(shah, accept)


def some_command(
    dice: random.Random, referrals: Sequence[UUID], vans: Sequence[UUID], jobs: list[UUID]
) -> do.Command:
    """Any command on any of few things, so that they meet often."""
    referral, van = dice.choice(referrals), dice.choice(vans)
    job = dice.choice(jobs) if jobs else uuid4()
    allocate = do.Allocate(referral_id=referral, van_id=van)
    jobs.append(allocate.assignment_id)
    return dice.choice(
        [
            allocate,
            allocate,
            do.Step(assignment_id=job, to=dice.choice(list(AssignmentState)[1:6])),
            do.Step(assignment_id=job, to=AssignmentState.CLEAR),
            do.StandDown(assignment_id=job, reason="not_needed"),
            do.Cancel(referral_id=referral, reason="duplicate"),
            do.AddNote(referral_id=referral, words="note"),
            do.TakeReferral(details=desk.details()),
            do.RaiseEmergency(van_id=van),
            do.ClearEmergency(van_id=van),
            do.TakeOutOfService(van_id=van, reason="fault"),
            do.MakeAvailable(van_id=van),
            do.GoOffDuty(van_id=van),
            do.ExpectHandover(referral_id=referral, from_party="CRU", to_party="ED"),
        ]
    )


@pytest.mark.parametrize("seed", some([1, 2, 3], 3))
async def test_four_busy_desks_never_deadlock(engines: dict[str, AsyncEngine], record: Record, seed: int) -> None:
    shah = engines["a.shah"]
    vans = [await desk.on_duty(shah, place) for place in range(3)]
    referrals = [await desk.accepted(shah) for _ in range(4)]
    jobs: list[UUID] = []
    refused: list[Exception] = []

    async def busy(engine: AsyncEngine, dice: random.Random) -> None:
        for _ in range(50):
            try:
                await do.execute(engine, some_command(dice, referrals, vans, jobs))
            except (Conflict, Invalid, NotAllowed) as error:
                refused.append(error)

    desks = [shah, engines["b.okafor"], engines["l.lead"], shah]
    await asyncio.gather(*(busy(engine, random.Random(f"{seed}/{n}")) for n, engine in enumerate(desks)))
    assert not [error for error in refused if "at the same moment" in str(error)]
    # Whatever happened, the referrals and their vans tell the same story.
    wrong = await one(
        record,
        "SELECT count(*) FROM cru.referral r WHERE r.state <> CASE"
        " WHEN r.state IN ('received', 'cancelled', 'closed') THEN r.state"
        " WHEN EXISTS (SELECT FROM cru.assignment a WHERE a.referral_id = r.id AND a.state IN"
        "   ('on scene', 'with patient', 'conveying', 'at destination')) THEN 'attending'"
        " WHEN EXISTS (SELECT FROM cru.assignment a WHERE a.referral_id = r.id AND a.state IN"
        "   ('allocated', 'acknowledged', 'mobile', 'at rendezvous')) THEN 'allocated'"
        " WHEN r.state = 'attending' AND EXISTS (SELECT FROM cru.assignment a WHERE a.referral_id = r.id"
        "   AND a.state = 'clear') THEN 'attending' ELSE 'accepted' END",
    )
    assert wrong == 0
    assert await one(record, "SELECT count(*) FROM cru.event WHERE kind = 'van allocated'") == await one(
        record, "SELECT count(*) FROM cru.assignment"
    )


async def test_a_row_that_somebody_holds_is_said_in_time_and_nothing_is_done(
    engines: dict[str, AsyncEngine], record: Record
) -> None:
    referral = await desk.accepted(engines["a.shah"])
    note = do.AddNote(referral_id=referral, words="rang back")
    hold = do.Hold(referral_id=referral, until=datetime.now(UTC) + timedelta(minutes=50), reason="call_back")
    holder = await asyncpg.connect(**record.kwargs("b.okafor"))
    try:
        await holder.execute("BEGIN")
        await holder.execute("SELECT 1 FROM cru.referral WHERE id = $1 FOR UPDATE", referral)
        # Both, as a console sends two at once, and has no connection left to ask by.
        done = await asyncio.gather(
            *(do.execute(engines["a.shah"], command) for command in (hold, note)), return_exceptions=True
        )
        # One of them stands behind the other, and may get no answer in time.
        assert all(isinstance(one, Busy | Unavailable) for one in done)
        assert {str(one) for one in done} == {"B. Okafor holds this just now. The console tries again by itself."}
        with pytest.raises(Busy, match=r"^B\. Okafor holds this just now\."):
            await do.execute(engines["a.shah"], hold)
    finally:
        await holder.close()
    logged = "SELECT count(*) FROM cru.command_log WHERE command_id = $1"
    assert await one(record, logged, hold.command_id) == 0
    for command in (hold, note):
        await do.execute(engines["a.shah"], command)
    assert await one(record, logged, hold.command_id) == 1
