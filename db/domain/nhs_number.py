"""NHS numbers: ten digits, the last one a check by modulus 11. Pasted ones come with what stood around them."""

import re
import unicodedata
from typing import Final

_LABEL: Final = re.compile(
    r"^(?:(?:the|my|his|her|their|patient'?s?)\s+)*(?:n\.?\s?h\.?\s?s\.?|h\s?&\s?c|chi)?\W*(?:numbers?|nos?|num|nr)?(?![a-z])"
    r"(?:\s+(?:is|was))?[\s:#.=]*",
    re.IGNORECASE,
)
_BETWEEN: Final = frozenset("-._/,;:\u00b7\u2022|()[]\"'")
_DIGITS: Final = 10
_AS_FIGURES: Final = str.maketrans("OIL", "011")
_BEHIND: Final = re.compile(r"[\s,;(]+(?:n\.?h\.?s\.?(?:\s+(?:no|number))?|verified|traced)\W*$", re.IGNORECASE)
_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)}


def digits_of(text: str) -> str:
    """What is left of a typed NHS number without blanks, dashes, hidden marks and the word "NHS" in front."""
    plain = text.translate(_WIDE)
    kept = _without_marks(_LABEL.sub("", _BEHIND.sub("", plain.strip()), count=1))
    # A letter that stands where a figure must: the check digit tells whether it is one.
    figures = kept.upper().translate(_AS_FIGURES)
    if len(kept) == _DIGITS and figures.isascii() and figures.isdigit() and _check_fits(figures):
        return figures
    return kept or _without_marks(plain)


def _without_marks(text: str) -> str:
    # Every blank, every dash of any alphabet, and what nobody sees.
    return "".join(
        sign
        for sign in text
        if not (sign.isspace() or sign in _BETWEEN or unicodedata.category(sign) in {"Pd", "Cf", "Cc"})
    )


def is_valid(text: str) -> bool:
    """Whether the check digit fits (weights 10 to 2; 11 counts as 0; 10 never fits) and it is no stand-in."""
    return not what_is_wrong(text)


def what_is_wrong(text: str) -> str:
    """Why this is no NHS number, in words that are true of it; empty where it is one."""
    digits = digits_of(text)
    if not (digits.isascii() and digits.isdigit()):
        return "An NHS number has ten digits and nothing else."
    if len(digits) != _DIGITS:
        return f"An NHS number has ten digits, this has {len(digits)}."
    if len(set(digits)) == 1:
        return f"Ten times {digits[0]} is nobody's NHS number."
    return "" if _check_fits(digits) else "The check digit of this NHS number does not fit."


def _check_fits(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    # Ten is no digit: such a number is not given out.
    return (11 - total % 11) % 11 == int(digits[9])


def kept(text: str) -> str:
    """As the record keeps it: ten digits where it is one, else the text as it was typed."""
    return digits_of(text) if is_valid(text) else text.strip()


def is_not_known(text: str) -> bool:
    """Whether the text says that nobody knows the number."""
    return text.strip().strip(".?").casefold() in _NOT_KNOWN


_NOT_KNOWN: Final = frozenset(
    {
        *("", "unknown", "not known", "n/k", "nk", "unk", "n/a", "na", "none", "tbc", "tba", "not given"),
        *("none yet", "no number", "no nhs number", "not traced", "untraced", "not found", "not available"),
        *("refused", "declined", "doesn't know", "does not know", "don't know"),
    }
)


def reading(text: str) -> str:
    """What the text is taken for, to stand beside it; empty for nothing typed."""
    if not text.strip():
        return ""
    if is_valid(text):
        return f"{grouped(text)}; the check digit fits"
    return "not known" if is_not_known(text) else "kept as said"


def grouped(text: str) -> str:
    """As people read it aloud: ``943 476 5919``; what is no NHS number stays as it is."""
    if not is_valid(text):
        return text
    digits = digits_of(text)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
