"""Reading numbers, times and extras that a device sent, whatever shape they have."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from db.gateway.fix import BadPayload, Payload
from db.gateway.payloads.angles import dressed

KMH_A_KNOT = 1.852
KMH_A_MS = 3.6
MOST_ATTRIBUTES = 64
LONGEST_WORD = 256
TOKEN_FIELDS = ("token", "key", "access_token", "api_key", "apikey", "auth")
"""In which a device's token may stand, likeliest first."""
# And µlogger's word for it.
_SECRETS = frozenset((*TOKEN_FIELDS, "pass"))
# Beyond it a JSON number is not exact everywhere that reads it.
_BIGGEST_INTEGER = 2**53
DEEPEST = 6
LONGEST_TEXT = 8192
"""In a longer one no JSON is looked for."""
# In whatever marks: what is no JSON by a comma too many, or by its quotes, names its device all the same.
_NAMED_IN = re.compile(
    rb"""(?:(?<![\w.])["']?(device_?id|uniqueid|tid|id)["']?\s*:\s*["']([^"'\\]{1,200})["']"""
    rb"""|(?<![\w.])(device_?id|uniqueid|tid|id)=([^"'\\\s,;&}]{1,200})(?![^"'\\\s,;&}]))""",
    re.IGNORECASE,
)
_TOKEN_IN = re.compile(rb"[\"'](?:token|key)[\"']\s*:\s*[\"']([^\"'\\]{1,200})[\"']", re.IGNORECASE)


def number(value: object) -> float | None:
    """A finite number, from a number or its text; None for anything else."""
    # ``True`` is an integer to Python, and no number that a device measured.
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return _with_comma(value)
    return read if math.isfinite(read) else None


def _with_comma(value: object) -> float | None:
    """From a phone that writes numbers as its language does."""
    if not isinstance(value, str) or value.count(",") != 1 or "." in value:
        return None
    return number(value.replace(",", "."))


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
    if read is None and isinstance(value, str):
        read = dressed(value)
    if read is None:
        raise BadPayload(f"The {name} is missing or not a number.")
    return read


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


def named(payload: Payload) -> str:
    """The device as the query, a form or the login names it; may be empty."""
    params = payload.params
    return word(params.get("id") or params.get("deviceid") or params.get("device_id") or payload.user)


def attributes(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Extras in a shape that the record can hold: plain values and short lists, long words cut, and no token."""
    kept: dict[str, object] = {}
    for name, value in pairs:
        clean = _clean(value) if name.lower().rpartition(".")[2] not in _SECRETS else None
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
    # Neither NUL nor half a surrogate pair can be stored as JSON in the record; neither can be printed.
    cut = text[:LONGEST_WORD]
    return cut if cut.isprintable() else "".join(c for c in cut if c != "\0" and not "\ud800" <= c <= "\udfff")


def named_in(body: bytes) -> str:
    """The device that a body names of which nothing else can be read; may be empty."""
    found = {(a or b).lower(): said or bare for a, said, b, bare in reversed(_NAMED_IN.findall(body))}
    # What is called id may be a number of the message.
    said = next(
        (found[name] for name in (b"device_id", b"deviceid", b"uniqueid", b"tid", b"id") if name in found), b""
    )
    return word(said.decode("utf-8", "replace"))


def token_in(body: bytes) -> str:
    """The token that a JSON body brings along; empty for none."""
    found = _TOKEN_IN.search(body)
    return found.group(1).decode("utf-8", "replace") if found else ""


def typed(text: str) -> object:
    """A query's word as the number or truth that it spells, else as it is."""
    if text in {"true", "false"}:
        return text == "true"
    read = number(text)
    return text if read is None else read
