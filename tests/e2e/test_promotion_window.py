"""The primary is lost beneath a whole window: two seconds after a promotion the board shows the next referral."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import URL

from console.live.session import Session, open_session
from console.live.store import LinkState
from console.look import style
from db.domain.records import Location
from tests.cluster import Record
from tests.db import desk
from tests.db.standby import Pair, both, pair, pair_record, url_of
from tests.db.test_hosts import LIVE_WITHIN, Lost, equals_the_record, frozen, killed, silent
from tests.db.test_link import signed_in
from tests.e2e.windows import Seated
from tests.gui.desks import Room, Runs, eventually, qt_loop
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["both", "pair", "pair_record", "qt_loop"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)


@pytest.fixture
def stack(qt_loop: Runs) -> Iterator[AsyncExitStack]:
    """What is left in order at the end of a test, on the window's own loop."""
    made = AsyncExitStack()
    yield made
    qt_loop(made.aclose())


async def opened(url: URL) -> Session:
    session = await open_session(url)
    await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
    return session


def seat_at(url: URL, stack: AsyncExitStack, qt_loop: Runs, folder: Path) -> Seated:
    session = qt_loop(opened(url))
    stack.push_async_callback(session.close)
    return Seated(Room(session, qt_loop), folder)


def board(seat: Seated) -> str:
    model = seat.page.board.model
    rows = [model.index(row) for row in range(model.rowCount())]
    return "\n".join(str(model.data(row, Qt.ItemDataRole.AccessibleTextRole)) for row in rows)


@pytest.mark.parametrize("lost", [killed, frozen, silent])
def test_the_next_referral_is_on_the_board_two_seconds_after_a_promotion(
    pair: Pair,
    pair_record: Record,
    stack: AsyncExitStack,
    qt_loop: Runs,
    qapp: QApplication,
    tmp_path: Path,
    lost: Callable[[Pair], Lost],
) -> None:
    style.apply(qapp, "dark", 100)
    port, goes = qt_loop(stack.enter_async_context(lost(pair)))
    seat = seat_at(url_of(pair_record, port, pair.standby.address.port), stack, qt_loop, tmp_path)
    seat.room.take(location=Location("Before Street", "NN1 4LP"))
    seat.room.until(lambda: "Before Street" in board(seat))
    pair.catch_up()
    qt_loop(asyncio.to_thread(goes))
    promoted = qt_loop(asyncio.to_thread(pair.standby.promote))
    there = Record(pair.standby, pair_record.database)
    other = qt_loop(stack.enter_async_context(signed_in(there)))
    qt_loop(desk.take(other, location=Location("After Street", "NN1 4LP")))
    seat.room.until(lambda: "After Street" in board(seat), within=5)
    assert time.monotonic() - promoted < LIVE_WITHIN
    assert "Before Street" in board(seat)
    assert "live" in seat.page.status.link.text
    seat.room.take(location=Location("Own Street", "NN1 4LP"))
    seat.room.until(lambda: "Own Street" in board(seat))
    qt_loop(equals_the_record(seat.desk.store, there.url("a.shah")))
    seat.leave()
