"""What ``admin check`` finds: rights and guards changed by hand, passwords, a log that tells, who is there."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from db.admin import catalogue
from db.admin.guarded import about_log, about_passwords, about_rights
from db.admin.server_log import told_by_log
from db.admin.standing_still import StillLimits, standing_still
from db.admin.weak_logins import kept_passwords
from db.admin.who_is_there import consoles, unencrypted
from db.engine import DESK, connect, transaction
from db.program import CONSOLE, FEED, version
from tests.cluster import Record

# What somebody with a superuser's prompt may do by mistake, and what is said of it.
IS_LEAD = "FUNCTION cru.is_lead() RETURNS boolean LANGUAGE sql STABLE SET search_path = cru, pg_temp"
BY_HAND = [
    ("GRANT UPDATE ON cru.event TO cru_dispatcher", "should not be: cru_dispatcher: UPDATE on table event"),
    ("GRANT SELECT (narrative) ON cru.referral TO cru_viewer", "cru_viewer: SELECT on table referral.narrative"),
    ("GRANT SELECT ON cru.staff TO PUBLIC", "should not be: PUBLIC: SELECT on table staff"),
    ('GRANT DELETE ON cru.flag TO "a.shah"', "should not be: a.shah: DELETE on table flag"),
    ("REVOKE INSERT (words) ON cru.message FROM cru_dispatcher", "cru_dispatcher: INSERT on table message.words"),
    ("GRANT USAGE ON SEQUENCE cru.reference_count_3 TO cru_viewer", "USAGE on sequence reference_count_3"),
    ("GRANT EXECUTE ON FUNCTION cru.is_lead() TO cru_viewer", "cru_viewer: EXECUTE on function is_lead()"),
    ("REVOKE EXECUTE ON FUNCTION cru.beat() FROM cru_viewer", "missing: cru_viewer: EXECUTE on function beat()"),
    ("ALTER TABLE cru.event DISABLE TRIGGER guard", "trigger event.guard: guard_event switched off"),
    ("ALTER TABLE cru.flag DISABLE TRIGGER ALL", "trigger flag.act: note_act switched off"),
    ("DROP TRIGGER log ON cru.van", "missing: trigger van.log: log_van in force"),
    (f"CREATE OR REPLACE {IS_LEAD} AS 'SELECT true'", "body is_lead() as whoever asks"),
    ("ALTER FUNCTION cru.beat() RESET search_path", "body beat() as the owner: no settings"),
    ("ALTER FUNCTION cru.held_up_by(integer) SECURITY INVOKER", "held_up_by(the_pid integer) as whoever asks"),
    ("ALTER TABLE cru.van ENABLE ROW LEVEL SECURITY", "rows van: by policy"),
    ("GRANT CREATE ON SCHEMA cru TO cru_dispatcher", "cru_dispatcher: CREATE on schema cru"),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "PUBLIC: CREATE on schema public"),
    (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA cru GRANT SELECT ON TABLES TO cru_viewer",
        "cru_viewer: SELECT on later r",
    ),
    ("GRANT pg_read_all_data TO cru_viewer", "group cru_viewer has the rights of: pg_read_all_data"),
    ("ALTER ROLE cru_gateway LOGIN", "group cru_gateway: signs in"),
    ("ALTER ROLE cru_dispatcher CREATEDB", "group cru_dispatcher: signs nobody in administers"),
    ("REVOKE cru_dispatcher FROM cru_shift_lead", "group cru_shift_lead has the rights of: cru_dispatcher"),
    ("ALTER ROLE cru_viewer RENAME TO somebody", "missing: group cru_viewer: signs nobody in"),
    ('ALTER ROLE "a.shah" SUPERUSER', "a.shah may more than the group of their role: superuser"),
    ('GRANT cru_gateway TO "w.wall"', "w.wall may more than the group of their role: cru_gateway"),
    ('GRANT pg_read_all_data TO "l.lead"', "l.lead may more than the group of their role: pg_read_all_data"),
]


@pytest.fixture
async def owner(record: Record) -> AsyncIterator[AsyncConnection]:
    """The owner's transaction, undone in the end."""
    engine = connect(record.owner_url, "cru-admin", answer_within=60)
    try:
        async with engine.connect() as connection:
            yield connection
            await connection.rollback()
    finally:
        await engine.dispose()


