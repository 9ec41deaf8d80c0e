"""Background tasks that are never lost: kept alive, and loud when they fail."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QMetaObject, QObject
from shiboken6 import isValid

log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any], name: str, owner: QObject | None = None) -> asyncio.Task[Any]:
    """Run a coroutine beside the window; an exception that nobody awaits is logged by its type.

    Args:
        work: what to do.
        name: what the log calls it.
        owner: the work ends with it, so that an answer never comes to a widget that is gone.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_finished)
    if owner is not None:
        tie = owner.destroyed.connect(lambda *_: task.cancel())
        task.add_done_callback(lambda _: _untie(owner, tie))
    return task


def _untie(owner: QObject, tie: QMetaObject.Connection) -> None:
    if isValid(owner):
        QObject.disconnect(tie)


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log.error("task %s failed", task.get_name(), exc_info=task.exception())


async def cancel_all() -> None:
    """Cancel what is still running and wait until it has ended."""
    running = [task for task in _running if task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
