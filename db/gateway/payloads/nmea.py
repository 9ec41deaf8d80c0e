"""NMEA 0183, of a modem that speaks nothing else: RMC sentences, speed in knots; where it sends none, GGA or GLL.

Only RMC says of which day its time is. The day of the others follows from when they came in: the last line is the
latest such moment that is not to come, and each line before it is not after the next. So midnight, and what waited
for hours, come out right; a buffer that waited for more than a day looks younger than it is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import crying, reading
from db.gateway.payloads.collect import collect

_KINDS = ("RMC", "GGA", "GLL")
"""Which are read: the first of which there is one."""
_SENTENCE = {kind: re.compile(rf"\$([A-Z]{{2}}{kind},[^*$\r\n]*)\*([0-9A-Fa-f]{{2}})") for kind in _KINDS}
_ANY = re.compile(r"\$[A-Z]{2}(RMC|GGA|GLL),")
_AHEAD = timedelta(minutes=5)
"""How far a device's clock may be before the record's, or a line behind one that was measured later."""
_MEASURED = frozenset("123459")
"""The qualities of a GGA that were measured: not nothing, estimated, typed in or made up."""


def is_in(body: bytes) -> bool:
    """Whether a body has such a sentence somewhere: a modem may say other things first."""
    return bool(_ANY.search(body.decode("ascii", "replace")))


def is_field(params: Mapping[str, str]) -> bool:
    """Whether a field of a query or form is a sentence, and no field is a place."""
    return "lat" not in params and any(f"{kind}," in value for value in params.values() for kind in _KINDS)


def parse(payload: Payload, now: datetime) -> Report:
    """Read every line of one kind in the body (or in a field of a form); other sentences are passed over.

    A line with a wrong checksum is left out: a modem's buffer starts anywhere.

    Args:
        payload: what came in.
        now: when, aware UTC.

    Raises:
        BadPayload: no device is named.
    """
    device = reading.named(payload) or reading.named_in(payload.body)
    if not device:
        raise BadPayload("No device is named.")
    text = payload.body.decode("ascii", "replace") or "\n".join(payload.params.values())
    alarm = crying.cries(payload.params) or crying.seems_panic(payload.body)
    pressed = now if alarm else None
    kind, lines = next(((kind, found) for kind in _KINDS if (found := _SENTENCE[kind].findall(text))), ("RMC", []))
    read = _rmc if kind == "RMC" else partial(_undated, kind)
    days = {} if kind == "RMC" else _days(kind, lines, now)
    report = collect(
        (device,),
        lines,
        lambda line: read(device, _fields(*line), days.get(line, now), alarm=alarm),
        lambda _: pressed,
    )
    if report.fixes or report.unused:
        return report
    cut = _ANY.search(text)
    why = f"The {cut[1]} sentence is cut short." if cut else "There is no RMC, GGA or GLL sentence."
    return Report((device,), (), () if pressed is None else (pressed,), (why,))


def _days(kind: str, lines: Sequence[tuple[str, str]], now: datetime) -> dict[tuple[str, str], datetime]:
    """When each line was measured, by the line; those without a time are left out."""
    found: dict[tuple[str, str], datetime] = {}
    latest = now
    for line in reversed(lines):
        fields = line[0].split(",")
        told = fields[_TIME[kind]] if len(fields) > _TIME[kind] else ""
        try:
            moment = _when(f"{latest:%d%m%y}", told, now) if told else None
        except BadPayload:
            continue
        if moment is not None:
            days = (moment + timedelta(days=more) for more in (1, 0, -1))
            latest = found[line] = next(one for one in days if one <= latest + _AHEAD)
    return found


def _fields(body: str, checksum: str) -> Sequence[str]:
    if _checksum(body) != int(checksum, 16):
        raise BadPayload("The checksum is wrong.")
    return body.split(",")


def _checksum(body: str) -> int:
    total = 0
    for character in body:
        total ^= ord(character)
    return total


def _rmc(device: str, fields: Sequence[str], now: datetime, *, alarm: bool) -> Fix:
    if len(fields) < 10:
        raise BadPayload("The RMC sentence is cut short.")
    valid = fields[2] == "A"
    lat, lon = _place("RMC", fields[3:], valid=valid)
    return Fix(
        device_id=device,
        fixed_at=_when(fields[9], fields[1], now),
        lat=lat,
        lon=lon,
        speed_kmh=reading.at_least_zero(fields[7], reading.KMH_A_KNOT),
        heading=reading.heading(fields[8]),
        attributes={"alarm": "sos"} if alarm else {},
        alarm=alarm,
        valid=valid,
    )


_TIME = {"GGA": 1, "GLL": 5}


def _undated(kind: str, device: str, fields: Sequence[str], at: datetime, *, alarm: bool) -> Fix:
    if len(fields) < 7:
        raise BadPayload(f"The {kind} sentence is cut short.")
    # A time that is none is told as one; what has none was measured when it came in.
    _when(f"{at:%d%m%y}", fields[_TIME[kind]], at)
    valid = fields[6] in _MEASURED if kind == "GGA" else fields[6] == "A"
    lat, lon = _place(kind, fields[2:] if kind == "GGA" else fields[1:], valid=valid)
    return Fix(device, at, lat, lon, attributes={"alarm": "sos"} if alarm else {}, alarm=alarm, valid=valid)


def _place(kind: str, fields: Sequence[str], *, valid: bool) -> tuple[float, float]:
    """Where the fields say that it is: latitude, its side, longitude, its side, and what else follows."""
    placed = bool(fields[0] and fields[2])
    if valid and not placed:
        raise BadPayload(f"The {kind} sentence has no place.")
    if not placed:
        return 0.0, 0.0
    return _degrees(kind, fields[0], fields[1], "NS"), _degrees(kind, fields[2], fields[3], "EW")


def _degrees(kind: str, text: str, side: str, sides: str) -> float:
    value = reading.number(text)
    if value is None or value < 0 or len(side) != 1 or side not in sides:
        raise BadPayload(f"The {kind} sentence has no place.")
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
