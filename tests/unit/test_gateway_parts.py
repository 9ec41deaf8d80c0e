"""The small parts of the gateway by themselves: log, counts, swift answer, what is saved of a damaged file."""

import asyncio
import logging
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import h11
import pytest
from uvicorn.protocols.http.h11_impl import RequestResponseCycle

from db.domain.fixes import CLOCKS_DIFFER
from db.gateway import quiet
from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import RegisteredDevice, VanStay
from db.gateway.journal import _as_text, _from_text
from db.gateway.quiet import QuietFilter
from db.gateway.salvage import _entries, _makes_sense, carry_over, is_damage, is_whole, set_aside
from db.gateway.swift import answered

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


# --- the log ---


def line(words: str, *args: object, name: str = "gateway", exc: Any = None) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, __file__, 1, words, args, exc)


def test_a_line_is_written_once_a_minute_with_how_often_it_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(quiet.time, "monotonic", lambda: now[0])
    sieve = QuietFilter()
    for seconds, written in ((100, True), (101, False), (159, False), (160, True), (161, False), (161, False)):
        now[0] = seconds
        record = line("a queue of %d", 7)
        assert sieve.filter(record) is written
        if written:
            assert record.getMessage() == "a queue of 7" + (" (2 more since)" if seconds == 160 else "")
    # Another line, and the same of somebody else, are others.
    assert sieve.filter(line("a queue of %d", 8))
    assert sieve.filter(line("a queue of %d", 7, name="uvicorn"))


def test_what_is_written_of_a_failure_is_its_type_and_place() -> None:
    try:
        int("a name")
    except ValueError as error:
        raised, bare = (ValueError, error, error.__traceback__), (ValueError, error, None)
    for exc, end in (
        (None, ""),
        ((None, None, None), ""),
        (bare, ": ValueError"),
        (raised, ": ValueError at test_what_is_written_of_a_failure_is_its_type_and_place, line "),
    ):
        record = line("no\nPatient Name", exc=exc)
        assert QuietFilter().filter(record)
        assert record.getMessage().startswith(f"no{end}")
        assert "Name" not in record.getMessage()
        assert (record.getMessage() == f"no{end}") is (exc is not raised)
        assert record.exc_info is None


# --- counts ---


def test_at_the_start_nothing_was_counted() -> None:
    told = Counters().as_json()
    assert {name: value for name, value in told.items() if value not in (0, {})} == {}
    assert len(told) == 9
    made = Counters(Counter(osmand=2), stored=3)
    assert (made.as_json()["accepted"], made.as_json()["stored"]) == ({"osmand": 2}, 3)


def test_a_record_is_away_from_the_first_moment_for_the_last_reason(caplog: pytest.LogCaptureFixture) -> None:
    link = RecordLink()
    link.up()
    assert (link.away_since, link.reason, caplog.messages) == (None, "", [])
    link.down(NOW, "It is off.")
    link.down(NOW + timedelta(seconds=9), "It is slow.")
    assert (link.away_since, link.reason) == (NOW, "It is slow.")
    link.up()
    link.up()
    assert (link.away_since, link.reason) == (None, "")
    assert caplog.messages == ["the record is away; fixes wait on the disk: It is off.", "the record is back"]


# --- which van had a device ---


def stays(*spans: tuple[int, float, float | None]) -> RegisteredDevice:
    """Vans by number, from and until in minutes from NOW; the device is in the last."""

    def at(minutes: float) -> datetime:
        return NOW + timedelta(minutes=minutes)

    known = tuple(
        VanStay(UUID(int=van), at(since), None if until is None else at(until)) for van, since, until in spans
    )
    return RegisteredDevice("tab", known[-1].van_id if known else UUID(int=9), "Tango", "", True, known)


CLOCKS = CLOCKS_DIFFER / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("spans", "minutes", "van", "off"),
    [
        ([], 0, 9, False),
        ([(1, 0, None)], -60, 1, False),
        ([(1, 0, 10)], 10, 1, False),
        ([(1, 0, 10)], 10.1, 1, True),
        ([(1, 0, 10), (2, 10, None)], 9.9, 1, False),
        ([(1, 0, 10), (2, 10, None)], 10, 2, False),
        ([(1, 0, 10), (2, 10, None)], -1, 1, False),
        # Off from ten to thirty; a clock that is a little slow says before what was after.
        ([(1, 0, 10), (1, 30, None)], 30 - CLOCKS - 0.1, 1, True),
        ([(1, 0, 10), (1, 30, None)], 30 - CLOCKS, 1, False),
        ([(1, 0, 10), (2, 30, None)], 30 - CLOCKS, 1, False),
        ([(1, 0, 10), (2, 30, 40)], 41, 2, True),
    ],
)
def test_which_van_had_it_then(
    spans: list[tuple[int, float, float | None]], minutes: float, van: int, off: bool
) -> None:
    device, moment = stays(*spans), NOW + timedelta(minutes=minutes)
    assert device.van_at(moment) == UUID(int=van)
    assert device.was_off(moment) is off
    # And so it is after a start without the record.
    assert _from_text(_as_text(device)) == device


def test_a_list_of_before_stays_were_kept_is_read() -> None:
    text = f'["one", "{UUID(int=3)}", "Tango", "d", false]'
    assert _from_text(text) == RegisteredDevice("one", UUID(int=3), "Tango", "d", False, ())


# --- the swift answer ---


