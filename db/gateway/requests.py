"""Reading a request: its body within bounds, its form, and who it says it is."""

import asyncio
import base64
import binascii
import codecs
import json
import re
import zlib
from collections.abc import Mapping
from email.parser import BytesParser
from urllib.parse import unquote_plus

from starlette.types import Receive, Scope

from db.gateway.fix import Payload
from db.gateway.payloads import crying, reading

BODY_WITHIN = 10.0
MOST_THROWN_AWAY = 32 * 1024 * 1024
MOST_FIELDS = 500
_NOT_PACKED = frozenset({b"", b"{", b"[", b"$"})
_GZIP, _ZLIB = b"\x1f\x8b", b"\x78"
_ANY_CASE = frozenset({"id", "deviceid", "device_id", "token", "key", "alarm", "lat", "lon", "timestamp"})
_FORM = re.compile(rb"(?:\xef\xbb\xbf)?\s*[a-zA-Z_]\w*=[^\s&]*(?:&[a-zA-Z_]\w*=|\s*\Z)")
# A form that a page sends as plain text: a field a line.
_FORM_LINES = re.compile(rb"\s*(?:[a-zA-Z_]\w*=[^\s&]*\s*[\r\n]+\s*){2,}")
_TOKEN_HEADERS = (b"x-api-key", b"x-auth-token", b"x-token", b"x-access-token")
_SECOND_QUERY = re.compile(r"\?(?=[a-zA-Z_]\w*=)")
_PACKED_AT_MOST = 64
_COPIED = " \t\r\n\"'<>\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"
_FORM_TYPE = "application/x-www-form-urlencoded"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An answer that is not 2xx, with one sentence and when to try again.

    ``came``: of a body that broke off, what came of it.
    """

    def __init__(self, status: int, sentence: str, retry_after: float = 0.0, came: bytes = b"") -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after, self.came = status, sentence, retry_after, came


async def read(scope: Scope, receive: Receive, most: int, *, cut: bool = False) -> tuple[Payload, str]:
    """Read a request.

    Args:
        scope: of ASGI.
        receive: of ASGI, with the body unread.
        most: how many bytes the body may have.
        cut: of a longer one the beginning is read, as far as its lines, fields and objects are whole.

    Returns:
        What the parsers look at, and the token; empty if none was sent.

    Raises:
        Refusal: too long, too slow, or broken off; not for a cry for help in the query, which needs no body, or in
            what came before it broke off.
    """
    # The first of two that are named alike counts.
    headers = dict(reversed(scope["headers"]))
    params = _pairs(scope["query_string"].decode("latin-1"))
    body, is_cut = b"", False
    if scope["method"] != "GET" or b"content-length" in headers or b"transfer-encoding" in headers:
        # One byte more than is allowed shows that there is more.
        room = most + 1 if cut else most
        try:
            sent = await _body(headers, receive, room, cut=cut)
            body = _unpacked(_text(headers, b"content-encoding"), sent, room, cut=cut)
        except Refusal as refusal:
            body = refusal.came
            if not (crying.cries(params) or crying.body_cries(body)):
                raise
        is_cut = len(body) > most
    body = _as_utf8(_whole(body[:most]) if is_cut else body)
    if _text(headers, b"content-type").lower().lstrip().startswith("multipart/form-data"):
        more, body = _parts(_text(headers, b"content-type"), body)
        params |= {**more, **_cry_of(params)}
    user, token = _login(headers)
    if _is_form(headers, body):
        form = body.decode("utf-8", "replace").removeprefix("\ufeff")
        params |= {**_pairs("&".join(form.split())), **_cry_of(params)}
        # A message in a field of a form: data={"lat": ...}.
        body = next((value.encode() for value in params.values() if value.startswith(("{", "["))), b"")
    payload = Payload(params, body, user or _text(headers, b"x-limit-u"), is_cut)
    return payload, _token_of(params) or token or _as_copied(reading.token_in(body))


def is_short(scope: Scope, most: int) -> bool:
    """Whether a request says that its body is well within a limit, even if it is packed."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"" if b"transfer-encoding" in headers else b"0")
    return length.isdigit() and int(length) * _PACKED_AT_MOST <= most


