"""Reading a request: its body within bounds, its form, and who it says it is."""

import asyncio
import base64
import binascii
import codecs
import zlib
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from db.gateway.fix import Payload
from db.gateway.payloads import reading

BODY_WITHIN = 10.0
MOST_THROWN_AWAY = 32 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_FORM_TYPE = "application/x-www-form-urlencoded"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An answer that is not 2xx, with one sentence and when to try again."""

    def __init__(self, status: int, sentence: str, retry_after: float = 0.0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after


async def read(request: Request, most: int) -> tuple[Payload, str]:
    """Read a request.

    Args:
        request: with its body unread.
        most: how many bytes the body may have.

    Returns:
        What the parsers look at, and the token; empty if none was sent.

    Raises:
        Refusal: too long, too slow, or broken off; not for a cry for help in the query, which needs no body.
    """
    try:
        body = _unpacked(request, await _body(request, most), most)
    except Refusal:
        if not reading.is_panic(_pairs(request.url.query).get("alarm")):
            raise
        body = b""
    user, token = _credentials(request.headers.get("authorization", ""))
    params = _pairs(request.url.query)
    if _is_form(request, body):
        params |= _pairs(body.decode("utf-8", "replace"))
        body = b""
    payload = Payload(params, body, user or request.headers.get("x-limit-u", ""))
    return payload, params.get("token") or params.get("key") or token


def _pairs(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=500))
    except ValueError:
        raise Refusal(400, "There are too many fields.") from None


def _is_form(request: Request, body: bytes) -> bool:
    # Some clients post JSON or NMEA under a form's type.
    said = request.headers.get("content-type", "").lower().startswith(_FORM_TYPE)
    return said and not body.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[", b"$"))


async def _body(request: Request, most: int) -> bytes:
    kept, seen = bytearray(), 0
    patient = "100-continue" in request.headers.get("expect", "").lower()
    # It waits to be told whether to send at all, so it can be refused unread.
    if patient and int(request.headers.get("content-length", "0")) > most:
        raise Refusal(413, "The body is too long.")
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for chunk in request.stream():
                seen += len(chunk)
                if seen <= most:
                    kept += chunk
                # A client that is cut off while it sends never reads the answer: let it finish, within reason.
                elif seen > MOST_THROWN_AWAY:
                    break
    except TimeoutError:
        raise Refusal(408, "The body took too long.") from None
    except ClientDisconnect:
        raise Refusal(400, "The device hung up.") from None
    if seen > most:
        raise Refusal(413, "The body is too long.")
    return bytes(kept)


def _unpacked(request: Request, body: bytes, most: int) -> bytes:
    """The body as it was before it was packed; bounded, since a few bytes can unpack to a full disk."""
    if not body.startswith(_GZIP) or "gzip" not in request.headers.get("content-encoding", "gzip").lower():
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        # One more than is allowed shows that there is more.
        unpacked = unpacking.decompress(body, most + 1)
    except zlib.error:
        raise Refusal(400, "The body cannot be unpacked.") from None
    if len(unpacked) > most:
        raise Refusal(413, "The body is too long.")
    return unpacked


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return "", rest.strip()
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return user, password
