"""Call-back numbers: any form a caller says, read the UK way. A doubtful one is kept as it is and warned about."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

# Its tables of numbers are many files: read with the first number, not while somebody waits for the board.
if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

REGION = "GB"
# Ofcom keeps these for plays and practice: nobody owns them, and a practice shift is full of them.
_FOR_PRACTICE = ("+447700900", "+441632960", "+442079460", "+443069990", "+448081570")
_WITHHELD: Final = re.compile(
    r"(?:(?:number|no|caller|id|line|phone|a|call|came|up|as|is|was|it)\W+)*(?:with\s?held|private|anonymous|blocked"
    r"|hidden|w/h|unavailable|no\s+caller\s*-?id|not\s+shown|no\s+number|unknown\s+(?:number|caller))(?:\W+(?:number|no|caller|id))*\W*",
    re.ASCII,
)
_NOT_KNOWN: Final = re.compile(
    r"(?:not\s+(?:known|given)|unknown|unk|n/?k|n/?a|none(?:\s+given)?|no\s+phone|has\s+no\s+phone|(?:does\s+not|doesn'?t)\s+have\s+(?:one|a\s+phone)|(?:lost|no)\s+(?:his\s+|her\s+|their\s+)?(?:phone|mobile)|tbc|refused|declined|won'?t\s+(?:say|give)|\?+|-+)\W*",
    re.ASCII,
)
_LABEL: Final = re.compile(
    r"^(?:tel(?:ephone)?|ph(?:one)?|mob(?:ile)?|call\s?back|cb|no|number|home|work|t|m)\b[\s.:#-]*", re.ASCII
)
_EXTENSION: Final = re.compile(r"[\s,;]*(?:extension|extn|ext|x|#|internal)[\s.:#]*(\d{1,7})$", re.ASCII)
_ONLY_EXTENSION: Final = re.compile(
    r"(?:extension|extn|ext|x|internal|bleep|switchboard)[\s.:#]*\d{2,7}", re.ASCII
)
_NUMBER: Final = re.compile(r"\+?[\d\s().\u2010-\u2015\u00a0-]+", re.ASCII)
_WITH_O: Final = re.compile(r"[+(]?[\doil][\doil\s()-]{5,20}", re.ASCII)
_FIGURES: Final = str.maketrans("oil", "011")
# A service asks for a choice, and that is no part of its number.
_CHOICE: Final = re.compile(r"[\s,]+(?:option|opt\.?|press|choose)\s*\d$", re.ASCII)
_EMERGENCY: Final = frozenset({"999", "112"})


@dataclass(frozen=True, slots=True)
class CallBack:
    """What a typed call-back number is taken for.

    Attributes:
        kept: as the record keeps it: as it is dialled in the UK, else as it was typed.
        reading: what it is taken for, to stand beside it; empty for nothing typed.
        doubt: what to ask about it; empty for nothing.
    """

    kept: str
    reading: str = ""
    doubt: str = ""


_DOUBTFUL: Final = "This may be no phone number: read it back. It is kept as typed."


def read(text: str) -> PhoneNumber | None:
    """The number in a text, or None if there is none. An extension is kept."""
    import phonenumbers
    from phonenumbers import NumberParseException

    try:
        return phonenumbers.parse(text.strip(), REGION)
    except NumberParseException:
        return None


def is_likely(text: str) -> bool:
    """Whether somebody can be called back on it, as far as the numbering plan tells."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    number = read(text)
    if number is None:
        return False
    full = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    practice = full.startswith(_FOR_PRACTICE) and len(full) == len("+447700900123")
    return practice or phonenumbers.is_valid_number(number)


def as_dialled(text: str) -> str:
    """The number as it is dialled in the UK, ``01604 630000``; the text itself when it says anything else."""
    return understood(text).kept


def understood(text: str) -> CallBack:
    """What was typed as the call-back number.

    A text that says more than a number (whose it is, a second one) is kept whole.
    """
    said = text.strip()
    # As it is heard: a pasted number has marks that nobody sees, and digits of another width.
    typed = unicodedata.normalize(
        "NFKC", "".join(sign for sign in said if unicodedata.category(sign) != "Cf")
    ).lower()
    if not typed:
        return CallBack("")
    if _WITHHELD.fullmatch(typed):
        return CallBack(said, "number withheld", "Ask for one to ring back on.")
    if _NOT_KNOWN.fullmatch(typed):
        return CallBack(said, "not known", "Nobody can be rung back: ask for a number.")
    bare = _noughts(_LABEL.sub("", typed))
    if bare in _EMERGENCY:
        return CallBack(said, f"{bare}, the emergency number", "It rings nobody back: ask for another number.")
    return _short(said, bare) or _number(bare) or _several(said) or CallBack(said, "kept as said", _DOUBTFUL)


def _noughts(typed: str) -> str:
    """Letters typed for figures among others: ``o77oo 9oo123``, ``07700 900l23``."""
    return typed.translate(_FIGURES) if _WITH_O.fullmatch(typed) else typed


def _short(said: str, bare: str) -> CallBack | None:
    """A number of few digits: a service, or a desk in somebody's own house."""
    if _ONLY_EXTENSION.fullmatch(bare):
        return CallBack(said, "an extension", "Ask for the whole number, not only the extension.")
    bare = _CHOICE.sub("", bare)
    if not (bare.isascii() and bare.replace(" ", "").isdigit() and len(bare) <= 7):
        return None
    from phonenumbers import PhoneNumber, shortnumberinfo

    number = PhoneNumber(country_code=44, national_number=int(bare.replace(" ", "")))
    if shortnumberinfo.is_valid_short_number_for_region(number, REGION) and bare[0] != "0":
        return CallBack(said, f"{bare}, a short number", "It rings a service: ask for a direct number.")
    return None


def _number(bare: str) -> CallBack | None:
    extension = _EXTENSION.search(bare)
    alone = _NUMBER.fullmatch(bare[: extension.start()] if extension else bare)
    number = read(bare) if alone and is_likely(bare) else None
    if number is None or not _says_all(number, bare):
        return None
    kept = _dialled(number)
    return CallBack(kept, f"{kept}, a number abroad" if kept.startswith("+") else kept)


def _dialled(number: PhoneNumber) -> str:
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    home = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _says_all(number: PhoneNumber, bare: str) -> bool:
    """Whether no digit that was typed is missing from the number."""
    digits = re.sub(r"\D", "", bare)
    return digits.endswith(f"{number.national_number}{number.extension or ''}")


def _several(said: str) -> CallBack | None:
    import phonenumbers

    looked = phonenumbers.PhoneNumberMatcher(said, REGION, phonenumbers.Leniency.POSSIBLE)
    found = [match for match in looked if is_likely(match.raw_string)]
    if not found:
        return None
    if len(found) == 1:
        return CallBack(said, f"{_dialled(found[0].number)}, and more; kept as said")
    return CallBack(said, f"{len(found)} numbers, kept as said", "More than one number: which first?")
