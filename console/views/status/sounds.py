"""A tone for what needs a hand now: one for each alarm priority, again and again until it is acknowledged."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

import resources
from db.domain.alarms import Alarm

AGAIN_MS = 6000
"""Milliseconds from one tone to the next."""
PRIORITIES = (1, 2, 3)


class Tones(QObject):
    """Plays while ``sounding`` names alarms. Silent on a computer without a loudspeaker."""

    def __init__(self, sounding: Callable[[], Sequence[Alarm]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sounding = sounding
        self._effects: dict[int, QSoundEffect] = {}
        if not QMediaDevices.defaultAudioOutput().isNull():
            self._effects = {priority: self._effect(priority) for priority in PRIORITIES}
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.play)
        self._again.start()

    def _effect(self, priority: int) -> QSoundEffect:
        effect = QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(resources.path(f"sounds/alarm{priority}.wav"))))
        effect.setVolume(0.6)
        return effect

    def play(self) -> None:
        """Sound the most urgent alarm that nobody has acknowledged, if there is one."""
        urgent = min((alarm.priority for alarm in self._sounding()), default=None)
        if urgent in self._effects:
            self._effects[urgent].play()
