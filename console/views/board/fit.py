"""What of a board row fits into how many pixels, and what was cut for it: asked by the delegate and by tests.

Number, town, state and the time on the right stay whole as long as there is any room for them. First the street
goes, then the postcode's second half, then all of it; of the second line, the longest that fits is taken.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from db.domain.board import Face
from db.domain.towns import titled

_LEAST_STREET: Final = "· Mill…"
"""A street that is cut shorter says nothing."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The words of a row as they are drawn.

    Attributes:
        title: number, town and as much of the postcode as fits.
        street: what stands behind it, cut to its room; may be empty.
        line: the second line.
        cut: which of ``number``, ``town`` and ``state`` are not whole.
    """

    title: str
    street: str
    line: str
    cut: frozenset[str]


def fit(face: Face, of_title: QFontMetricsF, of_line: QFontMetricsF, first: float, second: float) -> Fitted:
    """Choose what of a row is drawn.

    Args:
        face: what there is to say.
        of_title: measures the first line.
        of_line: measures the second line, and the street.
        first: pixels for the first line.
        second: pixels for the second.
    """
    title, lost = _title(face, of_title, first)
    # With neither town nor postcode the address is all that tells one call from the next.
    whole = title.endswith(face.where.short) or not (face.where.town or face.where.postcode)
    street = _street(face, of_line, first - of_title.horizontalAdvance(title)) if whole else ""
    line = _line(face, of_line, second)
    if face.state not in line:
        lost |= {"state"}
    return Fitted(title, street, line, frozenset(lost))


def _title(face: Face, metrics: QFontMetricsF, room: float) -> tuple[str, set[str]]:
    name, where = face.name.removeprefix("CRU-"), face.where
    half = where.postcode.partition(" ")[0]
    told = [" · ".join(part for part in (where.town, code) if part) for code in (where.postcode, half, "")]
    for words in dict.fromkeys(titled(name, where, one) for one in told):
        if metrics.horizontalAdvance(words) <= room:
            return words, set()
    lost = {"town"} if where.town else set()
    if metrics.horizontalAdvance(name) > room:
        lost |= {"number"}
    return metrics.elidedText(titled(name, where, where.town), Qt.TextElideMode.ElideRight, room), lost


def _street(face: Face, metrics: QFontMetricsF, room: float) -> str:
    words, room = f"· {face.where.street}", room - metrics.horizontalAdvance(" ")
    if not face.where.street or metrics.horizontalAdvance(words) > room < metrics.horizontalAdvance(_LEAST_STREET):
        return ""
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)


def _line(face: Face, metrics: QFontMetricsF, room: float) -> str:
    """The longest that fits, else the longest that shows the state when it is cut, else the shortest."""
    for words in face.lines:
        if metrics.horizontalAdvance(words) <= room:
            return words
    cut = [metrics.elidedText(words, Qt.TextElideMode.ElideRight, room) for words in face.lines]
    return next((words for words in cut if face.state in words), cut[-1])
