"""The desk's heartbeat: every panel is told that time passes, whatever another panel does."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from console.tasks import Guard, Supervisor


class Ticks(QObject):
    """Calls each part once in every interval. One that raises stops neither the parts after it nor the timer."""

    def __init__(self, supervisor: Supervisor, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._supervisor = supervisor
        self._parts: list[tuple[Guard, Callable[[], object]]] = []
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def add(self, name: str, tick: Callable[[], object], sentence: str) -> None:
        """Tick this too from now on, after those before it.

        Args:
            name: what the log and the counter call it.
            tick: called in every interval.
            sentence: what to say when it raised.
        """
        self._parts.append((self._supervisor.guard(name, sentence), tick))

    def tick(self) -> None:
        """Call each part once."""
        for guard, tick in self._parts:
            guard.run(tick)

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
