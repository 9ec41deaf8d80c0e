"""The small widgets of the console, under one roof."""

from console.look.buttons import ActionButton
from console.look.painted import Chip, Held, HoldingBar, KeyHint, PriorityBadge, TimeBar
from console.look.panel import Heading, MessageBar, Panel

__all__ = [
    "ActionButton",
    "Chip",
    "Heading",
    "Held",
    "HoldingBar",
    "KeyHint",
    "MessageBar",
    "Panel",
    "PriorityBadge",
    "TimeBar",
]
