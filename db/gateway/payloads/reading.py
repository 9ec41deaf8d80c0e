"""Reading numbers, times and extras that a device sent, whatever shape they have."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from db.gateway.fix import BadPayload

KMH_A_KNOT = 1.852
KMH_A_MS = 3.6
MOST_ATTRIBUTES = 64
LONGEST_WORD = 256
_LAST_SECOND = 2**31 - 1
_BIGGEST_INTEGER = 2**53
_PANIC = frozenset({"sos", "panic", "emergency", "duress", "help", "true", "1", "yes", "on"})


def number(value: object) -> float | None:
    """A finite number, from a number or its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def at_least_zero(value: object, factor: float = 1.0) -> float | None:
    """A number that cannot be negative, times a factor; -1 and its like mean unknown."""
    read = number(value)
    return read * factor if read is not None and 0 <= read < 1e9 else None


def positive(value: object) -> float | None:
    """As ``at_least_zero``, and zero means unknown too: no receiver is exact."""
    return at_least_zero(value) or None


def heading(value: object) -> float | None:
    """Degrees from north, 0 to under 360; None if unknown or out of range."""
    read = number(value)
    return read % 360 if read is not None and 0 <= read <= 360 else None


def degrees(value: object, name: str) -> float:
    """A latitude or longitude.

    Raises:
        BadPayload: there is none.
    """
    read = number(value)
    if read is None:
        raise BadPayload(f"The {name} is missing or not a number.")
    return read


def when(value: object, now: datetime) -> datetime:
    """A time: epoch seconds or milliseconds, ISO 8601, or ``yyyy-MM-dd HH:mm:ss`` in UTC. Missing means now.

    Raises:
        BadPayload: it is there and is no time.
    """
    if value is None or value == "":
        return now
    seconds = number(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(seconds if abs(seconds) < _LAST_SECOND else seconds / 1000, UTC)
        if not isinstance(value, str):
            raise BadPayload("The time is not a time.")
        return _aware(datetime.fromisoformat(_with_plus(value.strip())))
    except (ValueError, OverflowError, OSError) as error:
        raise BadPayload("The time is not a time.") from error


def _with_plus(text: str) -> str:
    # A plus sign that was not escaped in a query arrives as a blank.
    return text.replace(" ", "+") if "T" in text else text


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        BadPayload: there is none.
    """
    try:
        read = json.loads(body, parse_constant=_no_such_number)
    except (ValueError, RecursionError) as error:
        raise BadPayload("The body is not JSON.") from error
    if not isinstance(read, dict):
        raise BadPayload("The body is not a JSON object.")
    return read


def _no_such_number(name: str) -> float:
    raise ValueError(name)


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object; empty if it is not there."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def word(value: object) -> str:
    """A name or number as clean text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) > _BIGGEST_INTEGER:
        return ""
    return _printable(str(value)).strip()


def attributes(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Extras in a shape that the record can hold: plain values and short lists, long words cut."""
    kept: dict[str, object] = {}
    for name, value in pairs:
        clean = _clean(value)
        if clean is not None and len(kept) < MOST_ATTRIBUTES:
            kept[_printable(name)] = clean
    return kept


def _clean(value: object) -> object:
    if isinstance(value, list):
        items = [_clean(item) for item in value[:MOST_ATTRIBUTES] if not isinstance(item, list)]
        return [item for item in items if item is not None]
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, int) and abs(value) > _BIGGEST_INTEGER:
        return None
    return value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else None


def _printable(text: str) -> str:
    # Neither NUL nor half a surrogate pair can be stored as JSON in the record.
    return "".join(c for c in text[:LONGEST_WORD] if c != "\0" and not "\ud800" <= c <= "\udfff")


def is_panic(value: object) -> bool:
    """Whether an ``alarm`` is the panic button, alone or in a comma-separated list."""
    words = {word.strip().lower() for word in str(value).split(",")} if isinstance(value, str | int) else set()
    return bool(words & _PANIC)


def typed(text: str) -> object:
    """A query's word as the number or truth that it spells, else as it is."""
    if text in {"true", "false"}:
        return text == "true"
    read = number(text)
    return text if read is None else read
