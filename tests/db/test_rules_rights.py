# ruff: noqa: S608 - the tests name tables and columns of our own
"""Who may do what: what a login tries at a psql prompt beyond its group's rights is refused."""

from typing import Any

import asyncpg
import pytest

from db.domain.kept_lists import LISTS
from tests.cluster import LOGINS
from tests.db.psql import Psql

PEOPLE = tuple(LOGINS)
PERSONAL = (
    "about_me",
    "same_person",
    "read_back",
    "crew_word",
    "intake_call",
    "interpreter",
    "wish_kept",
    "referral",
    "event",
    "screening",
)
PERSONAL += ("feedback", "flag", "person_request", "position_fix", "command_log", "device")
REFERENCE = (
    "service",
    "user_account",
    "priority",
    "referral_source",
    "screening_tool",
    "screening_item",
    "reason",
    "outcome",
    "wish",
    "van_base",
    "destination",
    "legal_move",
    "alembic_version",
    "referral_day",
)


async def tables(psql: Psql) -> list[str]:
    rows = await psql.owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
    )
    return [row["relname"] for row in rows]


@pytest.mark.hazard("H-055")
@pytest.mark.parametrize("login", PEOPLE)
async def test_nobody_deletes_or_truncates_anything(psql: Psql, login: str) -> None:
    await psql.handover("released")
    for table in await tables(psql):
        for sql in (f"DELETE FROM cru.{table}", f"TRUNCATE cru.{table} CASCADE"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await psql.session(login).execute(sql)


@pytest.mark.hazard("H-055")
@pytest.mark.parametrize("login", [*PEOPLE, "owner"])
async def test_events_stay_as_they_were_written(psql: Psql, login: str) -> None:
    await psql.handover("released")
    who = psql.owner if login == "owner" else psql.session(login)
    code = "CR002" if login == "owner" else "42501"
    for sql in (
        "UPDATE cru.event SET words = 'x'",
        "UPDATE cru.event SET recorded_by = 'b.okafor'",
        "DELETE FROM cru.event",
        "TRUNCATE cru.event CASCADE",
    ):
        await psql.refused(who, sql, code=code)


async def test_nor_does_the_owner_empty_what_events_belong_to(psql: Psql) -> None:
    referral = await psql.referral()
    for table in ("referral", "van"):
        await psql.refused(psql.owner, f"TRUNCATE cru.{table} CASCADE", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.referral", code="23503")
    await psql.shah.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'person', 'kind')", referral
    )
    await psql.refused(psql.owner, "UPDATE cru.feedback SET words = 'x'", code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.feedback", code="CR002")


@pytest.mark.parametrize(
    "kind",
    ["accepted", "closed", "van with patient", "handover accepted", "time amended", "screening complete", ""],
)
async def test_an_event_of_a_state_is_not_typed(psql: Psql, kind: str) -> None:
    referral = await psql.referral()
    insert = "INSERT INTO cru.event (referral_id, kind) VALUES ($1, $2)"
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.refused(who, insert, referral, kind, code="CR002", says="follows from what is done")


async def test_a_trigger_of_ones_own_types_no_event_either(psql: Psql) -> None:
    referral = await psql.referral()
    await psql.shah.execute(
        "CREATE TEMP TABLE mine (referral uuid);"
        "CREATE FUNCTION pg_temp.forge() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN"
        " INSERT INTO cru.event (referral_id, kind) VALUES (NEW.referral, 'accepted'); RETURN NEW; END $f$;"
        "CREATE TRIGGER forge BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.forge()"
    )
    await psql.refused(psql.shah, "INSERT INTO mine VALUES ($1)", referral, code="CR002")


@pytest.mark.parametrize("column", ["id", "recorded_at", "recorded_by", "detail", "amends", "reason"])
async def test_an_event_does_not_say_who_wrote_it(psql: Psql, column: str) -> None:
    referral = await psql.referral()
    value = {"id": "1", "recorded_at": "now()", "detail": "'{}'", "amends": "1"}.get(column, "'b.okafor'")
    override = "OVERRIDING SYSTEM VALUE" if column == "id" else ""
    sql = f"INSERT INTO cru.event (referral_id, kind, {column}) {override} VALUES ($1, 'note', {value})"
    for who in (psql.shah, psql.lead):
        await psql.refused(who, sql, referral, code="42501")


@pytest.mark.hazard("H-055")
async def test_the_author_is_whoever_signed_in(psql: Psql) -> None:
    referral = await psql.referral()
    await psql.shah.execute("SET ROLE cru_dispatcher")
    await psql.shah.execute("INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', 'x')", referral)
    await psql.shah.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words) VALUES ($1, 'person', 'kind')", referral
    )
    await psql.shah.execute(
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'address', 'pets', 'a dog', now() + interval '30 days')",
        referral,
    )
    authors = await psql.owner.fetchrow(
        "SELECT (SELECT string_agg(DISTINCT recorded_by, ',') FROM cru.event"
        " WHERE referral_id IS NOT NULL),"
        " (SELECT recorded_by FROM cru.feedback), (SELECT added_by FROM cru.flag)"
    )
    assert tuple(authors) == ("a.shah", "a.shah", "a.shah")


