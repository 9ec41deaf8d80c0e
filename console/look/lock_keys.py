"""The keys of a console that is locked."""

from typing import Final

from console.look.keyboard import QT, Key, Part

LOCKED: Final = Part(
    "A locked console",
    "",
    (
        Key(("Return",), "unlock", "unlock it, with the password of whoever locked it"),
        Key(("Tab", "Shift+Tab"), QT, "from the password to the button, and back"),
        Key(("Alt+O",), "over", "somebody else takes over: sign out; the layout stays"),
    ),
    typing=True,
)
