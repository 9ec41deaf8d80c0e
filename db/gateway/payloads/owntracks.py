"""OwnTracks over HTTP: JSON; speed in km/h; what is zero is left out. The answer is ``[]``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, moments, reading
from db.gateway.payloads.collect import collect
from db.gateway.payloads.objects import json_objects

_SECRET_OR_READ = frozenset({"_type", "_id", "lat", "lon", "tst", "acc", "vel", "cog", "SSID", "BSSID"})
_WITHOUT_PLACE = frozenset(
    {
        "lwt",
        "status",
        "waypoint",
        "waypoints",
        "card",
        "cmd",
        "steps",
        "dump",
        "beacon",
        "configuration",
        "request",
    }
)


def parse(payload: Payload, now: datetime) -> Report:
    """Read a location or a transition; other kinds carry no fix.

    Raises:
        BadPayload: no device is named, or the body is not JSON.
    """
    messages = json_objects(payload.body)
    devices = next((names for message in messages if (names := _device_ids(payload, message))), ())
    if not devices:
        raise BadPayload("No device is named.")
    # What carries no place says nothing, unless somebody asks for help with it.
    telling = [one for one in messages if str(one.get("_type")) not in _WITHOUT_PLACE or _pressed(one, now)]
    return collect(
        devices, telling, lambda message: _fix(devices[0], message, now), lambda message: _pressed(message, now)
    )


def _pressed(message: Mapping[str, Any], now: datetime) -> datetime | None:
    alarm = crying.cries(message)
    return moments.when_or_now(message.get("tst"), now) if alarm else None


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
    kind = str(message.get("_type"))
    if kind == "encrypted":
        raise BadPayload("The message is encrypted.")
    if kind not in {"location", "transition"}:
        raise BadPayload("The kind of message carries no place.")
    # Elsewhere a missing time means now; the format of OwnTracks requires one.
    if message.get("tst") in {None, ""}:
        raise BadPayload("The time is missing.")
    alarm = crying.cries(message)
    speed = reading.at_least_zero(message.get("vel", 0))
    return Fix(
        device_id=device,
        fixed_at=moments.when(message["tst"], now),
        lat=reading.degrees(message.get("lat"), "latitude"),
        lon=reading.degrees(message.get("lon"), "longitude"),
        accuracy_m=reading.positive(message.get("acc")),
        speed_kmh=speed,
        # North is zero and so left out; of one who stands still no heading is known.
        heading=reading.heading(message.get("cog", 0 if speed else None)),
        attributes=reading.attributes((k, v) for k, v in message.items() if k not in _SECRET_OR_READ),
        alarm=alarm,
    )
