"""Layouts for what somebody does in the room: a key each, from which everybody goes on to their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Profile:
    """A layout.

    Attributes:
        title: as the menu has it.
        hidden: the panels that are put away, by their names.
        timelines: which share of the height the timelines take below the map; None for the usual one.
        front: the panel that gets the keyboard.
    """

    title: str
    hidden: frozenset[str] = frozenset()
    timelines: float | None = None
    front: str = "board"


PLAIN: Final = Profile("Dispatcher")
"""What everybody has at first."""
PROFILES: Final[Mapping[str, Profile]] = {
    "layout call taker": Profile("Call taker", frozenset({"vans", "timelines"}), front="detail"),
    "layout dispatcher": PLAIN,
    "layout lead": Profile("Shift lead", frozenset({"detail"}), 0.6, "timelines"),
}
"""By the act of their key."""
