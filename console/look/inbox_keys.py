"""The keys of the inbox."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

INBOX_WINDOW: Final = Part(
    "The inbox, everywhere",
    "",
    (
        Key(("Ctrl+F",), "search", "look for words in it"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape", "Ctrl+W"), "close", "close the window"),
    ),
)
INBOX_LINE: Final = Part(
    "A line of the inbox",
    "the line in the row",
    (
        LIST_MOVES,
        Key(("Return",), "do", "see to it on the desk: its sheet is opened, and nothing is sent by that"),
        Key(("Space",), "go", "show the referral or van that it is about"),
        Key(
            ("A",),
            "acknowledge",
            "acknowledge the alarm, or say that you saw the message, by your name",
            sends=True,
        ),
    ),
)
INBOX_PARTS: Final = (INBOX_WINDOW, INBOX_LINE)
"""All of them, as the page of keys shows them."""
