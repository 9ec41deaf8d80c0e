"""NMEA 0183: the RMC sentences of a modem that speaks nothing else; speed in knots."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import reading
from db.gateway.payloads.collect import collect

_SENTENCE = re.compile(r"\$([A-Z]{2}RMC,[^*$\r\n]*)\*([0-9A-Fa-f]{2})")
_ANY = re.compile(r"\$[A-Z]{2}RMC,")


def is_in(body: bytes) -> bool:
    """Whether a body has an RMC sentence somewhere: a modem may say other things first."""
    return bool(_ANY.search(body.decode("ascii", "replace")))


def is_field(params: Mapping[str, str]) -> bool:
    """Whether a field of a query or form is a sentence, and no field is a place."""
    return "lat" not in params and any("RMC," in value for value in params.values())


def parse(payload: Payload, now: datetime) -> Report:
    """Read every RMC line of the body (or of a field of a form); other sentences are passed over.

    A line with a wrong checksum is left out: a modem's buffer starts anywhere.

    Raises:
        BadPayload: no device is named.
    """
    device = reading.named(payload) or reading.named_in(payload.body)
    if not device:
        raise BadPayload("No device is named.")
    text = payload.body.decode("ascii", "replace") or "\n".join(payload.params.values())
    lines = _SENTENCE.findall(text)
    alarm = reading.cries(payload.params) or reading.seems_panic(payload.body)
    pressed = now if alarm else None
    report = collect(
        (device,), lines, lambda line: _fix(device, _fields(*line), now, alarm=alarm), lambda _line: pressed
    )
    if report.fixes or report.unused:
        return report
    why = "The RMC sentence is cut short." if _ANY.search(text) else "There is no RMC sentence."
    return Report((device,), (), () if pressed is None else (pressed,), (why,))


def _fields(body: str, checksum: str) -> Sequence[str]:
    if _checksum(body) != int(checksum, 16):
        raise BadPayload("The checksum is wrong.")
    return body.split(",")


def _checksum(body: str) -> int:
    total = 0
    for character in body:
        total ^= ord(character)
    return total


def _fix(device: str, fields: Sequence[str], now: datetime, *, alarm: bool) -> Fix:
    if len(fields) < 10:
        raise BadPayload("The RMC sentence is cut short.")
    valid = fields[2] == "A"
    placed = bool(fields[3] and fields[5])
    if valid and not placed:
        raise BadPayload("The RMC sentence has no place.")
    return Fix(
        device_id=device,
        fixed_at=_when(fields[9], fields[1], now),
        lat=_degrees(fields[3], fields[4], "NS") if placed else 0.0,
        lon=_degrees(fields[5], fields[6], "EW") if placed else 0.0,
        speed_kmh=reading.at_least_zero(fields[7], reading.KMH_A_KNOT),
        heading=reading.heading(fields[8]),
        attributes={"alarm": "sos"} if alarm else {},
        alarm=alarm,
        valid=valid,
    )


def _degrees(text: str, side: str, sides: str) -> float:
    value = reading.number(text)
    if value is None or value < 0 or len(side) != 1 or side not in sides:
        raise BadPayload("The RMC sentence has no place.")
    whole, minutes = divmod(value, 100)
    return (whole + minutes / 60) * (1 if side == sides[0] else -1)


def _when(day: str, time: str, now: datetime) -> datetime:
    if not day or not time:
        return now
    try:
        # strptime knows no fraction of one to six digits without a dot, so it is added by hand.
        seconds, _, fraction = time.partition(".")
        # A receiver that has not heard of a leap second counts to 60, which Python reads and then refuses.
        late = seconds.endswith("60")
        counted = f"{seconds[:-2]}59" if late else seconds
        read = datetime.strptime(day + counted, "%d%m%y%H%M%S").replace(tzinfo=UTC)
        return read + timedelta(seconds=late + float(f"0.{fraction or 0}"))
    except ValueError as error:
        raise BadPayload("The time is not a time.") from error
