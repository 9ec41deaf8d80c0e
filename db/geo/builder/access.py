"""What a van may drive on, by OpenStreetMap's tags: an unmarked van with a visit to make, and no exemption.

The more particular key goes before the general one, as mappers mean it: ``motorcar`` before ``motor_vehicle``
before ``vehicle`` before ``access``. A restriction by the hour counts all day: a time that is too long sends
another van, one that is too short keeps somebody waiting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

Tags = Mapping[str, str]


class Passage(IntEnum):
    """Who may go along a road.

    ``ENDING`` roads may be driven at the start and at the end of a way, never through. ``EXEMPT`` ones are shut to
    all but buses and blue lights. ``CLOSED`` ones are shut to everybody, or not there.
    """

    OPEN = 0
    ENDING = 1
    EXEMPT = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Driving:
    """How a way may be driven: by whom, and -1 backwards only, 1 forwards only, 0 both ways."""

    passage: Passage
    oneway: int = 0


@dataclass(frozen=True, slots=True)
class VanSize:
    """What has to fit under, between and over: metres and tonnes.

    A people carrier with its mirrors in, unless somebody says what the largest van measures: one size holds for
    every van of a pack.
    """

    metres_high: float = 1.9
    metres_wide: float = 1.9
    tonnes: float = 2.0


PEOPLE_CARRIER: Final = VanSize()
_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
_YES: Final = frozenset(
    ("yes", "permissive", "designated", "official", "public", "discouraged", "use_sidepath", "allowed")
)
_ENDING: Final = frozenset(
    (
        *("destination", "customers", "customer", "delivery", "private", "residents", "resident", "residential"),
        *("military", "license", "permit", "visitors", "employees", "staff", "guests", "patients", "members"),
    )
)
_NO: Final = frozenset(("no", "agricultural", "forestry", "none", "closed"))
_NOT_VANS: Final = frozenset(("psv", "bus", "taxi", "emergency", "tram", "hov", "hgv", "bicycle", "foot"))
_EXEMPT: Final = ("psv", "bus", "taxi", "emergency", "tourist_bus", "psv:conditional", "bus:conditional")
_HALF_BUILT: Final = (
    "construction",
    "disused",
    "abandoned",
    "proposed",
    "demolished",
    "razed",
    "removed",
    "destroyed",
    "dismantled",
    "planned",
)
_IMPASSABLE: Final = (("impassable", "yes"), ("smoothness", "impassable"), ("closed", "yes"))
_HEIGHTS: Final = ("maxheight", "maxheight:physical")
_WIDTHS: Final = ("maxwidth", "maxwidth:physical")
_WEIGHTS: Final = ("maxweight", "maxweightrating")
_MEASURED: Final = {"height_restrictor": "height", "width_restrictor": "width"}
"""What a restrictor's own measure is called, which is that of its gap."""
_BOTH_WAYS: Final = frozenset(("no", "false", "0", "alternating"))
_FORWARDS: Final = frozenset(("yes", "true", "1"))
_BACKWARDS: Final = frozenset(("-1", "reverse"))
_ONEWAY_KEYS: Final = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
_GATES: Final = frozenset(
    (
        *(
            "gate",
            "lift_gate",
            "swing_gate",
            "sliding_gate",
            "sliding_beam",
            "hampshire_gate",
            "bump_gate",
            "boom",
        ),
        *("toll_booth", "border_control", "checkpoint", "sally_port", "cattle_grid", "arch", "entrance", "kerb"),
        *("height_restrictor", "width_restrictor", "coupure", "no"),
    )
)
_FOOT: Final = 0.3048
_TONNES: Final = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:t|tonnes?)?|(\d{3,5})\s*kg", re.ASCII)
_FEET: Final = re.compile(r"""(\d{1,2})\s*(?:'|ft)(?:\s*-?(\d{1,2})\s*(?:"|''|in)?)?""", re.ASCII)
_METRES: Final = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:m|met(?:re|er)s?)?|(\d{2,3})\s*cm", re.ASCII)
_FALLING: Final = frozenset(("rising", "retractable", "automatic"))
_FOR_BUSES: Final = frozenset(("bus_trap", "bus_gate", "sump_buster", "rising_bollard"))


