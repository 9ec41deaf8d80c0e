"""A tone for each priority of alarm; when it is played, :class:`console.live.pulse.Pulse` says."""

from PySide6.QtCore import QObject, QUrl
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

import resources
from console.live.pulse import PRIORITIES


class Tones(QObject):
    """Silent on a computer without a loudspeaker."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._effects: dict[int, QSoundEffect] = {}
        if not QMediaDevices.defaultAudioOutput().isNull():
            self._effects = {priority: self._effect(priority) for priority in PRIORITIES}

    def _effect(self, priority: int) -> QSoundEffect:
        effect = QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(resources.path(f"sounds/alarm{priority}.wav"))))
        effect.setVolume(0.6)
        return effect

    def play(self, priority: int) -> None:
        """Sound an alarm of this priority."""
        if priority in self._effects:
            self._effects[priority].play()