def token_ahead(scope: Scope) -> str:
    """The token in the address or a header, which is there before the body; empty for none."""
    headers = dict(reversed(scope["headers"]))
    return _token_of(_pairs(scope["query_string"].decode("latin-1"))) or _login(headers)[1]


def _token_of(params: Mapping[str, str]) -> str:
    return _as_copied(next((params[name] for name in reading.TOKEN_FIELDS if params.get(name)), ""))


def _login(headers: Mapping[bytes, bytes]) -> tuple[str, str]:
    """The name and the token that the headers say; each may be empty."""
    user, token = _credentials(_text(headers, b"authorization"))
    others = (said for name in _TOKEN_HEADERS if (said := _text(headers, name).strip()))
    return user, _as_copied(token or next(others, ""))


def _as_copied(token: str) -> str:
    """A token without what was copied along with it: blanks, the end of a line, quotes, angles."""
    return token.strip(_COPIED)


def _whole(body: bytes) -> bytes:
    """A body that was cut off, to the end of its last whole line, field, object or element."""
    return body[: max(map(body.rfind, (b"\n", b"&", b"}", b">"))) + 1]


def _as_utf8(body: bytes) -> bytes:
    """The body without what some clients put round it: UTF-16 or 32, and a nought behind the last character."""
    if (encoding := json.detect_encoding(body)).startswith("utf-32"):
        body = body.decode(encoding, "replace").encode()
    elif body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode()
    elif body[:1] and not body[1:8:2].strip(b"\0") and len(body) > 3:
        body = body.decode("utf-16-le", "replace").encode()
    elif not body[:8:2].strip(b"\0") and len(body) > 3:
        body = body.decode("utf-16-be", "replace").encode()
    return body.rstrip(b"\0")


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """The fields of a form in parts, and the one of them that is JSON or a receiver's sentences as the body."""
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    fields: dict[str, str] = {}
    rest = b""
    for one in message.walk():
        name = one.get_param("name", header="content-disposition")
        content = one.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        if content.lstrip().startswith((b"{", b"[", b"$")):
            rest = rest or content
        elif len(fields) < MOST_FIELDS:
            fields[name.lower() if name.lower() in _ANY_CASE else name] = content.decode(
                "utf-8", "replace"
            ).strip()
    # What is no form in parts stays what it is.
    return (fields, rest) if fields or rest else ({}, body)


def _cry_of(params: Mapping[str, str]) -> dict[str, str]:
    """The alarm of an address that asks for help, which no form behind it takes back."""
    if crying.is_panic(params.get("alarm")):
        return {"alarm": params["alarm"]}
    return {"alarm": "sos"} if crying.cries(params) else {}


def is_cry(scope: Scope) -> bool:
    """Whether the address alone asks for help, whatever method and body it comes with."""
    return crying.cries(_pairs(scope["query_string"].decode("latin-1")))


def cookies_of(scope: Scope) -> str:
    """What a browser, or an app that behaves like one, keeps for this server."""
    return _text(dict(scope["headers"]), b"cookie")


