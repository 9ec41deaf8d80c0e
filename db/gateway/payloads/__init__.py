"""The forms in which a fix comes in: one pure parser a module.

Each is a ``Parser``: it answers with a ``Report`` or raises ``BadPayload``, and nothing else, whatever it is
given. It raises only where nobody is named, or nothing can be read; ``read_report`` makes the best of that too.
"""

import codecs
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
    # By the body and not by the type that came with it: clients send JSON and NMEA under any.
    start = payload.body.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"$":
        return "nmea"
    if start not in {b"{", b"["}:
        if start:
            raise BadPayload("The body is not in a form that is known.")
        return "osmand"
    message = reading.json_objects(payload.body)[0]
    if "_type" in message:
        return "owntracks"
    return "forward" if "position" in message else "client"


def read_report(form: str, payload: Payload, now: datetime) -> tuple[str, Report]:
    """The form of a payload, and what it says.

    Where nothing can be read but who sends it, that it came is told, and a cry for help in it is one.

    Args:
        form: which of ``PARSERS``, where the address said so; empty goes by the looks.
        payload: what came in.
        now: when, aware UTC.

    Raises:
        BadPayload: nobody is named.
    """
    try:
        form = form or form_of(payload)
        return form, PARSERS[form](payload, now)
    except BadPayload as bad:
        device = reading.named(payload)
        if not device or bad.status != BadPayload.STATUS:
            raise
        help_wanted = reading.is_panic(payload.params.get("alarm")) or reading.seems_panic(payload.body)
        return form or "osmand", Report((device,), (), (now,) if help_wanted else (), (bad.sentence,))
