"""Find a place on the map: a line to type into, and the places that it may mean."""

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.live.geography import Geography
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.key_table import SEARCH
from console.look.keyboard import Hands
from console.look.style import mark, px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.form.place_box import PlaceLike

_MOST = 7
NOTHING_FOUND = "Nothing is found by these words."
STILL_LOADING = "Places are still loading."


@guarded
class PlaceSearch(QFrame):
    """Lies over the map while it is wanted. What was typed stays for the next time."""

    found = Signal(float, float)
    """Degrees north and east of a place that somebody wants to see."""
    left = Signal()
    """The keyboard was here and goes back to the map."""

    def __init__(self, geography: Geography, parent: QWidget) -> None:
        super().__init__(parent)
        self._geography = geography
        self._places: list[PlaceLike] = []
        mark(self, role="panel")
        self.line = QLineEdit(self)
        show_hint(self.line, "Find a place: postcode, street, village, grid reference")
        self.line.setAccessibleName("Find a place on the map")
        self.told = QLabel(self)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        mark(self.told, role="small", tone="dim")
        self.list = QListWidget(self)
        # The keyboard stays in the line: arrows choose here while somebody goes on typing there.
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Places found")
        self._hands = Hands(
            SEARCH,
            {
                "up": lambda: self._step(-1),
                "down": lambda: self._step(1),
                "go": self._go,
                "leave": self.leave,
            },
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.line)
        column.addWidget(self.told)
        column.addWidget(self.list)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._ask)
        geography.loaded.connect(self._ask_again)
        self.list.itemClicked.connect(lambda _item: self._go())
        self._offer((), "")
        self.hide()

    def open(self, text: str = "") -> None:
        """Show it and give it the keyboard; with a text, look for that."""
        self.show()
        self.raise_()
        self._fit()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        if text:
            self.line.setText(text)
            self._ask(text)

    def leave(self) -> None:
        """Put it away; the keyboard goes back to the map if it was here."""
        had_keyboard = has_keyboard(self)
        if had_keyboard:
            self.left.emit()
        self.hide()

    def _ask(self, text: str) -> None:
        spawn(self._find(text), "find a place on the map", self)

    def _ask_again(self) -> None:
        # What was typed while the places were loading; what is being chosen stays.
        if not self._places:
            self._ask(self.line.text())

    async def _find(self, text: str) -> None:
        wanted = " ".join(text.split())
        places = list(await self._geography.find(wanted)) if wanted else []
        # An answer that comes after more was typed is for nobody.
        if shiboken6.isValid(self) and text == self.line.text():
            self._offer(places, self._nothing() if wanted else "")

    def _nothing(self) -> str:
        return NOTHING_FOUND if self._geography.places_ready else STILL_LOADING

    def _offer(self, places: Sequence[PlaceLike], nothing: str) -> None:
        self._places = [one for one in places if one.lat is not None and one.lon is not None][:_MOST]
        self.list.clear()
        for place in self._places:
            item = QListWidgetItem(" · ".join(part for part in (place.title, place.detail) if part), self.list)
            item.setSizeHint(QSize(0, self.list.fontMetrics().height() + px(10)))
        self.list.setVisible(bool(self._places))
        said = "" if self._places else nothing
        if said and said != self.told.text() and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        self.told.setText(said)
        self.told.setVisible(bool(said))
        if self._places:
            self.list.setCurrentRow(0)
        self._fit()

    def _fit(self) -> None:
        rows = len(self._places) * (self.list.fontMetrics().height() + px(10)) + px(4)
        self.list.setFixedHeight(rows)
        below = rows if self._places else self.told.sizeHint().height() if self.told.text() else 0
        tall = self.line.sizeHint().height() + px(14) + (below + px(6) if below else 0)
        self.resize(self.width(), tall)

    def place(self, left: int, top: int, width: int) -> None:
        """Stand there, as wide as that."""
        self.setGeometry(left, top, width, self.height())
        self._fit()

    def _step(self, rows: int) -> None:
        if self._places:
            self.list.setCurrentRow((self.list.currentRow() + rows) % len(self._places))

    def _go(self) -> None:
        row = self.list.currentRow()
        place = self._places[row] if 0 <= row < len(self._places) else None
        if place is not None and place.lat is not None and place.lon is not None:
            self.found.emit(place.lat, place.lon)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the line that are not text."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._hands.take(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the line does not want goes no further."""
        event.accept()
