"""The keys of the timelines: the lanes, the line for a time to go to, and the table that says the same."""

from typing import Final

from console.look.keyboard import TABLE_MOVES, Key, Part, line_part

TIMELINES: Final = Part(
    "The timelines",
    "",
    (
        Key(("Up",), "before", "the lane above", repeats=True),
        Key(("Down",), "next", "the lane below", repeats=True),
        Key(("PgUp",), "page before", "a page up", repeats=True),
        Key(("PgDown",), "page next", "a page down", repeats=True),
        Key(("Left",), "earlier", "earlier", repeats=True),
        Key(("Right",), "later", "later", repeats=True),
        Key(("Ctrl+Left",), "thing before", "what was before it in the lane", repeats=True),
        Key(("Ctrl+Right",), "thing next", "what came next in the lane", repeats=True),
        Key(("+", "="), "in", "closer", repeats=True),
        Key(("-",), "out", "wider", repeats=True),
        Key(("Home",), "now", "back to now"),
        Key(("/",), "jump", "go to a time"),
        Key(("V",), "switch", "a lane a van, or a lane a referral"),
        Key(("T",), "table", "as a table, or drawn"),
        Key(("Return",), "open", "go to the selected referral"),
    ),
)
TIMELINE_TIME: Final = line_part("A time to go to on the timelines", "go there", "back to the lanes")
TIMELINE_TABLE: Final = Part(
    "The timelines as a table",
    "",
    (
        TABLE_MOVES,
        Key(("Return",), "open", "go to the referral in the row"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("T", "Escape"), "drawn", "drawn again"),
    ),
)
