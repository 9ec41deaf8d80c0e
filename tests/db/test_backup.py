"""The record goes into a file and comes out of it on another server: whole, with its people, or not at all."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest
from sqlalchemy import URL

import main
from db.addresses import read_url
from db.admin.backup import programs
from db.admin.backup.file import DUMP, ROLES, BackupWriter, open_backup
from db.admin.backup.making import back_up, note
from db.admin.backup.restoring import restore
from db.admin.backup.roles import make_roles, roles_of
from db.admin.where import as_owner
from db.errors import Invalid, RecordError
from tests.certificates import Authority
from tests.cluster import LOGINS, Cluster, Record, run
from tests.db.audits import sealed
from tests.db.psql import Psql, psql_on
from tests.db.test_tls import Front


@dataclass
class Kept:
    """A record with people in it, its backup, and a new server onto which that was restored."""

    record: Record
    file: Path
    other: Record
    was: str
    changes: int

    def __post_init__(self) -> None:
        self.url = spelt(self.record.owner_url)


def spelt(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def admin(capture: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Run one verb; returns what it said (errors too)."""
    found = main.main(["admin", *words])
    out, err = capture.readouterr()
    assert found == code, out + err
    assert "Traceback" not in err
    return out + err


async def filled(record: Record) -> str:
    async with psql_on(record, tuple(LOGINS)) as psql:
        await psql.handover("released")
        await sealed(record.owner_url)
        await psql.referral("closed")
        sql = "INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)"
        await psql.shah.execute(sql, await psql.referral("allocated"), "Äpfel, 'quoted'\n\t\\N")
        await psql.owner.execute("ALTER ROLE \"b.okafor\" SET statement_timeout = '7s'")
        await psql.owner.execute('ALTER ROLE "b.okafor" CONNECTION LIMIT 40')
        await psql.owner.execute(f"ALTER ROLE \"b.okafor\" IN DATABASE {record.database} SET work_mem = '5MB'")
        return await picture(psql)


async def picture(psql: Psql) -> str:
    # What changed lately is the list of one server; and that a backup was made is not yet known in it.
    await psql.owner.execute("DELETE FROM cru.change")
    return await psql.picture()


