"""A desk on a real record for tests of panels, on one loop for Qt and asyncio.

``run_with_qt(work(...))`` in a plain test function; ``async with open_desk(record, "a.shah") as desk`` inside.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import qasync
from PySide6.QtWidgets import QApplication

from console.desk import Desk
from console.session import open_session
from console.store import LinkState
from console.tasks import cancel_all
from tests.cluster import Record

T = TypeVar("T")


def run_with_qt(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a loop that turns Qt too. The test needs the ``qapp`` fixture."""

    async def whole() -> T:
        try:
            return await work
        finally:
            await cancel_all()

    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(QApplication.instance())) as runner:
        return runner.run(whole())


async def eventually(condition: Callable[[], object], within: float = 10.0) -> None:
    """Wait until a condition holds, while Qt and the feed go on.

    Raises:
        AssertionError: it did not hold in time.
    """
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def open_desk(record: Record, login: str = "a.shah") -> AsyncIterator[Desk]:
    """Sign in as one of ``tests.cluster.LOGINS`` and mirror the record, live."""
    session = await open_session(record.url(login))
    try:
        await eventually(lambda: session.desk.store.link.state is LinkState.LIVE)
        yield session.desk
    finally:
        await session.close()
