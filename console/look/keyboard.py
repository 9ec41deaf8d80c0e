"""The keyboard model: parts of the desk, the keys that each owns, and how a key press finds what it does.

Which keys there are is data, in ``key_table``. A part binds its keys with :class:`Hands`, which refuses a table
and a program that do not agree. A key that a focused part does not own does nothing: it never falls through to
what lies around that part. Only Escape goes on outwards: it closes the topmost thing wherever the keyboard is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console.look.own_keys import OWN_KEYS

LETTER: Final = "A–Z"
DIGIT: Final = "1–9"
QT: Final = "qt"
"""What Qt's own widget does with the key: move a bar, type a letter."""
_MODIFIERS: Final = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
# Without Shift, which is part of what a sign prints.
_CHORD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
# Qt's portable names are short; the table has those that people read. Enter of the number pad is Return.
_LONG: Final = {"Esc": "Escape", "Del": "Delete", "Ins": "Insert", "Enter": "Return", "Backtab": "Tab"}


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that do the same.

    Attributes:
        names: the portable way, such as ``"Return"`` or ``"Ctrl+N"``; ``LETTER`` and ``DIGIT`` stand for a family.
        does: the name by which the program binds it; ``QT`` for what the widget does by itself.
        words: what it does, for whoever reads the page of keys.
        sends: whether a command may go to the record by it.
        repeats: whether holding it down does it again.
    """

    names: tuple[str, ...]
    does: str
    words: str
    sends: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can have the keyboard.

    Attributes:
        title: as people call it.
        about: what a command from here acts on; empty where none can go out.
        keys: what it owns.
        typing: whether what is typed goes into its text.
    """

    title: str
    about: str
    keys: tuple[Key, ...]
    typing: bool = False

    def find(self, name: str) -> Key | None:
        """What a pressed key is here; one that is named goes before its family."""
        return self.find_as_came(OWN_KEYS.meant(self.title, name))

    def find_as_came(self, name: str) -> Key | None:
        """The key of that name, as the table came."""
        for wanted in (name, *_families(name)):
            for key in self.keys:
                if wanted in key.names:
                    return key
        return None

    def key(self, does: str) -> str:
        """The first key of an act, for buttons and hints.

        Raises:
            KeyError: no key of this part does it.
        """
        for key in self.keys:
            if key.does == does:
                return OWN_KEYS.shown(self.title, key.names[0])
        raise KeyError(does)

    def names_of(self, key: Key) -> tuple[str, ...]:
        """The keys that do what one of the table does, as they are now."""
        return tuple(OWN_KEYS.shown(self.title, name) for name in key.names)

    def acts(self) -> frozenset[str]:
        """What the program has to bind."""
        return frozenset(key.does for key in self.keys if key.does != QT)


LIST_MOVES: Final = Key(("Up", "Down", "PgUp", "PgDown", "Home", "End"), QT, "move")
"""What Qt moves by in a list."""
TABLE_MOVES: Final = Key((*LIST_MOVES.names, "Left", "Right"), QT, "move")
"""The same in a table, from cell to cell."""
ROW_MOVES: Final = (
    Key(("Up", "Down", "PgUp", "PgDown"), QT, "move"),
    Key(("Home",), "first", "the first row", repeats=True),
    Key(("End",), "last", "the last row", repeats=True),
)
"""The same in a list with headings, whose ends are rows of it."""


def line_part(title: str, go: str, leave: str) -> Part:
    """A line of text that one key ends and another leaves: what each does, in words."""
    return Part(title, "", (Key(("Return",), "go", go), Key(("Escape",), "leave", leave)), typing=True)


def _families(name: str) -> Iterator[str]:
    if len(name) == 1 and name.isalpha():
        yield LETTER
    if len(name) == 1 and name.isdigit() and name != "0":
        yield DIGIT


def name_of(event: QKeyEvent) -> str:
    """The pressed key as the table names it; empty for a modifier alone.

    A sign is what it prints, so that it is found on every layout; a letter says whether Shift was held.
    """
    if event.key() in _MODIFIERS:
        return ""
    text, held = event.text(), event.modifiers()
    if not held & _CHORD and len(text) == 1 and text.isprintable() and not text.isspace():
        shifted = text.isalpha() and bool(held & Qt.KeyboardModifier.ShiftModifier)
        return f"Shift+{text.upper()}" if shifted else text.upper()
    # The keys of the number pad are the same keys.
    together = QKeyCombination(held & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key()))
    name = QKeySequence(together).toString(QKeySequence.SequenceFormat.PortableText)
    held_down, plus, last = name.rpartition("+")
    return f"{held_down}{plus}{_LONG.get(last, last)}"


