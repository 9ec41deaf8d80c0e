"""The file of a backup: what is damaged, cut short, foreign or newer is told in a sentence, each its own."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from db.admin.backup.file import DUMP, ROLES, BackupWriter, Manifest, open_backup
from db.admin.backup.programs import Tools, to_dump, to_restore, why
from db.admin.backup.restoring import differences, restore
from db.admin.backup.roles import KeptRole, KeptRoles
from db.admin.backup.way import asked_for
from db.errors import Invalid, NotAllowed, RecordError, Unavailable
from tests.cluster import run

MADE = Manifest("0044", "18.6", 18, 18, datetime(2026, 11, 26, 3, 41, tzinfo=UTC), "e", {"van": 3, "note": 4}, {})
DUMPED = bytes(range(256)) * 40
NOBODY = KeptRoles((), with_passwords=False)


def written(folder: Path, *, manifest: Manifest = MADE, roles: object = None, dump: bytes = DUMPED) -> Path:
    path = folder / "record.cru"
    with path.open("wb") as out, BackupWriter(out) as writer:
        with writer.part(ROLES) as take:
            take(json.dumps(NOBODY.as_json() if roles is None else roles).encode())
        with writer.part(DUMP) as take:
            take(dump[:5000])
            take(dump[5000:])
        writer.seal(replace(manifest, parts=writer.parts))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as said:
        open_backup(path)
    assert said.value.next_step
    return said.value.sentence


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = open_backup(written(tmp_path))
    assert b"".join(found.dump()) == DUMPED
    assert replace(found.manifest, parts={}) == MADE
    assert KeptRoles.read(found.roles) == NOBODY
    assert found.manifest.row_count == 7
    assert len(found.fingerprint) == 64


@pytest.mark.parametrize("kept", [0.999, 0.9, 0.5, 0.1, 0.01])
def test_one_that_was_cut_short(tmp_path: Path, kept: float) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "cut short" in refusal(path)


@pytest.mark.parametrize("at", [b"record.dump", b"0044", bytes(range(100, 140)), b'"roles"', b'"van": 3'])
def test_a_byte_that_changed(tmp_path: Path, at: bytes) -> None:
    path = written(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[whole.index(at)] ^= 1
    path.write_bytes(whole)
    assert "damaged" in refusal(path)


def test_any_byte_that_changed_is_found_or_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, dump=b"dump" * 20)
    whole = path.read_bytes()
    for at in range(0, len(whole), 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        try:
            found = open_backup(path)
        except Invalid:
            continue
        assert b"".join(found.dump()) == b"dump" * 20
        assert replace(found.manifest, parts={}) == MADE


def packed(parts: dict[str, bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, said in parts.items():
                archive.writestr(name, said)

    return write


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: path.write_bytes(b""), "is no backup"),
        (lambda path: path.write_text("-- PostgreSQL database dump"), "is no backup"),
        (lambda path: path.write_bytes(b"PGDMP" + bytes(500)), "is no backup"),
        (packed({"holiday.jpg": b"x"}), "is no backup"),
        (packed({"manifest.json": b"{}"}), "does not hold the parts"),
        (packed({"manifest.json": b"{}", DUMP: b"", ROLES: b"", "more": b""}), "does not hold the parts"),
        (packed({"manifest.json": b"{}", DUMP: b"", ROLES: b"{}"}), "manifest is not what was written"),
        (lambda path: path.mkdir(), "cannot be read"),
        (Path.is_file, "cannot be read"),
    ],
)
def test_what_is_no_backup(tmp_path: Path, write: Callable[[Path], object], says: str) -> None:
    path = tmp_path / "other.cru"
    write(path)
    assert says in refusal(path)


def test_one_of_a_newer_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.admin.backup.file.FORMAT", 2)
    path = written(tmp_path)
    monkeypatch.undo()
    assert "newer version" in refusal(path)
    newer = open_backup(written(tmp_path, manifest=replace(MADE, schema="9001")))
    with pytest.raises(Invalid, match="newer record"):
        run(restore(URL.create("postgresql", "nobody", host="127.0.0.1", port=1, database="cru"), newer))


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"roles": 3, "with_passwords": True},
        {"roles": [{"name": "x"}], "with_passwords": True},
        {"roles": [KeptRole("x", True, (), "'; DROP ROLE y").__getstate__()], "with_passwords": True},
    ],
)
def test_roles_that_are_none(said: object) -> None:
    with pytest.raises(Invalid, match="roles"):
        KeptRoles.read(said)  # type: ignore[arg-type] # that is the point


def of(*majors: int) -> list[Tools]:
    return [Tools(major, Path(f"/{major}")) for major in majors]


def test_the_oldest_programs_that_fit_are_taken() -> None:
    assert [to_dump(server, of(18, 15, 16)).major for server in (14, 15, 16, 17)] == [15, 15, 16, 18]
    with pytest.raises(Unavailable, match="19"):
        to_dump(19, of(15, 18))
    assert to_restore(15, 16, of(15, 18)).major == 15
    assert to_restore(16, 17, of(15, 18)).major == 18, "from 17 on a server knows what newer programs set"
    with pytest.raises(Unavailable, match="goes onto no server"):
        to_restore(16, 16, of(15, 18))
    with pytest.raises(Unavailable, match="reads what PostgreSQL 19 wrote"):
        to_restore(19, 19, of(15, 18))


@pytest.mark.parametrize(
    ("said", "kind", "sentence"),
    [
        (
            "pg_dump: error: could not write to output file: No space left on device",
            Unavailable,
            "A disk is full.",
        ),
        (
            "ERROR:  permission denied for table feedback\nDETAIL",
            NotAllowed,
            "no right to table feedback",
        ),
        ("server closed the connection unexpectedly", Unavailable, "broke off"),
        ("FATAL:  terminating connection due to administrator command", Unavailable, "broke off"),
        ('FATAL:  password authentication failed for user "x"', NotAllowed, "password"),
        ('ERROR:  relation "cru.van" already exists', Invalid, 'relation "cru.van" already exists'),
    ],
)
def test_what_a_program_says_at_its_end(said: str, kind: type[RecordError], sentence: str) -> None:
    found = why("pg_dump", said)
    assert isinstance(found, kind)
    assert sentence in found.sentence


def test_no_row_that_a_program_quotes_is_told() -> None:
    said = (
        'pg_restore: error: COPY failed for table "referral": ERROR:  invalid input syntax: "Ottoline"\n'
        'CONTEXT:  COPY referral, line 3, column patient_name: "Ottoline Morrell"\n'
        "ERROR:  duplicate key value\nDETAIL:  Key (patient_name)=(Ottoline) already exists."
    )
    assert "Ottoline" not in str(why("pg_restore", said))


def test_tables_that_differ_are_named() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": 2}) == ""
    assert differences({"a": 1, "b": 2000}, {"b": 1999}) == "a has 0 of 1 rows, b has 1,999 of 2,000 rows"


async def test_a_way_that_binds_to_tls_is_not_offered_where_no_tls_is_seen() -> None:
    async def passed_on(ways: bytes, kind: bytes = b"R") -> bytes:
        body = (10).to_bytes(4, "big") + ways
        source = asyncio.StreamReader()
        source.feed_data(kind + (len(body) + 4).to_bytes(4, "big") + body)
        return (await asked_for(source))[9:]

    plain, bound = b"SCRAM-SHA-256\0\0", b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"
    assert await passed_on(bound) == plain
    assert await passed_on(plain) == plain
    assert await passed_on(bound, b"E") == bound
    assert await passed_on(b"SCRAM-SHA-256-PLUS\0\0") == b"SCRAM-SHA-256-PLUS\0\0"
