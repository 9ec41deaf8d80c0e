"""The forms in which a fix comes in: one pure parser a module.

Each is a ``Parser``: it answers with a ``Report`` or raises ``BadPayload``, and nothing else, whatever it is
given. It raises only where nobody is named, or nothing can be read; ``read_report`` makes the best of that too.
"""

import codecs
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from db.gateway.fix import BadPayload, Payload, Report
from db.gateway.payloads import (
    client,
    crying,
    deep,
    forward,
    loose,
    moments,
    nmea,
    osmand,
    overland,
    owntracks,
    reading,
    wrapped,
)
from db.gateway.payloads.objects import json_objects

Parser = Callable[[Payload, datetime], Report]
PARSERS: dict[str, Parser] = {
    "osmand": osmand.parse,
    "client": client.parse,
    "owntracks": owntracks.parse,
    "forward": forward.parse,
    "nmea": nmea.parse,
    "overland": overland.parse,
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
        if nmea.is_in(payload.body):
            return "nmea"
        if start and start != b'"':
            raise BadPayload("The body is not in a form that is known.")
        if not start:
            return "nmea" if nmea.is_field(payload.params) else "osmand"
    if nmea.is_in(payload.body):
        return "nmea"
    message = json_objects(payload.body)[0]
    if "_type" in message:
        return "owntracks"
    if overland.is_overland(message):
        return "overland"
    return "forward" if {"position", "positions", "device"} & message.keys() else "client"


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
    payload = wrapped.opened(payload)
    if form and not payload.body and deep.places([dict(payload.params)]):
        # All of it stands in the address, whichever form that is of.
        form = "osmand"
    try:
        by_looks = form or form_of(payload)
        read = PARSERS[by_looks](payload, now)
        found = _by_its_looks(form, payload, now, loose.instead_of(by_looks, read, payload, now))
        return _with_cry(payload, now, found)
    except BadPayload as bad:
        other = _another_form(form, payload)
        if other:
            return read_report(other, payload, now)
        device = reading.named(payload) or reading.named_in(payload.body)
        if not device or bad.status != BadPayload.STATUS:
            raise
        loosely = loose.read(payload, now)
        if loosely is not None:
            return _with_cry(payload, now, ("osmand", loosely))
        help_wanted = crying.cries(payload.params) or crying.body_cries(payload.body)
        pressed = (_pressed(payload, now),) if help_wanted else ()
        return form or "osmand", Report((device,), (), pressed, (bad.sentence,))


def _by_its_looks(form: str, payload: Payload, now: datetime, read: tuple[str, Report]) -> tuple[str, Report]:
    """The same, or the fixes of what was sent to the address of another form."""
    other = "" if read[1].fixes else _another_form(form, payload)
    if not other:
        return read
    found = read_report(other, payload, now)
    return found if found[1].fixes else read


def _with_cry(payload: Payload, now: datetime, read: tuple[str, Report]) -> tuple[str, Report]:
    """The same; a cry of the address is one, whatever the body says, and so is one in a broken part of it."""
    form, report = read
    if report.is_panic or not payload.body:
        return read
    if not (crying.cries(payload.params) or crying.broken_cries(payload.body)):
        return read
    return form, replace(report, panics=(*report.panics, _pressed(payload, now)))


def _pressed(payload: Payload, now: datetime) -> datetime:
    """When a button was pressed of which no form says it: by the body, else by the address, else now."""
    return moments.time_in(payload.body, moments.when_or_now(payload.params.get("timestamp"), now))


def _another_form(form: str, payload: Payload) -> str:
    """What a payload looks like that was sent to the address of another form; empty if it looks like that one."""
    if not form or not payload.body:
        return ""
    try:
        looks = form_of(payload)
    except BadPayload:
        return ""
    return looks if looks not in {form, "osmand"} else ""
