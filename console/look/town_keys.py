"""The keys of the table of towns, below the map."""

from typing import Final

from console.look.keyboard import TABLE_MOVES, Key, Part

TOWNS: Final = Part(
    "The towns, as a table",
    "",
    (
        TABLE_MOVES,
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("T", "Escape"), "leave", "put it away; back to the map"),
    ),
)
