"""Work in a thread of its own: what comes of it when nobody waits for it any longer."""

import asyncio
import gc
import threading
from typing import Any

import pytest

from console.running.aside import Aside


def test_an_error_that_nobody_waits_for_any_longer_is_no_complaint() -> None:
    ends, told = threading.Event(), list[dict[str, Any]]()

    def work() -> None:
        ends.wait()
        raise OSError

    async def leaves() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, told_of: told.append(told_of))
        waiting = asyncio.ensure_future(Aside("a disk").run(work, 10))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        del waiting
        ends.set()
        while any(thread.name.startswith("a disk") for thread in threading.enumerate()):
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)
            gc.collect()

    asyncio.run(leaves())
    assert not told
