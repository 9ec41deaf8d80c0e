"""What a widget paints by itself, as words: each text and shape with its colour's role, in the order of painting.

Qt writes it down as SVG. Where each stands and how large it is are told by a sum alone: they hang on the fonts of
the computer, and nobody would read them.
"""

import re
import zlib
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QColor, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from console.look import style
from console.look.palette import ROLES, Palette

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"}
_NAME = re.compile(r"\{.*\}")
PLACES: Final = "places"
"""Begins the line with the sum of places and sizes."""
_PLACE = (
    *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "points", "d"),
    *("transform", "font-size", "stroke-width"),
)


def paints(widget: QWidget) -> bool:
    """Whether a method of ours paints it, or the rows in it."""
    ours = any(
        "paintEvent" in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("console.")
    )
    delegate = getattr(widget, "itemDelegate", lambda: None)()
    return ours or (delegate is not None and type(delegate).__module__.startswith("console."))


def painted(widget: QWidget) -> list[str]:
    """A line for each text and for each run of shapes that are painted alike."""
    target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    buffer, drawing = QBuffer(), QSvgGenerator()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing.setOutputDevice(buffer)
    drawing.setSize(target.size())
    target.render(drawing, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
    marks = list(_marks(ET.fromstring(bytes(buffer.data().data())), {}, colours()))  # noqa: S314 # Qt's own
    runs = ((mark, len(list(run))) for mark, run in groupby(mark for mark, _ in marks))
    places = zlib.crc32(" ".join(place for _, place in marks).encode())
    told = [mark if count == 1 else f"{mark} × {count}" for mark, count in runs]
    return [*told, f"{PLACES} {places:08x}"] if told else []


def colours() -> dict[str, str]:
    """The role of each colour of the theme, the first of those that share one."""
    return _colours(style.current())


@cache
def _colours(palette: Palette) -> dict[str, str]:
    return {QColor(palette.role(role)).name(): role for role in reversed(ROLES)}


def _marks(node: ET.Element, outer: dict[str, str], roles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What each is, and where it stands and how large."""
    look = outer | {name: node.attrib[name] for name in (*_LOOK, *_PLACE) if name in node.attrib}
    kind = _NAME.sub("", node.tag)
    fill, edge = _role(look, "fill", roles), _role(look, "stroke", roles)
    if kind == "text":
        yield f"text {(node.text or '').strip()!r} {fill}{_weight(look)}", _place(look)
    elif kind in _SHAPES and (fill or edge or kind == "image"):
        yield f"{kind}{f' {fill}' if fill else ''}{f' edge {edge}{_dash(look)}' if edge else ''}", _place(look)
    for child in node:
        yield from _marks(child, look, roles)


_LOOK = (
    *("fill", "stroke", "fill-opacity", "stroke-opacity", "stroke-dasharray", "font-weight"),
    *("font-style", "text-decoration"),
)


def _role(look: dict[str, str], name: str, roles: dict[str, str]) -> str:
    """The role of a colour; empty for what is not to be seen."""
    colour, opacity = look.get(name, "none"), float(look.get(f"{name}-opacity", "1"))
    if colour == "none" or not opacity:
        return ""
    known = "hatched" if colour.startswith("url") else roles.get(colour, colour)
    return known if opacity == 1 else f"{known}/{opacity:.2g}"


def _place(look: dict[str, str]) -> str:
    return " ".join(look.get(name, "") for name in _PLACE)


def _dash(look: dict[str, str]) -> str:
    return " dashed" if look.get("stroke-dasharray", "none") != "none" else ""


def _weight(look: dict[str, str]) -> str:
    return " bold" if look.get("font-weight", "400") not in {"400", "normal"} else ""