def is_button(path: str, token: str) -> bool:
    """Whether an address is that of a button: a phone's shortcut that posts its place to ``/sos``.

    Its first or last part says so; the token may stand before or behind it, and a page's ending.
    """
    parts = [part.partition(".")[0] for part in path.split("/") if part and part != token.lower()]
    return not crying.BUTTONS.isdisjoint(parts[:1] + parts[-1:])


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _pairs(text: str) -> dict[str, str]:
    if "=" not in text and "%3D" in text.upper():
        # Escaped twice over.
        text = unquote_plus(text)
    if "&" not in text and all("=" in one for one in text.split(";")):
        text = text.replace(";", "&")
    if "?" in text:
        # An app that puts its own query behind an address that has one: /?token=...?id=...
        text = _SECOND_QUERY.sub("&", text)
    fields = text.split("&")
    # Of very many the first are read, and behind them what says who it is and whether it cries.
    if len(fields) > MOST_FIELDS:
        fields[MOST_FIELDS:] = [one for one in fields[MOST_FIELDS:] if one.partition("=")[0].lower() in _ANY_CASE]
    found: dict[str, str] = {}
    for field in fields:
        name, sign, value = field.partition("=")
        # An address that was copied out of a page: its & is &amp; there.
        known = _plain(name).removeprefix("amp;").strip()
        if not known.islower() and known.lower() in _ANY_CASE:
            known = known.lower()
        if known == "alarm" and known in found:
            # Several alarms at once: none of them takes another away.
            value = f"{found[known]};{value}"
        elif known in found and crying.is_about_it(known):
            found[f"{len(found)}.{known}"] = found[known]
        # A button's name and no more is its yes: /?token=...&sos
        found[known] = _plain(value) if sign or known not in crying.BUTTONS else "1"
    found.pop("", None)
    return found


def _plain(text: str) -> str:
    # Next to nothing is escaped in a fix.
    return unquote_plus(text) if "%" in text or "+" in text else text


def _is_form(headers: Mapping[bytes, bytes], body: bytes) -> bool:
    # Some clients post JSON or NMEA under a form's type.
    said = _text(headers, b"content-type").lower().lstrip().startswith(_FORM_TYPE)
    # Others leave the type away, or call a form plain text.
    said = said or bool(_FORM.match(body)) or bool(_FORM_LINES.fullmatch(body))
    return said and not body.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[", b"$"))


async def _body(headers: Mapping[bytes, bytes], receive: Receive, most: int, *, cut: bool) -> bytes:
    patient = "100-continue" in _text(headers, b"expect").lower()
    # It waits to be told whether to send at all, so it can be refused unread.
    if patient and not cut and int(headers.get(b"content-length", b"0")) > most:
        raise Refusal(413, "The body is too long.")
    kept, seen, more = bytearray(), 0, True
    try:
        async with asyncio.timeout(BODY_WITHIN):
            # A client that is cut off while it sends never reads the answer: let it finish, within reason.
            while more and seen <= MOST_THROWN_AWAY:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400, "The device hung up.", came=bytes(kept))
                chunk, more = message.get("body", b""), message.get("more_body", False)
                seen += len(chunk)
                if cut or seen <= most:
                    kept += chunk[: most - len(kept)]
    except TimeoutError:
        raise Refusal(408, "The body took too long.", came=bytes(kept)) from None
    if seen > most and not cut:
        raise Refusal(413, "The body is too long.")
    return bytes(kept)


def _unpacked(encoding: str, body: bytes, most: int, *, cut: bool = False) -> bytes:
    """The body as it was before it was packed; bounded, since a few bytes can unpack to a full disk."""
    said = encoding.lower()
    if body.startswith(_GZIP) and (not said or "gzip" in said):
        window = 31
    elif "deflate" in said and body[:1] not in _NOT_PACKED:
        window = 15 if body.startswith(_ZLIB) else -15
    else:
        return body  # also where it is said to be packed and is not
    unpacked = b""
    try:
        # One more than is allowed shows that there is more; what was packed in pieces is whole behind the last.
        while body.startswith(_GZIP) or not unpacked:
            unpacking = zlib.decompressobj(wbits=window)
            unpacked += unpacking.decompress(body, most + 1 - len(unpacked))
            body = unpacking.unused_data
            if not body or len(unpacked) > most:
                break
    except zlib.error:
        # Nothing can be read in it: a device with the right token is not told to send it again.
        return body
    if len(unpacked) > most and not cut:
        raise Refusal(413, "The body is too long.")
    return unpacked


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() in {"bearer", "token"}:
        return "", rest.strip()
    if scheme.lower() != "basic":
        # The token alone, as some forms for a webhook send it.
        return "", "" if rest else scheme
    try:
        user, _, password = base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    # Some put a key where the name stands, and no password.
    return (user, password) if password else ("", user)