class Wire(asyncio.Transport):
    """What was written, and whether it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.closed = b"", False

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.closed = True


def asked(version: bytes = b"1.1", **changed: Any) -> RequestResponseCycle:
    """A request that has come in whole, on a connection of the web server's."""
    cycle = RequestResponseCycle.__new__(RequestResponseCycle)
    conn = h11.Connection(h11.SERVER)
    conn.receive_data(b"GET / HTTP/" + version + b"\r\nHost: a\r\n\r\n")
    conn.next_event()
    conn.next_event()
    usual: dict[str, Any] = {
        "disconnected": False,
        "response_started": False,
        "response_complete": False,
        "waiting_for_100_continue": False,
        "flow": SimpleNamespace(write_paused=False),
        "conn": conn,
        "transport": Wire(),
        "message_event": asyncio.Event(),
        "keep_alive": True,
        "on_response": lambda: None,
    }
    for name, value in (usual | changed).items():
        setattr(cycle, name, value)
    return cycle


@pytest.mark.parametrize(
    ("changed", "scope"),
    [
        ({"disconnected": True}, {}),
        ({"response_started": True}, {}),
        ({"waiting_for_100_continue": True}, {}),
        ({"flow": SimpleNamespace(write_paused=True)}, {}),
        ({}, {"method": "HEAD"}),
        ({}, {"headers": [(b"host", b"a"), (b"connection", b"close")]}),
    ],
)
def test_what_is_not_as_usual_is_answered_by_the_web_server(
    changed: dict[str, Any], scope: dict[str, Any]
) -> None:
    cycle = asked(**changed)
    assert not answered({"method": "GET", "headers": []} | scope, cycle.send)
    assert cycle.transport.sent == b""  # type: ignore[attr-defined] # a wire


def test_who_is_not_the_web_server_is_not_answered_for() -> None:
    async def send(_message: Any) -> None: ...

    assert not answered({"method": "GET", "headers": []}, send)


@pytest.mark.parametrize(
    ("version", "keep_alive", "closed"), [(b"1.1", True, False), (b"1.1", False, True), (b"1.0", True, True)]
)
def test_a_swift_answer_is_whole(version: bytes, keep_alive: bool, closed: bool) -> None:
    done: list[bool] = []
    cycle = asked(version, keep_alive=keep_alive, on_response=lambda: done.append(True))
    assert answered({"method": "GET", "headers": [(b"connection", b"keep-alive")]}, cycle.send)
    wire: Any = cycle.transport
    assert wire.sent.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
    assert b"content-length: 0\r\n" in wire.sent
    assert (wire.closed, len(done), cycle.message_event.is_set()) == (closed, 1, True)
    assert (cycle.response_started, cycle.response_complete) == (True, True)
    assert cycle.conn.our_state is (h11.CLOSED if closed else h11.DONE)


# --- a damaged queue ---


@pytest.mark.parametrize(
    ("code", "damage"),
    [(11, True), (26, True), (11 | 1 << 8, True), (5, False), (13, False), (10, False), (0, False)],
)
def test_which_errors_are_damage(code: int, damage: bool) -> None:
    error = sqlite3.DatabaseError("x")
    assert not is_damage(error)
    error.sqlite_errorcode = code
    assert is_damage(error) is damage


@pytest.mark.parametrize(
    ("kind", "body", "sense"),
    [
        ("fix", "{}", True),
        ("fix", "{", False),
        ("fix", "}", False),
        ("fix", "v", False),
        ("alarm", "v", True),
        ("alarm", None, False),
        ("fix", 7, False),
        ("fax", "{}", False),
    ],
)
def test_what_makes_sense(kind: str, body: object, sense: bool) -> None:
    assert _makes_sense(1, kind, body) is sense


def kept(file: Path, *rows: tuple[int, str, str]) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, kind TEXT, body TEXT)")
    db.execute("CREATE TABLE IF NOT EXISTS device (body TEXT)")
    db.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
    return db


def test_what_makes_no_sense_is_passed_over_and_what_follows_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [
        (1, "fix", "{1}"),
        (2, "fix", "\x00"),
        (3, "fix", "{3}"),
        (7, "alarm", "v"),
        (8, "x", "{8}"),
        (9, "fix", "{9}"),
    ]
    old = kept(tmp_path / "old", *rows)
    old.execute("INSERT INTO device VALUES ('one')")
    assert [seq for seq, *_ in _entries(old)] == [1, 3, 7, 9]
    old.close()
    with closing(kept(tmp_path / "new", (3, "fix", "{mine}"))) as new:
        assert carry_over(tmp_path / "old", new) == 4
        assert not new.in_transaction
        found = new.execute("SELECT seq, body FROM entry ORDER BY seq").fetchall()
        assert found == [(1, "{1}"), (3, "{mine}"), (7, "v"), (9, "{9}")]
        assert new.execute("SELECT body FROM device").fetchall() == [("one",)]
    assert "it is set aside as old, and 4 entries of it go on" in caplog.text


def test_a_file_goes_aside_with_what_lies_beside_it(tmp_path: Path) -> None:
    for end in ("", "-wal"):
        (tmp_path / f"queue.sqlite3{end}").write_text(f"x{end}" * 5000)
    aside = set_aside(tmp_path / "queue.sqlite3")
    assert {one.name for one in tmp_path.iterdir()} == {aside.name, f"{aside.name}-wal"}
    assert aside.read_text() == "x" * 5000
    assert aside.name.startswith("queue.damaged-20")
    with closing(sqlite3.connect(":memory:")) as db:
        assert is_whole(db)
    with closing(sqlite3.connect(aside)) as db:
        assert not is_whole(db)
