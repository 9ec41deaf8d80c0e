"""A quiet word to whoever sits down: what is being watched. Over the panels' lower edge, put away by a key."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import QUIET_NOTE
from console.look.keyboard import Hands, bind_chords
from console.look.style import mark, px

_WIDEST = 900
_LEAST = 300
"""Pixels, at 100 % text: as narrow as it may be beside something."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})


@guarded
class QuietNote(QFrame):
    """One sentence that moves nothing, takes no focus and stays away once it was put away.

    Args:
        parent: the page; the key holds in its window.
        panels: what it stands over, a child of the page.
        over: what may lie over the panels, a child of the page.
        spare: what says at its upper edge that it has nothing to show; its foot is free then.
        free: where buttons may be, whose keys would act unseen under it.
    """

    def __init__(self, parent: QWidget, panels: QWidget, over: QWidget, spare: QWidget, *free: QWidget) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self._page, self._panels, self._over, self._free = parent, panels, over, free
        self._spare = spare
        self._waits = False
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
        for watched in (panels, over, spare, *free):
            watched.installEventFilter(self)
        self.hide()

    def say(self, words: str) -> None:
        """Show a sentence in place of the one before it."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def text(self) -> str:
        """The sentence as shown; empty while it is away."""
        return "" if self.isHidden() else self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay with the panels, and clear of what lies over them."""
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        around = _within(self._panels.geometry())
        words = self._words.fontMetrics().horizontalAdvance(self._words.text())
        wanted = min(words + self._away.sizeHint().width() + px(40), px(_WIDEST), around.width())
        place = self._foot() or self._free_room(around, wanted)
        if place is None:
            # There is none: it waits below the panels, since a word in passing covers nothing that is pressed.
            self.stackUnder(self._panels)
        elif self._waits:
            self.raise_()
        self._waits = place is None
        self.setGeometry(place or self._standing(around.left(), around.bottom(), wanted))

    def _foot(self) -> QRect | None:
        """The foot of what has nothing to show: it covers nobody's row there, wherever that panel is."""
        around = _within(self._seen(self._spare))
        place = self._standing(around.left(), around.bottom(), around.width())
        covered = self._over.isVisible() and self._seen(self._over).intersects(around)
        is_low = self._spare.sizeHint().height() + place.height() > around.height()
        return None if covered or is_low or around.width() < px(_LEAST) else place

    def _free_room(self, around: QRect, wanted: int) -> QRect | None:
        """Over the lower edge of the panels, where nothing is that it must leave free."""
        high = self._high(px(_LEAST))
        low = QRect(around.left(), around.bottom() - high, around.width(), high)
        rooms = [room for room in self._rooms(low) if room.width() >= min(wanted, px(_LEAST))]
        # The first that is wide enough: what is done with the selected referral is done at the right.
        room = next((room for room in rooms if room.width() >= wanted), max(rooms, key=QRect.width, default=None))
        return room and self._standing(room.left(), around.bottom(), min(wanted, room.width()))

    def _standing(self, left: int, bottom: int, width: int) -> QRect:
        high = self._high(width)
        return QRect(left, bottom - high, width, high)

    def _high(self, width: int) -> int:
        return max(self.heightForWidth(width), self.sizeHint().height())

    def _rooms(self, low: QRect) -> Iterator[QRect]:
        """Where nothing is that it must leave free, from left to right."""
        taken = sorted(
            (rect for rect in map(self._seen, (self._over, *self._free)) if rect.intersects(low)), key=_x
        )
        left = low.left()
        for rect in taken:
            yield QRect(left, low.top(), rect.left() - px(12) - left, low.height())
            left = max(left, rect.right() + px(12))
        yield QRect(left, low.top(), low.right() - left, low.height())

    def _seen(self, widget: QWidget) -> QRect:
        """Where it is in the page; nowhere while nobody sees it, or in a window of its own."""
        page = self._page
        if not widget.isVisible() or not page.isAncestorOf(widget):
            return QRect()
        return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def _within(rect: QRect) -> QRect:
    return rect.adjusted(px(12), 0, -px(12), -px(8))


def _x(rect: QRect) -> int:
    return rect.left()
