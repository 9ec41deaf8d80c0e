"""What a Traccar server forwards: ``position`` and ``device`` as JSON; speed in knots."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, moments, reading
from db.gateway.payloads.collect import collect
from db.gateway.payloads.objects import json_objects

# Best first: when the place was measured, else when it was sent, else when it came to that server.
_TIMES = ("fixTime", "deviceTime", "serverTime")


def parse(payload: Payload, now: datetime) -> Report:
    """Read one forwarded position, or several.

    Raises:
        BadPayload: no device is named, or the body is not JSON.
    """
    messages = [one for message in json_objects(payload.body) for one in _each(message)]
    named = next((name for message in messages if (name := _named(message))), "")
    if not named:
        raise BadPayload("No device is named.")
    return collect(
        (named,), messages, lambda message: _fix(named, message, now), lambda message: _pressed(message, now)
    )


def _each(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A message for each of several positions."""
    several = message.get("positions")
    if not isinstance(several, list) or not several or "position" in message:
        return [message]
    rest = {name: value for name, value in message.items() if name != "positions"}
    return [{**rest, "position": one} for one in several]


def _named(message: Mapping[str, Any]) -> str:
    return reading.word(reading.part(message, "device").get("uniqueId"))


def _pressed(message: Mapping[str, Any], now: datetime) -> datetime | None:
    # A server that forwards its events names the alarm there, with or without a position.
    if not crying.cries(message):
        return None
    return moments.said_time(message, now, _measured(reading.part(message, "position")))


def _fix(device: str, message: Mapping[str, Any], now: datetime) -> Fix:
    if (_named(message) or device) != device:
        raise BadPayload("It is of another device.")
    position = reading.part(message, "position")
    if not position:
        raise BadPayload("There is no position.")
    extras = reading.part(position, "attributes")
    return Fix(
        device_id=device,
        fixed_at=moments.when(_measured(position), now),
        lat=reading.degrees(position.get("latitude"), "latitude"),
        lon=reading.degrees(position.get("longitude"), "longitude"),
        accuracy_m=reading.positive(position.get("accuracy")),
        speed_kmh=reading.at_least_zero(position.get("speed"), reading.KMH_A_KNOT),
        heading=reading.heading(position.get("course")),
        attributes=reading.attributes([*_known(position), *extras.items()]),
        alarm=_pressed(message, now) is not None,
        valid=position.get("valid", True) is True,
    )


def _measured(position: Mapping[str, Any]) -> object:
    return next((position[name] for name in _TIMES if position.get(name)), None)


def _known(position: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [(name, position[name]) for name in ("protocol", "altitude", "outdated") if name in position]
