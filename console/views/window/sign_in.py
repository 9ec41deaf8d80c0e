"""Connect and sign in: what is being tried, why it did not work, and what to type."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.hints import hint
from console.look.panel import MessageBar
from console.look.style import mark, px
from db.addresses import Address, as_typed, read_typed
from db.errors import RecordError


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """What was typed: a hosted record, or None for the one on this computer."""

    url: Address | None


class SignIn(QWidget):
    """The first page. It stays until the record answers."""

    chosen = Signal(object)
    """A :class:`ServerChoice`."""
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
        self._message = MessageBar(self)
        self._sign_in = ActionButton("Sign in", "Return", "primary", self)
        self._local = ActionButton("Use this computer's own record", "", "secondary", self)
        self._lay_out()
        self._sign_in.clicked.connect(self._choose)
        self._local.clicked.connect(lambda: self.chosen.emit(ServerChoice(None)))
        for line in (self._server, self._user, self._password):
            line.returnPressed.connect(self._choose)

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
        buttons = QHBoxLayout()
        buttons.addWidget(self._sign_in)
        buttons.addWidget(self._local)
        column = QVBoxLayout(card)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(14))
        column.addWidget(title)
        column.addLayout(form)
        column.addWidget(self._message)
        column.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def focus_first_empty(self) -> None:
        """Put the keyboard where something is missing."""
        lines = (self._server, self._user, self._password)
        next((line for line in lines if not line.text()), self._server).setFocus()

    def say_trying(self, where: str) -> None:
        """Say what is being done now."""
        self._sign_in.setEnabled(False)
        self._message.say("info", f"Connecting to {where}…")

    def say_refused(self, error: RecordError) -> None:
        """Say why it did not work, and what to do."""
        self._sign_in.setEnabled(True)
        self._message.say("late", error.sentence, error.next_step)
        # What is typed next replaces it.
        self._password.selectAll()

    def _choose(self) -> None:
        try:
            url = read_typed(self._server.text(), self._user.text(), self._password.text(), self._configured)
        except RecordError as error:
            self.say_refused(error)
            return
        self.chosen.emit(ServerChoice(url))
