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
# Nothing but a place in front, to ten metres at least: other numbers are no place.
_BARE = re.compile(r"\s*(-?\d{1,2}\.\d{4,})\s*[,;\s]\s*(-?\d{1,3}\.\d{3,})(?![\d.])")
_BARE_SHORT = re.compile(r"\s*(-?\d{1,2}\.\d+)\s*[,;]\s*(-?\d{1,3}\.\d+)\s*(?:[,;]\s*-?[\d.]+\s*)*\Z")


def instead_of(form: str, report: Report, payload: Payload, now: datetime) -> tuple[str, Report]:
    """The same; what was read loosely where the form found neither a place nor a cry in a body."""
    if report.fixes or report.panics or not payload.body or form not in {"client", "osmand"}:
        return form, report
    loosely = read(payload, now)
    return ("osmand", loosely) if loosely is not None else (form, report)


def read(payload: Payload, now: datetime) -> Report | None:
    """A fix of what a body says in its own way; None if it says no place."""
    params = _fields(payload)
    if not params:
        return None
    try:
        report = osmand.parse(replace(payload, params={**payload.params, **params}, body=b""), now)
    except BadPayload:
        return None
    # A cry in what is no form is heard by whoever asks next, with the sentence of why.
    return report if report.fixes else None


def _fields(payload: Payload) -> dict[str, str]:
    try:
        return _of_json(reading.json_objects(payload.body)[0])
    except BadPayload:
        return _of_text(payload.body.decode("utf-8-sig", "replace"))


def _of_json(message: Mapping[str, Any]) -> dict[str, str]:
    flat = {name.lower(): value for name, value in message.items() if isinstance(value, str | int | float)}
    if not {"lat", "latitude"} & flat.keys():
        return {}
    flat |= {"id": reading.word(message.get("device_id"))} if "device_id" in message else {}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in flat.items()}


def _of_text(text: str) -> dict[str, str]:
    lat, lon = _LAT.search(text), _LON.search(text)
    if lat and lon:
        return {"lat": lat[1], "lon": lon[1]} | _cry(text)
    bare = _BARE.match(text) or _BARE_SHORT.match(text)
    return {"lat": bare[1], "lon": bare[2]} | _cry(text) if bare else {}


def _cry(text: str) -> dict[str, str]:
    return {"alarm": "sos"} if reading.seems_panic(text.encode()) else {}