def driving(tags: Tags, van: VanSize = PEOPLE_CARRIER) -> Driving:
    """How a van may drive along a way of a class that is for driving, by the way's tags."""
    passage = _passage(tags, van)
    ahead, back = _toward(tags, "forward", passage), _toward(tags, "backward", passage)
    oneway = _oneway(tags)
    if oneway is None:
        return Driving(Passage.CLOSED)
    if oneway == 0 and ahead != back:
        # One side is for buses: a van has the other.
        return Driving(min(ahead, back), 1 if ahead < back else -1)
    return Driving(back if oneway < 0 else ahead, oneway)


def _passage(tags: Tags, van: VanSize) -> Passage:
    if any(tags.get(key, "no") not in ("no", "minor", "complete") for key in _HALF_BUILT):
        return Passage.CLOSED
    if any(tags.get(key) == value for key, value in _IMPASSABLE) or _is_too_small(tags, van):
        return Passage.CLOSED
    if tags.get("service") in ("emergency_access", "bus") or tags.get("psv") == "only":
        return Passage.EXEMPT
    return _of_keys(tags, "")


def _of_keys(tags: Tags, suffix: str) -> Passage:
    """What the most particular key says that is there; nothing said is open."""
    by_hour = Passage.OPEN
    for key in _KEYS:
        said = tags.get(f"{key}{suffix}")
        sometimes = _by_the_hour(tags.get(f"{key}{suffix}:conditional"))
        by_hour = by_hour if sometimes is None else max(by_hour, _of_value(sometimes, key, tags))
        # An empty value is one that somebody took away; what is said for some hours leaves open who may pass else.
        if said and said.strip():
            return max(by_hour, _of_value(said, key, tags))
    return by_hour


def _by_the_hour(said: str | None) -> str | None:
    """The hardest word of ``no @ (Mo-Fr 07:00-10:00); destination @ (wet)``."""
    if not said:
        return None
    words = [part.partition("@")[0].strip() for part in re.split(r";(?![^(]*\))", said)]
    return max(words, key=lambda word: (word in _NO, word in _ENDING), default=None)


def _of_value(said: str, key: str, tags: Tags) -> Passage:
    value = said.strip().lower()
    words = {word.strip() for word in value.split(";")}
    if words & _YES and not words & _NO:
        return Passage.OPEN
    if words <= _NOT_VANS | _NO:
        # A law against motor vehicles has its exemptions; a way that nobody may use has none, unless buses do.
        some = key != "access" or bool(words & _NOT_VANS)
        some = some or any(tags.get(one, "no") not in ("no", "private") for one in _EXEMPT)
        return Passage.EXEMPT if some else Passage.CLOSED
    # For whoever goes to a place on it. Yes and no at once, or a word that nobody knows, are no way through.
    return Passage.ENDING


def _is_too_small(tags: Tags, van: VanSize) -> bool:
    """Whether a van does not fit through, by its height or width, or is too heavy; other units are not guessed."""
    gap = _MEASURED.get(tags.get("barrier", ""), "")
    for keys, least in ((_HEIGHTS, van.metres_high), (_WIDTHS, van.metres_wide)):
        measured = [*keys, *([gap] if gap and keys[0].endswith(gap) else [])]
        if any((metres := _metres(tags.get(key, "").strip())) and metres < least for key in measured):
            return True
    return any((tonnes := _tonnes(tags.get(key, "").strip())) and tonnes < van.tonnes for key in _WEIGHTS)


def _tonnes(said: str) -> float | None:
    match = _TONNES.fullmatch(said)
    return _figure(match[1]) if match and match[1] else int(match[2]) / 1000 if match else None


def _figure(said: str) -> float:
    return float(said.replace(",", "."))


def _metres(said: str) -> float | None:
    if match := _METRES.fullmatch(said):
        return _figure(match[1]) if match[1] else int(match[2]) / 100
    feet = _FEET.fullmatch(said)
    return int(feet[1]) * _FOOT + int(feet[2] or 0) * _FOOT / 12 if feet else None


