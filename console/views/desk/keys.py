"""Every key on one page (F1)."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.painted import KeyHint
from console.look.style import mark, px

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Everywhere",
        (
            ("Ctrl+N", "New referral"),
            ("Ctrl+Shift+N", "Go on with a referral that was put aside"),
            ("Ctrl+F", "Filter the board"),
            ("F2", "Referrals"),
            ("F3", "Vans"),
            ("F4", "Map"),
            ("F5", "Handover timelines"),
            ("F6", "The selected referral"),
            ("Shift+F2", "to Shift F6: tear that panel off, or put it back"),
            ("F8", "Answer what is offered: a van seems to be on scene"),
            ("F9", "Acknowledge the next alarm"),
            ("Ctrl+H", "Hide names and addresses, or show them again"),
            ("F10", "Menu: panels, theme, text size"),
            ("Ctrl+R", "Shift lead: replay a past day"),
            ("Ctrl+Shift+P", "Shift lead: refused positions"),
            ("F1", "This page"),
        ),
    ),
    (
        "On a referral",
        (
            ("Return", "The usual next step"),
            ("A", "Allocate a van"),
            ("R", "Refuse the handover"),
            ("Ctrl+Return", "Add the note"),
            ("Esc", "Close the sheet; what was typed stays"),
        ),
    ),
    (
        "On the map and the timelines",
        (
            ("M", "Hold the view, or let it go"),
            ("F", "Follow the selected van"),
            ("0", "Show everybody"),
            ("Home", "Timelines: back to now"),
        ),
    ),
)


@guarded
class KeysPage(QFrame):
    """A sheet over the desk; any key closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = parent
        mark(self, role="panel")
        self.setAccessibleName("Keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(28), px(20), px(28), px(24))
        for title, keys in KEYS:
            heading = QLabel(title, self)
            mark(heading, role="heading")
            column.addWidget(heading)
            column.addLayout(self._table(keys))
        self.hide()

    def _table(self, keys: tuple[tuple[str, str], ...]) -> QGridLayout:
        table = QGridLayout()
        table.setColumnStretch(1, 1)
        for row, (key, meaning) in enumerate(keys):
            table.addWidget(KeyHint(key, parent=self), row, 0, Qt.AlignmentFlag.AlignLeft)
            table.addWidget(QLabel(meaning, self), row, 1)
        return table

    def toggle(self) -> None:
        """Show or hide the page."""
        self.setVisible(not self.isVisible())
        if self.isVisible():
            self.place(self._desk.rect())
            self.raise_()
            self.setFocus()

    def place(self, inside: QRect) -> None:
        """Stand in the middle of a rectangle."""
        size = self.sizeHint().expandedTo(self.minimumSizeHint())
        self.setGeometry(
            inside.center().x() - size.width() // 2,
            max(0, inside.center().y() - size.height() // 2),
            size.width(),
            size.height(),
        )

    def keyPressEvent(self, _event: QKeyEvent) -> None:
        """Close on any key."""
        self.hide()
