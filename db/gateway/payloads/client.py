"""Traccar Client 9 and later: JSON; speed in m/s; -1 means unknown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, moments, reading
from db.gateway.payloads.collect import collect
from db.gateway.payloads.objects import json_objects

_EACH = frozenset({"location", "locations"})


def parse(payload: Payload, now: datetime) -> Report:
    """Read one fix, or the several of a client that sends in batches.

    Raises:
        BadPayload: no device is named, or the body is not JSON.
    """
    messages = json_objects(payload.body)
    names = (reading.word(message.get("device_id")) for message in messages)
    device = next((name for name in names if name), "") or reading.named(payload)
    if not device:
        raise BadPayload("No device is named.")
    return collect(
        (device,),
        [(message, location) for message in messages for location in _locations(message)],
        lambda sent: _fix(device, *sent, now),
        lambda sent: _pressed(*sent, now),
    )


def _locations(message: Mapping[str, Any]) -> list[object]:
    sent = message.get("location", message.get("locations"))
    return sent if isinstance(sent, list) and sent else [sent]


def _pressed(message: Mapping[str, Any], location: object, now: datetime) -> datetime | None:
    known = location if isinstance(location, dict) else {"said": location}
    if not _panic(message, known):
        return None
    return moments.said_time(message, now, known.get("timestamp") or message.get("timestamp"))


def _fix(device: str, message: Mapping[str, Any], location: object, now: datetime) -> Fix:
    if reading.word(message.get("device_id") or device) != device:
        raise BadPayload("It is of another device.")
    if not isinstance(location, dict):
        raise BadPayload("There is no location.")
    coords = reading.part(location, "coords")
    alarm = _panic(message, location)
    # Help that is asked for without a place still makes a fix, one that is not valid.
    placed = bool(coords) or not alarm
    return Fix(
        device_id=device,
        fixed_at=moments.when(location.get("timestamp"), now),
        lat=reading.degrees(coords.get("latitude"), "latitude") if placed else 0.0,
        lon=reading.degrees(coords.get("longitude"), "longitude") if placed else 0.0,
        accuracy_m=reading.positive(coords.get("accuracy")),
        speed_kmh=reading.at_least_zero(coords.get("speed"), reading.KMH_A_MS),
        heading=reading.heading(coords.get("heading")),
        attributes=_extras(location, coords),
        alarm=alarm,
        valid=placed,
    )


def _panic(message: Mapping[str, Any], location: Mapping[str, Any]) -> bool:
    return crying.cries(location) or crying.cries(message, _EACH) or location.get("event") == "alarm"


def _extras(location: Mapping[str, Any], coords: Mapping[str, Any]) -> dict[str, object]:
    battery = reading.part(location, "battery")
    level = reading.at_least_zero(battery.get("level"))
    known = {
        "batt": None if level is None else round(level * 100, 1),
        "charge": battery.get("is_charging"),
        "altitude": None if coords.get("altitude") == -1 else coords.get("altitude"),
        "odometer": reading.at_least_zero(location.get("odometer")),
        "is_moving": location.get("is_moving"),
        "event": location.get("event"),
        "alarm": location.get("alarm"),
        "activity": reading.part(location, "activity").get("type"),
    }
    return reading.attributes([*known.items(), *reading.part(location, "extras").items()])
