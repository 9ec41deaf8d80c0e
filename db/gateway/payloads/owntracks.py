"""OwnTracks over HTTP: JSON; speed in km/h; what is zero is left out. The answer is ``[]``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import reading

_SECRET_OR_READ = frozenset({"_type", "_id", "lat", "lon", "tst", "acc", "vel", "cog", "SSID", "BSSID"})
_WITHOUT_PLACE = frozenset({"lwt", "status", "waypoint", "waypoints", "card", "cmd", "steps", "dump", "beacon"})


def parse(payload: Payload, now: datetime) -> Report:
    """Read a location or a transition; other kinds carry no fix.

    Raises:
        BadPayload: no device, no place, no time, or encrypted.
    """
    message = reading.json_object(payload.body)
    devices = _device_ids(payload, message)
    if not devices:
        raise BadPayload("No device is named.")
    kind = str(message.get("_type"))
    if kind in {"location", "transition"}:
        return Report(devices, (_fix(devices[0], message, now),))
    if kind in _WITHOUT_PLACE:
        return Report(devices, ())
    raise BadPayload("The message is encrypted." if kind == "encrypted" else "The kind of message is not known.")


def _device_ids(payload: Payload, message: Mapping[str, Any]) -> tuple[str, ...]:
    topic = reading.word(message.get("topic")).split("/")
    params = payload.params
    names = (params.get("id"), params.get("deviceid"), payload.user, *_topic_names(topic), params.get("u"))
    words = [reading.word(name) for name in (*names, message.get("tid"))]
    return tuple(dict.fromkeys(word for word in words if word))


def _topic_names(parts: list[str]) -> tuple[str, ...]:
    # owntracks/user/device: a trust registers either, or both with a stroke between.
    if len(parts) < 3:
        return ()
    return f"{parts[1]}/{parts[2]}", parts[1], parts[2]


def _fix(device: str, message: Mapping[str, Any], now: datetime) -> Fix:
    if reading.number(message.get("tst")) is None:
        raise BadPayload("The time is missing or not a number.")
    alarm = reading.is_panic(message.get("alarm"))
    speed = reading.at_least_zero(message.get("vel", 0))
    return Fix(
        device_id=device,
        fixed_at=reading.when(message["tst"], now),
        lat=reading.degrees(message.get("lat"), "latitude"),
        lon=reading.degrees(message.get("lon"), "longitude"),
        accuracy_m=reading.positive(message.get("acc")),
        speed_kmh=speed,
        heading=reading.heading(message.get("cog", 0 if speed else None)),
        attributes=reading.attributes((k, v) for k, v in message.items() if k not in _SECRET_OR_READ),
        alarm=alarm,
    )
