"""Towns written short, as people in the county write them: ``N'pton``, ``W/boro``."""

import re
from collections.abc import Iterable

from db.domain.texts import letters

_SHORT = re.compile(r"\b([a-z])\s?['\u2019/]\s?([a-z]{3,})\b", re.IGNORECASE | re.ASCII)


def spelt_out(text: str, towns: Iterable[str]) -> str:
    """The same with the town's whole name, where one town alone can be meant.

    Args:
        text: what was typed.
        towns: those of the area.
    """
    if not _SHORT.search(text):
        return text
    known = {letters(town): town for town in towns}

    def whole(match: re.Match[str]) -> str:
        first, rest = match[1].lower(), match[2].lower()
        # "Boro" is how people say and write borough.
        ends = (rest, rest.removesuffix("boro") + "borough") if rest.endswith("boro") else (rest,)
        meant = [town for name, town in known.items() if name.startswith(first) and name.endswith(ends)]
        return meant[0] if len(meant) == 1 else match[0]

    return _SHORT.sub(whole, text)
