"""What somebody says of a place, taken apart: what it is called, and what only says where at it.

Callers say the place among other things: a flat and a house number before it, the part of a hospital behind it,
that they stand behind or opposite something. What is not its name must not be searched as if it were; and what
only says that they are near it makes the place doubtful. Nothing of it is thrown away:
:mod:`db.domain.place_words` keeps all of it in the location's text.
"""

import re
from dataclasses import dataclass
from typing import Final

_BESIDE = re.compile(
    r"\b(?:just\s+)?(?:behind|opposite|opp|near(?:\s+to)?|nr|outside|next\s+(?:door\s+)?to|beside|adjacent\s+to|"
    r"in\s+front\s+of|(?:round|around)\s+the\s+(?:corner|back)\s+(?:from|of)|across\s+(?:the\s+road\s+)?from|"
    r"over\s+the\s+road\s+from|(?:the\s+)?(?:back|rear|front|side|end|top|bottom)\s+of|between|towards|just\s+past|"
    r"past|just\s+off|alongside|by\s+the)(?=\s|$)\.?",
    re.IGNORECASE,
)
_EMERGENCY: Final = (
    r"a\s*(?:&|\+|and|n|/)\s*e\b|accident\s+(?:and|&)\s+emergency|casualty(?:\s+department)?|"
    r"emergency\s+(?:department|dept|unit)|resus\b|ed(?=\s*(?:,|$))"
)
_STREET: Final = r"(?:street|st|road|rd|lane|close|cl|avenue|ave|way|drive|court|place|end)"
_AT_IT: Final = (
    r"(?:main|front|back|side|rear|ambulance|staff|public)?\s*(?:reception|entrance|car\s*park|waiting\s+(?:room|area)|"
    r"front\s+desk|help\s*desk|enquiry\s+desk|foyer|lobby|canteen|ambulance\s+bay|drop\s*off|main\s+gate|front\s+door|"
    r"back\s+door|yard|custody(?:\s+suite)?|(?:ground|first|second|third|fourth|top)\s+floor|"
    rf"ward\s+[a-z]?\d{{1,2}}[a-z]?|ward\s+(?!{_STREET}\b)[a-z]+(?:\s+[a-z])?(?=\s*(?:,|$))|[a-z]+\s+ward(?=\s*(?:,|$))|"
    r"bay\s+\d{1,2}|maternity(?:\s+unit)?|"
    r"minor\s+injur(?:y|ies)(?:\s+unit)?|x-?ray|delivery\s+suite|main\s+building|grounds|out\s*patients?(?:\s+department)?)"
)
# A ward before the hospital may have two words: "talbot butler ward NGH".
_WARD_FIRST = re.compile(
    rf"^(?:the\s+|on\s+|in\s+)*(?:[a-z']+\s+){{1,2}}ward(?:\s+(?:at|in|of))?\s+(?!{_STREET}\b)(?=[a-z])",
    re.IGNORECASE,
)
_EMERGENCIES = re.compile(rf"(?<![a-z])(?:{_EMERGENCY})(?:\s+(?:department|dept))?", re.IGNORECASE)
_PARTS = re.compile(rf"(?<![a-z])(?:{_AT_IT})(?![a-z])(?:\s+(?:at|of|in)(?=\s))?", re.IGNORECASE)
_UNIT = re.compile(
    r"(?<![a-z])(?:flat|apartment|apt|unit|room|block|studio|plot|bedsit)s?\.?\s+(?:no\.?\s*)?"
    r"(?:\d{1,4}[a-z]?|[a-z]\d{0,3}|g\.?f)(?![a-z0-9])",
    re.IGNORECASE,
)
_CORNER: Final = r"(?:junction|jct|jctn|junc|corner|cnr|crossroads|crossing|intersection|roundabout)"
_AND: Final = r"\s*(?:\band\b|&|\+|/|\bwith\b|\bmeets\b|\bjoins\b|\bcrosses\b)\s*"
_ROAD: Final = (
    r"(?:street|str|st|road|rd|lane|ln|avenue|ave|drive|dr|way|close|hill|square|sq|terrace|crescent|cres|place|"
    r"[abm]\d{1,4})"
)
_CROSSINGS = (
    re.compile(
        rf"(?:(?:at|on|the|by)\s+)*{_CORNER}\s+(?:of|between|with|at|where)?\s*(?P<a>.+?){_AND}(?P<b>.+)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<a>.+?){_AND}(?P<b>.+?)\s+{_CORNER}", re.IGNORECASE),
    # Two roads in one breath.
    re.compile(
        rf"(?P<a>(?=.*[a-z]).+\b{_ROAD})\.?\s*(?:\band\b|&|\+|/|\bx\b|\bmeets\b|\bjct\b|\bj/w\b)\s*"
        rf"(?:the\s+)?(?P<b>[^/&+,]*\b{_ROAD}\b.*)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:at\s+)?where\s+(?P<a>.+?)\s+(?:meets|joins|crosses)\s+(?P<b>.+)", re.IGNORECASE),
)
_LEADS = re.compile(
    r"^(?:(?:i'?m|he'?s|she'?s|they'?re|he is|she is|we are)\s+)?(?:(?:at|in|on|by|the|is|from)\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlaceSaid:
    """A typed place, taken apart.

    Attributes:
        name: what may be the name of a place, without the rest.
        beside: somebody is near it rather than there.
        within: the name is not all that was said: a part of some building, or a flat or room.
        emergency: the emergency department of a hospital is meant.
        crossing: the two roads that meet there; None when it is no crossing.
    """

    name: str
    beside: bool = False
    within: bool = False
    emergency: bool = False
    crossing: tuple[str, str] | None = None


def read_said(text: str) -> PlaceSaid:
    """Take a typed place apart."""
    crossing = next((m for pattern in _CROSSINGS if (m := pattern.fullmatch(text.strip(" ,.")))), None)
    if crossing is not None and not _EMERGENCIES.search(text):
        return PlaceSaid(text, beside=True, crossing=(crossing["a"].strip(" ,"), crossing["b"].strip(" ,")))
    name, beside = _BESIDE.subn(" ", text)
    name, emergency = _EMERGENCIES.subn(" ", name)
    name, units = _UNIT.subn(" ", name)
    rest, parts = _PARTS.subn(" ", _WARD_FIRST.sub("", name))
    within = bool(units or parts or emergency or _WARD_FIRST.search(name))
    # "Car park" alone, or "Reception" of nothing, is all the name that there is.
    return PlaceSaid(_tidy(rest) or _tidy(name), bool(beside), within, bool(emergency))


def _tidy(text: str) -> str:
    return _LEADS.sub("", re.sub(r"\s*,(?:\s*,)*\s*", ", ", " ".join(text.split())).strip(" ,.-"))
