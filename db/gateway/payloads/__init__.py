"""The forms in which a fix comes in: one pure parser a module.

Each is a ``Parser``: it answers with a ``Report`` or raises ``BadPayload``, and nothing else,
whatever it is given.
"""

from collections.abc import Callable
from datetime import datetime

from db.gateway.fix import BadPayload, Payload, Report
from db.gateway.payloads import client, forward, nmea, osmand, owntracks, reading

Parser = Callable[[Payload, datetime], Report]
PARSERS: dict[str, Parser] = {
    "osmand": osmand.parse,
    "client": client.parse,
    "owntracks": owntracks.parse,
    "forward": forward.parse,
    "nmea": nmea.parse,
}


def form_of(payload: Payload) -> str:
    """Which of ``PARSERS`` a payload is for, by its looks.

    Raises:
        BadPayload: it looks like none of them.
    """
    start = payload.body.lstrip()[:1]
    if start == b"$":
        return "nmea"
    if start != b"{":
        if start:
            raise BadPayload("The body is not in a form that is known.")
        return "osmand"
    message = reading.json_object(payload.body)
    if "_type" in message:
        return "owntracks"
    return "forward" if "position" in message else "client"
