"""What spoke against a step stays with its event when somebody insisted, and a lead finds it again."""

from datetime import timedelta
from uuid import UUID

import pytest

from db import commands, queries
from db.domain.records import Event
from db.domain.states import AssignmentState, HandoverState
from db.engine import connect, transaction
from tests.db.doing import does
from tests.db.psql import Psql

FAR = "fix 4 s old, 3.1 km away"


async def found(psql: Psql, hours: float = 1) -> list[Event]:
    engine = connect(psql.record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            now = (await queries.clock(connection)).now
            told = await queries.insisted_on(connection, now - timedelta(hours=hours))
            # Of each stands which referral it was, also once no board has it any more.
            assert all(bool(reference) == bool(one.referral_id) for one, reference in told)
            return [one for one, _ in told]
    finally:
        await engine.dispose()


async def off(psql: Psql) -> UUID:
    """The job of a crew that is on its way, and has read its brief back."""
    job = await psql.assignment("acknowledged")
    await psql.shah.execute(
        "INSERT INTO cru.read_back (referral_id, assignment_id, read_by, channel, brief)"
        " SELECT referral_id, id, 'K. Bell', 'radio', 'a dog' FROM cru.assignment WHERE id = $1",
        job,
    )
    await psql.set(psql.shah, "assignment", job, state="mobile")
    return job


async def test_it_stays_with_the_events_of_that_act_and_of_no_other(psql: Psql) -> None:
    job = await off(psql)
    step = commands.Step(assignment_id=job, to=AssignmentState.ON_SCENE, insisted=FAR)
    await does(psql, step, commands.Step(assignment_id=job, to=AssignmentState.WITH_PATIENT))
    told = [(one.kind, one.insisted, one.recorded_by) for one in await found(psql) if one.van_id]
    assert told == [("van on scene", FAR, "a.shah")]
    assert await found(psql, hours=0) == []


async def test_a_handover_and_its_chain_say_it_too(psql: Psql) -> None:
    link = await psql.handover("expected")
    await does(psql, commands.MoveHandover(handover_id=link, to=HandoverState.STARTED, insisted=FAR))
    assert [one.insisted for one in await found(psql) if one.kind == "handover started"] == [FAR]


async def test_what_was_taken_back_is_nobody_s_lapse(psql: Psql) -> None:
    job = await off(psql)
    step = commands.Step(assignment_id=job, to=AssignmentState.ON_SCENE, insisted=FAR)
    await does(psql, step)
    assert await found(psql)
    await does(psql, commands.TakeBack(act_id=step.command_id))
    assert await found(psql) == []


async def test_a_psql_prompt_says_no_more_than_a_sentence(psql: Psql) -> None:
    job = await off(psql)
    for length, passes in ((500, True), (501, False)):
        await psql.shah.execute(f"SELECT set_config('cru.insisted', '{'x' * length}', false)")
        if passes:
            await psql.set(psql.shah, "assignment", job, state="on scene")
        else:
            with pytest.raises(Exception, match="500 characters"):
                await psql.set(psql.shah, "assignment", job, state="with patient")


async def test_the_console_cuts_what_is_too_long(psql: Psql) -> None:
    job = await off(psql)
    await does(psql, commands.Step(assignment_id=job, to=AssignmentState.ON_SCENE, insisted="y" * 900))
    assert {len(one.insisted) for one in await found(psql)} == {500}
