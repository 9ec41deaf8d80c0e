"""Work that blocks, in threads that may hang: each call has its own budget of time and holds up no other.

Not a pool: a call that never ends would keep one of its places for good, and the program open at its end.
"""

import asyncio
import atexit
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

T = TypeVar("T")

MOST_OVERDUE: Final = 3
"""Calls of one kind that may hang at once; as long as they do, no further one is begun."""
END_WITHIN: Final = 2.0
"""Seconds that the program waits at its end for calls that are under way."""

_threads: set[threading.Thread] = set()


class Overdue(TimeoutError):  # noqa: N818 - what it is, as TimeoutError is
    """A call took longer than its budget, or as many as may hang do so."""


class Aside:
    """Runs one kind of blocking work beside the window."""

    def __init__(self, name: str, most_overdue: int = MOST_OVERDUE) -> None:
        self._name = name
        self._most_overdue = most_overdue
        self._overdue = 0

    async def run(self, work: Callable[[], T], within: float, late: Callable[[T], object] | None = None) -> T:
        """Run ``work`` in a thread of its own and give what it returns or raises.

        Args:
            work: what blocks.
            within: seconds.
            late: takes, in this loop, an answer that comes after all.

        Raises:
            Overdue: there is no answer in time. The thread goes on, since a thread cannot be ended.
        """
        if self._overdue >= self._most_overdue:
            raise Overdue
        answer = _in_thread(work, self._name)
        try:
            await asyncio.wait({answer}, timeout=within)
        finally:
            # Also when nobody waits any longer: the thread is there all the same.
            if not answer.done():
                self._overdue += 1
                answer.add_done_callback(lambda answered: self._came(answered, late))
        if not answer.done():
            raise Overdue
        return answer.result()

    def _came(self, answer: "asyncio.Future[T]", late: Callable[[T], object] | None) -> None:
        self._overdue -= 1
        # An error that comes too late was reported as late already.
        if late is not None and answer.exception() is None:
            late(answer.result())


def _in_thread(work: Callable[[], T], name: str) -> "asyncio.Future[T]":
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    # Looked at in any case: asyncio complains of an error that nobody asked for.
    answer.add_done_callback(lambda done: done.exception())

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 it is raised again where it is awaited
            # A future refuses StopIteration.
            told = RuntimeError("the work stopped") if isinstance(error, StopIteration) else error
            _tell(loop, answer.set_exception, told)
        else:
            _tell(loop, answer.set_result, value)
        finally:
            _threads.discard(thread)

    # A daemon: the interpreter would wait for one that hangs, and the window would seem to close and not end.
    thread = threading.Thread(target=run, name=name, daemon=True)
    _threads.add(thread)
    thread.start()
    return answer


def _tell(loop: asyncio.AbstractEventLoop, tell: Callable[[Any], None], what: object) -> None:
    # The loop may have ended meanwhile, and with it whoever asked.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(tell, what)


@atexit.register
def _await_threads() -> None:
    """Let what is under way end before the interpreter goes, as long as it does not hang."""
    deadline = time.monotonic() + END_WITHIN
    for thread in list(_threads):
        thread.join(max(0.0, deadline - time.monotonic()))