@pytest.fixture(scope="module")
def kept(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    del template
    record, onto = cluster.create_record(), Cluster()
    file = tmp_path_factory.mktemp("backups") / "tonight.cru"
    was = run(filled(record))
    other = Record(onto, "anew")
    try:
        cluster.execute("INSERT INTO cru.change (entity) VALUES ('beat')", database=record.database)
        run(back_up(record.owner_url, file))
        run(restore(other.owner_url, open_backup(file)))
        changes = onto.fetchval("SELECT count(*) FROM cru.change", database="anew")
        yield Kept(record, file, other, was, changes)
    finally:
        cluster.execute('ALTER ROLE "b.okafor" RESET ALL')
        cluster.execute('ALTER ROLE "b.okafor" CONNECTION LIMIT -1')
        cluster.drop_record(record)
        onto.remove()


def test_every_row_comes_back_as_it_was(kept: Kept) -> None:
    async def looked() -> str:
        async with psql_on(kept.other, tuple(LOGINS)) as psql:
            return await picture(psql)

    assert run(looked()) == kept.was
    # By the transactions of the other server, a console would take each of them for new again and again.
    assert kept.changes == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a Unix shell")
async def test_it_is_one_picture_whatever_is_written_meanwhile(kept: Kept, tmp_path: Path) -> None:
    tools = programs.to_dump(18)
    late = tmp_path / "pg_dump"
    write = "INSERT INTO cru.event (kind, words) VALUES ('note', 'late')"
    late.write_text(
        '#!/bin/sh\nfor word; do case "$word" in --dbname=*) target="${word#--dbname=}";; esac; done\n'
        f'{tools.path("psql")} -qw -d "$target" -c "{write}" 1>&2\nexec {tools.path("pg_dump")} "$@"\n'
    )
    late.chmod(0o755)
    async with as_owner(kept.record.owner_url) as connection:
        before = (await connection.exec_driver_sql("SELECT count(*) FROM cru.event")).scalar_one()
    made = await back_up(kept.record.owner_url, tmp_path / "one.cru", tools=programs.Tools(18, tmp_path))
    async with as_owner(kept.record.owner_url) as connection:
        after = (await connection.exec_driver_sql("SELECT count(*) FROM cru.event")).scalar_one()
    assert (made.manifest.rows["event"], after) == (before, before + 1)


def test_people_sign_in_with_their_own_passwords_and_rights(kept: Kept) -> None:
    async def worked() -> None:
        async with psql_on(kept.other, tuple(LOGINS)) as psql:
            await psql.referral("closed")
            await psql.refused(psql.wall, "SELECT * FROM cru.referral", code="42501")
            await psql.refused(psql.shah, "DELETE FROM cru.event", code="42501")
            await psql.refused(psql.owner, "UPDATE cru.event SET words = 'x'", code="CR002")
            okafor = psql.session("b.okafor")
            assert await okafor.fetchval("SHOW statement_timeout") == "7s"
            assert await okafor.fetchval("SHOW work_mem") == "5MB"
            sql = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'b.okafor'"
            assert await psql.owner.fetchval(sql) == 40

    run(worked())


def test_nobody_gets_to_administer_the_new_server(kept: Kept) -> None:
    sql = (
        "SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname !~ '^pg_'"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)"
    )
    assert kept.other.cluster.fetchval(sql) == ["postgres"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in lists of its own")
def test_only_its_owner_reads_the_file(kept: Kept) -> None:
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert [path.name for path in kept.file.parent.iterdir()] == [kept.file.name]


def test_an_older_backup_is_never_overwritten(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    before = kept.file.read_bytes()
    assert "is there already" in admin(capsys, "backup", str(kept.file), "--url", kept.url, code=2)
    assert kept.file.read_bytes() == before


def test_a_backup_never_goes_over_a_record(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    before = kept.other.cluster.fetchval("SELECT count(*) FROM cru.event", database="anew")
    said = admin(capsys, "restore", str(kept.file), "--url", spelt(kept.other.owner_url), code=2)
    assert "There is a record in this database already." in said
    assert kept.other.cluster.fetchval("SELECT count(*) FROM cru.event", database="anew") == before


def altered(kept: Kept, path: Path, *, dump: bytes | None = None, rows: int = 0, more: str = "") -> Path:
    """A backup that fits to itself, and holds other things than it says."""
    whole = open_backup(kept.file)
    roles = json.loads(json.dumps(whole.roles))
    roles["roles"] += [dict(roles["roles"][0], name=more, may_sign_in=True, groups=["cru_viewer"])] if more else []
    with path.open("wb") as out, BackupWriter(out) as writer:
        for name, said in ((ROLES, json.dumps(roles).encode()), (DUMP, dump or b"".join(whole.dump()))):
            with writer.part(name) as take:
                take(said)
        counted = dict(whole.manifest.rows, van=whole.manifest.rows["van"] + rows)
        writer.seal(replace(whole.manifest, rows=counted, parts=writer.parts))
    return path


@pytest.mark.parametrize(
    ("what", "says"), [("half a dump", "pg_restore"), ("a row too few", "van has"), ("no dump", "pg_restore")]
)
def test_what_fails_leaves_the_server_as_it_was(kept: Kept, tmp_path: Path, what: str, says: str) -> None:
    whole = b"".join(open_backup(kept.file).dump())
    dump = {"half a dump": whole[: len(whole) // 2], "no dump": b"PGDMP"}.get(what)
    file = altered(kept, tmp_path / "x", dump=dump, rows=1 if what == "a row too few" else 0, more="z.new")
    server = kept.other.cluster
    with pytest.raises(Invalid, match=says):
        run(restore(server.address.superuser_url("broken"), open_backup(file)))
    assert server.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'broken'") == 0
    assert server.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'z.new'") == 0
    assert server.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'a.shah'") == 1, "was there before"


@pytest.mark.long
def test_what_was_in_the_way_is_left_alone(kept: Kept, tmp_path: Path) -> None:
    server = kept.other.cluster
    server.execute("CREATE DATABASE theirs")
    server.execute("CREATE SCHEMA other CREATE TABLE mine (x int)", database="theirs")
    file = altered(kept, tmp_path / "x", rows=1)
    with pytest.raises(Invalid, match="van has"):
        run(restore(server.address.superuser_url("theirs"), open_backup(file)))
    assert server.fetchval("SELECT to_regclass('other.mine') IS NOT NULL", database="theirs")
    assert server.fetchval("SELECT to_regnamespace('cru') IS NULL", database="theirs")


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a Unix shell")
async def test_no_password_is_told_to_whoever_looks_at_processes(kept: Kept, tmp_path: Path) -> None:
    real = programs.to_dump(18).path("pg_dump")
    spy = tmp_path / "pg_dump"
    spy.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/words\nenv > {tmp_path}/env\n'
        f'stat -c %a "$PGPASSFILE" "$(dirname "$PGPASSFILE")" > {tmp_path}/rights\nexec {real} "$@"\n'
    )
    spy.chmod(0o755)
    await back_up(kept.record.owner_url, tmp_path / "one.cru", tools=programs.Tools(18, tmp_path))
    told = (tmp_path / "words").read_text() + (tmp_path / "env").read_text()
    password = kept.record.owner_url.password
    assert password
    assert password not in told
    assert (tmp_path / "rights").read_text().split() == ["600", "700"]
    passfile = next(line for line in told.splitlines() if line.startswith("PGPASSFILE="))
    assert not os.path.exists(passfile.partition("=")[2])  # noqa: ASYNC240, PTH110 - nothing waits


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.long
async def test_what_leaves_this_computer_goes_by_a_proven_link(kept: Kept, tmp_path: Path, trusted: bool) -> None:
    ours = Authority(tmp_path)
    authority = ours if trusted else Authority(tmp_path, "Another CA")
    front = Front(ours.server(), behind=kept.record)
    file = tmp_path / "far.cru"
    async with front.open() as port:
        owner = kept.record.owner_url
        query = f"sslmode=verify-full&sslrootcert={quote(str(authority.file))}"
        url = f"postgresql://postgres:{owner.password}@localhost:{port}/{owner.database}?{query}"
        if trusted:
            made = await back_up(read_url(url), file)
            assert open_backup(file).fingerprint == made.fingerprint
        else:
            with pytest.raises(RecordError, match="authority"):
                await back_up(read_url(url), file)
            assert not [name for name in os.listdir(tmp_path) if ".cru" in name]  # noqa: PTH208 - nothing waits


async def test_an_owner_who_may_not_read_passwords_says_so(kept: Kept) -> None:
    async with as_owner(kept.record.url("l.lead")) as connection:
        roles = await roles_of(connection)
    assert not roles.with_passwords
    assert {role.verifier for role in roles.roles} == {""}
    known = next(role for role in roles.roles if role.name == "a.shah")
    new = replace(roles, roles=(*roles.roles, replace(known, name="n.new", verifier="")))
    async with as_owner(kept.record.owner_url) as connection:
        made = await make_roles(connection, new)
        await connection.rollback()
    assert made.no_password == made.made == ("n.new",)
    assert "a.shah" in made.kept


async def test_one_who_administers_the_server_gets_nothing_in_the_record(kept: Kept) -> None:
    async with as_owner(kept.record.owner_url) as connection:
        await connection.exec_driver_sql('ALTER ROLE "w.wall" CREATEROLE')
        await connection.exec_driver_sql('REVOKE cru_viewer FROM "w.wall"')
        made = await make_roles(connection, await roles_of(connection))
        held = await connection.exec_driver_sql("SELECT pg_has_role('w.wall', 'cru_viewer', 'MEMBER')")
        assert not held.scalar_one()
        await connection.rollback()
    assert made.administer == ("w.wall",)


async def written(record: Record, what: str) -> list[tuple[bool, int]]:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        sql = "SELECT worked, row_count FROM cru.backup WHERE what = $1 ORDER BY made_at"
        return [tuple(row) for row in await connection.fetch(sql, what)]
    finally:
        await connection.close()


def test_that_it_was_made_stands_in_the_record(record: Record, tmp_path: Path) -> None:
    made = run(back_up(record.owner_url, tmp_path / "a.cru"))
    with pytest.raises(RecordError):
        run(back_up(record.owner_url, tmp_path / "b.cru", tools=programs.Tools(18, Path("/bin"))))
    assert run(written(record, "backup")) == [(True, made.manifest.row_count), (False, 0)]
    assert not (tmp_path / "b.cru").exists()


def test_check_says_how_old_the_last_one_is(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    record.cluster.execute(f"ALTER DATABASE {record.database} SET cru.embedded = 'off'")
    run(note(record.owner_url, "drill", worked=False, of_at=None, rows=0, took=0))
    run(note(record.owner_url, "backup", worked=True, of_at=None, rows=1, took=0))
    said = admin(capsys, "check", "--url", spelt(record.owner_url), code=1)
    assert "ok       The last backup of the record was made under 1 min ago." in said
    none_yet = "problem  No backup drill was made yet. One failed under 1 min ago."
    assert f"{none_yet} Make one: main.py admin drill FILE" in said


def test_a_drill_proves_it_and_leaves_nothing(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = admin(capsys, "drill", str(kept.file), "--folder", str(tmp_path), "--url", kept.url)
    assert "All is as it was sealed." in said
    assert "(RPO)" in said
    assert "(RTO)" in said
    assert list(tmp_path.iterdir()) == []
    rows = open_backup(kept.file).manifest.row_count
    damaged = tmp_path / "damaged.cru"
    damaged.write_bytes(kept.file.read_bytes()[:-9000])
    assert "cut short" in admin(capsys, "drill", str(damaged), "--url", kept.url, code=2)
    assert run(written(kept.record, "drill")) == [(True, rows), (False, 0)]