async def test_even_the_owner_signs_with_their_own_name(psql: Psql) -> None:
    referral = await psql.referral()
    await psql.owner.execute(
        "INSERT INTO cru.feedback (referral_id, said_by, words, recorded_by) VALUES ($1, 'person', 'x', 'a.shah')",
        referral,
    )
    await psql.owner.execute("INSERT INTO cru.event (kind, recorded_by) VALUES ('note', 'a.shah')")
    names = await psql.owner.fetch(
        "SELECT recorded_by FROM cru.feedback UNION SELECT recorded_by FROM cru.event WHERE kind = 'note'"
    )
    assert [row["recorded_by"] for row in names] == ["postgres"]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("referral", "id"),
        ("referral", "version"),
        ("referral", "reference"),
        ("screening", "id"),
        ("screening", "version"),
        ("screening", "completed_by"),
        ("screening", "override_by"),
        ("assignment", "id"),
        ("assignment", "version"),
        ("assignment", "van_id"),
        ("assignment", "referral_id"),
        ("handover", "id"),
        ("handover", "version"),
        ("handover", "referral_id"),
        ("handover", "ordinal"),
        ("feedback", "recorded_by"),
        ("flag", "added_by"),
        ("command_log", "done_by"),
    ],
)
async def test_columns_that_the_record_keeps_are_not_set(psql: Psql, table: str, column: str) -> None:
    await psql.handover()
    for who in (psql.shah, psql.lead):
        await psql.refused(who, f"UPDATE cru.{table} SET {column} = DEFAULT", code="42501")


async def test_the_lead_keeps_vans_and_staff_but_not_their_ids_and_versions(psql: Psql) -> None:
    van = await psql.van()
    await psql.refused(psql.lead, "UPDATE cru.van SET id = gen_random_uuid() WHERE id = $1", van, code="CR002")
    before = (await psql.read("van", van))["version"]
    await psql.set(psql.lead, "van", van, seats=6, version=before + 50)
    assert (await psql.read("van", van))["version"] == before + 1
    assert await psql.owner.fetchval("SELECT words FROM cru.event ORDER BY id DESC LIMIT 1") == "seats"
    for table in ("van", "staff", "device"):
        await psql.refused(psql.shah, f"UPDATE cru.{table} SET active = false", code="42501")


@pytest.mark.hazard("H-054", "H-086")
@pytest.mark.parametrize("table", PERSONAL)
async def test_the_wall_reads_nothing_personal(psql: Psql, table: str) -> None:
    await psql.handover()
    for sql in (f"SELECT * FROM cru.{table}", f"SELECT count(*) FROM cru.{table}", f"COPY cru.{table} TO STDOUT"):
        await psql.refused(psql.wall, sql, code="42501")


@pytest.mark.hazard("H-054")
async def test_the_wall_sees_referrals_without_the_person(psql: Psql) -> None:
    secret = "Zebedee"
    words = (
        "caller",
        "call_back",
        "patient_name",
        "nhs_number",
        "narrative",
        "access_note",
        "legal_status",
        "police",
    )
    referral = await psql.take(
        location_text=f"{secret} Street",
        postcode="NN1 4LP",
        lat=52.24,
        lon=-0.89,
        ems_incident=secret,
        plan=f'{{"helps": "{secret}"}}',
        **dict.fromkeys(words, secret),
    )
    await psql.set(psql.shah, "referral", referral, state="declined", end_reason=secret)
    row = await psql.wall.fetchrow("SELECT * FROM cru.referral_wall WHERE id = $1", referral)
    assert secret not in str(dict(row))
    await psql.shah.execute(
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, $3)",
        await psql.take(waiting_party=secret, ems_callsign=secret),
        f"her sister {secret}",
        f"{secret} House",
    )
    for table in ("handover_wall", "assignment_wall", "referral_wall"):
        assert secret not in str([dict(one) for one in await psql.wall.fetch(f"SELECT * FROM cru.{table}")])
    for table in ("handover", "assignment"):
        await psql.refused(psql.wall, f"SELECT * FROM cru.{table}", code="42501")
    assert (row["postcode"], row["lat"], row["patient_born"]) == ("NN1", None, None)
    columns = await psql.owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'cru.referral'::regclass AND attnum > 0"
    )
    assert set(row.keys()) == {column["attname"] for column in columns}


