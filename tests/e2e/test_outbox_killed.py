"""A console is killed while acts wait, and the next one of the same person sends them: two real processes."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from console.live.store import LinkState
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.outboxes import Disked
from tests.keyrings import FILE, FileKeyring

__all__ = ["qt_loop", "room", "rooms"]
ROOT = Path(__file__).resolve().parents[2]
WORDS = "Robin Sample waits at Mill Lane"
CONSOLE = """
import asyncio, json, sys
from pathlib import Path
from uuid import UUID
from PySide6.QtCore import QCoreApplication
from console.live.one_act import Progress, Safety
from console.live.session import open_session
from console.start.outbox_seat import OutboxSeat
from db.addresses import read_url
from db.commands import AddNote
from db.engine import connect

async def main(url, root, referral, words):
    session = await open_session(read_url(url))
    seat, actions = OutboxSeat(session, Path(root), lambda _: None), session.desk.actions
    seat.begin()
    while actions.outbox is None:
        await asyncio.sleep(0.01)
    # The way to the record is gone.
    actions._engine = connect(read_url("postgresql://a.shah:x@127.0.0.1:1/cru"))
    asked = [
        actions.submit(AddNote(referral_id=UUID(referral), words=f"{words} {number}"), f"Note {number}")
        for number in range(3)
    ]
    while not all(one.progress is Progress.WAITING and one.safety is Safety.DISK for one in asked):
        await asyncio.sleep(0.01)
    print(json.dumps([str(one.command.command_id) for one in asked]), flush=True)
    await asyncio.Event().wait()

application = QCoreApplication([])
asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One store of keys for both processes, named as an owner names one: by keyring's own variable."""
    # Before another is named: whoever asks first settles it, for all the tests that follow in this process.
    before = keyring.get_keyring()
    monkeypatch.setenv(FILE, str(tmp_path / "store"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.FileKeyring")
    keyring.set_keyring(FileKeyring())
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("store")
@pytest.mark.hazard("H-026")
def test_what_waited_in_a_console_that_was_killed_is_sent_by_the_next(
    room: Room, record: Record, tmp_path: Path
) -> None:
    referral, root = room.take(), tmp_path / "outbox"
    url = record.url("a.shah").render_as_string(hide_password=False)
    command = [sys.executable, "-c", CONSOLE, url, str(root), str(referral), WORDS]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as other:
        assert other.stdout is not None
        told = room.run(asyncio.to_thread(other.stdout.readline))
        other.kill()
        other.wait()
    asked = json.loads(told)
    on_disk = b"".join(file.read_bytes() for file in root.rglob("*") if file.is_file())
    assert not [word for word in (WORDS, "Robin", "Mill", "a.shah", "Note") if word.encode() in on_disk]
    again = Disked(room, root).begin()
    assert again.told == ["3 actions go on from before the console ended."]
    assert [str(one.command.command_id) for one in again.actions.pending] == asked
    room.until(lambda: not again.actions.pending)
    notes = [event for event in room.run(room.desk.reads.events_of(referral)) if event.kind == "note"]
    assert [event.words for event in notes] == [f"{WORDS} {number}" for number in range(3)]
    assert room.desk.store.link.state is LinkState.LIVE
    room.run(again.seat.close())
    assert [file for file in root.rglob("*") if file.is_dir()] == []
    # The record knew each by its own id.
    logged = record.cluster.fetchval(
        "SELECT count(*) FROM cru.command_log WHERE command_id = ANY($1::uuid[])", asked, database=record.database
    )
    assert logged == len(asked)
