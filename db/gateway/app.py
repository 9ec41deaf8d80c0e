"""What the gateway answers over HTTP.

``/``                      whatever form it looks like; each of these by GET, POST, PUT or PATCH
``/osmand``                OsmAnd, Traccar Client up to 8
``POST /client``           Traccar Client 9 and later
``POST /owntracks``        OwnTracks, also ``/pub``
``POST /forward``          a Traccar server
``POST /nmea``             RMC sentences
``GET /health``            200 while fixes are accepted, 503 when the queue is full
``GET /counters``          numbers since the start

``/client/index.php``      µlogger
anything else              the same as ``/``, for a device: it brings its token, also as a part of the address

The device's token: ``token`` or ``key`` in the query or form, ``Authorization: Bearer``, or Basic's password. It
names the device where the message does not, or by a name that is nobody's.
Answers: 200 accepted and on the disk; 400 no sense, or a device nobody knows (404 for Traccar Client 9, OwnTracks
and a forwarding server); 401 wrong token; 403 switched off; 413 too long; 429 too many; 503 try again later.
"""

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from db.gateway.counters import Counters, RecordLink
from db.gateway.devices import DeviceBook, RegisteredDevice, matches, speaks_for
from db.gateway.fix import BadPayload, Payload, Report
from db.gateway.intake import Intake
from db.gateway.limits import Buckets, Limits, OncePerMinute
from db.gateway.payloads import read_report, reading, ulogger
from db.gateway.queue import GatewayQueue, QueueFull
from db.gateway.requests import Refusal, cookies_of, is_button, is_cry, is_short, read, token_ahead
from db.gateway.swift import answered

_BY_PATH = {"/osmand": "osmand", "/client": "client", "/owntracks": "owntracks", "/pub": "owntracks"}
_BY_PATH |= {"/forward": "forward", "/nmea": "nmea"}
AWAY_TOO_LONG = timedelta(minutes=5)
"""What waits on the disk is safe, but nobody sees where the vans are."""
_UNKNOWN = {"osmand": 400, "nmea": 400}
_TAKEN = Response(b"")
# What an app that reads the answer waits for before it lets go of what it sent.
_AS_THEY_WANT: dict[str, Response] = {"owntracks": JSONResponse([]), "overland": JSONResponse({"result": "ok"})}

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


@dataclass(slots=True)
class _Call:
    """Who asks, and in which form, as far as that is known."""

    address: str
    form: str = ""
    token: str = ""
    """As a part of the address."""
    is_stray: bool = False
    """It came to an address that nobody was told, and the address does not cry."""
    is_cry: bool = False
    """The address itself is that of a button."""


