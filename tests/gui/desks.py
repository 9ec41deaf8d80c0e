"""A signed-in workplace on a real record, with Qt and asyncio on one loop.

Tests are plain functions. The loop runs whenever Qt's events do, so ``qtbot.waitUntil`` and clicks keep it alive;
``room.until(predicate)`` and ``room.run(coroutine)`` do too. Inside a coroutine: ``await eventually(predicate)``.
Take the fixtures by name: ``from tests.gui.desks import qt_loop, room, rooms, stage``.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.live.session import Session, open_session
from console.live.store import LinkState, Store
from console.look import style
from console.running.tasks import cancel_all
from console.start.loop import new_loop
from db import commands
from db.commands import Command, Details
from db.domain.records import Location
from db.domain.states import AT_SCENE, OPEN_REFERRAL, AssignmentState, DutyStatus, ReferralState
from tests.cluster import Record

T = TypeVar("T")
Runs = Callable[[Coroutine[Any, Any, Any]], Any]


async def eventually(predicate: Callable[[], object], within: float = 30.0) -> None:
    """Wait until the predicate holds, or fail after ``within`` seconds."""
    end = time.monotonic() + within
    while not predicate():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.005)


def _duty(store: Store, van_id: UUID) -> DutyStatus | None:
    van = store.van(van_id)
    return van.duty_status if van else None


class Room:
    """One login's desk and the loop it lives on."""

    def __init__(self, session: Session, run: Runs) -> None:
        self.session = session
        self.desk = session.desk
        self.engine = session.engine
        self._run = run

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine with the window alive beside it."""
        return self._run(work)  # type: ignore[no-any-return] # what the coroutine returns

    def until(self, predicate: Callable[[], object], within: float = 30.0) -> None:
        """Keep the window alive until the predicate holds."""
        self.run(eventually(predicate, within))

    def do(self, *given: Command) -> None:
        """Carry out commands and wait until the mirror has answered for them."""
        for command in given:
            self.run(commands.execute(self.engine, command))

    def take(self, **changed: Any) -> UUID:
        """Take a referral, and wait until the mirror has it. ``changed`` are fields of ``Details``."""
        details = {
            "source": "ems_crew",
            "priority": "P1",
            "location": Location("Abington Street, Northampton", "NN1 4LP", 52.2405, -0.8901),
            "ems_callsign": "A1187",
        } | changed
        at = details.pop("received_at", None)
        command = commands.TakeReferral(details=Details(**details), received_at=at)
        self.do(command)
        self.until(lambda: self.desk.store.referral(command.referral_id))
        return command.referral_id

    def accept(self, referral_id: UUID) -> None:
        """Screen with every answer *no*, look at what the narrative says, and accept."""
        tool = self.desk.store.reference.current_tool
        answers = {item.key: "no" for item in tool.items if not item.branch}
        self.do(commands.CompleteScreening(referral_id=referral_id, tool_version=tool.version, answers=answers))
        self.until(lambda: not self._stands(referral_id, "unscreened"))
        words = self._stands(referral_id, "words")
        if words:
            looked = {"clinician": "A. Shah", "reason": "asked about"}
            self.do(commands.LookedAt(referral_id=referral_id, covers=words, **looked))
        self.do(commands.Accept(referral_id=referral_id))
        self.until(lambda: self.desk.store.referral(referral_id).state == "accepted")

    def _stands(self, referral_id: UUID, kind: str) -> tuple[str, ...]:
        """What of a kind stands against a referral."""
        dangers = self.desk.store.dangers_of(referral_id)
        return tuple(one.what for one in dangers.stands if one.kind == kind) if dangers else ()

    def on_duty(self, place: int, **changed: Any) -> UUID:
        """Put a crew of two on the van in that place of the list, and wait until the mirror has it."""
        store = self.desk.store
        van = store.vans()[place]
        staff = tuple(store.reference.staff)[2 * place : 2 * place + 2]
        end = self.desk.clock.now().replace(microsecond=0) + timedelta(hours=23)
        given = {"van_id": van.id, "staff_ids": staff, "planned_end": end} | changed
        self.do(commands.GoOnDuty(**given))
        # One transaction may reach the mirror in two steps: the shift, then the van.
        self.until(lambda: store.shift_of(van.id) and _duty(store, van.id) is DutyStatus.AVAILABLE)
        return van.id

    def send(self, referral_id: UUID, van_id: UUID, to: AssignmentState | None = None) -> UUID:
        """Allocate, and step to a state if one is named. Returns the assignment's id."""
        sent = commands.Allocate(referral_id=referral_id, van_id=van_id)
        self.do(sent)
        if to is not None:
            self.do(commands.Step(assignment_id=sent.assignment_id, to=to))
        wanted = to or AssignmentState.ALLOCATED
        store = self.desk.store
        self.until(lambda: (job := store.assignment(sent.assignment_id)) and job.state is wanted)
        follows = {ReferralState.ATTENDING} if wanted in AT_SCENE else OPEN_REFERRAL - {ReferralState.ACCEPTED}
        self.until(lambda: (row := store.referral(referral_id)) and row.state in follows)
        return sent.assignment_id


