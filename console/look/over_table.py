"""What stands over a table of lines: the box to find in it, and what is said where there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from console.look.hints import hint as show_hint
from console.look.style import mark, px


def find_box(where: str, parent: QWidget) -> QLineEdit:
    """A box to find lines in; ``where`` is said to a screen reader, such as "in the log"."""
    box = QLineEdit(parent)
    show_hint(box, "Find")
    box.setAccessibleName(f"Find {where}")
    box.setClearButtonEnabled(True)
    box.setMinimumWidth(px(110))
    return box


def nothing_label(words: str, parent: QWidget) -> QLabel:
    """What is said over a table, or in its place where it has no lines; hidden until it is shown."""
    label = QLabel(words, parent)
    mark(label, role="dim")
    # Not by contents margins: at large text they are higher than a label before it is laid out, and Qt drops them.
    label.setMargin(px(13))
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setWordWrap(True)
    label.hide()
    return label
