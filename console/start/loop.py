"""One event loop for Qt and asyncio. The only module that knows qasync."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication

from console.running.faults import of_loop, watching
from console.running.tasks import cancel_all


def run(app: QApplication, work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run a coroutine on Qt's loop until it ends, then end every task it left. Returns its exit code."""
    # Qt must not end the loop when the last window closes: closing down is work that still needs it.
    app.setQuitOnLastWindowClosed(False)
    # Not asyncio.Runner: it starts Qt's loop anew to close down, and the web engine outlives no first end.
    with watching(), new_loop(app) as event_loop:
        event_loop.set_exception_handler(of_loop)
        code: int = event_loop.run_until_complete(_whole(work))
    return code


def new_loop(app: QApplication) -> qasync.QEventLoop:
    """A loop of asyncio on Qt's events, not yet running."""
    made = qasync.QEventLoop(app)
    # Python's own threads, begun as they are wanted: qasync's are Qt's, and ten of them begin at the first use.
    made.set_default_executor(ThreadPoolExecutor(thread_name_prefix="beside"))
    return made


async def _whole(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    try:
        return await work()
    finally:
        await cancel_all()
        await asyncio.get_running_loop().shutdown_asyncgens()
