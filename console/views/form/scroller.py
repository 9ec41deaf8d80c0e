"""The page in a scroll area that follows the focus."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from console.look.guard import guarded
from console.look.style import mark, px
from console.views.form.page import FormPage


@guarded
class Scroller(QScrollArea):
    """Shows a page, and brings what has the focus into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The page scrolls; what stands below it, such as the reasons for declining, must be whole.
        self.setMinimumHeight(px(24))
        self._page: FormPage | None = None

    def show_page(self, page: FormPage) -> None:
        """Show this page in place of the one before."""
        mark(page, role="page")
        self._page = page
        self.setWidget(page)
        page.screening.moved.connect(self._reveal_question)

    def focus_on(self, name: str) -> bool:
        """Give the focus to an editor by its name; whether there is such an editor."""
        editor = self._page.editors().get(name) if self._page else None
        if editor is None:
            return False
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(editor, 0, px(80))
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What comes up below takes room, and must not cover what is being typed."""
        super().resizeEvent(event)
        focus, page = QApplication.focusWidget(), self._page
        # Of what is taller than the room, such as all the questions, the page knows which part is meant.
        if focus is not None and page is not None and page.isAncestorOf(focus) and focus.height() < self.height():
            self.ensureWidgetVisible(focus, 0, px(8))

    def _reveal_question(self, box: QRect) -> None:
        if self._page is not None:
            place = self._page.screening.grid.mapTo(self._page, box.center())
            self.ensureVisible(place.x(), place.y(), 0, px(80))
