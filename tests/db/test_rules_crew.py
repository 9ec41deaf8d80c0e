"""Who may be sent, and the brief that a crew reads back: tried at a psql prompt."""

from uuid import UUID

import pytest

from tests.db.psql import Psql

SEND = "INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)"
READ = (
    "INSERT INTO cru.read_back (referral_id, assignment_id, read_by, channel, brief)"
    " VALUES ($1, $2, $3, $4, $5) RETURNING id"
)


async def van_with(psql: Psql, *professions: str) -> UUID:
    """A van whose crew is of these professions, and of no other."""
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute("DELETE FROM cru.shift_member WHERE shift_id = $1", shift)
    for profession in professions:
        await psql.crew(shift, profession, psql.lead)
    return van


async def rule(psql: Psql, name: str, value: float, *, active: bool = True) -> None:
    await psql.owner.execute("UPDATE cru.rule SET value = $2, active = $3 WHERE name = $1", name, value, active)


@pytest.mark.hazard("H-044")
async def test_a_crew_without_a_registered_clinician_is_sent_only_by_who_says_that_they_know(psql: Psql) -> None:
    referral, van = await psql.referral(), await van_with(psql, "Peer support worker", "Crisis support worker")
    for who in (psql.shah, psql.lead):
        await psql.refused(who, SEND, referral, van, code="CR001", says="no registered clinician")
    async with psql.shah.transaction():
        await psql.shah.execute("SELECT set_config('cru.insisted', 'nobody else is free; nurse by phone', true)")
        await psql.shah.execute(SEND, referral, van)
    detail = await psql.owner.fetchval("SELECT detail ->> 'insisted' FROM cru.event WHERE kind = 'van allocated'")
    assert detail == "nobody else is free; nurse by phone"


async def test_a_crew_of_nobody_has_none(psql: Psql) -> None:
    await psql.refused(
        psql.shah, SEND, await psql.referral(), await van_with(psql), says="no registered clinician"
    )


async def test_where_the_rule_binds_nobody_insists(psql: Psql) -> None:
    await rule(psql, "registered_binds", 1)
    referral, van = await psql.referral(), await van_with(psql, "Crisis support worker")
    await psql.shah.execute("SELECT set_config('cru.insisted', 'I know', false)")
    await psql.lead.execute("SELECT set_config('cru.insisted', 'I know', false)")
    for who in (psql.shah, psql.lead):
        await psql.refused(who, SEND, referral, van, code="CR001", says="at least 1")


async def test_how_many_is_the_trusts_number(psql: Psql) -> None:
    referral = await psql.referral()
    one, two = await van_with(psql, "Social worker"), await van_with(psql, "Paramedic", "Social worker")
    await rule(psql, "registered_least", 2)
    await psql.refused(psql.shah, SEND, referral, one, says="at least 2")
    await psql.shah.execute(SEND, referral, two)
    await rule(psql, "registered_least", 0)
    await psql.shah.execute(SEND, referral, await van_with(psql))
    # A rule that nobody keeps any more does not let everybody through.
    await rule(psql, "registered_least", 0, active=False)
    await psql.refused(psql.shah, SEND, referral, await van_with(psql, "Peer support worker"), says="at least 1")


async def test_who_changes_the_rule_is_put_down(psql: Psql) -> None:
    await psql.owner.execute("UPDATE cru.rule SET author = 'x' WHERE name = 'registered_least'")
    row = await psql.owner.fetchrow("SELECT author, dated FROM cru.rule WHERE name = 'registered_least'")
    assert row["author"] == "postgres"
    await psql.refused(psql.shah, "UPDATE cru.rule SET value = 0 WHERE name = 'registered_least'", code="42501")


