"""A list that stays still: selection and scroll hold while the world changes under it."""

from collections.abc import Callable, Hashable, Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from console.look.guard import guarded
from console.look.keyboard import Hands, fence
from console.look.style import current, px, text_font
from console.models.keyed import ID_ROLE, KeyedListModel

_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


@guarded
class SteadyList(QTableView):
    """One column of keyed entries.

    ``chosen`` is what a person chose, and only a person or :meth:`choose` changes it: an entry that is filtered
    out and comes back is chosen still.
    """

    chose = Signal(object)
    """The id that was chosen."""
    activated_id = Signal(object)
    """A double click on an entry, by its id."""
    fitted = Signal()
    """Every row has its height: what is below the last one may be another."""

    def __init__(
        self,
        model: KeyedListModel,
        height: Callable[[Hashable], int],
        odd: Sequence[Hashable] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Show a model.

        Args:
            model: what to show.
            height: pixels of an entry's row at the font scale in force; rows are as high as that of None.
            odd: ids of the few entries whose rows have a height of their own.
            parent: owner.
        """
        super().__init__(parent)
        self._model = model
        self._height = height
        self._odd = odd
        self._were_odd: set[int] = set()
        self._settling = False
        self._hands: Callable[[], Hands | None] = lambda: None
        self._anchor: tuple[list[Hashable], int] = ([], 0)
        self.chosen: Hashable | None = None
        self.empty_words = ""
        self._dress()
        self._watch_before()
        self.setModel(model)
        self._watch_after()
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._activate)

    def _dress(self) -> None:
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        # The style's least height is for a header with words, and would keep rows higher than they are drawn.
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        # Tab leaves the list; within it the arrows go.
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # --- holding still ---

    def _watch_before(self) -> None:
        # Connected before the view's own slots, which move the current row when one is removed.
        for signal in (
            self._model.rowsAboutToBeInserted,
            self._model.rowsAboutToBeRemoved,
            self._model.rowsAboutToBeMoved,
            self._model.layoutAboutToBeChanged,
        ):
            signal.connect(self._hold)

    def _watch_after(self) -> None:
        for signal in (
            self._model.rowsInserted,
            self._model.rowsRemoved,
            self._model.rowsMoved,
            self._model.layoutChanged,
        ):
            signal.connect(self._settle)
        self.fit()

    def _hold(self) -> None:
        self._settling = True
        if self.verticalScrollBar().value() == 0:
            self._anchor = ([], 0)  # who reads from the top sees what comes in there
            return
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        rows = range(first, (last if last >= 0 else self._model.rowCount() - 1) + 1)
        seen = [key for row in rows if (key := self._model.id_at(row)) is not None]
        self._anchor = (seen, self.rowViewportPosition(first))

    def _settle(self) -> None:
        self.fit()
        # Qt lays out when it is idle: until then positions and the range of the bar are those of before.
        self.executeDelayedItemsLayout()
        kept, offset = self._anchor
        rows = (self._model.row_of(key) for key in kept)
        # The topmost that is still there: the first row in sight may be the one that went.
        row = next((row for row in rows if row >= 0), -1)
        if row >= 0:
            self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(row) - offset)
        self._show_chosen()
        self._settling = False
        self.viewport().update()

    def fit(self) -> None:
        """Give every row its height."""
        header = self.verticalHeader()
        usual = self._height(None)
        if header.defaultSectionSize() != usual:
            header.setDefaultSectionSize(usual)
        # One height for all, and a few of their own: however many rows there are, they are not sized one by one.
        odd = {row: self._height(key) for key in self._odd if (row := self._model.row_of(key)) >= 0}
        for row, height in odd.items():
            if header.sectionSize(row) != height:
                header.resizeSection(row, height)
        # Heights stay where they are when rows change their order: what stands now where one of those stood has
        # its height, and then the whole is not as long as it should be.
        wanted = usual * (header.count() - len(odd)) + sum(odd.values())
        for rows in (self._were_odd, range(header.count())):
            if header.length() != wanted:
                self._make_usual([row for row in rows if row not in odd and row < header.count()], usual)
        self._were_odd = set(odd)
        self.fitted.emit()

    def rest(self) -> QRect:
        """What of the viewport lies below the last row; nothing while a sentence stands there instead of rows."""
        room = self.viewport().rect()
        if self._model.rowCount():
            room.setTop(self.verticalHeader().length() - self.verticalHeader().offset())
        return room if self._model.rowCount() or not self.empty_words else QRect()

    def _make_usual(self, rows: Iterable[int], usual: int) -> None:
        header = self.verticalHeader()
        for row in rows:
            if header.sectionSize(row) != usual:
                header.resizeSection(row, usual)

    # --- choosing ---

    def choose(self, key: Hashable | None) -> None:
        """Choose an entry and bring it into view; one that is not shown is chosen when it comes."""
        self.chosen = key
        self._show_chosen()
        index = self.currentIndex()
        if index.isValid():
            self.scrollTo(index)

    def _show_chosen(self) -> None:
        row = self._model.row_of(self.chosen) if self.chosen is not None else -1
        before, self._settling = self._settling, True
        if row < 0:
            self.selectionModel().clear()
        elif self.currentIndex().row() != row or not self.selectionModel().isRowSelected(row):
            self.setCurrentIndex(self._model.index(row))
        self._settling = before

    def _current_changed(self, index: QModelIndex) -> None:
        # What Qt makes current while rows come and go was chosen by nobody.
        if self._settling or not index.isValid():
            return
        self.chosen = index.data(ID_ROLE)
        self.chose.emit(self.chosen)

    # --- keys ---

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Come into focus without choosing: passing through with Tab must not change what others show."""
        self._settling = True
        super().focusInEvent(event)
        self._show_chosen()
        self._settling = False

    def answer_with(self, hands: Callable[[], Hands | None]) -> None:
        """Say whose keys count on the current entry; None for moving about only."""
        self._hands = hands

    @property
    def current(self) -> Hashable | None:
        """The id of the entry that the keyboard is on; None when there is none."""
        index = self.currentIndex()
        return index.data(ID_ROLE) if index.isValid() else None

    def go_first(self) -> None:
        """Go to the first entry."""
        self.setCurrentIndex(self._model.index(0))

    def go_last(self) -> None:
        """Go to the last entry."""
        self.setCurrentIndex(self._model.index(self._model.rowCount() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the current entry, as the table has them; an entry out of sight is only brought into sight."""
        hands = self._hands()
        if hands is None:
            self._only_move(event)
        elif hands.owns(event) and not self._in_sight():
            self.scrollTo(self.currentIndex())
            event.accept()
        elif not hands.take(event):
            super().keyPressEvent(event)

    def _only_move(self, event: QKeyEvent) -> None:
        ends = {Qt.Key.Key_Home: self.go_first, Qt.Key.Key_End: self.go_last}
        if event.key() in ends:
            ends[Qt.Key(event.key())]()
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            fence(event)

    def _in_sight(self) -> bool:
        index = self.currentIndex()
        return not index.isValid() or self.viewport().rect().contains(self.visualRect(index).center())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key asks for the menu of the current entry, where that is."""
        hands = self._hands()
        if hands is not None:
            hands.do("Menu")
        event.accept()

    def below_current(self) -> QPoint:
        """Where a menu of the current entry opens, on the screen."""
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())

    def _activate(self, index: QModelIndex | QPersistentModelIndex) -> None:
        if index.isValid():
            self.activated_id.emit(index.data(ID_ROLE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or the sentence that says why there are none."""
        super().paintEvent(event)
        if self._model.rowCount() == 0 and self.empty_words:
            with QPainter(self.viewport()) as painter:
                painter.setFont(text_font())
                painter.setPen(QColor(current().text_dim))
                room = self.viewport().rect().adjusted(px(14), px(14), -px(14), -px(14))
                painter.drawText(room, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self.empty_words)
