# ruff: noqa: S608 - the tests name tables and columns of our own
"""What predictions are told from, read from the record: what counts, what does not, and how much is read."""

from datetime import timedelta
from uuid import UUID

import pytest

from db.domain.foreseen import OwnPast
from db.engine import connect
from db.past_lengths import MOST, past_lengths
from tests.db.psql import Psql, age

MINUTE = timedelta(minutes=1)


async def read(psql: Psql, login: str = "a.shah", *, on_wall: bool = False) -> OwnPast:
    engine = connect(psql.record.url(login), answer_within=60)
    try:
        async with engine.connect() as connection:
            now = await psql.owner.fetchval("SELECT cru.clock_now()")
            return await past_lengths(connection, now, on_wall=on_wall)
    finally:
        await engine.dispose()


async def stand(psql: Psql, table: str, row: UUID, **minutes_ago: float | None) -> None:
    """Set times of a row, with no guard asked."""
    said = ", ".join(
        f"{name} = " + ("NULL" if ago is None else f"cru.clock_now() - interval '{ago} min'")
        for name, ago in minutes_ago.items()
    )
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(f"UPDATE cru.{table} SET {said} WHERE id = $1", row)


async def job_of(psql: Psql, link: UUID) -> UUID:
    sql = "SELECT a.id FROM cru.assignment a JOIN cru.handover h USING (referral_id) WHERE h.id = $1"
    return UUID(str(await psql.owner.fetchval(sql, link)))


async def test_only_what_happened_and_ended_is_told_from(psql: Psql) -> None:
    released, refused, waits, missing = [
        await psql.handover(state) for state in ("released", "refused", "started", "released")
    ]
    for link in (released, refused, waits):
        await stand(psql, "assignment", await job_of(psql, link), on_scene_at=90)
    await stand(psql, "handover", released, started_at=80, released_at=66)
    await stand(psql, "handover", refused, started_at=80, refused_at=71)
    # Nobody put down when we came, nor when the handover began: a time that is missing is not invented.
    await stand(psql, "assignment", await job_of(psql, missing), on_scene_at=None)
    await stand(psql, "handover", missing, started_at=None)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    found = {one.id: one for one in (await read(psql)).releases}
    assert found.keys() == {released, refused}
    on_wall = await read(psql, "w.wall", on_wall=True)
    assert on_wall.releases == (await read(psql)).releases, "the wall, which names nobody, tells the same"
    told = [found[key].length(now) for key in (released, refused)]
    assert [one and (round(one[0]), one[1]) for one in told] == [(24, True), (19, False)]


async def test_visits_are_told_from_too_and_what_did_not_happen_is_not(psql: Psql) -> None:
    done, error, undone = [await psql.assignment("clear") for _ in range(3)]
    await psql.assignment("with patient")
    for job in (done, error, undone):
        await stand(psql, "assignment", job, on_scene_at=70, clear_at=20)
    await stand(psql, "assignment", undone, taken_back_at=5)
    sql = "UPDATE cru.referral SET entered_in_error_at = cru.clock_now(), entered_in_error_reason = 'test'"
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(f"{sql} WHERE id = (SELECT referral_id FROM cru.assignment WHERE id = $1)", error)
    visits = (await read(psql)).visits
    assert [(one.id, round((one.ended - one.began) / MINUTE)) for one in visits if one.ended] == [(done, 50)]
    # Half a year ago the service worked otherwise.
    await age(psql.owner, "181 days")
    assert (await read(psql)).visits == ()


async def test_the_newest_are_read_and_no_more(psql: Psql) -> None:
    await psql.assignment("clear")
    columns = "received_at, source, priority, location_text, state"
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            f"INSERT INTO cru.referral (reference, {columns}) SELECT 'CRU-20260101-' || lpad(n::text, 4, '0'),"
            " cru.clock_now() - interval '1 day' - n * interval '1 minute', 'ems_crew', 'P1', 'x', 'received'"
            f" FROM generate_series(1, {MOST}) n"
        )
    assert len((await read(psql)).visits) == 1
    await age(psql.owner, "170 days")
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "UPDATE cru.referral SET received_at = cru.clock_now() - interval '1 hour' WHERE location_text = 'x'"
        )
    assert (await read(psql)).visits == ()


@pytest.mark.hazard("H-084")
async def test_a_prediction_is_nowhere_in_the_record(psql: Psql) -> None:
    await psql.assignment("clear")
    before = await psql.picture()
    await read(psql)
    assert await psql.picture() == before
