"""Collects Python's garbage on the GUI thread only.

Python collects in whatever thread happens to allocate. When a worker thread collects a dead widget, Qt deletes it
from the wrong thread, and the program crashes some time later, far away. So automatic collection is off, and a
timer of the GUI thread does it, by the same thresholds.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500
SETTLED_AFTER_MS = 15_000
"""After the start, when nothing says that the board is there."""


class GuiThreadCollector(QObject):
    """Keeps collection in this thread for as long as it lives; ``stop`` gives it back.

    While the program loads it makes nothing but what stays, and to look through all of that again and again took a
    tenth of the start. It begins when :meth:`settle` is called; what is there by then is not looked at again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._late = QTimer(self, interval=SETTLED_AFTER_MS, singleShot=True)
        self._late.timeout.connect(self.settle)
        self._late.start()

    def settle(self) -> None:
        """The program is loaded; once is enough."""
        if self._timer.isActive():
            return
        self._late.stop()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Let Python collect by itself again, and everything."""
        self._late.stop()
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
