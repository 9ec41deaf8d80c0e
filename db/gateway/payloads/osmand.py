"""OsmAnd and Traccar Client up to 8: a query or a posted form; speed in knots."""

from collections.abc import Mapping
from datetime import datetime

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import reading
from db.gateway.payloads.collect import collect

_READ = frozenset(
    {"id", "deviceid", "token", "key", "lat", "lon", "location", "timestamp", "speed", "bearing", "heading"}
    | {"accuracy", "valid"}
)


def parse(payload: Payload, now: datetime) -> Report:
    """Read one fix.

    Raises:
        BadPayload: no device is named.
    """
    device = reading.named(payload)
    if not device:
        raise BadPayload("No device is named.")
    return collect(
        (device,), [payload.params], lambda params: _fix(device, params, now), lambda params: _pressed(params, now)
    )


def _pressed(params: Mapping[str, str], now: datetime) -> datetime | None:
    alarm = reading.cries(params)
    return reading.when_or_now(params.get("timestamp"), now) if alarm else None


def _fix(device: str, params: Mapping[str, str], now: datetime) -> Fix:
    alarm = reading.cries(params)
    # A panic button with no place at all is a fix that is not valid: the alarm matters more than the place.
    lat, lon, placed = _place(params, needed=not alarm)
    return Fix(
        device_id=device,
        fixed_at=reading.when(params.get("timestamp"), now),
        lat=lat,
        lon=lon,
        accuracy_m=reading.positive(params.get("accuracy")),
        speed_kmh=reading.at_least_zero(params.get("speed"), reading.KMH_A_KNOT),
        heading=reading.heading(params.get("bearing") or params.get("heading")),
        attributes=_extras(params),
        alarm=alarm,
        valid=placed and params.get("valid", "true").lower() in {"true", "1"},
    )


def _place(params: Mapping[str, str], *, needed: bool) -> tuple[float, float, bool]:
    lat, lon = params.get("lat"), params.get("lon")
    if lat is None and lon is None and "location" in params:
        lat, _, lon = params["location"].partition(",")
    if lat is None and lon is None and not needed:
        return 0.0, 0.0, False
    return reading.degrees(lat, "latitude"), reading.degrees(lon, "longitude"), True


def _extras(params: Mapping[str, str]) -> dict[str, object]:
    return reading.attributes((name, reading.typed(text)) for name, text in params.items() if name not in _READ)
