"""What a Traccar server forwards: ``position`` and ``device`` as JSON; speed in knots."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import reading

_TIMES = ("fixTime", "deviceTime", "serverTime")


def parse(payload: Payload, now: datetime) -> Report:
    """Read one forwarded position.

    Raises:
        BadPayload: no device, no position or no sense.
    """
    message = reading.json_object(payload.body)
    position, device = reading.part(message, "position"), reading.part(message, "device")
    named = reading.word(device.get("uniqueId"))
    if not named:
        raise BadPayload("No device is named.")
    if not position:
        raise BadPayload("There is no position.")
    return Report((named,), (_fix(named, position, now),))


def _fix(device: str, position: Mapping[str, Any], now: datetime) -> Fix:
    extras = reading.part(position, "attributes")
    time = next((position[name] for name in _TIMES if position.get(name)), None)
    return Fix(
        device_id=device,
        fixed_at=reading.when(time, now),
        lat=reading.degrees(position.get("latitude"), "latitude"),
        lon=reading.degrees(position.get("longitude"), "longitude"),
        accuracy_m=reading.positive(position.get("accuracy")),
        speed_kmh=reading.at_least_zero(position.get("speed"), reading.KMH_A_KNOT),
        heading=reading.heading(position.get("course")),
        attributes=reading.attributes([*_known(position), *extras.items()]),
        alarm=reading.is_panic(extras.get("alarm")),
        valid=position.get("valid", True) is True,
    )


def _known(position: Mapping[str, Any]) -> list[tuple[str, object]]:
    return [(name, position[name]) for name in ("protocol", "altitude", "outdated") if name in position]
