"""The JSON objects in what a device sent, also where something around or between them is broken."""

import json
import re
from functools import lru_cache
from typing import Any

from db.gateway.fix import BadPayload

MOST_BROKEN = 50
"""So often it is begun anew behind a bad place: whoever sends nothing but these costs no more."""


def paired(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which no value is lost to a later one of its name.

    The last that says something stands under the name, and the others as ``1.name``, ``2.name``: where what is the
    last part of a name counts, none takes an alarm back.
    """
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for place, (name, value) in enumerate(pairs):
        before = found.pop(name, None)
        if before is not None and value is not None:
            found[f"{place}.{name}"] = before
        found[name] = before if value is None else value
    return found


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, object_pairs_hook=paired)
_BETWEEN = re.compile(r"[ \t\r\n,\0]*")
_TIMES = frozenset({"timestamp", "time", "ts", "tst", "fixtime", "devicetime", "properties"})


def json_objects(body: bytes) -> list[dict[str, Any]]:
    """The JSON objects in a body: one, or a list of several. A number that is none (NaN) is not known.

    Raises:
        BadPayload: there is none.
    """
    found, whole = _read(body)
    if not found:
        raise BadPayload("The body is not a JSON object." if whole else "The body is not JSON.")
    return found


def is_whole(body: bytes) -> bool:
    """Whether all of a body is one value of JSON."""
    return _read(body)[1]


# Several ask about one body, one behind the other.
@lru_cache(maxsize=1)
def _read(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    """The objects in a body, and whether nothing else is in it."""
    text = body.decode("utf-8-sig", "replace")
    try:
        read = _DECODER.decode(text)
        # Put into JSON twice, as some gateways of phones do.
        read = _DECODER.decode(read) if isinstance(read, str) else read
    except (ValueError, RecursionError):
        return _in_pieces(text), False
    return _objects(read if isinstance(read, list) else [read]), True


def _in_pieces(text: str) -> list[dict[str, Any]]:
    """Objects that come one a line, or one behind the other; a bad line, or a cut end, costs itself only.

    Numbers before them count for nothing: the reading that finds most objects is the one.
    """
    by_line = [one for line in text.splitlines() for one in glued(line)]
    readings = (glued(text.strip().removeprefix("[")), by_line, _whole_ones(text))
    return max((_objects(reading) for reading in readings), key=len)


def _objects(values: list[object]) -> list[dict[str, Any]]:
    return [one for one in values if isinstance(one, dict)]


def glued(text: str) -> list[object]:
    """The values that can be read from the beginning of a text, one behind the other."""
    found: list[object] = []
    at = 0
    while (at := _past_blanks(text, at)) < len(text):
        try:
            one, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(one)
    return found


def _past_blanks(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _whole_ones(text: str) -> list[object]:
    """The whole objects in what is broken around or between them, each with a time of its own.

    A place without its time would be taken for where the device is now.
    """
    found: list[object] = []
    at, tries = text.find("{"), MOST_BROKEN
    while at >= 0 and tries:
        try:
            one, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            # The objects inside it may be whole.
            end, tries = at + 1, tries - 1
        else:
            found += [one] if _TIMES.intersection(name.lower() for name in one) else []
        at = text.find("{", end)
    return found
