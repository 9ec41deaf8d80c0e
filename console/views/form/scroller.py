"""The page in a scroll area that follows the focus."""

from typing import Final, TypeGuard

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QScrollArea, QWidget

from console.look.guard import guarded
from console.look.style import mark, px
from console.views.form.page import FormPage

_AROUND: Final = 8
_AROUND_A_SECTION: Final = 80
"""Pixels, at 100 % text, that are shown above and below what is brought into sight."""


@guarded
class Scroller(QScrollArea):
    """Shows a page, and brings what has the focus into sight, the whole of it where there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The page scrolls; what stands below it, such as the reasons for declining, must be whole.
        self.setMinimumHeight(px(24))
        self._page: FormPage | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def show_page(self, page: FormPage) -> None:
        """Show this page in place of the one before."""
        mark(page, role="page")
        self._page = page
        self.setWidget(page)
        page.screening.moved.connect(self._reveal_question)
        # Once it has its place.
        page.needs.offered.connect(self._keep_in_sight, Qt.ConnectionType.QueuedConnection)
        for editor in page.findChildren(QPlainTextEdit):
            # Of one that is taller than the room, the line that is typed.
            editor.cursorPositionChanged.connect(self._follow_typing)

    def focus_on(self, name: str) -> bool:
        """Give the focus to an editor by its name; whether there is such an editor."""
        editor = self._page.editors().get(name) if self._page else None
        if editor is None:
            return False
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if editor.height() > self.viewport().height():
            self.ensureWidgetVisible(editor, 0, px(_AROUND_A_SECTION))
        else:
            self._reveal(editor, px(_AROUND_A_SECTION))
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What comes up below takes room, and must not cover what is being typed."""
        super().resizeEvent(event)
        self._keep_in_sight()

    def _follow(self, _left: QWidget | None, focus: QWidget | None) -> None:
        # Under a pressed mouse nothing moves: its release would miss the button.
        if self._is_typed_in(focus) and not QApplication.mouseButtons():
            self._reveal(focus, px(_AROUND))

    def _follow_typing(self) -> None:
        if isinstance(QApplication.focusWidget(), QPlainTextEdit):
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        focus = QApplication.focusWidget()
        if self._is_typed_in(focus):
            self._reveal(focus, px(_AROUND), self._asked_below(focus))

    def _asked_below(self, focus: QWidget) -> QWidget:
        """The last of what belongs to an editor: what its words tell is offered below it, with keys to be seen."""
        page = self._page
        is_told_in = page is not None and focus is page.narrative.words and page.needs.isVisibleTo(page)
        return page.needs if page is not None and is_told_in else focus

    def _is_typed_in(self, focus: QWidget | None) -> TypeGuard[QWidget]:
        return focus is not None and self._page is not None and self._page.isAncestorOf(focus)

    def _reveal(self, widget: QWidget, around: int, last: QWidget | None = None) -> None:
        """Qt's own way is content where the line with the cursor is in sight, and what is typed next is not."""
        page, room = self._page, self.viewport().height()
        if page is None:
            return
        if widget.height() > room:
            # Of all the questions, the page knows which one is meant.
            if isinstance(widget, QPlainTextEdit):
                self.ensureWidgetVisible(widget, 0, around)
            return
        begins = widget.mapTo(page, QPoint(0, 0)).y()
        ends = begins + widget.height()
        below = ends if last is None else last.mapTo(page, QPoint(0, last.height())).y()
        ends = below if below - begins <= room else ends
        around = min(around, (room - (ends - begins)) // 2)
        bar, top, bottom = self.verticalScrollBar(), begins - around, ends + around
        bar.setValue(min(max(bar.value(), bottom - room), top))

    def _reveal_question(self, box: QRect) -> None:
        if self._page is not None:
            place = self._page.screening.grid.mapTo(self._page, box.center())
            self.ensureVisible(place.x(), place.y(), 0, px(_AROUND_A_SECTION))
