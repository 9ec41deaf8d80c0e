"""The keys of the lead's page, and of any chart."""

from typing import Final

from console.look.keyboard import DIGIT, QT, TABLE_MOVES, Key, Part, line_part

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
        Key(("C",), "picture", "copy it as a picture, in the colours of paper"),
    ),
)
CHART_TABLE: Final = Part(
    "A chart's table",
    "",
    (
        TABLE_MOVES,
        Key(("Return",), "open", "the referrals behind the row"),
        Key(("T",), "table", "drawn again"),
    ),
)
FIGURE: Final = Part(
    "A figure of the lead's page",
    "",
    (
        Key(("Left", "Up"), "before", "the figure before", repeats=True),
        Key(("Right", "Down"), "next", "the next figure", repeats=True),
        Key(("Return",), "open", "the referrals behind it"),
        Key(("W",), "weeks", "its weeks, in the chart below"),
        Key(("?",), "define", "what it means, from when to when it counts, and what is missing"),
        Key(("T",), "table", "every measure as a table"),
    ),
)
FIGURE_TABLE: Final = Part(
    "Every measure",
    "",
    (
        TABLE_MOVES,
        Key(("Return",), "open", "the referrals behind the row"),
        Key(("W",), "weeks", "its weeks, in the chart below"),
        Key(("?",), "define", "what it means"),
        Key(("T",), "table", "the figures again"),
    ),
)
BEHIND: Final = Part(
    "The referrals behind a figure",
    "",
    (
        TABLE_MOVES,
        Key(("Return",), "open", "go to it on the board; to that moment in the replay once it has left the board"),
        Key(("R",), "replay", "the replay at the moment at which it was received"),
    ),
)
LEAD_USUAL: Final = line_part(
    "From when on something else is usual", "set it, for the measure that is named", "leave it as it is"
)
WHAT_IF: Final = Part(
    "What if",
    "",
    (
        Key(
            ("Left", "Right", "Home", "End", "Shift+Left", "Shift+Right", "Shift+Home", "Shift+End"),
            QT,
            "from hour to hour; with Shift over several",
        ),
        Key((DIGIT, "0"), "set", "so many vans in these hours"),
        Key(("+", "="), "more", "a van more", repeats=True),
        Key(("-",), "fewer", "a van fewer", repeats=True),
        Key(("Delete", "Backspace"), "clear", "as it was"),
        Key(("N",), "stretches", "nights, days, or whole days"),
        Key(("D",), "which", "every one, or some days of the week"),
        Key(("W",), "weeks", "how many weeks back"),
        Key(("Return",), "ask", "replay them with these vans"),
        Key(("T",), "table", "what was asked, as a table"),
    ),
)
WHAT_IF_TABLE: Final = Part(
    "What if, as a table",
    "",
    (
        TABLE_MOVES,
        Key(("T",), "table", "the hours again"),
    ),
)
LEAD_RANGE: Final = line_part("From and until", "show these days", "leave the days as they are")
LEAD: Final = Part(
    "The lead's page, everywhere",
    "",
    (
        Key(("Alt+1",), "tonight", "tonight, 19:00 to 07:00; by day, the last night"),
        Key(("Alt+2",), "today", "today"),
        Key(("Alt+3",), "week", "7 days"),
        Key(("Alt+4",), "month", "28 days"),
        Key(("Alt+5",), "range", "any days"),
        Key(("Alt+C",), "cut", "which referrals: priorities, sources, towns, hours, vans"),
        Key(("F2",), "figures", "the figures"),
        Key(("F3",), "waits", "how long people waited"),
        Key(("F4",), "demand", "demand by hour"),
        Key(("F6",), "ends", "how it ended"),
        Key(("F7",), "vans", "the vans' day"),
        Key(("F8",), "weeks", "week by week"),
        Key(("Alt+U",), "usual", "what is usual begins anew, for the measure that is shown week by week"),
        Key(("F10",), "what if", "past nights replayed with other vans"),
        Key(("F9",), "behind", "the referrals behind a figure, while they are open"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+P",), "report", "a report of these days, or one referral's record, as files"),
        Key(("Ctrl+C",), "copy", "copy the table of what has the keyboard"),
        Key(("Ctrl+Shift+W",), "review", "what is to be reviewed"),
        Key(("Ctrl+Shift+V",), "voices", "what people said, and what became of it"),
        Key(("Ctrl+Shift+H",), "room", "handing over the room"),
        Key(("F11",), "wall", "the wall, for a second screen"),
        Key(("Escape",), "leave", "stop reading; give a report up; close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
LEAD_PARTS: Final = (
    *(LEAD, LEAD_RANGE, LEAD_USUAL, FIGURE, FIGURE_TABLE, CHART, CHART_TABLE, WHAT_IF, WHAT_IF_TABLE, BEHIND),
)
"""All of them, as the page of keys shows them."""
