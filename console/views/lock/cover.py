"""What lies over each window while the console is locked; over that of the desk, where the password is typed."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.keyboard import Hands
from console.look.lock_keys import LOCKED
from console.look.panel import MessageBar
from console.look.style import mark, px
from console.look.tabbing import walk

TITLE: Final = "Locked"
ELSEWHERE: Final = "Locked. The password is typed in the window of the desk."
NOT_ASKED: Final = "This record has no password of yours: Return unlocks."


@guarded
class LockCover(QFrame):
    """Hides a whole window, and lets no key and no click through to what lies under it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._under = window
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(TITLE)
        self._column = QVBoxLayout(self)
        self._fill()
        window.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()

    def _fill(self) -> None:
        words = QLabel(ELSEWHERE, self)
        words.setWordWrap(True)
        mark(words, role="title")
        self._column.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)

    def _place(self) -> None:
        self.setGeometry(self._under.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window, and on top of what comes into it."""
        if watched is self._under and event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self._place()
            self.raise_()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """No shortcut of the window acts while it is covered."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes through."""
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays here."""
        return walk(self, forward=forward)


@guarded
class LockPage(LockCover):
    """Over the window of the desk: who locked it, how many alarms wait, and where the password is typed."""

    def __init__(self, window: QWidget, who: str, *, asks: bool, does: Mapping[str, Callable[[], object]]) -> None:
        """LockCover the window.

        Args:
            window: of the desk.
            who: locked it, as people read it.
            asks: whether there is a password to be typed.
            does: what "unlock" and "over" do.
        """
        self._who, self._asks, self._does = who, asks, does
        super().__init__(window)
        self.password.setFocus()

    def _fill(self) -> None:
        card = QFrame(self)
        mark(card, role="panel")
        card.setFixedWidth(px(460))
        title, who = QLabel(TITLE, card), QLabel(f"{self._who} is signed in.", card)
        mark(title, role="title")
        self.alarms, self.message = QLabel(card), MessageBar(card)
        self.alarms.setAccessibleName("Alarms")
        self.password = PasswordLine(self._does, card)
        unlock = ActionButton("Unlock", LOCKED.key("unlock"), "primary", card)
        over = ActionButton("Somebody else takes over", LOCKED.key("over"), "secondary", card)
        unlock.clicked.connect(self._does["unlock"])
        over.clicked.connect(self._does["over"])
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(14))
        for widget in (title, who, self.alarms, self.password, self.message, unlock, over):
            column.addWidget(widget)
        if not self._asks:
            self.message.say("info", NOT_ASKED)
        self._column.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere leaves the keyboard where the password is typed."""
        event.accept()
        self.password.setFocus()

    def tell(self, alarms: int) -> None:
        """Say how many alarms nobody has answered: the number alone."""
        words = "No alarm waits." if not alarms else f"▲ {alarms} alarm{'s wait' if alarms > 1 else ' waits'}"
        self.alarms.setText(words)
        mark(self.alarms, tone="late" if alarms else "dim")


@guarded
class PasswordLine(QLineEdit):
    """Where the password is typed."""

    def __init__(self, does: Mapping[str, Callable[[], object]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName("Password")
        show_hint(self, "Password")
        self._hands = Hands(LOCKED, does)

    def event(self, event: QEvent) -> bool:
        """No shortcut of the window acts while it is covered: each key is this line's, or nobody's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return unlocks; the rest is typed."""
        if not self._hands.take(event):
            super().keyPressEvent(event)
