"""When an alarm makes itself felt again: heard and seen every six seconds until somebody answers it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from db.domain.alarms import Alarm

AGAIN_MS: Final = 6000
"""Milliseconds from one time to the next."""
SILENT_FOR: Final = 30.0
"""Seconds for which one console is silent when somebody asks it to be; nothing is answered by that."""
PRIORITIES: Final = (1, 2, 3)


class Pulse(QObject):
    """Beats while ``sounding`` names alarms."""

    felt = Signal(int)
    """An alarm of this priority, 1 to 3, is to be seen."""
    heard = Signal(int)
    """The same, to be heard; not while this console is silent."""
    silence_changed = Signal(bool)
    """This console was silenced, or is heard again."""

    def __init__(self, sounding: Callable[[], Sequence[Alarm]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sounding = sounding
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.beat)
        self._again.start()
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._end_silence)
        self._tests: list[int] = []
        self._next = QTimer(self, interval=900)
        self._next.timeout.connect(self._test_next)

    def beat(self) -> None:
        """Let the most urgent alarm that nobody has answered be felt, if there is one."""
        urgent = min((alarm.priority for alarm in self._sounding()), default=None)
        if urgent is not None:
            self.felt.emit(urgent)
            if not self.is_silent:
                self.heard.emit(urgent)

    @property
    def is_silent(self) -> bool:
        """Whether nothing is heard on this console just now."""
        # The timer alone says it: a clock beside it ends at another moment, as a timer may fire a little early.
        return self._over.isActive()

    def silence(self) -> None:
        """Be silent for half a minute; pressed again, for another half from now."""
        self._over.start(int(SILENT_FOR * 1000))
        self.silence_changed.emit(True)

    def test(self) -> None:
        """Let each priority be heard once, the gravest first: is the loudspeaker on?"""
        self._tests = list(PRIORITIES)
        self._test_next()
        self._next.start()

    def _test_next(self) -> None:
        if not self._tests:
            self._next.stop()
            return
        priority = self._tests.pop(0)
        self.felt.emit(priority)
        self.heard.emit(priority)

    def _end_silence(self) -> None:
        self.silence_changed.emit(False)
        self.beat()
