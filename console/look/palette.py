"""The colours by role, in three themes, and the arithmetic that proves they can be read."""

from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

Theme = Literal["dark", "light", "contrast"]
"""Dark is for the night, light for daylight, contrast for poor sight or poor screens."""

Tone = Literal["good", "warn", "late", "orange", "link", "neutral", "dim"]
"""What a text, bar or outline says: the palette has a colour under each name but ``dim``."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: every role is a colour written ``#rrggbb``.

    Bars (``ems`` to ``neutral``) are fills that carry ``on_bar`` text; ``good`` to ``link`` are
    foregrounds for texts, outlines and marks on ``window``, ``panel``, ``raised`` or ``selection``.
    ``spc_common`` to ``spc_changed`` are the NHS colours of control charts: blue and orange, never green and red.
    """

    name: Theme
    window: str
    panel: str
    raised: str
    line: str
    edge: str
    track: str
    text: str
    text_dim: str
    hint: str
    selection: str
    focus: str
    keycap: str
    on_keycap: str
    accent: str
    accent_hover: str
    on_accent: str
    button: str
    button_hover: str
    danger: str
    danger_hover: str
    on_danger: str
    good: str
    warn: str
    late: str
    orange: str
    link: str
    ems: str
    cru: str
    destination: str
    police: str
    neutral: str
    hatch: str
    on_bar: str
    travel: str
    spc_common: str
    spc_improving: str
    spc_concern: str
    spc_changed: str
    map_label: str
    map_halo: str

    def tone(self, tone: Tone) -> str:
        """The foreground colour that says ``tone``."""
        return self.text_dim if tone == "dim" else self.role(tone)

    def role(self, role: str) -> str:
        """The colour of a role by its name.

        Raises:
            KeyError: the palette has no such role.
        """
        if role not in ROLES:
            raise KeyError(role)
        return str(getattr(self, role))


ROLES: Final = tuple(field.name for field in fields(Palette) if field.name != "name")
"""Names of all the colour roles."""

DARK: Final = Palette(
    name="dark",
    window="#0e141b",
    panel="#151d27",
    raised="#1b2531",
    line="#2a3746",
    edge="#6b7d90",
    track="#2a3746",
    text="#e8edf2",
    text_dim="#9aa7b5",
    hint="#8e9cab",
    selection="#1d2f45",
    focus="#7fbcff",
    keycap="#0b1016",
    on_keycap="#c9d3dd",
    accent="#2563a8",
    accent_hover="#2d70ba",
    on_accent="#ffffff",
    button="#2a3746",
    button_hover="#344456",
    danger="#b32a20",
    danger_hover="#bd3226",
    on_danger="#ffffff",
    good="#4cc38a",
    warn="#ffb81c",
    late="#ff766a",
    orange="#f59b3d",
    link="#66b0ff",
    ems="#82b06a",
    cru="#4da3ff",
    destination="#b48ead",
    police="#8d99a6",
    neutral="#9aa7b5",
    hatch="#3f86cf",
    on_bar="#0d131a",
    travel="#4a78ac",
    spc_common="#a6a6a6",
    spc_improving="#00b0f0",
    spc_concern="#ed7d1f",
    spc_changed="#b98cf0",
    map_label="#cfd6dd",
    map_halo="#1c1c1a",
)

LIGHT: Final = Palette(
    name="light",
    window="#dde3e9",
    panel="#ffffff",
    raised="#f3f5f8",
    line="#c3ccd5",
    edge="#66788b",
    track="#d3dae1",
    text="#212b32",
    text_dim="#4c5d69",
    hint="#556672",
    selection="#d9e8f7",
    focus="#005eb8",
    keycap="#ffffff",
    on_keycap="#212b32",
    accent="#005eb8",
    accent_hover="#004a93",
    on_accent="#ffffff",
    button="#c9d3dc",
    button_hover="#b9c5d0",
    danger="#b8241a",
    danger_hover="#961c14",
    on_danger="#ffffff",
    good="#006b32",
    warn="#805300",
    late="#b8241a",
    orange="#974700",
    link="#0056a8",
    ems="#467a2f",
    cru="#1f6fc0",
    destination="#8a5480",
    police="#5c6b77",
    neutral="#687680",
    hatch="#0b4a8f",
    on_bar="#ffffff",
    travel="#5489c4",
    spc_common="#6b6b6b",
    spc_improving="#00699c",
    spc_concern="#a84a00",
    spc_changed="#490092",
    map_label="#212b32",
    map_halo="#ffffff",
)

