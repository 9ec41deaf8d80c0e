"""Overland: GeoJSON features; speed in m/s. It sends a batch again until it reads ``{"result":"ok"}``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, moments, reading
from db.gateway.payloads.collect import collect
from db.gateway.payloads.objects import json_objects

_READ = frozenset({"timestamp", "speed", "horizontal_accuracy", "course", "device_id", "wifi"})


def is_overland(message: Mapping[str, Any]) -> bool:
    """Whether a message holds features with a geometry, or is one; also where none is left to send."""
    if message.get("type") == "Feature":
        return "geometry" in message
    sent = message.get("locations", message.get("features"))
    if not isinstance(sent, list):
        return False
    return not sent or any(isinstance(one, dict) and "geometry" in one for one in sent)


def parse(payload: Payload, now: datetime) -> Report:
    """Read each feature.

    Raises:
        BadPayload: no device is named, or the body is not JSON.
    """
    messages = json_objects(payload.body)
    sent = [one for message in messages for one in message.get("locations", message.get("features", [message]))]
    features = [one if isinstance(one, dict) else {} for one in sent]
    device = next((name for one in features if (name := _named(one))), "") or reading.named(payload)
    if not device:
        raise BadPayload("No device is named.")
    report = collect((device,), features, lambda one: _fix(device, one, now), lambda one: _pressed(one, now))
    if report.is_panic or not any(crying.cries(message, frozenset({"locations"})) for message in messages):
        return report
    return Report(report.device_ids, report.fixes, (*report.panics, now), report.unused)


def _named(feature: Mapping[str, Any]) -> str:
    return reading.word(reading.part(feature, "properties").get("device_id"))


def _pressed(feature: Mapping[str, Any], now: datetime) -> datetime | None:
    if not crying.cries(feature):
        return None
    return moments.when_or_now(reading.part(feature, "properties").get("timestamp"), now)


def _fix(device: str, feature: Mapping[str, Any], now: datetime) -> Fix:
    said = reading.part(feature, "properties")
    if (_named(feature) or device) != device:
        raise BadPayload("It is of another device.")
    place = reading.part(feature, "geometry").get("coordinates")
    # GeoJSON says the longitude first.
    lon, lat = place[:2] if isinstance(place, list) and len(place) >= 2 else (None, None)
    return Fix(
        device_id=device,
        fixed_at=moments.when(said.get("timestamp"), now),
        lat=reading.degrees(lat, "latitude"),
        lon=reading.degrees(lon, "longitude"),
        accuracy_m=reading.positive(said.get("horizontal_accuracy")),
        speed_kmh=reading.at_least_zero(said.get("speed"), reading.KMH_A_MS),
        heading=reading.heading(said.get("course")),
        attributes=reading.attributes((name, value) for name, value in said.items() if name not in _READ),
        alarm=crying.cries(feature),
    )
