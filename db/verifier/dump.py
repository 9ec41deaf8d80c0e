"""The text of a dump, wherever it comes from, and the rows in it."""

import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import IO

from db.verifier.notes import CannotJudgeError

Cells = dict[str, str | None]
Take = Callable[[bytes], None]
AUDIT_ALONE = ("--data-only", "--table=cru.audit_*", "--table=cru.service")
ROWS = ("--data-only", "--schema=cru", "--exclude-table=cru.position_fix*", "--exclude-table=cru.audit_[lnp]*")
"""What ``pg_dump`` is told for each of the two readings."""
_HEAD = re.compile(rb'COPY (?:cru|"cru")\.("?)(\w+)\1 \((.*)\) FROM stdin;')
_ESCAPES = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_QUOTED = re.compile(r'[ \t\n\r\v\f"\\(),]|^$')
_BLANKS = re.compile(rb"[\x85\xa0]")
_CHUNK = 1 << 20


class Copied:
    """Takes the text of a dump piece by piece, and hands on the rows of the tables that are wanted."""

    def __init__(self, wanted: Callable[[str], bool], row: Callable[[str, Cells], None]) -> None:
        self._wanted, self._row = wanted, row
        self._table, self._columns = "", list[str]()
        self._rest = b""
        self.tables: dict[str, list[str]] = {}

    def take(self, some: bytes) -> None:
        """The next piece."""
        *lines, self._rest = (self._rest + some).split(b"\n")
        for line in lines:
            self._line(line.removesuffix(b"\r"))

    def _line(self, line: bytes) -> None:
        if not self._columns:
            if head := _HEAD.match(line):
                self._table = head[2].decode()
                self._columns = [name.strip().strip('"') for name in head[3].decode().split(",")]
                self.tables[self._table] = self._columns
        elif line == b"\\.":
            self._columns = []
        elif self._wanted(self._table):
            self._row(self._table, dict(zip(self._columns, map(_cell, line.split(b"\t")), strict=True)))


def _cell(said: bytes) -> str | None:
    if said == b"\\N":
        return None
    if b"\\" in said:
        said = re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), said)
    return said.decode()


def in_utc(said: str) -> str:
    """A time as Postgres writes it where the zone is UTC."""
    if said.endswith("+00") or "-" not in said:
        return said
    at = datetime.fromisoformat(said).astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S}" + (f".{at:%f}".rstrip("0") if at.microsecond else "") + "+00"


def row_text(cells: Iterable[str | None], *, locale_blanks: bool = False) -> str:
    """A row as Postgres writes one.

    Args:
        cells: its values as text; None for null.
        locale_blanks: as a server does whose locale takes two bytes above ASCII for blanks.
    """

    def one(said: str | None) -> str:
        if said is None:
            return ""
        # Byte for byte, as the server looks at it.
        found = _BLANKS.search(said.encode()) if locale_blanks else None
        if found is None and not _QUOTED.search(said):
            return said
        return '"' + said.replace("\\", "\\\\").replace('"', '""') + '"'

    return "(" + ",".join(map(one, cells)) + ")"


@contextmanager
def _program(words: list[str], fed: Path | None = None) -> Iterator[Iterator[bytes]]:
    """What a program of Postgres writes; ``fed`` is one of our backups, whose dump it reads."""
    try:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - as asked for
    except OSError as error:
        raise _missing(words[0]) from error
    if process.stdin is None or process.stdout is None:
        raise _missing(words[0])
    out, into = process.stdout, process.stdin
    feeder = Thread(target=_feed, args=(fed, into))
    feeder.start()
    try:
        yield iter(lambda: out.read(_CHUNK), b"")
    finally:
        # One that is still writing has nobody to read it.
        out.close()
        feeder.join()
        ended = process.wait()
    if ended:
        raise CannotJudgeError(f"{Path(words[0]).name} could not read it.")


def _feed(fed: Path | None, into: IO[bytes]) -> None:
    # It may end before it has read all, and says why itself.
    with suppress(BrokenPipeError, zipfile.BadZipFile, KeyError), into:
        if fed:
            with zipfile.ZipFile(fed) as archive, archive.open("record.dump") as dump:
                while some := dump.read(_CHUNK):
                    into.write(some)


def _missing(program: str) -> CannotJudgeError:
    return CannotJudgeError(f"{Path(program).name} of Postgres is needed and does not run here: install it.")


def read_file(path: Path, take: Take, programs: Path | None = None) -> None:
    """Hand on the text of a dump.

    Args:
        path: the dump.
        take: is given its pieces.
        programs: the folder of ``pg_restore``; where the computer finds it when None.

    Raises:
        CannotJudgeError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(5)
            if begins != b"PGDMP" and begins[:4] != b"PK\x03\x04":
                take(begins)
                while some := file.read(_CHUNK):
                    take(some)
                return
    except OSError as error:
        raise CannotJudgeError(f"{path} cannot be read.") from error
    words = [_in(programs, "pg_restore"), "--data-only", "--file=-"]
    zipped = begins[:2] == b"PK"
    with _program(words if zipped else [*words, str(path)], path if zipped else None) as pieces:
        for piece in pieces:
            take(piece)


def _in(programs: Path | None, name: str) -> str:
    return str(programs / name) if programs else name


def read_live(
    url: str, audit: Take, between: Callable[[], object], rows: Take, programs: Path | None = None
) -> None:
    """Both readings of one picture of a live record, which a session keeps meanwhile; see :func:`read_file`."""
    words = [_in(programs, "psql"), "-XAtq", "-d", url]
    try:
        keeper = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - as asked for
    except OSError as error:
        raise _missing(words[0]) from error
    with keeper:
        if keeper.stdin is None or keeper.stdout is None:
            raise _missing(words[0])
        with suppress(BrokenPipeError):
            keeper.stdin.write(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();\n")
            keeper.stdin.flush()
        picture = keeper.stdout.readline().decode().strip()
        if not picture:
            raise CannotJudgeError("The record cannot be reached, or is not yours to read.")
        for asked, take in ((AUDIT_ALONE, audit), (ROWS, rows)):
            with _program([_in(programs, "pg_dump"), *asked, f"--snapshot={picture}", "-d", url]) as pieces:
                for piece in pieces:
                    take(piece)
            if take is audit:
                between()
