"""The keys of the shift log and of the handover of the room."""

from typing import Final

from console.look.keyboard import QT, Key, Part

_MOVES: Final = Key(("Up", "Down", "PgUp", "PgDown", "Home", "End"), QT, "move")

LOG_WINDOW: Final = Part(
    "The shift log, everywhere",
    "the entry that is typed",
    (
        Key(("Ctrl+Return",), "write", "write the entry into the log", sends=True),
        Key(("Ctrl+F",), "search", "look for words in it"),
        Key(("F2",), "new", "what is written next"),
        Key(("F3",), "entries", "the entries"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "no correction after all; then close the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
LOG_ENTRY: Final = Part(
    "An entry of the shift log",
    "the entry in the row",
    (
        _MOVES,
        Key(("Return",), "go", "show the referral or van that it is about"),
        Key(("C",), "correct", "correct it: another entry that takes its place"),
        Key(("P",), "pass on", "tell the next shift, or not after all", sends=True),
    ),
)
ROOM_WINDOW: Final = Part(
    "Handing over the room, everywhere",
    "the room as it is listed",
    (
        Key(("Ctrl+Return",), "go on", "offer the room; or take it, when each risk is signed", sends=True),
        Key(("F2",), "lines", "what is handed over"),
        Key(("F3",), "notes", "the notes for the next shift"),
        Key(("F4",), "earlier", "how it was handed over before, or now again"),
        Key(("Alt+W",), "withdraw", "withdraw what is offered", sends=True),
        Key(("Ctrl+P",), "print", "print it, or keep it as a PDF"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape", "Ctrl+W"), "close", "close the window; the notes stay"),
    ),
)
ROOM_LINE: Final = Part(
    "A line that is handed over",
    "the line",
    (
        _MOVES,
        Key(("Return",), "go", "show the referral or van that it is about"),
        Key(("S",), "sign", "sign it, with the remark that is typed", sends=True),
    ),
)
