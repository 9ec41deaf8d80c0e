# ruff: noqa: S608 - the tests name tables and columns of our own
"""Ways round the rules that a person with a psql prompt and patience would think of."""

import asyncio
import json
import re
from typing import Any

import asyncpg
import pytest

from tests.cluster import LOGINS
from tests.db.psql import Psql


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    "sql",
    [
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "ALTER TABLE cru.event DISABLE TRIGGER ALL",
        "ALTER TABLE cru.referral DISABLE TRIGGER guard",
        "DROP TRIGGER guard ON cru.event",
        "ALTER TABLE cru.event OWNER TO CURRENT_USER",
        "CREATE TRIGGER t BEFORE INSERT ON cru.event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON UPDATE TO cru.referral DO INSTEAD NOTHING",
        "CREATE FUNCTION cru.is_lead() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE OR REPLACE FUNCTION cru.is_lead() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE TABLE cru.mine ()",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.clock_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        'GRANT cru_shift_lead TO "a.shah"',
        "CREATE ROLE mine",
    ],
)
async def test_the_servers_own_locks_hold(psql: Psql, login: str, sql: str) -> None:
    await psql.refused(psql.session(login), sql, code="42501")


@pytest.mark.hazard("H-055")
@pytest.mark.parametrize(
    "sql", ["SET ROLE cru_shift_lead", 'SET ROLE "l.lead"', "SET SESSION AUTHORIZATION 'l.lead'"]
)
async def test_a_dispatcher_is_no_lead_by_any_name(psql: Psql, sql: str) -> None:
    await psql.refused(psql.shah, sql, code="42501")


@pytest.mark.parametrize("login", [login for login in LOGINS if login != "g.gateway"])
async def test_the_records_own_functions_are_not_called(psql: Psql, login: str) -> None:
    referral = await psql.referral()
    for call in (
        f"cru.write_event('{referral}', NULL, 'accepted', now())",
        f"cru.log_times('', '{{}}', '{{\"accepted_at\": \"2026-01-01\"}}', '{referral}', NULL, '')",
        f"cru.log_details('{{}}', '{{\"a\": 1}}', '{referral}', NULL, '{{}}')",
        "cru.next_reference(now())",
        "cru.next_number('2026-01-01')",
        "cru.limit_sessions()",
        "cru.ensure_fix_partition('2026-01-01')",
        "cru.is_lead()",
    ):
        await psql.refused(psql.session(login), f"SELECT {call}", code="42501")


async def test_a_guard_is_no_trigger_for_a_table_of_ones_own(psql: Psql) -> None:
    await psql.shah.execute("CREATE TEMP TABLE mine (LIKE cru.referral)")
    for function in ("log_referral", "guard_referral", "follow_assignment", "log_words", "note_rows"):
        sql = f"CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION cru.{function}()"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.shah.execute(sql)


