"""Keys as they are printed on a keyboard."""

from typing import Final

_GLYPHS: Final = {
    "Return": "⏎",
    "Enter": "⏎",
    "Escape": "Esc",
    "Delete": "Del",
    "PgUp": "Page Up",
    "PgDown": "Page Down",
}


def cap(sequence: str) -> str:
    """What a hint shows for a key written the portable way: ``"Ctrl+Return"`` gives ``"Ctrl ⏎"``.

    The plus key itself stays: ``"Ctrl++"`` gives ``"Ctrl +"``.
    """
    parts = sequence.replace("++", "+plus").split("+") if sequence != "+" else ["plus"]
    named = (_GLYPHS.get(part, part) for part in parts)
    return " ".join("+" if part == "plus" else part for part in named if part)


def whole_cap(sequence: str) -> str:
    """The same in a text that goes over several lines: no line ends between the parts of a key."""
    return cap(sequence).replace(" ", "\N{NO-BREAK SPACE}")


def spoken(sequence: str) -> str:
    """What a screen reader says for the key: ``"Ctrl+Return"`` gives ``"Ctrl Return"``."""
    return sequence.replace("++", "+Plus").replace("+", " ").strip() or "Plus"
