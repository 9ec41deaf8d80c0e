"""The keys of the wall, of which there are few: nobody sits before it."""

from typing import Final

from console.look.keyboard import LIST_MOVES, Key, Part

WALL: Final = Part(
    "The wall",
    "",
    (
        Key(("T",), "table", "as a table, or as the picture"),
        Key(("F11",), "full", "over the whole screen, or not"),
    ),
)
WALL_LINE: Final = Part(
    "The wall as a table",
    "",
    (
        LIST_MOVES,
        Key(("T",), "picture", "the picture again"),
    ),
)
WALL_WINDOW: Final = Part(
    "The wall beside the desk, everywhere",
    "",
    (Key(("Escape", "Ctrl+W"), "close", "close the window"),),
)
WALL_PARTS: Final = (WALL, WALL_LINE, WALL_WINDOW)
"""All of them, as the page of keys shows them."""