@pytest.mark.hazard("H-055")
async def test_every_function_is_pinned_and_closed(psql: Psql) -> None:
    rows = await psql.owner.fetch(
        "SELECT proname, prosecdef, coalesce(proconfig::text, '') AS config,"
        " has_function_privilege('cru_viewer', oid, 'EXECUTE') AS viewer,"
        " has_function_privilege('cru_dispatcher', oid, 'EXECUTE') AS dispatcher,"
        " has_function_privilege('cru_shift_lead', oid, 'EXECUTE') AS lead,"
        " has_function_privilege('cru_gateway', oid, 'EXECUTE') AS gateway, prosqlbody IS NOT NULL AS parsed"
        " FROM pg_proc WHERE pronamespace = 'cru'::regnamespace"
    )
    assert rows
    # pg_temp is searched first unless it is named: a temporary type could pass for one of ours. A body that was
    # parsed when it was made looks nothing up any more.
    loose = [row["proname"] for row in rows if "search_path=cru, pg_temp" not in row["config"]]
    unpinned = {row["proname"] for row in rows if row["proname"] in loose and not row["parsed"]}
    # Those that are asked of rows: each name and each operator in them says where it lies.
    asked_there = {
        "sees": "EXISTS (SELECT FROM cru.in_sight s WHERE s.referral_id OPERATOR(pg_catalog.=) the_referral)",
        "is_said": "words OPERATOR(pg_catalog.~) '[!-~]' OR cru.is_drawn(words)",
    }
    body = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'cru'::regnamespace AND proname = $1"
    bodies = {name: (await psql.owner.fetchval(body, name)).split() for name in unpinned}
    assert bodies == {name: f"BEGIN RETURN {asks}; END".split() for name, asks in asked_there.items()}
    may = {
        who: {row["proname"] for row in rows if row[who]} for who in ("viewer", "dispatcher", "lead", "gateway")
    }
    # Constraints are checked as whoever writes: their functions look at a value and at nothing else.
    shapes = {"is_list", "is_text", "is_plan", "is_answers", "is_how", "is_found", "is_said", "is_drawn"}
    # An index is kept up as whoever writes, too.
    keys = {"nhs_digits", "name_key", "phone_key", "address_key", "incident_key"}
    # What a console asks for; it is told of referrals that it may read anyway.
    asked = {
        "to_be_read",
        "unread_words",
        "known_before",
        "about_before",
        "referrals_of_flag",
        "flags_ever_of",
        "alike",
        "known_of",
        "referrals_of_person",
        "kept_until",
    }
    # Asked by the condition of a guard: whether a call goes on, and whether a row is being restored.
    undo = {"is_on_the_phone", "is_being_restored", "take_back", "my_last_act", "acts_of"}
    # The version of the screening tool in force is reference data, which the wall reads too.
    everybody = {"clock_now", "beat", "record_life", "tool_in_force", "rule_span", "oldest_program"}
    # The wall's views and its figures, which a desk beside it may show too.
    everybody |= {"outward", "party_on_wall", "wall_figures"}
    # How old the last backup is says nothing of anybody, nor do the hashes of the seal.
    everybody |= {"backups", "sealed", "sealed_parts"}
    # Each figure of the measures, the parts that it is cut into and the referrals behind it.
    figures = {"measure_areas", "measure_behind", "measure_ends", "measure_figures", "measure_some"}
    figures |= {"measure_groups", "measure_hours", "measure_jobs", "measure_received", "measure_wishes"}
    # What a lead looks at afterwards.
    figures |= {"back_between", "late_between"}
    # And the lists of it, each opened before.
    figures |= {"to_review", "named_at_visits", "named_by_others"}
    asked |= {"open_list", "said_afterwards"}
    # A desk raises alarms and answers them; a lead lets one rest.
    alarms = {"watch_alarms", "raise_alarms", "end_alarms", "acknowledge_alarm"}
    # Looking up, and who is there.
    asked |= {"look_for", "found_by", "be_present", "be_gone"}
    # Opening what is past, and what is told of it without a word about anybody.
    asked |= {"open_rows", "open_record", "open_day", "sees", "story_of_van", "steps_told", "referral_called"}
    asked |= {"open_alike", "open_known", "open_person", "sees_room", "sees_stretch"}
    # Who holds up what one asked for.
    asked |= {"held_up_by"}
    assert may == {
        "viewer": everybody,
        "dispatcher": everybody | {"refuse", "earliest_for"} | shapes | keys | asked | undo | alarms,
        # Between which values a rule may be set is shown where a lead sets it.
        "lead": everybody
        | {"refuse", "earliest_for", "rule_bounds", "offer_room"}
        | shapes
        | keys
        | asked
        | undo
        | figures
        | alarms
        | {"shelve_alarm", "unshelve_alarm"}
        # Whose time is over, a lead erases.
        | {"due_to_erase", "erase_person"},
        "gateway": {"clock_now", "record_fixes", "raise_emergency", "sealed_devices", "oldest_program"},
    }


SHADOWS = (
    "CREATE TEMP TABLE event (LIKE cru.event); CREATE TEMP TABLE legal_move (LIKE cru.legal_move);"
    "CREATE TEMP TABLE assignment (LIKE cru.assignment); CREATE TEMP TABLE van (LIKE cru.van);"
    "CREATE TEMP TABLE screening_item (LIKE cru.screening_item);"
    "CREATE TEMP TABLE pg_class (LIKE pg_catalog.pg_class);"
    "CREATE TEMP TABLE service (LIKE cru.service);"
    "INSERT INTO pg_temp.legal_move VALUES ('referral', 'received', 'closed');"
    "CREATE TEMP TABLE changed (id uuid);"
    "CREATE FUNCTION pg_temp.is_lead() RETURNS boolean LANGUAGE sql AS 'SELECT true';"
    "CREATE FUNCTION pg_temp.clock_now() RETURNS pg_catalog.timestamptz LANGUAGE sql"
    " AS 'SELECT now() - interval ''9 days''';"
    "CREATE DOMAIN pg_temp.text AS int; CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.text;"
    "CREATE DOMAIN pg_temp.jsonb AS int;"
    "SET search_path = pg_temp, pg_catalog"
)


async def test_temporary_things_of_the_same_name_fool_no_guard(psql: Psql) -> None:
    await psql.shah.execute(SHADOWS)
    referral = await psql.take()
    await psql.set_refused(psql.shah, "referral", referral, state="closed", outcome="gp", code="CR001")
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    job = await psql.allocate(await psql.referral(), await psql.van())
    await psql.set(psql.shah, "assignment", job, state="on scene")
    await psql.set_refused(psql.shah, "assignment", job, on_scene_at=None)
    assert await psql.shah.fetchval("SELECT count(*) FROM pg_temp.event") == 0
    sql = "SELECT min(recorded_at) > now() - interval '1 minute' FROM cru.event WHERE referral_id IS NOT NULL"
    assert await psql.owner.fetchval(sql)


