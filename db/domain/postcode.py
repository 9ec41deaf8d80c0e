"""Postcodes as people type them: full, in part, or inside an address."""

import re
from dataclasses import dataclass

_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
# Royal Mail uses no C, I, K, M, O or V in the second half.
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_FULL = re.compile(rf"({_OUTWARD})({_INWARD})")
# Not within a word of any script: a Greek N before N1 5BD may be meant as NN1.
_INSIDE = re.compile(rf"(?<![^\W_])({_OUTWARD})[ ]?({_INWARD})(?![^\W_])")
_AREA = re.compile(r"[A-Z]{1,2}")
# Letters and digits that keyboards, fonts and tired ears swap.
_TO_DIGIT = str.maketrans("OIL", "011")
# What people put between the halves for a blank.
_BETWEEN = "\\s.,/_|:;\\-\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}\N{MIDDLE DOT}"
_PARTING = re.compile(f"[{_BETWEEN}]+")
_KEY_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Partial:
    """The first part of a postcode.

    Attributes:
        outward: district such as `NN1`, or an area such as `NN` when `inward` is empty.
        inward: up to two characters of the second half; may be empty.
    """

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}".strip()


def groups(text: str) -> list[str]:
    """What stands between blanks, dots, dashes, commas and strokes."""
    return [part for part in _PARTING.split(text) if part]


def _compact(text: str) -> str:
    compact = "".join(groups(text.upper()))
    return compact if compact.isascii() else ""


def _swap_lookalikes(compact: str) -> str:
    # Only where a digit must stand: elsewhere either may be meant.
    inward = compact[-3:]
    return compact[:-3] + inward[0].translate(_TO_DIGIT) + inward[1:]


def normalise(text: str) -> str | None:
    """Write a full postcode the way Royal Mail does.

    Args:
        text: one postcode in any case and spacing; O for 0 and I or L for 1 are forgiven in the second half.

    Returns:
        The postcode with one space, such as `NN1 5BD`, or None when the text is not a full postcode.
    """
    compact = _compact(text)
    if len(compact) < 5:
        return None
    match = _FULL.fullmatch(compact) or _FULL.fullmatch(_swap_lookalikes(compact))
    return f"{match[1]} {match[2]}" if match else None


def find_in(text: str) -> tuple[str, str] | None:
    """Find a full postcode inside an address.

    Args:
        text: free text.

    Returns:
        The postcode with one space and the text around it, or None when there is none.
    """
    upper = text.upper()
    match = _INSIDE.search(upper)
    # A letter such as ß is longer in capitals, and the places found would not be those of the text.
    if not match or len(upper) != len(text):
        return None
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    return f"{match[1]} {match[2]}", " ".join(rest.split()).strip(" ,")


def partials(text: str) -> list[Partial]:
    """Read the beginning of a postcode in every way it may be meant.

    Args:
        text: such as `NN`, `nn1`, `NN15` (a district, or sector 5 of NN1) or `NN1 5B`.

    Returns:
        Readings, likeliest first; empty when the text cannot begin a postcode.
    """
    if len(words := text.upper().split()) > 2 or not (compact := _compact(text)):
        return []
    if _AREA.fullmatch(compact):
        return [Partial(compact, "")]
    readings = []
    for cut in range(len(compact), 1, -1):
        outward, inward = compact[:cut], compact[cut:]
        if re.fullmatch(_OUTWARD, outward) and _begins_inward(inward):
            readings.append(Partial(outward, inward))
    if len(words) == 2:
        readings = [reading for reading in readings if reading.outward == words[0]]
    return readings


def _begins_inward(inward: str) -> bool:
    return re.fullmatch(r"([0-9][ABD-HJLNP-UW-Z]?)?", inward) is not None


def key_of(postcode: str) -> bytes:
    """Give the seven-byte key that sorts postcodes by district, then sector.

    Args:
        postcode: a full postcode as from `normalise`, or the beginning of one with its space.

    Returns:
        ASCII bytes, the first half padded to four; shorter than seven bytes for a beginning.
    """
    outward, _, inward = postcode.partition(" ")
    return f"{outward:<{_KEY_WIDTH}}{inward}".encode("ascii")


def text_of(key: bytes) -> str:
    """Turn a seven-byte key back into a postcode with one space."""
    text = key.decode("ascii")
    return f"{text[:_KEY_WIDTH].strip()} {text[_KEY_WIDTH:]}"


def area_of(postcode: str) -> str:
    """Return the letters that a postcode begins with, such as `NN`."""
    match = _AREA.match(postcode)
    return match[0] if match else ""
