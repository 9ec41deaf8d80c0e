"""What the gateway answers over HTTP.

``GET`` or ``POST /``      whatever form it looks like
``GET`` or ``POST /osmand``  OsmAnd, Traccar Client up to 8
``POST /client``           Traccar Client 9 and later
``POST /owntracks``        OwnTracks, also ``/pub``
``POST /forward``          a Traccar server
``POST /nmea``             RMC sentences
``GET /health``            200 while fixes are accepted, 503 when the queue is full
``GET /counters``          numbers since the start

The device's token: ``token`` or ``key`` in the query or form, ``Authorization: Bearer``, or Basic's password.
Answers: 200 accepted and on the disk; 400 no sense, or a device nobody knows (404 for Traccar Client 9, OwnTracks
and a forwarding server); 401 wrong token; 403 switched off; 413 too long; 429 too many; 503 try again later.
"""

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import DeviceBook, RegisteredDevice, matches, speaks_for
from db.gateway.fix import BadPayload, Report
from db.gateway.intake import Intake
from db.gateway.limits import Buckets, Limits
from db.gateway.payloads import read_report
from db.gateway.queue import GatewayQueue, QueueFull
from db.gateway.requests import Refusal, read

_BY_PATH = {"/osmand": "osmand", "/client": "client", "/owntracks": "owntracks", "/pub": "owntracks"}
_BY_PATH |= {"/forward": "forward", "/nmea": "nmea"}
_BODILESS = frozenset({"/", "/osmand"})
AWAY_TOO_LONG = timedelta(minutes=5)
"""What waits on the disk is safe, but nobody sees where the vans are."""
_UNKNOWN = {"osmand": 400, "nmea": 400}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the endpoints need from the rest of the gateway."""

    book: DeviceBook
    intake: Intake
    queue: GatewayQueue
    counters: Counters
    link: RecordLink
    limits: Limits
    clock: Callable[[], datetime]
    unknown_device: Callable[[], None]
    forward_digest: str = ""
    monotonic: Callable[[], float] = time.monotonic


class Endpoints:
    """Answers requests."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        limits = parts.limits
        self._devices = Buckets(limits.device_rate, limits.device_burst)
        self._addresses = Buckets(limits.address_rate, limits.address_burst)
        # One line a minute for the same sentence.
        self._lines = Buckets(1 / 60, 1)

    def app(self) -> Starlette:
        """The routes."""
        # With a stroke at the end too: a redirect would send the token again, to whatever host the caller named.
        ends = [(path, path + end) for path in ("/", *_BY_PATH) for end in (("", "/") if path != "/" else ("",))]
        positions = [
            Route(whole, self.position, methods=["GET", "POST"] if path in _BODILESS else ["POST"])
            for path, whole in ends
        ]
        others = [Route("/health", self.health), Route("/counters", self.counters)]
        app = Starlette(routes=[*positions, *others], exception_handlers={HTTPException: self.not_served})
        app.router.redirect_slashes = False
        return app

    async def position(self, request: Request) -> Response:
        """Take a report."""
        if request.method == "HEAD":
            return PlainTextResponse("")  # a proxy that asks whether anybody is there
        request.state.form = _BY_PATH.get(request.url.path.rstrip("/"), "")
        try:
            await self._take(request)
        except BadPayload as bad:
            return self._refuse(request, Refusal(bad.status, bad.sentence))
        except Refusal as refusal:
            return self._refuse(request, refusal)
        return JSONResponse([]) if request.state.form == "owntracks" else PlainTextResponse("")

    async def _take(self, request: Request) -> None:
        payload, token = await read(request, self._parts.limits.body)
        form, report = read_report(request.state.form, payload, self._parts.clock())
        request.state.form = form
        device = self._device(form, report, token)
        if not device.active:
            # Where it is says nothing of the van; that somebody asks for help with it must be heard.
            log.error("the device of %s is switched off, and its panic button was pressed", device.callsign)
            report = report.panic_alone()
        self._note_unused(form, report, device)
        await self._accept(form, report, device)

    def _note_unused(self, form: str, report: Report, device: RegisteredDevice) -> None:
        """What cannot be used is answered as if it were: a phone that hears "no" sends it again for ever."""
        for sentence in report.unused:
            self._parts.counters.unused[sentence] += 1
            if not self._lines.take(f"{device.device_id} {sentence}", self._parts.monotonic()):
                log.warning("not used of %s of %s: %s", form, device.callsign, sentence)

    def _device(self, form: str, report: Report, token: str) -> RegisteredDevice:
        parts = self._parts
        if not parts.book.known:
            raise Refusal(503, "The list of devices is not known yet.", 10)
        device = parts.book.find(report.device_ids)
        if device is None:
            # It may have been added a moment ago; the answer does not wait for that.
            parts.unknown_device()
            raise Refusal(_UNKNOWN.get(form, 404), "The device is not known.")
        by_server = form == "forward" and matches(parts.forward_digest, token)
        if not by_server and not speaks_for(device, token):
            raise Refusal(401, f"The token is not that of the device of {device.callsign}.")
        if not device.active and not report.is_panic:
            raise Refusal(403, f"The device of {device.callsign} is switched off.")
        return device

    async def _accept(self, form: str, report: Report, device: RegisteredDevice) -> None:
        # A panic takes its token too, and is let through without one.
        wait = self._devices.take(device.device_id, self._parts.monotonic())
        if wait and not report.is_panic:
            raise Refusal(429, f"The device of {device.callsign} sends too much.", wait)
        try:
            await self._parts.intake.take(form, report, device)
        except QueueFull:
            raise Refusal(503, "The queue is full.", 30) from None
        except sqlite3.Error as error:
            raise Refusal(503, f"The disk does not take the fix: {type(error).__name__}.", 30) from error

    def _refuse(self, request: Request, refusal: Refusal) -> Response:
        now = self._parts.monotonic()
        # A full queue or a device in a hurry sends the same thing again and again: a line a minute says it.
        often = refusal.status in {429, 503}
        if not often:
            # Only bad requests count: a device with the right token is never held off because of its address.
            wait = self._addresses.take(request.client.host if request.client else "", now)
            if wait:
                self._parts.counters.refused["429"] += 1
                return _answer(Refusal(429, "Too many bad requests.", wait))
        self._parts.counters.refused[str(refusal.status)] += 1
        if not often or not self._lines.take(refusal.sentence, now):
            form = getattr(request.state, "form", "") or "a request"
            log.warning("answered %d to %s: %s", refusal.status, form, refusal.sentence)
        return _answer(refusal)

    async def not_served(self, request: Request, error: Exception) -> Response:
        """An unknown path or method."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        sentence = "This method is not served here." if status == 405 else "This path is not served."
        return self._refuse(request, Refusal(status, sentence))

    async def health(self, request: Request) -> Response:
        """Whether fixes are accepted, whether they reach the record, and since when not."""
        del request
        parts = self._parts
        away, disk = parts.link.away_since, parts.queue.disk_away_since
        state = "queue full" if parts.queue.full else "disk failing" if disk else "database away" if away else "ok"
        lasting = away is not None and parts.clock() - away > AWAY_TOO_LONG
        stuck = parts.queue.full or lasting or (disk is not None and away is not None)
        body = {
            "status": state,
            "database_away_since": away.isoformat() if away else None,
            "disk_away_since": disk.isoformat() if disk else None,
            "not_through_for_s": round((parts.clock() - away).total_seconds()) if away else 0,
            "reason": parts.link.reason,
            "queue": len(parts.queue),
            "devices": len(parts.book),
        }
        return JSONResponse(body, 503 if stuck else 200)

    async def counters(self, request: Request) -> Response:
        """Numbers since the start."""
        del request
        return JSONResponse({**self._parts.counters.as_json(), "queue": len(self._parts.queue)})


def _answer(refusal: Refusal) -> Response:
    headers: dict[str, str] = {}
    if refusal.retry_after:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    # What a stranger is told does not name the van.
    told = "The token is not right." if refusal.status == 401 else refusal.sentence
    return PlainTextResponse(told + "\n", refusal.status, headers)
