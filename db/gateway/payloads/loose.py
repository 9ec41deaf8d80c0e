"""A place in no form at all: JSON with plain names, or a line of text, as loggers let people write them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Payload, Report
from db.gateway.payloads import osmand, reading

_LAT = re.compile(r"\blat(?:itude)?\b\W{1,4}?(-?\d{1,2}[.,]\d+)", re.IGNORECASE)
_LON = re.compile(r"\b(?:lon(?:gitude)?|lng|long)\b\W{1,4}?(-?\d{1,3}[.,]\d+)", re.IGNORECASE)
_LATS = frozenset({"lat", "latitude"})
_LOOSE = frozenset({"client", "osmand", "forward"})
# Nothing but a place in front, to ten metres at least: other numbers are no place.
_BARE = re.compile(r"\s*(-?\d{1,2}\.\d{4,})\s*[,;\s]\s*(-?\d{1,3}\.\d{3,})(?![\d.])")
_BARE_SHORT = re.compile(r"\s*(-?\d{1,2}\.\d+)\s*[,;]\s*(-?\d{1,3}\.\d+)\s*(?:[,;]\s*-?[\d.]+\s*)*\Z")


def instead_of(form: str, report: Report, payload: Payload, now: datetime) -> tuple[str, Report]:
    """The same; what was read loosely where the form found no place in a body."""
    if report.fixes or not payload.body or form not in _LOOSE:
        return form, report
    loosely = read(payload, now)
    if loosely is None:
        return form, report
    # A cry that the form heard is one, also where the place stands beside it in no form.
    return "osmand", loosely if loosely.is_panic else replace(loosely, panics=report.panics)


def read(payload: Payload, now: datetime) -> Report | None:
    """The fixes of what a body says in its own way, each for itself; None if it says no place."""
    reports = [one for params in _fields(payload) if (one := _report(payload, params, now)) is not None]
    fixes = tuple(fix for one in reports for fix in one.fixes)
    # A cry in what is no form is heard by whoever asks next, with the sentence of why.
    if not fixes:
        return None
    first = reports[0].device_ids
    same = [one for one in reports if one.device_ids == first]
    return Report(
        first,
        tuple(fix for one in same for fix in one.fixes),
        tuple(moment for one in same for moment in one.panics),
        tuple(sentence for one in same for sentence in one.unused),
    )


def _report(payload: Payload, params: Mapping[str, str], now: datetime) -> Report | None:
    try:
        return osmand.parse(replace(payload, params={**payload.params, **params}, body=b""), now)
    except BadPayload:
        return None


def _fields(payload: Payload) -> list[dict[str, str]]:
    try:
        found = [_of_json(message) for message in reading.json_objects(payload.body)]
    except BadPayload:
        found = [_of_text(payload.body.decode("utf-8-sig", "replace"))]
    return [one for one in found if one]


def _of_json(message: Mapping[str, Any]) -> dict[str, str]:
    flat = _plain(message)
    # Beside it, or one floor down: {"gps": {"lat": ..., "lng": ...}, "time": ...}.
    below = next((one for one in map(_plain, message.values()) if _LATS & one.keys()), {})
    flat = flat if _LATS & flat.keys() else {**flat, **below}
    if not _LATS & flat.keys():
        return {}
    flat |= {"id": reading.word(message.get("device_id"))} if "device_id" in message else {}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in flat.items()}


def _plain(message: object) -> dict[str, str | int | float]:
    if not isinstance(message, dict):
        return {}
    return {name.lower(): value for name, value in message.items() if isinstance(value, str | int | float)}


def _of_text(text: str) -> dict[str, str]:
    lat, lon = _LAT.search(text), _LON.search(text)
    if lat and lon:
        return {"lat": lat[1], "lon": lon[1]} | _cry(text)
    bare = _BARE.match(text) or _BARE_SHORT.match(text)
    return {"lat": bare[1], "lon": bare[2]} | _cry(text) if bare else {}


def _cry(text: str) -> dict[str, str]:
    return {"alarm": "sos"} if reading.seems_panic(text.encode()) else {}
