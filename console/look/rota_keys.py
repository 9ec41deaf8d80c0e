"""The keys of the rota: of its window, and of the week that is drawn in it."""

from typing import Final

from console.look.keyboard import DIGIT, LIST_MOVES, TABLE_MOVES, Key, Part

ROTA: Final = Part(
    "The week of the rota",
    "the shift that the ring is on",
    (
        Key(("Left",), "before", "the shift before, or the day without one", repeats=True),
        Key(("Right",), "next", "the next one", repeats=True),
        Key(("Up",), "up", "the van above, or the person", repeats=True),
        Key(("Down",), "down", "the one below", repeats=True),
        Key(("PgUp",), "week before", "the week before", repeats=True),
        Key(("PgDown",), "week after", "the week after", repeats=True),
        Key(("Home",), "now", "this week"),
        Key(("Return",), "edit", "change it; who rides in a van that is on duty"),
        Key(("N",), "new", "a new shift on that day"),
        Key(("D",), "copy", "the same shift a day later", sends=True),
        Key(("Ctrl+D",), "copy week", "plan the week after as this one; once more does it", sends=True),
        Key(("S",), "swap", "somebody else from a time on"),
        Key(("Delete",), "cancel", "cancel it; a second Delete does it", sends=True),
        Key(("W",), "wanted", "how many vans are wanted from that hour on"),
        Key(("Alt+Left",), "earlier", "half an hour earlier", sends=True, repeats=True),
        Key(("Alt+Right",), "later", "half an hour later", sends=True, repeats=True),
        Key(("Alt+Up",), "lift", "to the van above", sends=True),
        Key(("Alt+Down",), "lower", "to the van below", sends=True),
    ),
)
ROTA_WINDOW: Final = Part(
    "The rota, everywhere",
    "the week in its heading",
    (
        Key(("F2",), "week", "the week"),
        Key(("F3",), "people", "by person, or by van"),
        Key(("F4",), "table", "as a table, or drawn"),
        Key(("F5",), "refresh", "read it again"),
        Key(("F6",), "matters", "what is to be put right"),
        Key(
            ("Ctrl+Return",),
            "publish",
            "tell those who ride what is planned; what is typed in a sheet goes first",
            sends=True,
        ),
        Key(("Ctrl+I",), "import", "import a rota from a CSV or XLSX file"),
        Key(("Ctrl+P",), "print", "a page of the week to print, as a PDF"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
MATTERS: Final = Part(
    "What is to be put right",
    "",
    (
        LIST_MOVES,
        Key(("Return",), "go", "go to that shift"),
    ),
)
IMPORT_ROWS: Final = Part(
    "What a file would do",
    "the row of the file",
    (
        LIST_MOVES,
        Key((DIGIT,), "settle", "that is meant"),
        Key(("Delete",), "leave out", "leave the row out, or take it after all"),
    ),
)
FLEET: Final = Part(
    "Vans and staff",
    "the van or the person in the row",
    (
        TABLE_MOVES,
        Key(("Return",), "edit", "change it"),
        Key(("N",), "new", "a new one"),
        Key(("Delete",), "retire", "out of the service, or back; a second Delete does it", sends=True),
    ),
)
DEVICES: Final = Part(
    "Devices",
    "the tracker in the row",
    (
        TABLE_MOVES,
        Key(("Return",), "move", "it is in another van from now on"),
        Key(("N",), "give", "give a van a new one; its token is shown once"),
        Key(("R",), "rename", "it calls itself something else from now on"),
        Key(("T",), "token", "a new token; the old one ends at once"),
        Key(("Delete",), "switch", "off, or on again; a second Delete does it", sends=True),
    ),
)
SETTINGS: Final = Part(
    "Settings",
    "the setting in the row",
    (
        TABLE_MOVES,
        Key(("Return",), "edit", "set another value"),
    ),
)
KEPT_LIST: Final = Part(
    "A list in the settings",
    "the row of the list",
    (
        TABLE_MOVES,
        Key(("Return",), "edit", "change it"),
        Key(("N",), "new", "a new row"),
        Key(("Delete",), "retire", "out of use, or back; a second Delete does it", sends=True),
    ),
)
WHICH_LIST: Final = Part(
    "Which settings",
    "what is shown beside it",
    (
        LIST_MOVES,
        Key(("Return",), "go", "into it"),
    ),
)
SETTINGS_WINDOW: Final = Part(
    "Settings, everywhere",
    "",
    (
        Key(("F2",), "lists", "which settings"),
        Key(("F3",), "rows", "what is in them"),
        Key(("F5",), "refresh", "read them again"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
FLEET_WINDOW: Final = Part(
    "Fleet and staff, everywhere",
    "",
    (
        Key(("F2",), "vans", "the vans"),
        Key(("F3",), "staff", "who works here"),
        Key(("F4",), "devices", "the trackers in the vans"),
        Key(("F5",), "refresh", "read it again"),
        Key(("Ctrl+I",), "import", "import a list of staff from a CSV or XLSX file"),
        Key(("Ctrl+C",), "copy", "copy the whole of it"),
        Key(("Escape",), "leave", "close what is open; then the window"),
        Key(("Ctrl+W",), "close", "close the window"),
    ),
)
ROTA_PARTS: Final = (
    *(ROTA_WINDOW, ROTA, MATTERS, IMPORT_ROWS, FLEET_WINDOW, FLEET, DEVICES),
    *(SETTINGS_WINDOW, WHICH_LIST, SETTINGS, KEPT_LIST),
)
"""All of them, as the page of keys shows them."""
