"""What stands in a list, table or text, as lines."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView

from console.map.view import MapView
from tests.gui.said.painted import colours

_ROLE = Qt.ItemDataRole
_TOLD = (_ROLE.DisplayRole, _ROLE.ToolTipRole, _ROLE.AccessibleTextRole, _ROLE.AccessibleDescriptionRole)
_LOOKS = (_ROLE.ForegroundRole, _ROLE.BackgroundRole, _ROLE.TextAlignmentRole, _ROLE.CheckStateRole)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_ROWS = 40
"""Rows of a list that are written down: more say nothing new."""


def view_lines(view: QAbstractItemView) -> Iterator[str]:
    """Its columns, rows and what is chosen."""
    model = view.model()
    if model is None:
        return
    if isinstance(view, QTableView):
        yield from _headings(view, model)
    columns = view.horizontalHeader().count() if isinstance(view, QTableView) else 1
    hidden = view.isRowHidden if isinstance(view, QTableView) else lambda _row: False
    for row in range(min(model.rowCount(), MOST_ROWS)):
        told = [_cell(view, model.index(row, column)) for column in range(columns)]
        here = "> " if view.currentIndex().row() == row else "  "
        yield f"{here}{'(hidden) ' if hidden(row) else ''}{' | '.join(told)}"
    if model.rowCount() > MOST_ROWS:
        yield f"  … {model.rowCount()} rows"


def _headings(view: QTableView, model: QAbstractItemModel) -> Iterator[str]:
    header = view.horizontalHeader()
    if header.isHidden():
        return
    told = []
    for column in range(header.count()):
        words = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        tip = model.headerData(column, Qt.Orientation.Horizontal, _ROLE.ToolTipRole)
        wide = header.sectionResizeMode(column)
        told.append(
            words
            + (f" ?{tip!r}" if tip else "")
            + ("" if wide is QHeaderView.ResizeMode.Interactive else f" {wide.name}")
            + (" hidden" if header.isSectionHidden(column) else "")
        )
    yield f"= {' | '.join(told)}"


def _cell(view: QAbstractItemView, index: QModelIndex) -> str:
    told: list[str] = []
    for role in _TOLD:
        words = index.data(role)
        if words not in (None, "") and str(words) not in told:
            told.append(str(words))
    looks = [_look(role, index.data(role)) for role in _LOOKS]
    flags = index.flags()
    looks += [] if flags & Qt.ItemFlag.ItemIsEnabled else ["disabled"]
    looks += ["editable"] if flags & Qt.ItemFlag.ItemIsEditable else []
    looks += ["unselectable"] if not flags & Qt.ItemFlag.ItemIsSelectable else []
    looks += ["bold"] if (font := index.data(_ROLE.FontRole)) is not None and font.bold() else []
    looks += ["chosen"] if view.selectionModel() is not None and view.selectionModel().isSelected(index) else []
    spans = isinstance(view, QTableView) and (view.columnSpan(index.row(), index.column()) > 1)
    looks += ["spans"] if spans else []
    shown = " ".join(one for one in looks if one)
    return " ? ".join(told).replace("\n", "\\n") + (f" [{shown}]" if shown else "")


def _look(role: Qt.ItemDataRole, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, QBrush):
        value = value.color()
    if isinstance(value, QColor):
        name = "on " if role is _ROLE.BackgroundRole else ""
        return name + colours().get(value.name(), value.name())
    if role is _ROLE.TextAlignmentRole:
        at = Qt.AlignmentFlag(value)
        return (
            "right" if at & Qt.AlignmentFlag.AlignRight else "centre" if at & Qt.AlignmentFlag.AlignHCenter else ""
        )
    return f"check {value}"


def box_lines(box: QComboBox) -> Iterator[str]:
    """What can be chosen."""
    for row in range(min(box.count(), MOST_ROWS)):
        tip = box.itemData(row, _ROLE.ToolTipRole)
        yield f"{'> ' if row == box.currentIndex() else '  '}{box.itemText(row)}{f' ? {tip}' if tip else ''}"


def document_lines(document: QTextDocument) -> Iterator[str]:
    """Its paragraphs, each stretch with how it looks."""
    block = document.begin()
    while block.isValid():
        parts, at = [], block.begin()
        while not at.atEnd():
            fragment = at.fragment()
            parts.append(_stretch(fragment.text(), fragment.charFormat()))
            at += 1
        if parts:
            yield "  " + "".join(parts).replace("\u2028", "\\n")
        block = block.next()


def _stretch(words: str, look: QTextCharFormat) -> str:
    told = [f"link {look.anchorHref()}"] if look.isAnchor() else []
    told += ["bold"] if look.fontWeight() > 500 else []
    if look.foreground().style() is not Qt.BrushStyle.NoBrush:
        name = look.foreground().color().name()
        told += [colours().get(name, name)]
    told += ["struck"] if look.fontStrikeOut() else []
    return f"{{{', '.join(told)}: {words}}}" if told else words


def map_lines(view: MapView) -> Iterator[str]:
    """What a map would draw, and what it was told of itself."""
    picture = view._picture
    for layer in (picture.vans, picture.referrals):
        yield from (f"  o {ID.sub('id', str(mark))}" for mark in layer.all())
    for name, told in (("trail", picture.trails), ("set", picture.settings)):
        yield from (
            f"  {name} {ID.sub('id', key)}: {ID.sub('id', str(value))}" for key, value in told._wanted.items()
        )
    yield from (f"  move {how}" for how in picture._moves)
