"""A place in no form at all: JSON with plain names, or text, as loggers let people write them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from db.gateway.fix import BadPayload, Payload, Report
from db.gateway.payloads import crying, deep, lines, moments, osmand, reading
from db.gateway.payloads.objects import json_objects

_LOOSE = frozenset({"client", "osmand", "forward"})


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
    # A cry in what is no form is heard by whoever asks next, with the sentence of why.
    if not any(one.fixes for one in reports):
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
    said = dict(params)
    if reading.named(payload) and "device_id" not in said:
        # A message has a number of its own under that name.
        said.pop("id", None)
    time = moments.told(said)
    if time and "timestamp" not in said:
        said["timestamp"] = time
    try:
        return osmand.parse(replace(payload, params={**payload.params, **said}, body=b""), now)
    except BadPayload:
        return None


def _fields(payload: Payload) -> list[dict[str, str]]:
    try:
        messages = json_objects(payload.body)
    except BadPayload:
        text = payload.body.decode("utf-8-sig", "replace")
        cry = {"alarm": "sos"} if crying.seems_panic(text.encode()) else {}
        found = lines.places(text)
        # A place by itself is of the time that stands anywhere beside it, also where that was cut off.
        time = moments.said_in(payload.body) if len(found) == 1 and "time" not in found[0] else ""
        return [one | ({"timestamp": time} if time else {}) | cry for one in found]
    return [_as_text(one) for one in deep.places(messages)]


def _as_text(said: deep.Said) -> dict[str, str]:
    flat = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in said.items()}
    return flat | ({"id": flat["device_id"]} if "device_id" in flat else {})
