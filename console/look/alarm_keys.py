"""The keys of the window of alarms."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

ALARMS_WINDOW: Final = Part(
    "Alarms, everywhere",
    "",
    (
        Key(("Ctrl+F",), "search", "look for words in them"),
        Key(("F5",), "refresh", "read them again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
ALARM_LINE: Final = Part(
    "An alarm in the list",
    "the alarm in the row",
    (
        LIST_MOVES,
        Key(("Return",), "go", "show the referral or van that it is about"),
        Key(("A",), "acknowledge", "acknowledge it, by your name", sends=True),
        Key(("R",), "rest", "shift lead: let it rest until a time, with a reason; or end its rest", sends=True),
    ),
)
ALARM_PARTS: Final = (ALARMS_WINDOW, ALARM_LINE)
"""All of them, as the page of keys shows them."""
