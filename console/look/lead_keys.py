"""The keys of the lead's page, and of any chart."""

from typing import Final

from console.look.keyboard import QT, Key, Part

CHART: Final = Part(
    "A chart",
    "",
    (
        Key(("Left",), "before", "the mark before", repeats=True),
        Key(("Right",), "next", "the next mark", repeats=True),
        Key(("Up",), "up", "to the row above", repeats=True),
        Key(("Down",), "down", "to the row below", repeats=True),
        Key(("Home",), "first", "the first mark of the row"),
        Key(("End",), "last", "the last mark of the row"),
        Key(("Return",), "open", "the referrals behind it"),
        Key(("T",), "table", "the same numbers as a table"),
    ),
)
CHART_TABLE: Final = Part(
    "A chart's table",
    "",
    (
        Key(("Up", "Down", "PgUp", "PgDown", "Home", "End", "Left", "Right"), QT, "move"),
        Key(("Return",), "open", "the referrals behind the row"),
        Key(("T",), "table", "drawn again"),
    ),
)