class Hands:
    """A part's keys, bound to what they do."""

    def __init__(
        self,
        part: Part,
        does: Mapping[str, Callable[[], object]],
        told: Mapping[str, Callable[[str], object]] = MappingProxyType({}),
    ) -> None:
        """Bind them.

        Args:
            part: the table.
            does: what each act does.
            told: those that want to know which key it was.

        Raises:
            ValueError: an act of the table is not bound, or one is bound that the table does not know.
        """
        # At the start and not at the press: a key on the page of keys that does nothing is a promise broken at
        # night.
        if odd := part.acts() ^ (does.keys() | told.keys()):
            raise ValueError(f"{part.title}: bound and listed differ in {', '.join(sorted(odd))}")
        self.part = part
        self._does = does
        self._told = told

    def do(self, name: str) -> bool:
        """Do what a key does here; whether it does anything."""
        key = self.part.find(name)
        if key is None or key.does == QT:
            return False
        self._act(key.does, name)
        return True

    def _act(self, act: str, name: str) -> None:
        if act in self._told:
            self._told[act](OWN_KEYS.meant(self.part.title, name))
        else:
            self._does[act]()

    def owns(self, event: QKeyEvent) -> bool:
        """Whether the pressed key is bound here."""
        key = self.part.find(name_of(event))
        return key is not None and key.does != QT

    def take(self, event: QKeyEvent) -> bool:
        """Do what the pressed key does here and let it go no further.

        Returns:
            Whether that was all: False for what Qt's own widget does with it, as with anything that is typed.
        """
        name = name_of(event)
        key = self.part.find(name)
        if key is not None and key.does != QT:
            event.accept()
            # A key that somebody leans on must not send again and again.
            if key.repeats or not event.isAutoRepeat():
                self._act(key.does, name)
            return True
        # Left to Qt's widget: it moves its bar or types the letter.
        if key is not None or self.part.typing:
            return False
        fence(event)
        return True


def fence(event: QKeyEvent) -> None:
    """Let a key go no further, unless it is the one that closes the topmost thing."""
    event.setAccepted(event.key() != Qt.Key.Key_Escape)


def bind_chords(hands: Hands, owner: QWidget, context: Qt.ShortcutContext) -> "Chords":
    """Bind a part's keys as shortcuts, which go before what the focused widget makes of them.

    For keys that nobody types: a bare letter, digit or Enter belongs to what has the focus.
    """
    return Chords(hands, owner, context)


class Chords(QObject):
    """The shortcuts of a part, made anew when somebody takes another key."""

    def __init__(self, hands: Hands, owner: QWidget, context: Qt.ShortcutContext) -> None:
        super().__init__(owner)
        self._hands, self._owner, self._context = hands, owner, context
        self._bound: list[QShortcut] = []
        self._on = True
        self.bind()
        OWN_KEYS.changed.connect(self.bind)

    def bind(self) -> None:
        """Bind the keys that are in force."""
        for gone in self._bound:
            gone.setEnabled(False)
            gone.deleteLater()
        part = self._hands.part
        names = [(key, name) for key in part.keys if key.does != QT for name in part.names_of(key)]
        self._bound = [shortcut for key, name in names for shortcut in self._shortcuts(key, name)]
        self.set_enabled(self._on)

    def set_enabled(self, on: bool) -> None:
        """Let the keys do what they do, or nothing."""
        self._on = on
        for shortcut in self._bound:
            shortcut.setEnabled(on)

    def _shortcuts(self, key: Key, name: str) -> Iterator[QShortcut]:
        # For shortcuts Qt tells the two Enter keys apart.
        for each in (name, name.replace("Return", "Enter")) if "Return" in name else (name,):
            shortcut = QShortcut(QKeySequence(each), self._owner)
            shortcut.setContext(self._context)
            shortcut.setAutoRepeat(key.repeats)
            shortcut.activated.connect(lambda name=name: self._hands.do(name))
            yield shortcut