@pytest.mark.parametrize("login", ["w.wall", "g.gateway"])
async def test_the_wall_and_the_gateway_write_nothing(psql: Psql, login: str) -> None:
    referral, van = await psql.referral(), await psql.van()
    who = psql.session(login)
    tries: list[tuple[str, tuple[Any, ...]]] = [
        ("INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x')", ()),
        ("UPDATE cru.referral SET priority = 'P3' WHERE id = $1", (referral,)),
        ("INSERT INTO cru.event (referral_id, kind) VALUES ($1, 'note')", (referral,)),
        ("INSERT INTO cru.assignment (referral_id, van_id) VALUES ($1, $2)", (referral, van)),
        ("UPDATE cru.van SET emergency_at = now() WHERE id = $1", (van,)),
        ("INSERT INTO cru.position (van_id, fixed_at, lat, lon) VALUES ($1, now(), 52, -1)", (van,)),
        ("INSERT INTO cru.position_fix (van_id, fixed_at, lat, lon) VALUES ($1, now(), 52, -1)", (van,)),
        ("INSERT INTO cru.command_log (command_id, verb) VALUES (gen_random_uuid(), 'x')", ()),
        ("UPDATE cru.device SET token_digest = 'x'", ()),
    ]
    for sql, given in tries:
        await psql.refused(who, sql, *given, code="42501")


@pytest.mark.parametrize("login", [login for login in PEOPLE if login != "g.gateway"])
async def test_only_the_gateway_records_fixes(psql: Psql, login: str) -> None:
    van = await psql.van()
    await psql.refused(psql.session(login), "SELECT cru.record_fixes('[]')", code="42501")
    await psql.refused(psql.session(login), "SELECT cru.raise_emergency($1)", van, code="42501")


@pytest.mark.parametrize("table", [*PERSONAL[:-1], "shift_member", "staff", "user_account"])
async def test_the_gateway_reads_no_person(psql: Psql, table: str) -> None:
    await psql.refused(psql.gateway, f"SELECT * FROM cru.{table}", code="42501")


@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.parametrize("table", REFERENCE)
async def test_reference_data_and_users_are_the_owners(psql: Psql, table: str, login: str) -> None:
    who = psql.session(login)
    column = await psql.owner.fetchval(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", f"cru.{table}"
    )
    # A lead adds to the lists, and never says that somebody else did, nor calls what is there something else.
    added = "(author) VALUES ('nobody')" if login == "l.lead" and table in LISTS else "DEFAULT VALUES"
    for sql in (f"UPDATE cru.{table} SET {column} = {column}", f"INSERT INTO cru.{table} {added}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await who.execute(sql)


@pytest.mark.parametrize("mode", ["SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE"])
async def test_nobody_takes_the_room_down_by_locking_a_table(psql: Psql, mode: str) -> None:
    tables = await psql.owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'cru'::regnamespace AND relkind IN ('r', 'p')"
    )
    for who in (psql.shah, psql.lead, psql.wall, psql.gateway):
        for (name,) in tables:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with who.transaction():
                    await who.execute(f"LOCK TABLE cru.{name} IN {mode} MODE")


async def test_the_author_of_a_van_is_nobody_else(psql: Psql) -> None:
    van = await psql.van("off duty")
    await psql.refused(psql.lead, "UPDATE cru.van SET author = 'somebody else' WHERE id = $1", van, code="42501")
    await psql.refused(psql.lead, "UPDATE cru.van SET dated = '2020-01-01' WHERE id = $1", van, code="42501")


@pytest.mark.hazard("H-054", "H-086")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("NN1 4LP", "NN1"),
        ("NN14LP", "NN1"),
        ("nn189nd", "NN18"),
        ("NN18  9ND", "NN18"),
        ("NN18-9ND", "NN18"),
        ("NN18", "NN18"),
        ("EC1A1BB", "EC1A"),
        ("", ""),
        ("12 Studfall Avenue", ""),
        ("NN18 9ND, flat 3", ""),
    ],
)
async def test_the_wall_is_told_half_a_postcode_however_it_was_typed(psql: Psql, typed: str, told: str) -> None:
    assert await psql.wall.fetchval("SELECT cru.outward($1)", typed) == told
