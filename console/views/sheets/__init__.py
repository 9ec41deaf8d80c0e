"""Small sheets that slide over the bottom of a pane: a reason, an outcome, a time, a van."""

from console.views.sheets.host import SheetHost
from console.views.sheets.sheet import Order, Sheet

__all__ = ["Order", "Sheet", "SheetHost"]
