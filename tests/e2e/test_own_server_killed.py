"""A whole console on this computer's own record; its server is killed and frozen: said, and brought back."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.live import keeper
from console.live.store import Link, LinkState, Store
from console.map.scheme import prepare_engine
from console.running import tasks
from console.running.tasks import Supervisor
from console.start import app as program
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from db import commands
from db.commands import Details
from db.domain.records import Location
from db.server import EmbeddedServer
from tests.cluster import run
from tests.db.servers import do, processes_in
from tests.gui.desks import Runs, eventually, qt_loop
from tests.gui.map_tools import ENGINE_NOISE
from tests.unit.board_records import NOW, reference

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["qt_loop"]
prepare_engine()
# What a machine without a loudspeaker says when it is looked for.
SOUND_NOISE = ("Couldn't (load|resolve)", "PulseAudioService", "Failed to load", "libva")
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE, *SOUND_NOISE, extend=True)
NOTICED_WITHIN = 10.0
BACK_WITHIN = 40.0


class Alone:
    """The program, as somebody starts it on a computer of their own."""

    def __init__(self, folder: Path, run: Runs, qapp: QApplication) -> None:
        self.folder = folder
        self.console = program.Console(qapp, Settings(data_dir=folder), LayoutMemory(folder))
        self._run = run
        self.task: asyncio.Task[int] = run(self._begin())
        self.until(lambda: self.console.window.findChild(DeskPage), within=120)
        self.page: DeskPage = self.console.window.findChild(DeskPage)
        self.desk = self.page.desk
        self.told: list[str] = []
        self.desk.supervisor.told.connect(lambda sentence, _lasts: self.told.append(sentence))
        self.until(self.is_live)

    async def _begin(self) -> asyncio.Task[int]:
        return asyncio.get_running_loop().create_task(self.console.live(None, None))

    def until(self, predicate: Callable[[], object], within: float = BACK_WITHIN) -> None:
        self._run(eventually(predicate, within))

    def is_live(self) -> bool:
        return self.desk.store.link.state is LinkState.LIVE

    def family(self) -> list[psutil.Process]:
        server = EmbeddedServer(self.folder / "record")
        parent = psutil.Process(server.process_id or -1)
        return [parent, *parent.children(recursive=True)]

    def takes_a_referral(self) -> None:
        """A change goes all the way: into the record, and back onto the board."""
        where = Location("Mill Lane")
        details = Details(source="ems_crew", priority="P1", location=where, ems_callsign="A1")
        command = commands.TakeReferral(details=details)
        self._run(self._submit(command))
        self.until(lambda: self.desk.store.referral(command.referral_id))

    async def _submit(self, command: commands.Command) -> None:
        self.desk.actions.submit(command, "Take a referral")

    def leave(self) -> None:
        self.console.window.leave() if self.task.done() else self.console.window.close_requested.emit()

        def ended() -> bool:
            # Outside of Qt's own loop nobody else carries out what was put off.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            return self.task.done()

        self.until(ended, within=60)
        assert self.task.result() == 0


@pytest.fixture
def alone(tmp_path: Path, qt_loop: Runs, qapp: QApplication) -> Iterator[Alone]:
    made = Alone(tmp_path, qt_loop, qapp)
    yield made
    made.leave()
    assert processes_in(tmp_path / "record") == []


def each(processes: list[psutil.Process], do: Callable[[psutil.Process], Any]) -> None:
    for process in processes:
        try:
            do(process)
        except psutil.NoSuchProcess:
            continue


WAYS: list[tuple[str, Callable[[list[psutil.Process]], None], str]] = [
    ("the first process killed", lambda family: family[0].kill(), keeper.STOPPED),
    ("all killed", lambda family: each(family, psutil.Process.kill), keeper.STOPPED),
    ("all frozen", lambda family: each(family, psutil.Process.suspend), keeper.SILENT),
]


@pytest.mark.hazard("H-063")
def test_its_server_is_killed_and_frozen_again_and_again(alone: Alone) -> None:
    alone.takes_a_referral()
    # An outage is over at once, so that each is told.
    tasks.WELL_AFTER, before = 0.0, tasks.WELL_AFTER
    try:
        for count, (name, break_it, sentence) in enumerate(WAYS):
            alone.told.clear()
            began = time.monotonic()
            break_it(alone.family())
            alone.until(lambda sentence=sentence: sentence in alone.told, NOTICED_WITHIN)
            assert alone.page.message.text() == sentence, name
            assert time.monotonic() - began <= NOTICED_WITHIN
            alone.until(lambda: keeper.BACK in alone.told)
            alone.until(alone.is_live)
            alone.takes_a_referral()
            assert alone.desk.supervisor.restarts[keeper.NAME] == count + 1
        # Commits wait for a second server that is not there, as they would for a disk that does not answer.
        server = EmbeddedServer(alone.folder / "record")
        address = server.start_now()
        server.stop_now()
        run(do(address, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"))
        alone.until(lambda: keeper.SLOW in alone.told, NOTICED_WITHIN)
        assert not alone.is_live()
        run(do(address, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"))
        alone.until(lambda: alone.is_live() and alone.told[-1] == keeper.BACK)
    finally:
        tasks.WELL_AFTER = before


class Kept:
    """A server with its keeper, without a window."""

    def __init__(self, folder: Path, run: Runs, state: LinkState) -> None:
        self.folder = folder
        self.server = EmbeddedServer(folder, tcp=True, settings={"fsync": "off"})
        self.address = self.server.start_now()
        self.moved: list[URL] = []
        self.told: list[str] = []
        self.supervisor = Supervisor()
        self.supervisor.told.connect(lambda sentence, _lasts: self.told.append(sentence))
        store = Store(reference(), Link(state, NOW))
        self.url = self.address.superuser_url()
        made = keeper.Keeper(self.server, self.url, store, self.supervisor, self.moved.append)
        self._run = run
        run(self._begin(made))

    async def _begin(self, made: keeper.Keeper) -> None:
        self.supervisor.keep("keeper", made.run, "It stopped.")

    def until(self, predicate: Callable[[], object]) -> None:
        self._run(eventually(predicate, BACK_WITHIN))

    def ask(self, *statements: str) -> None:
        self._run(do(self.address, *statements))


@pytest.fixture
def kept(tmp_path: Path, qt_loop: Runs) -> Iterator[Callable[[LinkState], Kept]]:
    made: list[Kept] = []

    def make(state: LinkState) -> Kept:
        made.append(Kept(tmp_path / "record", qt_loop, state))
        return made[-1]

    yield make
    qt_loop(tasks.cancel_all())
    for one in made:
        one.server.stop_now()


def test_a_server_that_comes_back_elsewhere_is_told_where(kept: Callable[[LinkState], Kept]) -> None:
    one = kept(LinkState.LIVE)
    # A free port that is in use again by the time the server comes back.
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind((one.address.host, 0))
        taker.listen()
        one.server._last_port = taker.getsockname()[1]
        each(processes_in(one.folder), psutil.Process.kill)
        one.until(lambda: one.moved)
    assert one.moved[0].port not in {None, one.address.port}
    assert (one.moved[0].username, one.moved[0].database) == (one.url.username, one.url.database)
    one.until(lambda: keeper.BACK in one.told)
    assert len(one.moved) == 1


@pytest.mark.hazard("H-063")
def test_a_disk_that_takes_nothing_is_said_and_the_server_left_alone(
    kept: Callable[[LinkState], Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "SLOW_AFTER", 1.0)
    one = kept(LinkState.LOST)
    pid = one.server.process_id
    # Commits wait for a second server that is not there, as they would for a disk.
    one.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()")
    one.until(lambda: keeper.SLOW in one.told)
    assert one.server.process_id == pid
    assert one.moved == []
    assert dict(one.supervisor.restarts) == {}


def test_the_keeper_outlives_every_end(kept: Callable[[LinkState], Kept], monkeypatch: pytest.MonkeyPatch) -> None:
    one = kept(LinkState.LIVE)

    def raises(error: BaseException) -> Callable[..., None]:
        def fails(*_: object) -> None:
            raise error

        return fails

    for error in (psutil.AccessDenied(1), MemoryError(), SystemExit(1), KeyboardInterrupt()):
        with monkeypatch.context() as broken:
            broken.setattr(EmbeddedServer, "check_now", raises(error))
            count = one.supervisor.restarts.get("keeper", 0)
            one.until(lambda count=count: one.supervisor.restarts.get("keeper", 0) > count)
    each(processes_in(one.folder), psutil.Process.kill)
    one.until(lambda: keeper.STOPPED in one.told)
    one.until(lambda: keeper.BACK in one.told)