@pytest.fixture
def qt_loop(qapp: QApplication) -> Iterator[Runs]:
    """Asyncio on Qt's events for the whole of a test; call it to run a coroutine to its end."""
    loop = new_loop(qapp)
    # Between two runs Qt still delivers what arrives, and a task that wakes then must find its loop.
    asyncio._set_running_loop(loop)

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        task = loop.create_task(work)
        while not task.done():
            qapp.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return task.result()

    with ExitStack() as ends:
        # Whatever fails on the way: a test that failed leaves the next one no loop, no task and no window.
        ends.callback(loop.close)
        ends.callback(asyncio._set_running_loop, None)
        ends.callback(_close_windows, qapp)
        ends.callback(lambda: run(loop.shutdown_asyncgens()))
        ends.callback(lambda: run(cancel_all()))
        yield run


def _close_windows(qapp: QApplication) -> None:
    """What a traceback still holds would be dressed and painted anew, in tests of others, without a loop."""
    for window in qapp.topLevelWidgets():
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _rooms(record: Record, qt_loop: Runs) -> Iterator[Callable[[str], Room]]:

    async def opened(login: str) -> Session:
        session = await open_session(record.url(login))
        await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
        return session

    with ExitStack() as ends:

        def sign_in(login: str = "a.shah") -> Room:
            room = Room(qt_loop(opened(login)), qt_loop)
            ends.callback(lambda: qt_loop(room.session.close()))
            return room

        yield sign_in


@pytest.fixture
def rooms(record: Record, qt_loop: Runs) -> Iterator[Callable[[str], Room]]:
    """Opens a room for a login; several share one loop."""
    yield from _rooms(record, qt_loop)


@pytest.fixture
def own_rooms(own_record: Record, qt_loop: Runs) -> Iterator[Callable[[str], Room]]:
    """As ``rooms``, on a server to stop, crash and freeze."""
    yield from _rooms(own_record, qt_loop)


@pytest.fixture
def room(rooms: Callable[[str], Room]) -> Room:
    """A dispatcher's room."""
    return rooms("a.shah")


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    """An open window for panels, without a layout: offscreen, Qt warns about windows with size limits."""
    style.apply(qapp, "dark", 100)
    window = QWidget()
    window.resize(1400, 900)
    qtbot.addWidget(window)
    window.show()
    yield window
    style.apply(qapp, "dark", 100)


def put_on(stage: QWidget, panel: QWidget, width: int, height: int) -> None:
    """Show a panel on the stage at a size."""
    panel.setParent(stage)
    panel.setGeometry(0, 0, width, height)
    panel.show()