async def test_rights_and_guards_that_were_changed_are_said(owner: AsyncConnection) -> None:
    well = await about_rights(owner)
    assert [str(one)[:8] for one in well] == ["ok      "]
    for sql, says in BY_HAND:
        changed = await owner.begin_nested()
        await owner.exec_driver_sql(sql)
        found = [one.words for one in await about_rights(owner) if not one.ok]
        await changed.rollback()
        assert any(says in words for words in found), (sql, found)
        assert len(found) <= 20
    assert await about_rights(owner) == well


async def test_of_many_differences_some_are_said_and_the_others_counted(owner: AsyncConnection) -> None:
    await owner.exec_driver_sql("REVOKE SELECT ON ALL TABLES IN SCHEMA cru FROM cru_dispatcher")
    found = await about_rights(owner)
    assert len(found) == 9
    assert "more of the catalogue: is missing" in found[-1].words


def test_lines_are_read_as_they_are_kept() -> None:
    line = catalogue.CatalogueLine("table", "van", "", "cru_viewer", "SELECT")
    assert catalogue.read_lines(["# a head", "", str(line)]) == {line}


async def test_a_login_with_a_common_password_is_told(owner: AsyncConnection) -> None:
    # To guess at one that is well chosen takes half a second.
    for login in ("b.okafor", "l.lead", "w.wall", "g.gateway"):
        await owner.exec_driver_sql(f'ALTER ROLE "{login}" NOLOGIN')
    assert [str(one) for one in await about_passwords(await kept_passwords(owner))] == [
        "ok       No login's password is one of those tried first."
    ]
    await owner.exec_driver_sql("ALTER ROLE \"a.shah\" PASSWORD 'Shah2026'")
    old = hashlib.md5(b"three wordsb.okafor", usedforsecurity=False).hexdigest()
    await owner.exec_driver_sql(f"ALTER ROLE \"b.okafor\" LOGIN PASSWORD 'md5{old}'")
    said = [str(one) for one in await about_passwords(await kept_passwords(owner))]
    assert [one.partition(". ")[0] for one in said] == [
        "problem  The password of a.shah is one of those tried first",
        "problem  The server keeps an old kind of the password of b.okafor (MD5)",
    ]
    assert said[0].endswith("main.py admin set-password a.shah")
    assert "2026" not in "".join(said)
    # One who signs in no more need not be guessed at.
    await owner.exec_driver_sql('ALTER ROLE "a.shah" NOLOGIN')
    assert len(await about_passwords(await kept_passwords(owner))) == 1


async def test_an_owner_who_may_not_look_says_so(record: Record) -> None:
    record.cluster.execute("GRANT USAGE ON SCHEMA cru TO cru_viewer", database=record.database)
    engine = connect(record.url("w.wall"), "cru-test", answer_within=60)
    try:
        async with transaction(engine) as connection:
            assert [one.words for one in await about_passwords(await kept_passwords(connection))] == [
                "Nobody looked whether passwords are common: only a superuser may."
            ]
    finally:
        await engine.dispose()


LOG = [
    ("log_statement", "mod", "what was typed"),
    ("log_min_error_statement", "error", "typed and refused"),
    ("log_min_messages", "warning", "errors that quote"),
    ("log_error_verbosity", "verbose", "the row"),
    ("log_min_duration_statement", "0", "slow statements"),
    ("log_min_duration_sample", "5s", "slow statements"),
    ("log_transaction_sample_rate", "0.1", "what was typed"),
    ("log_parameter_max_length_on_error", "-1", "sent with a statement"),
    ("debug_print_plan", "on", "what was typed"),
]