@pytest.mark.parametrize(
    ("name", "junk", "says"),
    [
        ("source", "satellite", 'Nothing is recorded from "satellite"'),
        ("source", "x'; DROP TABLE cru.event; --", "Nothing is recorded from"),
        ("command", "not a uuid", "A command is named by a UUID"),
    ],
)
async def test_a_junk_context_is_refused_in_words(psql: Psql, name: str, junk: str, says: str) -> None:
    referral = await psql.referral()
    await psql.shah.execute("SELECT set_config('cru.' || $1, $2, false)", name, junk)
    await psql.set_refused(psql.shah, "referral", referral, caller="x", code="CR003", says=says)


async def test_a_claimed_source_does_not_change_who(psql: Psql) -> None:
    # A console does write down what a geofence noticed: the source is the client's word, the author never is.
    job = await psql.assignment("mobile")
    await psql.shah.execute("SELECT set_config('cru.source', 'geofence', false)")
    await psql.set(psql.shah, "assignment", job, state="on scene")
    event = await psql.owner.fetchrow("SELECT source, recorded_by FROM cru.event ORDER BY id DESC LIMIT 1")
    assert tuple(event) == ("geofence", "a.shah")


async def test_session_settings_do_not_move_the_rules(psql: Psql) -> None:
    for setting in (
        "standard_conforming_strings = off",
        "transform_null_equals = on",
        "datestyle = 'German, DMY'",
        "timezone = 'Pacific/Auckland'",
        "intervalstyle = sql_standard",
        "default_transaction_deferrable = on",
        "array_nulls = off",
    ):
        await psql.shah.execute(f"SET {setting}")
    referral = await psql.take(lat=52.24, lon=-0.89)
    await psql.set_refused(psql.shah, "referral", referral, state="accepted", code="CR003")
    await psql.set(psql.shah, "referral", referral, lat=52.25, lon=-0.9)
    assert (await psql.kinds(referral))[-1] == "details changed"
    await psql.screen(referral)
    await psql.set(psql.shah, "referral", referral, state="accepted")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-29T00:30:00+00:00", "20260329"),
        ("2026-06-30T22:59:59+00:00", "20260630"),
        ("2026-06-30T23:00:00+00:00", "20260701"),
        ("2026-10-24T23:30:00+00:00", "20261025"),
        ("2026-10-25T00:30:00+00:00", "20261025"),
        ("2026-10-25T01:30:00+00:00", "20261025"),
        ("2026-10-25T23:59:59+00:00", "20261025"),
        ("2025-12-31T23:59:59+00:00", "20251231"),
    ],
)
async def test_a_reference_carries_the_local_day(psql: Psql, moment: str, day: str) -> None:
    await psql.shah.execute("SET timezone = 'Pacific/Auckland'")
    sql = (
        "INSERT INTO cru.referral (source, priority, location_text, received_at)"
        f" VALUES ('hub', 'P2', 'x', '{moment}') RETURNING reference"
    )
    assert [await psql.shah.fetchval(sql) for _ in range(2)] == [f"CRU-{day}-0001", f"CRU-{day}-0002"]


async def test_referrals_taken_at_once_have_different_references(psql: Psql) -> None:
    sql = (
        "INSERT INTO cru.referral (source, priority, location_text) VALUES ('hub', 'P2', 'x') RETURNING reference"
    )

    async def several(who: Any) -> list[str]:
        return [await who.fetchval(sql) for _ in range(20)]

    both = await asyncio.gather(several(psql.shah), several(psql.lead), several(psql.session("b.okafor")))
    references = sorted(one for some in both for one in some)
    assert [int(reference[-4:]) for reference in references] == list(range(1, 61))
    assert all(re.fullmatch(r"CRU-\d{8}-\d{4}", reference) for reference in references)


async def test_the_gateway_freezes_no_van(psql: Psql) -> None:
    van = await psql.van()

    async def fix(**changed: Any) -> None:
        given = {"van_id": str(van), "fixed_at": "2026-01-01T00:00:00Z", "lat": 52.2, "lon": -0.9} | changed
        await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps([given]))

    await fix(fixed_at="2099-01-01T00:00:00Z")
    await fix(lat=99)
    await fix(lat="NaN")
    await fix(refused="jumped")
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.position") == 0
    await fix()
    await fix(fixed_at="2025-12-31T00:00:00Z", lat=51)
    kept = await psql.owner.fetch("SELECT refused FROM cru.position_fix ORDER BY id")
    assert [row["refused"] for row in kept] == [
        "dated in the future",
        "not a place on earth",
        "not a place on earth",
        "jumped",
        "",
        "",
    ]
    assert await psql.owner.fetchval("SELECT lat FROM cru.position") == 52.2
    await fix(received_at="1999-01-01T00:00:00Z")
    assert await psql.owner.fetchval("SELECT to_regclass('cru.position_fix_19990101')") is None