class Endpoints:
    """Answers requests.

    It speaks ASGI itself. A framework's routes and middleware took as long as
    all else that happens to a fix.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        limits = parts.limits
        self._devices = Buckets(limits.device_rate, limits.device_burst)
        self._addresses = Buckets(limits.address_rate, limits.address_burst)
        # One line a minute for the same sentence.
        self._lines = OncePerMinute()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. With a stroke at the end too: a redirect would send the token again, anywhere."""
        # Somebody typed it on a phone: /OsmAnd is /osmand.
        path = scope["path"].rstrip("/").lower() or "/"
        call = _Call(scope["client"][0] if scope.get("client") else "", _BY_PATH.get(path, ""))
        try:
            answer = await self._respond(path, scope, receive, call)
        except BadPayload as bad:
            answer = self._refuse(call, Refusal(bad.status, bad.sentence))
        except Refusal as refusal:
            answer = self._refuse(call, refusal)
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs this request only
            answer = self._refuse(call, Refusal(500, f"The gateway failed: {type(error).__name__}."))
        if answer is not _TAKEN or not answered(scope, send):
            await answer(scope, receive, send)

    async def _respond(self, path: str, scope: Scope, receive: Receive, call: _Call) -> Response:
        method = scope["method"]
        methods: tuple[str, ...] | None = _METHODS.get(path)
        if methods is None:
            # Whatever was typed behind the name of the server: who asks for help is heard, and so is a device
            # whose app has a path of its own (/log, /api/webhook/TOKEN).
            cries = is_cry(scope)
            call.token = next((part for part in scope["path"].split("/") if self._parts.book.owner(part)), "")
            call.is_stray, call.is_cry = not cries, is_button(path, call.token)
            methods = (method,) if cries else _TAKING
        if method == "HEAD" and not is_cry(scope):
            return _TAKEN  # a proxy that asks whether anybody is there
        if method not in methods and (path in _PAGES or not is_cry(scope)):
            call.form = ""
            raise Refusal(405, "This method is not served here.")
        if path in _PAGES:
            return _PAGES[path](self)
        if path == ulogger.PATH:
            return await self._ulogger(scope, receive, call)
        await self._take(scope, receive, call)
        return _AS_THEY_WANT.get(call.form, _TAKEN)

    async def _take(self, scope: Scope, receive: Receive, call: _Call) -> None:
        payload, token = await self._read(scope, receive, call)
        token = token or call.token
        await self._hear(self._named(payload, token, call), token, call)

    async def _read(self, scope: Scope, receive: Receive, call: _Call) -> tuple[Payload, str]:
        """The request: a longer one of a device that says first who it is, and of the longest its beginning."""
        limits = self._parts.limits
        if is_short(scope, limits.body) or not self._parts.book.owner(token_ahead(scope) or call.token):
            return await read(scope, receive, limits.body)
        return await read(scope, receive, limits.device_body, cut=True)

    async def _hear(self, payload: Payload, token: str, call: _Call) -> None:
        form, report = read_report(call.form, payload, self._parts.clock())
        call.form = form
        if payload.cut:
            report = replace(report, unused=(*report.unused, "The body is too long: its beginning was read."))
        device = self._device(form, report, token)
        if not device.active:
            # Where it is says nothing of the van; that somebody asks for help with it must be heard.
            log.error("the device of %s is switched off, and its panic button was pressed", device.callsign)
            report = report.panic_alone()
        self._note_unused(form, report, device)
        await self._accept(form, report, device)

    async def _ulogger(self, scope: Scope, receive: Receive, call: _Call) -> Response:
        payload, token = await self._read(scope, receive, call)
        token = token or ulogger.token_of(payload.params, cookies_of(scope))
        owner = self._parts.book.owner(token)
        if owner is None:
            # It logs in when it reads this, and goes on.
            raise Refusal(401, "No device has this token.")
        placed = ulogger.place_of(replace(payload, user=owner.device_id))
        if placed is not None or is_cry(scope):
            await self._hear(placed or payload, token, call)
        answer = JSONResponse(ulogger.answer_to(payload.params))
        answer.set_cookie(
            ulogger.COOKIE, token, secure=scope["scheme"] == "https", httponly=True, samesite="strict"
        )
        return answer

    def _named(self, payload: Payload, token: str, call: _Call) -> Payload:
        """The same with the name of the device whose token it brings, where it says none."""
        says_who = reading.named(payload)
        owner = None if says_who else self._parts.book.owner(token)
        if call.is_stray and not (says_who or owner):
            raise Refusal(404, "This path is not served.")
        if call.is_cry:
            payload = replace(payload, params={**payload.params, "alarm": "sos"})
        return replace(payload, user=owner.device_id) if owner else payload

    def _note_unused(self, form: str, report: Report, device: RegisteredDevice) -> None:
        """What cannot be used is answered as if it were: a phone that hears "no" sends it again for ever."""
        for sentence in report.unused:
            self._parts.counters.unused[sentence] += 1
            self._say(f"not used of {form} of {device.callsign}: {sentence}")

    def _device(self, form: str, report: Report, token: str) -> RegisteredDevice:
        parts = self._parts
        if not parts.book.known:
            raise Refusal(503, "The list of devices is not known yet.", 10)
        device = parts.book.find(report.device_ids) or parts.book.owner(token)
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

    def _refuse(self, call: _Call, refusal: Refusal) -> Response:
        # Only bad requests count, not our own trouble or a device in a hurry: one with the right token is never
        # held off because of its address.
        if refusal.status not in {429, 500, 503}:
            wait = self._addresses.take(call.address, self._parts.monotonic())
            if wait:
                self._parts.counters.refused["429"] += 1
                return _answer(Refusal(429, "Too many bad requests.", wait))
        self._parts.counters.refused[str(refusal.status)] += 1
        self._say(f"answered {refusal.status} to {call.form or 'a request'}: {refusal.sentence}")
        return _answer(refusal)

    def _say(self, line: str) -> None:
        """Log a line; the same one again at most once a minute, with how often it was not said."""
        left_out = self._lines.take(line, self._parts.monotonic())
        if left_out is not None:
            log.warning("%s%s", line, f" ({left_out} more since)" if left_out else "")

    def health(self) -> Response:
        """Whether fixes are accepted, whether they reach the record, and since when not."""
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

    def counters(self) -> Response:
        """Numbers since the start."""
        return JSONResponse({**self._parts.counters.as_json(), "queue": len(self._parts.queue)})


_PAGES = {"/health": Endpoints.health, "/counters": Endpoints.counters}
_TAKING: tuple[str, ...] = ("GET", "POST", "PUT", "PATCH")
_METHODS: dict[str, tuple[str, ...]] = dict.fromkeys(("/", *_BY_PATH), _TAKING)
_METHODS |= dict.fromkeys(_PAGES, ("GET",))


def _answer(refusal: Refusal) -> Response:
    headers: dict[str, str] = {}
    if refusal.retry_after:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    if refusal.status == 405:
        headers["Allow"] = "GET, HEAD, PATCH, POST, PUT"
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    # What a stranger is told does not name the van.
    told = "The token is not right." if refusal.status == 401 else refusal.sentence
    return PlainTextResponse(told + "\n", refusal.status, headers)
