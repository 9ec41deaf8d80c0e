"""Dress the application: Qt palette, fonts and the stylesheet, made from one theme and one font scale."""

from dataclasses import dataclass, field
from string import Template
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

import resources
from console.look import palette
from console.look.palette import DARK, PALETTES, Palette, contrast

SMALLEST_PERCENT: Final = 100
LARGEST_PERCENT: Final = 150
PAD_SMALL: Final = 6
"""Pixels, at 100 % text, beside the words of a cell."""
SMALLEST_TARGET: Final = 24
"""Pixels: nothing that can be clicked is smaller, at any scale."""

_BASE_POINTS: Final = 10.0


class _Sheet(Template):
    delimiter = "@"


@dataclass(slots=True)
class _InForce:
    """Kept here and not with the application: a layout asks for it hundreds of thousands of times."""

    palette: Palette = DARK
    scale: float = 1.0
    fonts: dict[tuple[float, bool], QFont] = field(default_factory=dict)


_in_force: Final = _InForce()


def apply(app: QApplication, theme: str, font_percent: int) -> None:
    """Dress every window of the application, at once and as often as wanted.

    Widgets that paint themselves need not be told: Qt sends each a ``StyleChange`` and repaints it.

    Args:
        app: the application, with or without windows.
        theme: ``"dark"``, ``"light"`` or ``"contrast"``; any other name means dark.
        font_percent: text size in per cent, held within 100 to 150.
    """
    name = palette.theme(theme)
    percent = max(SMALLEST_PERCENT, min(LARGEST_PERCENT, font_percent))
    _in_force.palette, _in_force.scale = PALETTES[name], percent / 100
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(_BASE_POINTS * percent / 100)
    app.setFont(font)
    _in_force.fonts.clear()
    app.setPalette(_qt_palette(PALETTES[name]))
    app.setStyleSheet(sheet(PALETTES[name], percent / 100))


def current() -> Palette:
    """The palette in force; dark before ``apply`` was first called."""
    return _in_force.palette


def scale() -> float:
    """The font scale in force, 1.0 to 1.5; painted widgets multiply their lengths by it."""
    return _in_force.scale


def px(length: float) -> int:
    """A length drawn for 100 % text, in whole pixels at the font scale in force."""
    return round(length * _in_force.scale)


def mono(ratio: float = 1.0) -> QFont:
    """The fixed-width font for times and codes, ``ratio`` times the size of ordinary text."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(_BASE_POINTS * scale() * ratio)
    return font


def text_font(ratio: float = 1.0, *, bold: bool = False) -> QFont:
    """The ordinary font, ``ratio`` times its size, for what is painted by hand."""
    kept = _in_force.fonts.get((ratio, bold))
    if kept is None:
        kept = QFont(QApplication.font())
        kept.setPointSizeF(_BASE_POINTS * scale() * ratio)
        kept.setBold(bold)
        _in_force.fonts[ratio, bold] = kept
    # A copy costs next to nothing until somebody changes it.
    return QFont(kept)


def colour(role: str) -> QColor:
    """The colour of a role in the palette in force.

    Raises:
        KeyError: the palette has no such role.
    """
    return QColor(current().role(role))


def mark(widget: QWidget, **properties: str) -> None:
    """Set stylesheet properties such as ``role="dim"`` or ``tone="late"`` and dress the widget anew."""
    # To dress a widget anew costs far more than to look, and panels mark theirs at every tick.
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it is dressed when it is measured or shown first
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def sheet(colours: Palette, font_scale: float) -> str:
    """The whole stylesheet for a palette and a font scale (1.0 for 100 %).

    Raises:
        KeyError: the template names a role or size that does not exist.
    """
    template = resources.path("styles/console.qss").read_text(encoding="utf-8")
    roles = {role: colours.role(role) for role in palette.ROLES}
    ring = {"focus_ring_on_fill": _ring_on_fill(colours)}
    return _Sheet(template).substitute(roles | ring | _sizes(font_scale) | _icons(colours))


def _ring_on_fill(colours: Palette) -> str:
    """The ring inside a filled button: the focus colour would drown in the fill."""
    return colours.text if contrast(colours.text, colours.accent) >= 3 else colours.on_accent


def _sizes(font_scale: float) -> dict[str, str]:
    lengths = {
        "target": SMALLEST_TARGET,
        "mark": 14,
        "menu_item": 22,
        "pad_menu": 3,
        "indicator": 20,
        "group": 30,
        "pad": 12,
        "pad_small": PAD_SMALL,
        "pad_inner": 5,
    }
    fonts = {"font_small": 0.9, "font_title": 1.3}
    pixels = {name: round(length * font_scale) for name, length in lengths.items()}
    # Qt draws square corners when a radius is more than half of the box with its two borders.
    pixels["indicator_radius"] = (pixels["indicator"] + 4) // 2
    return {name: f"{length}px" for name, length in pixels.items()} | {
        name: f"{_BASE_POINTS * ratio * font_scale:.1f}pt" for name, ratio in fonts.items()
    }


def _icons(colours: Palette) -> dict[str, str]:
    on_fill = _ink(colours.on_accent)
    on_panel = _ink(colours.text)
    names = dict.fromkeys(("check", "partial", "dot"), on_fill) | {"down": on_panel, "up": on_panel}
    return {f"icon_{name}": resources.path(f"icons/{name}-{ink}.svg").as_posix() for name, ink in names.items()}


def _ink(colour_name: str) -> str:
    return "light" if palette.luminance(colour_name) > 0.5 else "dark"


def _qt_palette(colours: Palette) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for qt_role, name in {
        role.Window: "panel",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "panel",
        role.Text: "text",
        role.Button: "button",
        role.ButtonText: "text",
        role.BrightText: "late",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "hint",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "link",
        role.LinkVisited: "link",
        role.Accent: "accent",
        role.Mid: "line",
        role.Dark: "window",
        role.Light: "button_hover",
    }.items():
        made.setColor(qt_role, QColor(colours.role(name)))
    for text_role in (role.Text, role.WindowText, role.ButtonText):
        # Qt would work out a grey of its own, which has no promised contrast.
        made.setColor(QPalette.ColorGroup.Disabled, text_role, QColor(colours.hint))
    return made
