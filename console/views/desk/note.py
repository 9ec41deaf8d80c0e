"""A quiet word to whoever sits down, such as what is being watched: over nothing that is worked with."""

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import QUIET_NOTE
from console.look.keyboard import Hands, bind_chords
from console.look.style import mark, px
from console.views.board.list import SteadyList

_WIDEST = 900
_LEAST = 240
"""Pixels, at 100 % text: as narrow as it may be."""
_MAPS_OWN = 44
"""Pixels, at 100 % text, of the scale and the buttons along the map's lower edge."""
A_WHILE = 60.0
"""Seconds for which it stands for somebody who is there."""
_LOOK_EVERY = 5000
"""Milliseconds."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})


@guarded
class QuietNote(QFrame):
    """One sentence that moves nothing, takes no focus, covers no row and stays away once it was put away.

    A minute after it came it goes by itself, if somebody has touched the console since: they could read it.

    It stands at the foot of what has nothing to show there: the pane without a referral, a list below its last
    row. Where none has room it lies over the map, which can be moved under it.

    Args:
        parent: the page; the key holds in its window.
        over: what may lie over the panels, a child of the page.
        spare: what says at its upper edge that it has nothing to show; its foot is free then.
        lists: whose room below the last row is free, the first choice first.
        plot: the map.
        touched: when somebody touched the console last, by ``now``.
        now: seconds of this computer.
    """

    def __init__(
        self,
        parent: QWidget,
        over: QWidget,
        spare: QWidget,
        lists: tuple[SteadyList, ...],
        plot: QWidget,
        touched: Callable[[], float],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self._page, self._over, self._spare, self._lists, self._plot = parent, over, spare, lists, plot
        self._touched, self._now, self._since = touched, now, 0.0
        self._look = QTimer(self, interval=_LOOK_EVERY)
        self._look.timeout.connect(self.look)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._away = ActionButton("Put away", QUIET_NOTE.key("away"), "quiet", self)
        # It comes by itself: whoever is typing must not be taken away from it by Tab or a click.
        self._away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._away.clicked.connect(self.hide)
        bind_chords(Hands(QUIET_NOTE, {"away": self.hide}), self, Qt.ShortcutContext.WindowShortcut)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(4), px(8), px(4))
        row.setSpacing(px(12))
        row.addWidget(self._words, 1)
        row.addWidget(self._away)
        for watched in (parent, over, spare, plot, *(each.viewport() for each in lists)):
            watched.installEventFilter(self)
        for each in lists:
            each.fitted.connect(self._place)
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence in place of the one before it."""
        self._since = self._now()
        self._look.start()
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def look(self) -> None:
        """Go, if it was there for long enough and somebody was, too."""
        if self.isHidden():
            self._look.stop()
        elif self._now() - self._since >= A_WHILE and self._touched() > self._since:
            self.hide()

    def text(self) -> str:
        """The sentence as shown; empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay with the panels, and clear of what lies over them."""
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self.isHidden():
            return
        place = next(filter(None, map(self._standing, self._rooms())), None)
        if place is not None:
            self.setGeometry(place)
            self.raise_()
        else:
            # There is none: it waits below the panels, since a word in passing covers nothing that is worked with.
            self.lower()

    def _rooms(self) -> Iterator[QRect]:
        """Where it covers nothing that is worked with, the best first."""
        empty = self._seen(self._spare)
        yield empty.adjusted(0, self._spare.sizeHint().height(), 0, 0)
        for each in self._lists:
            yield self._seen(each.viewport()).intersected(each.rest().translated(self._at(each.viewport())))
        room = self._seen(self._plot).adjusted(0, px(_MAPS_OWN), 0, -px(_MAPS_OWN))
        if self._over.isVisible():
            room.setRight(min(room.right(), self._seen(self._over).left()))
        yield room

    def _standing(self, room: QRect) -> QRect | None:
        """Its place at the foot of a room; None where that is too small, or something lies over it."""
        inside = room.adjusted(px(12), px(8), -px(12), -px(8))
        words = self._words.fontMetrics().horizontalAdvance(self._words.text())
        width = min(words + self._away.sizeHint().width() + px(40), px(_WIDEST), inside.width())
        high = max(self.heightForWidth(width), self.sizeHint().height())
        place = QRect(inside.center().x() - width // 2, inside.bottom() - high, width, high)
        covered = self._over.isVisible() and self._seen(self._over).intersects(place)
        is_small = inside.width() < px(_LEAST) or inside.height() < high
        return None if is_small or covered else place

    def _at(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self._page, QPoint(0, 0))

    def _seen(self, widget: QWidget) -> QRect:
        """Where it is in the page; nowhere while nobody sees it, or in a window of its own."""
        page = self._page
        if not widget.isVisible() or not page.isAncestorOf(widget):
            return QRect()
        return QRect(self._at(widget), widget.size())
