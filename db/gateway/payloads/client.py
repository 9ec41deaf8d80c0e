"""Traccar Client 9 and later: JSON; speed in m/s; -1 means unknown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import reading


def parse(payload: Payload, now: datetime) -> Report:
    """Read one fix, or the several of a client that sends in batches.

    Raises:
        BadPayload: no device, no place or no sense.
    """
    message = reading.json_object(payload.body)
    device = reading.word(message.get("device_id") or payload.params.get("id") or payload.user)
    if not device:
        raise BadPayload("No device is named.")
    sent = message.get("location")
    locations = [one for one in (sent if isinstance(sent, list) else [sent]) if isinstance(one, dict)]
    if not locations:
        raise BadPayload("There is no location.")
    return Report((device,), tuple(_fix(device, message, location, now) for location in locations))


def _fix(device: str, message: Mapping[str, Any], location: Mapping[str, Any], now: datetime) -> Fix:
    coords = reading.part(location, "coords")
    alarm = _panic(message, location)
    placed = bool(coords) or not alarm
    return Fix(
        device_id=device,
        fixed_at=reading.when(location.get("timestamp"), now),
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
    alarms = (message.get("alarm"), location.get("alarm"), reading.part(location, "extras").get("alarm"))
    event = reading.word(location.get("event"))
    return any(reading.is_panic(alarm) for alarm in alarms) or event in {"sos", "panic", "alarm"}


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
