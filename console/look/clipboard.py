"""What a person copies, as other programs take it."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage


def copy_table(lines: Iterable[Sequence[str]]) -> None:
    """Put lines of cells on the clipboard as a spreadsheet takes them: tabs between columns."""
    # A tab or a line break within a text would begin another cell.
    rows = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
    QGuiApplication.clipboard().setText("\n".join(rows))


def copy_picture(svg: bytes, image: QImage) -> None:
    """Put a picture on the clipboard: as lines for a document that takes them, as points for all others."""
    kept = QMimeData()
    kept.setData("image/svg+xml", svg)
    kept.setImageData(image)
    QGuiApplication.clipboard().setMimeData(kept)
