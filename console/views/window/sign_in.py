"""Connect and sign in: what is being tried, why it did not work, and what to type."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from sqlalchemy import URL

from console.look.buttons import ActionButton
from console.look.hints import hint
from console.look.panel import MessageBar
from console.look.style import mark, px
from db.addresses import read_url, server_of
from db.errors import Invalid, RecordError

_ADDRESS = frozenset({"host", "port"})
_NO_ADDRESS = Invalid("That is no server address.", "Type it as host:port/database.")


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """What was typed: a hosted record, or None for the one on this computer."""

    url: URL | None


class SignIn(QWidget):
    """The first page. It stays until the record answers."""

    chosen = Signal(object)
    """A :class:`ServerChoice`."""
    left = Signal()
    """The person closes the console instead."""

    def __init__(self, url: URL | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._configured = url
        self._server = self._line("Server", _server_text(url), "db.trust.example:5432/cru")
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
            url = read_server(self._server.text(), self._user.text(), self._password.text(), self._configured)
        except RecordError as error:
            self.say_refused(error)
            return
        self.chosen.emit(ServerChoice(url))


def _server_text(url: URL | None) -> str:
    if url is None:
        return ""
    server = server_of(url)
    if server or "host" not in url.query:
        return f"{server}/{url.database or ''}"
    # A socket's folder can only be said in a whole address.
    where = {name: value for name, value in url.query.items() if name in _ADDRESS}
    return URL.create("postgresql", database=url.database, query=where).render_as_string()


def read_server(server: str, user: str, password: str, configured: URL | None = None) -> URL:
    """A URL from what was typed: ``host:port/database``, or a whole ``postgresql://`` address.

    Args:
        server: one host, or several with commas between: ``db1:5432,db2:5433/cru``.
        user: login.
        password: as typed.
        configured: the address of the settings; its ``sslmode``, certificates and the like are kept, unless
            others are typed.

    Raises:
        Invalid: it is no such address, or a part is missing.
    """
    text = server.strip()
    if not text or not user.strip():
        raise Invalid("The server or the user name is missing.", "Fill in both.")
    try:
        url = read_url(text if "://" in text else f"postgresql://{text}")
    except Invalid as error:
        raise _NO_ADDRESS from error
    if not url.host and "host" not in url.query:
        raise _NO_ADDRESS
    kept = {name: value for name, value in configured.query.items() if name not in _ADDRESS} if configured else {}
    url = url.set(username=user.strip(), password=password, database=url.database or "cru")
    return url.set(query=kept | dict(url.query))