CONTRAST: Final = Palette(
    name="contrast",
    window="#000000",
    panel="#000000",
    raised="#000000",
    line="#ffffff",
    edge="#ffffff",
    track="#3d3d3d",
    text="#ffffff",
    text_dim="#e6e6e6",
    hint="#b0b0b0",
    selection="#00307a",
    focus="#ffff00",
    keycap="#ffffff",
    on_keycap="#000000",
    accent="#ffe600",
    accent_hover="#fff27a",
    on_accent="#000000",
    button="#262626",
    button_hover="#404040",
    danger="#ff9d94",
    danger_hover="#ffb9b3",
    on_danger="#000000",
    good="#5cff9d",
    warn="#ffe600",
    late="#ff9d94",
    orange="#ffb45c",
    link="#8cc8ff",
    ems="#8fe06a",
    cru="#6cb8ff",
    destination="#f0b3e6",
    police="#c4ccd4",
    neutral="#d9d9d9",
    hatch="#d6ebff",
    on_bar="#000000",
    travel="#5a8fd0",
    spc_common="#c8c8c8",
    spc_improving="#33c4ff",
    spc_concern="#ffa366",
    spc_changed="#d0b0ff",
    map_label="#ffffff",
    map_halo="#000000",
)

PALETTES: Final[dict[Theme, Palette]] = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}

_SURFACES: Final = ("window", "panel", "raised", "selection")
_SPC: Final = ("spc_common", "spc_improving", "spc_concern", "spc_changed")
_BARS: Final = ("ems", "cru", "destination", "police", "neutral")

TEXT_PAIRS: Final = (
    *((ink, surface) for ink in ("text", "text_dim") for surface in _SURFACES),
    *((tone, surface) for tone in ("good", "warn", "late", "orange", "link") for surface in _SURFACES),
    *(("on_bar", bar) for bar in (*_BARS, "hatch")),
    *(("hint", surface) for surface in _SURFACES),
    ("text", "track"),
    ("text", "button"),
    ("text", "button_hover"),
    ("text_dim", "track"),
    *((tone, "track") for tone in ("good", "warn", "late")),
    ("window", "warn"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("on_keycap", "keycap"),
    ("map_label", "map_halo"),
    *((said, surface) for said in _SPC for surface in ("panel", "raised")),
)
"""Every (text, background) pair that the console draws: at least 4.5 : 1."""

GRAPHIC_PAIRS: Final = (
    *(("edge", surface) for surface in _SURFACES),
    *(("focus", surface) for surface in (*_SURFACES, "button")),
    *((bar, surface) for bar in _BARS for surface in ("panel", "selection")),
    *(("travel", surface) for surface in ("panel", "raised")),
    *((tone, "track") for tone in ("good", "warn", "late", "link")),
)
"""Every (mark, background) pair that carries meaning without being text: at least 3 : 1."""


def theme(name: str) -> Theme:
    """The theme of that name, or dark for a name that no theme has."""
    return next((known for known in get_args(Theme) if known == name), "dark")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, 0 for black to 1 for white.

    Args:
        colour: ``#rrggbb``.

    Raises:
        ValueError: the text is not such a colour.
    """
    if len(colour) != len("#rrggbb") or not colour.startswith("#"):
        raise ValueError(f"not a colour: {colour}")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # The sRGB standard's own threshold, as WCAG has it since 2021.
    if channel <= 0.04045:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours by WCAG 2.2, from 1 to 21, in either order."""
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)
