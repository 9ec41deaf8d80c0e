"""Words of an address, made alike however they are typed."""

import re

from db.domain.texts import letters

_SHORT = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "ct": "court", "crt": "court",
    "cres": "crescent", "cresc": "crescent", "gdns": "gardens", "gdn": "garden", "pk": "park", "sq": "square",
    "gr": "grove", "gro": "grove", "terr": "terrace", "tce": "terrace", "pl": "place", "hosp": "hospital",
    "stn": "station", "wy": "way", "hse": "house", "ctr": "centre", "center": "centre", "bldg": "building",
    "nth": "north", "sth": "south", "gt": "great", "lt": "little", "upr": "upper", "lwr": "lower",
    "pharm": "pharmacy", "chemist": "pharmacy", "surg": "surgery", "ind": "industrial", "est": "estate",
    "blvd": "boulevard", "dv": "drive", "drv": "drive", "mkt": "market", "gp": "doctors", "hq": "headquarters",
    "gen": "general", "stat": "station", "str": "street", "avn": "avenue", "crs": "crescent", "trdg": "trading",
    "cott": "cottage", "cotts": "cottages", "fm": "farm", "grn": "green", "grv": "grove",
    "mws": "mews", "pde": "parade", "prom": "promenade", "rbt": "roundabout", "vlg": "village",
}  # fmt: skip
_EITHER = {"st": ("street", "saint"), "dr": ("drive", "doctor"), "n": ("north",), "s": ("south",)}
# What people call it and nobody writes on a map.
_SAID = {"nick": ("police", "nick"), "cops": ("police", "cops"), "docs": ("doctors", "docs")}
SHORT_COUNTIES = {
    "northamptonshire": "northants", "leicestershire": "leics", "cambridgeshire": "cambs", "oxfordshire": "oxon",
    "buckinghamshire": "bucks", "bedfordshire": "beds", "warwickshire": "warks", "lincolnshire": "lincs",
    "hampshire": "hants", "hertfordshire": "herts", "berkshire": "berks", "nottinghamshire": "notts",
    "staffordshire": "staffs", "wiltshire": "wilts", "worcestershire": "worcs", "gloucestershire": "glos",
    "lancashire": "lancs", "yorkshire": "yorks", "derbyshire": "derbys", "shropshire": "salop",
}  # fmt: skip
"""How a county's name is written short."""
_NOISE = frozenset((
    "the", "of", "in", "near", "nr", "at", "by", "on", "and", "off", "to", "from", "opposite", "opp", "behind",
    "outside", "flat", "apartment", "apt", "no", "number",
))  # fmt: skip
_HOUSE_NUMBER = re.compile(r"\d+[a-d]?(-\d+[a-d]?)?")


def fold(text: str) -> list[str]:
    """Split text into lower-case words without accents, apostrophes and punctuation, short forms spelt out.

    `St` becomes `saint` at the beginning of a name and `street` elsewhere.
    """
    words = re.findall(r"[a-z0-9]+", letters(text).replace(".", ""))
    return [_spelt_out(word, first=n == 0) for n, word in enumerate(words) if word not in _NOISE]


def _spelt_out(word: str, *, first: bool) -> str:
    if word in _EITHER:
        meant = _EITHER[word]
        return meant[-1] if first else meant[0]
    return _SHORT.get(word, word)


def query_words(text: str) -> list[tuple[str, ...]]:
    """Split what somebody types into words, each with its possible meanings, house numbers left out."""
    plain = re.sub(r"\bcop\s?shop\b", "nick", letters(text).replace(".", ""))
    words = re.findall(r"[a-z0-9]+(?:-\d+[a-d]?)?", plain)
    kept = [word for word in words if word not in _NOISE and not _HOUSE_NUMBER.fullmatch(word)]
    return [_EITHER.get(word) or _SAID.get(word) or (_SHORT.get(word, word),) for word in kept]
