"""The bar under a replay: the day as a length, play and speed, a step at a time."""

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import REPLAY_TIME
from console.look.keyboard import Hands
from console.look.style import mark, px
from console.views.replay.player import SPEEDS, Player
from db.domain.clocks import local, wall_time

_MINUTE = timedelta(minutes=1)


@guarded
class _Slider(QSlider):
    """The day as a length, with the keys of the whole bar."""

    def __init__(self, hands: Hands, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._hands = hands
        self.setMinimumWidth(px(120))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._hands.take(event)


@guarded
class Scrubber(QWidget):
    """Drives a player by mouse and keys; these count while the keyboard is in it."""

    day_wanted = Signal(int)
    """Go this many days on or back."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._when = QLabel(self)
        mark(self._when, role="clock")
        self._hands = self._bind()
        self._slider = _Slider(self._hands, self)
        self._slider.setAccessibleName("Time of day")
        self._slider.setMinimumHeight(px(24))
        # Seconds.
        self._slider.setPageStep(600)
        self._slider.setSingleStep(60)
        self._play = ActionButton("Play", REPLAY_TIME.key("play"), "primary", self)
        self._speed = ActionButton("10 ×", REPLAY_TIME.key("speed"), "secondary", self)
        self._speed.setAccessibleName("Speed")
        self._chosen = 10
        self._lay_out()
        self.setFocusProxy(self._slider)
        self._connect()
        self._follow(player.moment)

    def _bind(self) -> Hands:
        return Hands(
            REPLAY_TIME,
            {"play": self.toggle, "speed": self.next_speed},
            {
                "minute": lambda key: self.step(_way(key, "Right") * _MINUTE),
                "minutes": lambda key: self.step(10 * _way(key, "Shift+Right") * _MINUTE),
                "day": lambda key: self.day_wanted.emit(_way(key, "PgDown")),
            },
        )

    def _lay_out(self) -> None:
        before = ActionButton("Day before", "PgUp", "quiet", self)
        after = ActionButton("Day after", "PgDown", "quiet", self)
        before.clicked.connect(lambda: self.day_wanted.emit(-1))
        after.clicked.connect(lambda: self.day_wanted.emit(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(6), px(12), px(6))
        row.setSpacing(px(10))
        for widget in (before, self._play, self._speed, self._when):
            row.addWidget(widget)
        row.addWidget(self._slider, 1)
        row.addWidget(after)

    def _connect(self) -> None:
        self._player.moved.connect(self._follow)
        self._player.loaded.connect(self._take_day)
        self._slider.sliderMoved.connect(self._seek)
        # A drag tells ``sliderMoved`` only; a click beside it or the wheel comes as an action, before the value
        # has changed.
        self._slider.actionTriggered.connect(lambda _action: self._seek(self._slider.sliderPosition()))
        self._play.clicked.connect(self.toggle)
        self._speed.clicked.connect(self.next_speed)

    def toggle(self) -> None:
        """Play or stand still."""
        self._player.play(0 if self._player.speed else self._chosen)
        self._play.setText("Pause" if self._player.speed else "Play")

    def next_speed(self) -> None:
        """The next of 1, 10, 30 and 60 times."""
        self._chosen = SPEEDS[(SPEEDS.index(self._chosen) + 1) % len(SPEEDS)]
        self._speed.setText(f"{self._chosen} ×")
        if self._player.speed:
            self._player.play(self._chosen)

    def step(self, span: timedelta) -> None:
        """Go on or back by a span."""
        self._player.seek(self._player.moment + span)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same keys on its buttons."""
        self._hands.take(event)

    def _seek(self, seconds: int) -> None:
        self._player.seek(self._player.start + timedelta(seconds=seconds))

    def _take_day(self) -> None:
        length = int((self._player.end - self._player.start).total_seconds())
        self._slider.setRange(0, max(1, length))

    def _follow(self, moment: datetime) -> None:
        self._when.setText(f"{local(moment):%a %d %b %Y} {wall_time(moment, seconds=True)}")
        # Not out of the hand that is dragging it.
        if not self._slider.isSliderDown():
            self._slider.setValue(int((moment - self._player.start).total_seconds()))
        if not self._player.speed:
            self._play.setText("Play")


def _way(key: str, on: str) -> int:
    return 1 if key == on else -1