async def test_a_log_that_would_print_rows_is_told(owner: AsyncConnection) -> None:
    assert [one.ok for one in await about_log(owner)] == [True]
    for name, value, prints in LOG:
        changed = await owner.begin_nested()
        await owner.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
        found = await about_log(owner)
        await changed.rollback()
        assert [one.ok for one in found] == [False], (name, found)
        assert prints in found[0].words
        assert f"ALTER SYSTEM SET {name} = " in found[0].next_step
    for name, value in (
        ("log_statement", "ddl"),
        ("log_min_messages", "fatal"),
        ("log_min_error_statement", "fatal"),
    ):
        await owner.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
        assert await told_by_log(owner) == []
    # What was sent beside a statement is printed only with one.
    await owner.exec_driver_sql("SET LOCAL log_parameter_max_length = -1")
    assert await told_by_log(owner) == []
    await owner.exec_driver_sql("SET LOCAL log_statement = 'all'")
    assert [one.name for one in await told_by_log(owner)] == ["log_parameter_max_length", "log_statement"]


async def test_what_is_set_for_one_login_or_this_database_is_told_with_whose(owner: AsyncConnection) -> None:
    name = (await owner.exec_driver_sql("SELECT current_database()")).scalar_one()
    await owner.exec_driver_sql("ALTER ROLE \"a.shah\" SET log_statement = 'all'")
    await owner.exec_driver_sql(f"ALTER DATABASE {name} SET log_min_duration_statement = '250ms'")
    await owner.exec_driver_sql("ALTER ROLE \"b.okafor\" SET log_min_duration_statement = '-1'")
    await owner.exec_driver_sql("ALTER ROLE \"b.okafor\" SET auto_explain.log_min_duration = '0'")
    said = [str(one) for one in await told_by_log(owner)]
    assert [one.rpartition(": ")[2] for one in said] == [
        "log_statement = all for a.shah.",
        "auto_explain.log_min_duration = 0 for b.okafor.",
        f"log_min_duration_statement = 250ms for {name}.",
    ]


async def test_each_console_says_its_version_and_its_desk(owner: AsyncConnection, record: Record) -> None:
    assert [one.words for one in await consoles(owner)] == ["No console is connected."]
    await owner.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    opened = []
    try:
        for login, name in (
            ("a.shah", f"{FEED} {version()}{DESK}WS-3"),
            ("a.shah", f"{CONSOLE} {version()}{DESK}WS-3"),
            ("l.lead", f"{FEED} 0.0.9-0044{DESK}desk on wheels"),
            ("b.okafor", f"{CONSOLE}{DESK}WS-1"),
            ("g.gateway", "cru-gateway"),
        ):
            given = record.kwargs(login) | {"server_settings": {"application_name": name}}
            opened.append(await asyncpg.connect(**given))
        found = [(one.ok, one.words) for one in await consoles(owner)]
    finally:
        for one in opened:
            await one.close()
    assert sorted(found) == [
        (False, "Consoles of version 0.0.9-0044: l.lead at desk on wheels."),
        (False, "Consoles of version before 0046: b.okafor at WS-1."),
        (True, f"Consoles of version {version()}: a.shah at WS-3."),
    ]


async def test_links_of_this_computer_are_no_open_links(owner: AsyncConnection) -> None:
    assert (await unencrypted(owner)).ok


async def test_what_stands_still_is_told_before_it_stops_the_others(
    owner: AsyncConnection, record: Record
) -> None:
    assert [str(one)[:8] for one in await standing_still(owner)] == ["ok      "]
    everything = StillLimits(timedelta(), -1.0, -1, 0)
    sleeper = await asyncpg.connect(**record.kwargs("a.shah"))
    await owner.exec_driver_sql("SELECT pg_create_physical_replication_slot('cru_test_away', true)")
    try:
        await sleeper.execute("BEGIN; SELECT 1")
        pid = sleeper.get_server_pid()
        # Who is there is read once in a transaction.
        await owner.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
        found = [str(one) for one in await standing_still(owner, everything)]
    finally:
        await owner.exec_driver_sql("SELECT pg_drop_replication_slot('cru_test_away')")
        await sleeper.close()
    said = next(line for line in found if "a.shah" in line)
    assert "is in one transaction for under 1 min, and does nothing." in said
    assert said.endswith(f"SELECT pg_terminate_backend({pid}).")
    assert any("queue of notices is 0% full" in line for line in found)
    assert any("GB of its log for cru_test_away, which is away" in line for line in found)
    assert any("The oldest row was last looked at" in line for line in found)
    assert {line[:8] for line in found} == {"problem "}
