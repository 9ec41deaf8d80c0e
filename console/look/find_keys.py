"""The keys of looking things up over years, and of an old record."""

from typing import Final

from console.look.keyboard import LIST_MOVES, QT, Key, Part

FIND_WINDOW: Final = Part(
    "Look up, everywhere",
    "",
    (
        Key(("Ctrl+F",), "search", "what is looked for"),
        Key(("F3",), "lines", "what was found"),
        Key(("Escape", "Ctrl+W"), "close", "close the window"),
    ),
)
FIND_WORDS: Final = Part(
    "What is looked for",
    "",
    (
        Key(("Return",), "find", "look for it; once found, into the lines"),
        Key(("Down",), "lines", "what was found"),
    ),
    typing=True,
)
FIND_LINE: Final = Part(
    "A line that was found",
    "the referral in the row",
    (
        LIST_MOVES,
        Key(("Return",), "open", "show it on the desk; once it has left the board, its whole record, to read"),
        Key(("R",), "replay", "shift lead: the replay at the moment at which it was received"),
        Key(("P",), "person", "the whole record of its person: give out, correct, erase"),
        Key(("O",), "older", "those before the last line"),
    ),
)
RECORD_WINDOW: Final = Part(
    "An old record",
    "",
    (
        Key(("Up", "Down", "PgUp", "PgDown", "Home", "End"), QT, "scroll"),
        Key(("Escape", "Ctrl+W"), "close", "close the window"),
    ),
)
FIND_PARTS: Final = (FIND_WINDOW, FIND_WORDS, FIND_LINE, RECORD_WINDOW)
"""All of them, as the page of keys shows them."""
