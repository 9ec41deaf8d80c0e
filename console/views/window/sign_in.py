"""Connect and sign in: what is being tried, why it did not work, and what to type."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.look.buttons import ActionButton
from console.look.hints import hint
from console.look.layouts import nest
from console.look.panel import MessageBar
from console.look.style import mark, px
from console.running.remembered import Remembered
from db.addresses import Address, as_typed, read_typed
from db.errors import NotAllowed, RecordError


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """What was typed: a hosted record, or None for the one on this computer.

    Attributes:
        remembers: it is to be remembered, or not any more; None where that is not offered.
    """

    url: Address | None
    remembers: bool | None = None


class SignIn(QWidget):
    """The first page. It stays until the record answers."""

    chosen = Signal(object)
    """A :class:`ServerChoice`."""
    forgotten = Signal()
    """Nobody is to be remembered any more."""
    left = Signal()
    """The person closes the console instead."""

    def __init__(self, url: Address | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._configured = url
        self._server = self._line("Server", as_typed(url), "db.trust.example:5432/cru")
        self._user = self._line("User name", (url.username if url is not None else "") or "", "a.shah")
        self._password = self._line("Password", "", "")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._remember = QCheckBox("Remember me on this computer", self)
        self._forget = ActionButton("Forget me", "", "quiet", self)
        self._remember.hide()
        self._forget.hide()
        self._filled: Remembered | None = None
        self._message = MessageBar(self)
        self._sign_in = ActionButton("Sign in", "Return", "primary", self)
        self._local = ActionButton("Use this computer's own record", "", "secondary", self)
        self._lay_out()
        self._sign_in.clicked.connect(self._choose)
        self._local.clicked.connect(lambda: self.chosen.emit(ServerChoice(None)))
        for line in (self._server, self._user, self._password):
            line.returnPressed.connect(self._choose)
        self._forget.clicked.connect(self._forget_me)
        for line in (self._server, self._user):
            line.textEdited.connect(self._empty_password)

    def _line(self, name: str, text: str, example: str) -> QLineEdit:
        line = QLineEdit(text, self)
        line.setAccessibleName(name)
        hint(line, example)
        return line

    def _lay_out(self) -> None:
        card = QFrame(self)
        mark(card, role="panel")
        card.setFixedWidth(px(460))
        title = QLabel("CRU console", card)
        mark(title, role="title")
        form = QFormLayout()
        form.addRow("&Server", self._server)
        form.addRow("&User name", self._user)
        form.addRow("&Password", self._password)
        keeping = QHBoxLayout()
        keeping.addWidget(self._remember, 1)
        keeping.addWidget(self._forget)
        buttons = QHBoxLayout()
        buttons.addWidget(self._sign_in)
        buttons.addWidget(self._local)
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(14))
        column.addWidget(title)
        nest(column, form)
        nest(column, keeping)
        column.addWidget(self._message)
        nest(column, buttons)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def focus_first_empty(self) -> None:
        """Put the keyboard where something is missing."""
        lines = (self._server, self._user, self._password)
        next((line for line in lines if not line.text()), self._server).setFocus()

    def offer(self, one: Remembered | None) -> None:
        """Offer to remember whoever signs in, and fill in who is remembered, unless somebody types already."""
        self._remember.show()
        untouched = not self._password.text() and self._server.text() == as_typed(self._configured)
        # A password goes nowhere but to the server that it was typed for.
        fits = one is not None and (self._configured is None or as_typed(self._configured) == one.server)
        if one is None or not (untouched and fits):
            return
        self._server.setText(one.server)
        self._user.setText(one.user)
        self._password.setText(one.password)
        self._filled = one
        self._remember.setChecked(True)
        self._forget.show()
        self._sign_in.setFocus()

    def _forget_me(self) -> None:
        self._show_forgotten()
        self.focus_first_empty()
        self.forgotten.emit()

    def _show_forgotten(self) -> None:
        self._empty_password()
        self._remember.setChecked(False)
        self._forget.hide()

    def _empty_password(self) -> None:
        """What was remembered is for that server and that person alone."""
        if self._filled is not None and self._password.text() == self._filled.password:
            self._password.clear()
        self._filled = None

    def say_trying(self, where: str) -> None:
        """Say what is being done now."""
        self._sign_in.setEnabled(False)
        self._message.say("info", f"Connecting to {where}…")

    def say_refused(self, error: RecordError) -> None:
        """Say why it did not work, and what to do."""
        self._sign_in.setEnabled(True)
        self._message.say("late", error.sentence, error.next_step)
        if self._filled is not None and isinstance(error, NotAllowed):
            # It may have been changed since: it is not kept (``Remembering.refused``).
            self._show_forgotten()
            return
        # What is typed next replaces it.
        self._password.selectAll()

    def _choose(self) -> None:
        try:
            url = read_typed(self._server.text(), self._user.text(), self._password.text(), self._configured)
        except RecordError as error:
            self.say_refused(error)
            return
        self.chosen.emit(ServerChoice(url, None if self._remember.isHidden() else self._remember.isChecked()))
