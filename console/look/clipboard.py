"""What a person copies, as other programs take it."""

from collections.abc import Iterable, Sequence

from PySide6.QtGui import QGuiApplication


def copy_table(lines: Iterable[Sequence[str]]) -> None:
    """Put lines of cells on the clipboard as a spreadsheet takes them: tabs between columns."""
    # A tab or a line break within a text would begin another cell.
    rows = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
    QGuiApplication.clipboard().setText("\n".join(rows))