async def test_a_brief_is_read_back_by_the_crew_of_a_van_that_is_on_it(psql: Psql) -> None:
    job, elsewhere = await psql.assignment("acknowledged"), await psql.referral()
    referral = (await psql.read("assignment", job))["referral_id"]
    given = ("O. Finch", "telephone", "Ring once. The gate sticks.")
    row = await psql.read("read_back", UUID(str(await psql.shah.fetchval(READ, referral, job, *given))))
    assert (row["read_by"], row["recorded_by"]) == ("O. Finch", "a.shah")
    assert row["recorded_at"] is not None
    event = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'brief read back'")
    assert (event["referral_id"], event["words"]) == (referral, "Ring once. The gate sticks.")
    await psql.refused(psql.shah, READ, elsewhere, job, *given, code="CR001", says="not on this referral")
    await psql.refused(psql.shah, READ, referral, job, "", "radio", "x", code="23514")
    await psql.refused(psql.shah, READ, referral, job, "O. Finch", "smoke", "x", code="23514")
    await psql.refused(psql.owner, "UPDATE cru.read_back SET read_by = 'Nobody'", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.read_back", code="CR002")
    # Without it the van may drive: the console asks, the record does not forbid.
    await psql.set(psql.shah, "assignment", await psql.assignment("acknowledged"), state="mobile")
    await psql.set(psql.shah, "assignment", job, state="stood down", stand_down_reason="not_needed")
    await psql.refused(psql.shah, READ, referral, job, *given, code="CR001")


@pytest.mark.hazard("H-044")
async def test_who_goes_without_a_read_back_or_short_of_clinicians_is_put_down_whoever_writes(psql: Psql) -> None:
    """Also where a step is skipped, and where somebody left the crew since it was allocated."""
    insisted = "SELECT detail ->> 'insisted' FROM cru.event WHERE van_id = $1 AND detail ? 'insisted' ORDER BY id"
    put_down = {}
    for way in ("mobile", "on scene", "read back", "said", "nurse left"):
        referral, van = await psql.referral(), await psql.van()
        callsign = await psql.owner.fetchval("SELECT callsign FROM cru.van WHERE id = $1", van)
        job = await psql.allocate(referral, van)
        if way in {"read back", "nurse left"}:
            await psql.shah.execute(READ, referral, job, "K. Bell", "radio", "Flat 3. A dog.")
        if way == "nurse left":
            aboard = f"SELECT id FROM cru.shift WHERE van_id = '{van}'"  # noqa: S608 - of ours
            await psql.record.unguarded(f"DELETE FROM cru.shift_member WHERE shift_id IN ({aboard})")  # noqa: S608
        async with psql.shah.transaction():
            said = "they know the brief by heart" if way == "said" else ""
            await psql.shah.execute("SELECT set_config('cru.insisted', $1, true)", said)
            await psql.set(psql.shah, "assignment", job, state="on scene" if way == "on scene" else "mobile")
            if way != "said":
                # What else happens in that transaction is not said to be against anything.
                await psql.shah.execute("INSERT INTO cru.event (referral_id, kind) VALUES ($1, 'note')", referral)
        await psql.set(psql.shah, "assignment", job, state="with patient")
        rows = await psql.owner.fetch(insisted, van)
        put_down[way] = {row[0].replace(callsign, "it") for row in rows}
    unread = "it has not read the brief back"
    assert put_down == {
        "mobile": {unread},
        "on scene": {unread},
        "read back": set(),
        "said": {"they know the brief by heart"},
        "nurse left": {"it has 0 of 1 registered clinicians"},
    }
    assert (
        await psql.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'note' AND detail ? 'insisted'")
        == 0
    )


async def test_where_a_trust_says_so_nobody_is_mobile_before_the_brief_is_read_back(psql: Psql) -> None:
    await rule(psql, "read_back_binds", 1)
    job = await psql.allocate(await psql.referral(), await psql.van())
    await psql.shah.execute("SELECT set_config('cru.insisted', 'I know', false)")
    await psql.set_refused(psql.shah, "assignment", job, state="mobile", code="CR001", says="read the brief back")
    referral = await psql.owner.fetchval("SELECT referral_id FROM cru.assignment WHERE id = $1", job)
    await psql.shah.execute(READ, referral, job, "K. Bell", "radio", "Flat 3. A dog.")
    await psql.set(psql.shah, "assignment", job, state="mobile")
    # What has happened is told all the same.
    other = await psql.allocate(await psql.referral(), await psql.van())
    await psql.set(psql.shah, "assignment", other, state="on scene")


async def test_an_interpreter_is_booked_for_a_language_that_the_record_knows(psql: Psql) -> None:
    referral = await psql.take()
    sql = (
        "INSERT INTO cru.interpreter (referral_id, language, booked_with, booking, booked_for_at)"
        " VALUES ($1, $2, $3, '4711', now() + interval '2 hours')"
    )
    await psql.shah.execute(sql, referral, "som", "DA Languages")
    event = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'interpreter booked'")
    assert event["words"] == "Somali, DA Languages, 4711"
    await psql.refused(psql.shah, sql, referral, "elvish", "DA Languages", code="23503")
    await psql.refused(psql.shah, sql, referral, "som", " ", code="23514")
