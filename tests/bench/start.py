"""One start of the console, timed: ``python -m tests.bench.start DATA_DIR STARTED_AT`` prints the seconds."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from console.live.store import LinkState
from console.map.scheme import register_scheme
from console.start import settings
from console.start.app import run
from console.views.desk.page import DeskPage
from console.views.window.window import ConsoleWindow


def main() -> int:
    """Start, say when the board is live, close."""
    started = float(sys.argv[2])
    register_scheme()
    app = QApplication(sys.argv[:1])
    look = QTimer(app, interval=5)

    def is_live() -> None:
        for window in app.topLevelWidgets():
            page = window.centralWidget() if isinstance(window, ConsoleWindow) else None
            if isinstance(page, DeskPage) and page.desk.store.link.state is LinkState.LIVE:
                look.stop()
                sys.stdout.write(f"{time.time() - started}\n")
                sys.stdout.flush()
                window.close()

    look.timeout.connect(is_live)
    look.start()
    return run(settings.load(data_dir=Path(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
