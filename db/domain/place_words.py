"""The words kept for a place that was picked, so that nothing the caller said is lost."""

import re

from db.domain.postcode import find_in, normalise

_NUMBER = re.compile(r"((?:flat|room|unit|apartment)\s+\w{1,5}[\s,]+)?\d{1,4}[a-z]?[\s,]+(?=\D)", re.IGNORECASE)


def postcode_in(text: str) -> str:
    """The full postcode in a typed text; empty if there is none."""
    alone = normalise(text)
    inside = find_in(text)
    return alone or (inside[0] if inside else "")


def address_of(typed: str, title: str, detail: str, postcode: str | None) -> str:
    """What to keep as the location's text when a suggestion is picked.

    A house number that was typed goes before a street's name; an address typed around a postcode stays as it is.

    Args:
        typed: what stood in the box.
        title: the suggestion's name.
        detail: where it is; what follows a middle dot is not part of the address.
        postcode: the suggestion's full postcode, if it is one.
    """
    where = detail.partition(" · ")[0].strip()
    if postcode:
        inside = find_in(typed)
        return (inside[1] if inside else "") or where or title
    number = _NUMBER.match(typed.strip())
    name = f"{number[0].strip()} {title}" if number and not title[:1].isdigit() else title
    return f"{name}, {where}" if where else name
