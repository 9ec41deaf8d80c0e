"""The keys of the list of vans, and of the sheets in it."""

from typing import Final

from console.look.keyboard import ROW_MOVES, Key, Part

VAN: Final = Part(
    "A van",
    "the van in the row",
    (
        *ROW_MOVES,
        Key(("V",), "allocate", "allocate it to the selected referral"),
        Key(("D",), "duty", "on duty, or off duty", sends=True),
        Key(("B",), "back available", "back available", sends=True),
        Key(("M",), "meal break", "meal break"),
        Key(("O",), "out of service", "out of service"),
        Key(("E",), "emergency", "emergency; a second E raises it", sends=True),
        Key(("C",), "clear emergency", "clear the emergency", sends=True),
        Key(("W",), "crew well", "the crew was heard by radio, and all is well", sends=True),
        Key(("Shift+W",), "heard otherwise", "the same by telephone, in person, or by somebody else"),
        Key(("Return", "="), "map", "show it on the map"),
        Key(("Menu",), "menu", "what may be done with it"),
        Key(("Escape",), "let go", "let it go"),
    ),
)
VAN_SHEET: Final = Part(
    "A van's sheet",
    "the van in its title",
    (
        Key(("Return", "Ctrl+Return"), "go", "do it", sends=True),
        Key(("Escape",), "leave", "close it; what was typed stays"),
    ),
)
