"""From nothing to a live board on the embedded record: the first start ever, and a later one."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.table import row

pytestmark = pytest.mark.bench
EMPTY_ENGINE = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication
app = QApplication(sys.argv[:1])
view = QWebEngineView()
view.loadFinished.connect(lambda _: (print(time.time() - float(sys.argv[1]), flush=True), os._exit(0)))
view.setHtml("<p>empty")
view.show()
app.exec()
"""


def start(folder: Path) -> tuple[float, float]:
    """Seconds until the window is on the screen, and until the board is live, of a program that was installed."""
    command = [sys.executable, "-m", "tests.bench.start", str(folder), str(time.time())]
    # As installed: what is compiled is kept, wherever this Python is told to leave none.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(folder.parent / "compiled")
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    window, live = found.stdout.split()[-2:]
    return float(window), float(live)


def empty_engine() -> float:
    command = [sys.executable, "-c", EMPTY_ENGINE, str(time.time())]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


def test_start(tmp_path: Path) -> None:
    start(tmp_path / "compiles")
    _, first = start(tmp_path / "first")
    later = [start(tmp_path / "first") for _ in range(3)]
    window, warm = min(window for window, _ in later), min(live for _, live in later)
    bare = min(empty_engine() for _ in range(3))
    row("start to a live board, first ever", f"{first:.1f} s", "5 s", f"empty web engine window {bare:.1f} s")
    row("start to the window on the screen", f"{window:.1f} s", "0.7 s", f"{window / bare:.1f} x the empty window")
    row("start to a live board, warm", f"{warm:.1f} s", "1.5 s", f"{warm / bare:.1f} x the empty window")
