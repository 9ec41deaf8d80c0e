"""Words that have no room are told whole by the tooltip, above whatever it was given to say."""

from typing import Final

from PySide6.QtWidgets import QWidget

_CUT: Final = "cut_words"


def tell_cut(widget: QWidget, whole: str) -> None:
    """Told at each paint, where it is known: the whole of what was cut, or nothing where nothing was."""
    before, tip = str(widget.property(_CUT) or ""), widget.toolTip()
    given = tip.removeprefix(before).removeprefix("\n") if before in (tip, tip.partition("\n")[0]) else tip
    wanted = "\n".join(dict.fromkeys(filter(None, (whole, given))))
    if whole != before:
        widget.setProperty(_CUT, whole)
    # Each setting is an event of its own.
    if wanted != tip:
        widget.setToolTip(wanted)
