"""One start of the console, timed: ``python -m tests.bench.start DATA_DIR STARTED_AT``.

Prints the seconds until the window is on the screen, and until its board is live.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from console.start.imports import hasten


def _is_live(page: object) -> bool:
    from console.views.window.window import WorkPage

    if not isinstance(page, WorkPage):
        return False
    from console.live.store import LinkState
    from console.views.desk.page import DeskPage

    return isinstance(page, DeskPage) and page.desk.store.link.state is LinkState.LIVE


def main() -> int:
    """Start, say when the window is there and when the board is live, close."""
    started = float(sys.argv[2])
    hasten()
    # Nothing that the desk needs: the program loads that beside its window, and so must this.
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from console.map.scheme import prepare_engine
    from console.start import settings
    from console.start.app import run
    from console.views.window.window import ConsoleWindow

    prepare_engine()
    app = QApplication(sys.argv[:1])
    look = QTimer(app, interval=5)
    shown: list[float] = []

    def is_live() -> None:
        for window in app.topLevelWidgets():
            if not isinstance(window, ConsoleWindow) or not window.isVisible():
                continue
            shown.append(time.time() - started)
            if _is_live(window.centralWidget()):
                look.stop()
                sys.stdout.write(f"{shown[0]} {time.time() - started}\n")
                sys.stdout.flush()
                window.close()

    look.timeout.connect(is_live)
    look.start()
    return run(settings.load(data_dir=Path(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
