"""OsmAnd and Traccar Client up to 8: a query or a posted form; speed in knots."""

from collections.abc import Mapping
from datetime import datetime

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, deep, moments, reading
from db.gateway.payloads.collect import collect

_READ = frozenset(
    {"id", "deviceid", "lat", "lon", "location", "timestamp", "speed", "bearing", "heading"}
    | {"accuracy", "valid"}
)
# As other apps call it, likeliest first.
_LAT, _LON = ("lat", "latitude"), ("lon", "lng", "long", "longitude")
_HEADING = ("bearing", "heading", "dir", "course")


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
    alarm = crying.cries(params)
    return moments.when_or_now(params.get("timestamp"), now) if alarm else None


def _fix(device: str, params: Mapping[str, str], now: datetime) -> Fix:
    alarm = crying.cries(params)
    # A panic button with no place at all is a fix that is not valid: the alarm matters more than the place.
    lat, lon, placed = _place(params, needed=not alarm)
    return Fix(
        device_id=device,
        fixed_at=_when(params, now),
        lat=lat,
        lon=lon,
        accuracy_m=reading.positive(params.get("accuracy") or params.get("acc")),
        speed_kmh=_speed(params),
        heading=reading.heading(_first(params, _HEADING)),
        attributes=_extras(params),
        alarm=alarm,
        valid=placed and params.get("valid", "true").lower() in {"true", "1"},
    )


def _place(params: Mapping[str, str], *, needed: bool) -> tuple[float, float, bool]:
    lat, lon = _first(params, _LAT), _first(params, _LON)
    if lat is None and lon is None:
        lat, lon = _pair(params["location"]) if "location" in params else _by_another_name(params)
    if lat is None and lon is None and not needed:
        return 0.0, 0.0, False
    return reading.degrees(lat, "latitude"), reading.degrees(lon, "longitude"), True


def _by_another_name(params: Mapping[str, str]) -> tuple[str | None, str | None]:
    """``gpsLat=…&gpsLon=…`` and ``latlng=…``, as the same are called in a body."""
    found = next(iter(deep.places([dict(params)])), {})
    if "location" in found:
        return _pair(str(found["location"]))
    return (str(found["lat"]), str(found["lon"])) if {"lat", "lon"} <= found.keys() else (None, None)


def _first(params: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((params[name] for name in names if name in params), None)


def _pair(text: str) -> tuple[str, str]:
    parts = text.split(",")
    # Two numbers of a phone that writes a comma for the point.
    if len(parts) == 4 and "." not in text:
        return f"{parts[0]}.{parts[1]}", f"{parts[2]}.{parts[3]}"
    lat, _, lon = text.partition(",")
    return lat, lon


def _when(params: Mapping[str, str], now: datetime) -> datetime:
    if params.get("timestamp"):
        return moments.when(params["timestamp"], now)
    # Other names for it are used for other things too: what is no time there says nothing.
    return moments.when_or_now(moments.told(params), now)


def _speed(params: Mapping[str, str]) -> float | None:
    # GPSLogger's own name comes with its own unit.
    if "speed" not in params and "spd" in params:
        return reading.at_least_zero(params["spd"], reading.KMH_A_MS)
    return reading.at_least_zero(params.get("speed"), reading.KMH_A_KNOT)


def _extras(params: Mapping[str, str]) -> dict[str, object]:
    return reading.attributes((name, reading.typed(text)) for name, text in params.items() if name not in _READ)
