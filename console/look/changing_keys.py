"""Whether a key may be put in another's place, and what it would collide with, in a sentence."""

from collections.abc import Iterator
from typing import Final

from console.look.key_table import DESK, EVERYWHERE, MAP, QUIET_NOTE, TABLE, UNDO
from console.look.keyboard import DIGIT, LETTER, QT, Key, Part
from console.look.keys import cap
from console.look.own_keys import OWN_KEYS

_CHORDS: Final = (EVERYWHERE, UNDO, QUIET_NOTE)
_FIXED: Final = frozenset({"Escape", "Tab", "Shift+Tab", "Backspace"})
_NEAR: Final = ("Always", "Panels", "Sheets and the form", "Over the desk")
"""The groups of parts in which a key from everywhere would go before the part's own."""


def may_change(part: Part, key: Key, came: str) -> bool:
    """Whether another key may be put in its place: not of a family, nor what Qt or the map's page does."""
    return key.does != QT and came not in (LETTER, DIGIT) and came not in _FIXED and part is not MAP


def objection(part: Part, came: str, new: str) -> str:
    """Why a key cannot stand for one of a part; empty where it can."""
    if new in _FIXED or not new:
        return f"{cap(new) or 'That'} stays what it is everywhere."
    if _is_typed(new) and (part in _CHORDS or part.typing):
        return f"{cap(new)} is typed here: take one with Ctrl or Alt, or an F key."
    for other, key, name in _taken(part):
        if name == new and (other.title, key) != (part.title, part.find_as_came(came)):
            return f"{cap(new)} is “{key.words}” already, in “{other.title}”."
    family = LETTER if new.isalpha() and len(new) == 1 else DIGIT if new.isdigit() and len(new) == 1 else ""
    if family and any(family in key.names for key in part.keys):
        return f"{cap(new)} belongs to what is listed there."
    return ""


def _is_typed(name: str) -> bool:
    return len(name) == 1 or (name.startswith("Shift+") and len(name) == len("Shift+") + 1) or name == "Space"


def _taken(part: Part) -> Iterator[tuple[Part, Key, str]]:
    """Every key that is in force where this one would be."""
    parts = [part, *_CHORDS] if part not in _CHORDS else [*(one for near in _NEAR for one in TABLE[near])]
    for one in dict.fromkeys((*parts, DESK)):
        for key in one.keys:
            for name in key.names:
                yield one, key, OWN_KEYS.shown(one.title, name)
