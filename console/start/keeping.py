"""A program that is started again by itself whenever it ends or hangs."""

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, Queue
from typing import IO, Final

log = logging.getLogger(__name__)
BEAT: Final = "beat\n"
BEAT_EACH: Final = 5.0
"""Seconds between two signs of life of its window."""
HUNG_AFTER: Final = 60.0
"""Seconds without one after which it is taken for hung; a first start on a slow machine takes a while."""
WAITS: Final = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before it is started again: longer each time it ends soon after it was started."""
_SOON: Final = 60.0


def keep(
    command: Sequence[str], *, wait: Callable[[float], object] = time.sleep, hung_after: float = HUNG_AFTER
) -> int:
    """Run a command, and again whenever it fails or no longer says ``beat``.

    Args:
        command: ends with 0 when somebody closed it, and is left then.
        wait: passes the time between two starts.
        hung_after: seconds without a sign of life after which it is ended.

    Returns:
        The exit code of the last run.
    """
    soon = 0
    while True:
        begun = time.monotonic()
        code = _run(command, hung_after)
        if code == 0:
            return 0
        soon = soon + 1 if time.monotonic() - begun < _SOON else 1
        pause = WAITS[min(soon, len(WAITS)) - 1]
        log.warning("the wall ended with %s and is started again in %.0f s", code, pause)
        wait(pause)


def _run(command: Sequence[str], hung_after: float) -> int:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        said: Queue[str] = Queue()
        listener = threading.Thread(target=_listen, args=(process.stdout, said), daemon=True)
        listener.start()
        try:
            while said.get(timeout=hung_after):
                pass
        except Empty:
            log.warning("the wall has hung and is ended")
            process.kill()
        return process.wait()


def _listen(stdout: IO[str] | None, said: "Queue[str]") -> None:
    for line in stdout or ():
        said.put(line)
    said.put("")
