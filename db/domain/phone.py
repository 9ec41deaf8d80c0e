"""Call-back numbers: any form a caller says, read the UK way. A doubtful one is kept and warned about."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Its tables of numbers are many files: read with the first number, not while somebody waits for the board.
if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

REGION = "GB"
# Ofcom keeps these for plays and practice: nobody owns them, and a practice shift is full of them.
_FOR_PRACTICE = ("+447700900", "+441632960", "+442079460", "+443069990", "+448081570")


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
    """The number as it is dialled in the UK, ``01604 630000``; the text itself when it is no likely number."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    number = read(text)
    if number is None or not is_likely(text):
        return text.strip()
    home = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)
