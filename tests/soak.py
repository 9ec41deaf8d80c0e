"""A long practice shift at many times its speed, its server killed now and then: does memory stay flat?

    .venv/bin/python -m tests.soak --minutes 90 --speed 20 --intensity 6 --kill-every 10

One process plays the shift and shows it, as a newcomer's first command does. Each minute a line is printed; at the
end what memory did after the first ten minutes. Needs a display (a virtual one serves).
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from db.server.postmaster import living_postmaster

MEGABYTE = 1 << 20
SETTLED_AFTER_S = 600.0
BETWEEN_S = 60.0


def main() -> int:
    """Run it and print. Returns 1 when the console ended by itself, else 0."""
    given = _given()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        console = _start(Path(folder), given)
        try:
            taken = _watch(console, Path(folder), given)
        finally:
            ended = console.poll()
            console.send_signal(signal.SIGTERM)
            console.wait(60)
    _tell(taken)
    say(f"ended by itself: {'no' if ended is None else f'yes, with {ended}'}")
    return 0 if ended is None else 1


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=90.0)
    parser.add_argument("--speed", type=int, default=20)
    parser.add_argument("--intensity", type=float, default=6.0)
    parser.add_argument("--kill-every", type=float, default=10.0, help="minutes; 0 never")
    return parser.parse_args()


def _start(folder: Path, given: argparse.Namespace) -> subprocess.Popen[bytes]:
    played = ["--speed", str(given.speed), "--intensity", str(given.intensity), "--autopilot", "dispatch"]
    return subprocess.Popen(
        [sys.executable, "main.py", "exercise", *played],
        env=os.environ | {"CRU_DATA_DIR": str(folder)},
    )


def _watch(console: subprocess.Popen[bytes], folder: Path, given: argparse.Namespace) -> list[tuple[float, float]]:
    taken: list[tuple[float, float]] = []
    begun = time.monotonic()
    killed = begun
    while time.monotonic() - begun < given.minutes * 60:
        time.sleep(BETWEEN_S)
        if console.poll() is not None:
            break
        age = time.monotonic() - begun
        own, pages = _memory(psutil.Process(console.pid))
        taken.append((age, own + pages))
        say(f"{age / 60:5.1f} min  console {own:6.1f} MB  map {pages:6.1f} MB")
        if given.kill_every and time.monotonic() - killed > given.kill_every * 60:
            killed = time.monotonic()
            _kill_server(folder)
    return taken


def _memory(console: psutil.Process) -> tuple[float, float]:
    """What the console and the map's processes wrote for themselves, MB; servers are left out.

    Not what they only read: that is told of whoever happens to be alone in reading a library.
    """
    pages = [child for child in console.children(recursive=True) if "WebEngine" in child.name()]
    return _written(console), sum(map(_written, pages))


def _written(process: psutil.Process) -> float:
    if not psutil.LINUX:
        return float(process.memory_full_info().uss / MEGABYTE)
    return sum(part.private_dirty for part in process.memory_maps()) / MEGABYTE


def _kill_server(folder: Path) -> None:
    for file in folder.rglob("postmaster.pid"):
        if server := living_postmaster(file.parent):
            say(f"           its server {server.pid} is killed")
            server.kill()


def _tell(taken: list[tuple[float, float]]) -> None:
    settled = [memory for age, memory in taken if age >= SETTLED_AFTER_S]
    if settled:
        tenth = max(1, len(settled) // 10)
        first, last = sum(settled[:tenth]) / tenth, sum(settled[-tenth:]) / tenth
        grown = 100 * (last / first - 1)
        say(f"after ten minutes {first:.0f} MB, at the end {last:.0f} MB ({grown:+.1f} %)")
        say(f"most {max(settled):.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