def allows_vehicles(tags: Tags) -> bool:
    """Whether it is said that motor vehicles may use a way, all of them or those that go to a place on it."""
    said = [word.strip().lower() for key in _KEYS[:2] for word in tags.get(key, "").split(";")]
    return bool(said) and any(word in _YES | _ENDING for word in said)


def _toward(tags: Tags, side: str, otherwise: Passage) -> Passage:
    said = any(f"{key}:{side}" in tags or f"{key}:{side}:conditional" in tags for key in _KEYS)
    return _of_keys(tags, f":{side}") if said and otherwise != Passage.CLOSED else otherwise


def _oneway(tags: Tags) -> int | None:
    """-1, 0 or 1; None where the direction changes with the hour and nobody can tell."""
    for key in _ONEWAY_KEYS:
        said = tags.get(key, "").strip().lower()
        if said in _FORWARDS:
            return 1
        if said in _BACKWARDS:
            return -1
        if said in _BOTH_WAYS:
            return 0
        if said == "reversible":
            return None
    if tags.get("oneway:conditional", "").strip().startswith("yes"):
        return 1
    circle = tags.get("junction") in ("roundabout", "circular")
    return int(tags.get("highway") == "motorway" or circle)


def past_node(tags: Tags, van: VanSize = PEOPLE_CARRIER) -> Passage:
    """Who may go past a point on a road, by the point's tags: a bollard, a gate, a bus trap."""
    barrier = tags.get("barrier", "").strip().lower()
    gate = "bus_gate" in (tags.get("highway"), tags.get("traffic_calming")) or tags.get("bus_gate") == "yes"
    # A lock says more than who might pass if it were open.
    is_locked = barrier in _GATES and tags.get("locked", "no").strip().lower() not in ("no", "")
    if barrier and (is_locked or _is_too_small(tags, van)):
        return Passage.CLOSED
    said = any(tags.get(f"{key}{suffix}") for key in _KEYS for suffix in ("", ":conditional"))
    if said:
        return _of_keys(tags, "") if barrier or gate or "highway" in tags else Passage.OPEN
    if gate or barrier in _FOR_BUSES:
        return Passage.EXEMPT
    if not barrier or barrier in _GATES:
        return Passage.OPEN
    # A bollard that goes down for buses or blue lights.
    falls = tags.get("bollard") in _FALLING or any(tags.get(one, "no") not in ("no", "private") for one in _EXEMPT)
    return Passage.EXEMPT if falls and barrier == "bollard" else Passage.CLOSED


FERRY_KMH: Final = 12.0
FERRY_WAIT_SECONDS: Final = 600.0
_DURATION: Final = re.compile(
    r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})|(\d{1,3})(?:\s*min(?:utes)?)?|PT(?:(\d+)H)?(?:(\d+)M)?"
)


def is_car_ferry(tags: Tags) -> bool:
    """Whether a ferry says that it carries vehicles; one that says nothing carries people."""
    carries = [tags[key] for key in _KEYS[:3] if key in tags]
    return tags.get("route") == "ferry" and bool(carries) and _of_keys(tags, "") <= Passage.ENDING


def ferry_seconds(tags: Tags, metres: float) -> float:
    """How long a crossing takes with the wait for it: by its ``duration`` (``00:15``), else by its length."""
    match = _DURATION.fullmatch(tags.get("duration", "").strip())
    if not match or not any(match.groups()):
        return FERRY_WAIT_SECONDS + metres * 3.6 / FERRY_KMH
    return FERRY_WAIT_SECONDS + _seconds(match)


def _seconds(match: re.Match[str]) -> float:
    first, hours, minutes, plain, long, short = (int(part or 0) for part in match.groups())
    if match[3] is not None:
        # 01:30:00 has hours, minutes and seconds; 00:15 has hours and minutes.
        return first * 3600 + hours * 60 + minutes if match[1] is not None else hours * 3600 + minutes * 60
    return plain * 60 + long * 3600 + short * 60
