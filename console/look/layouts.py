"""What a layout holds, asked without its items; and all of it taken out."""

from PySide6.QtWidgets import QLayout, QWidget


def widgets_in(layout: QLayout) -> list[QWidget]:
    """The widgets that a layout places itself, in their order.

    Not by ``itemAt``: Qt deletes the item of a widget that leaves without telling Python, and whatever is made at
    its place in memory next is then taken for that item.
    """
    owner = layout.parentWidget()
    children = owner.children() if owner is not None else []
    placed = [(layout.indexOf(one), one) for one in children if isinstance(one, QWidget)]
    return [one for at, one in sorted(placed, key=lambda pair: pair[0]) if at >= 0]


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, and of those in it; the widgets are gone from sight at once."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            empty(inner)
        elif widget is not None:
            widget.hide()
            widget.deleteLater()
