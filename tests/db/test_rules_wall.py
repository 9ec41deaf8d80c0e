"""A viewer's login reads the board of now, and what a wall is made of; a desk reads the past by the same views."""

from datetime import timedelta
from typing import Any

import pytest

from db import mirror, queries
from db.domain.roles import Role
from db.engine import connect, transaction
from db.past_lengths import past_lengths
from tests.db.psql import Psql, age

BOARD = "SELECT id FROM cru.referral_wall"
ENDS = "SELECT outcome, ae_avoided, ems_released, police_avoided FROM cru.referral_wall WHERE id = $1"


async def shown(who: Any, sql: str) -> set[Any]:
    return {row["id"] for row in await who.fetch(sql)}


@pytest.mark.hazard("H-054", "H-086")
async def test_a_viewer_reads_the_board_of_now(psql: Psql) -> None:
    before = {await psql.referral("closed"), await psql.referral("declined")}
    await age(psql.owner, "13 hours")
    now = {await psql.referral("closed"), await psql.referral("cancelled"), await psql.referral()}
    assert await shown(psql.wall, BOARD) == now
    assert await shown(psql.shah, BOARD) == await shown(psql.lead, BOARD) == now | before
    # Lengths alone are told of what was before, and a desk's plans by neither.
    assert await shown(psql.wall, "SELECT id FROM cru.past_wall") == now | before
    assert set((await psql.wall.fetchrow("SELECT * FROM cru.past_wall")).keys()) == {
        "id",
        "received_at",
        "entered_in_error_at",
    }
    # As long as the trust has set.
    await psql.lead.execute("UPDATE cru.rule SET value = 14 WHERE name = 'ended_board'")
    assert await shown(psql.wall, BOARD) == now | before


async def test_how_it_ended_is_no_business_of_a_wall(psql: Psql) -> None:
    closed = await psql.referral("attending")
    await psql.owner.execute("UPDATE cru.assignment SET state = 'clear' WHERE referral_id = $1", closed)
    said = {"outcome": "gp", "ae_avoided": "yes", "ems_released": "no", "police_avoided": "unknown"}
    await psql.set(psql.shah, "referral", closed, state="closed", **said)
    assert tuple(await psql.wall.fetchrow(ENDS, closed)) == (None,) * 4
    for desk in (psql.shah, psql.lead):
        assert dict(await desk.fetchrow(ENDS, closed)) == said


async def test_a_wall_has_all_that_it_needs(psql: Psql) -> None:
    await psql.handover("released")
    engine = connect(psql.record.url("w.wall"), "cru-test", answer_within=60)
    try:
        async with transaction(engine) as connection:
            assert (await queries.me(connection)).role is Role.VIEWER
            known = await queries.reference_data(connection)
            now = await queries.now(connection)
            await past_lengths(connection, now + timedelta(minutes=1), on_wall=True)
        assert (known.staff, known.users, known.plans, known.places) == ({}, {}, (), {})
        assert known.priorities
        assert known.rules
    finally:
        await engine.dispose()
    found = await mirror.whole(psql.wall, Role.VIEWER)
    assert {name for name, rows in found.records.items() if rows} >= {"van", "shift", "referral", "handover"}
    assert [shift.staff_ids for shift in found.records["shift"]] != [()]
