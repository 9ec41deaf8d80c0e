"""The keys of the command line, and of the list of every word and key."""

from typing import Final

from console.look.keyboard import Key, Part

COMMAND: Final = Part(
    "The command line",
    "what is said above it",
    (
        Key(("Return",), "go", "do what is said above, or open what has to be asked", sends=True),
        Key(("Tab",), "next", "the next of what is offered, such as the next van", repeats=True),
        Key(("Shift+Tab",), "before", "the one before", repeats=True),
        Key(("Up",), "older", "the line before, of this session", repeats=True),
        Key(("Down",), "newer", "the line after it", repeats=True),
        Key(("Escape",), "leave", "put it away; what was typed stays"),
    ),
    typing=True,
)
WORDS: Final = Part(
    "Every word and key",
    "",
    (
        Key(("Up",), "up", "the line before", repeats=True),
        Key(("Down",), "down", "the next line", repeats=True),
        Key(("PgUp",), "page up", "a page up", repeats=True),
        Key(("PgDown",), "page down", "a page down", repeats=True),
        Key(("Return",), "go", "do it, or begin it in the command line"),
        Key(("Ctrl+Return",), "change", "another key for it; the next key that is pressed becomes it"),
        Key(("Ctrl+Delete",), "as it was", "the key that it came with"),
        Key(("Escape",), "leave", "close it"),
    ),
    typing=True,
)
COMMAND_PARTS: Final = (COMMAND, WORDS)
