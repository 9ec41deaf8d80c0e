"""A body that was wrapped up on its way: in base64, as queues hand it on, or in CBOR, as thin lines want it.

It is unwrapped before any form looks at it, and what comes out is read like any other body. What cannot be
unwrapped stays as it came. Of what is cut off comes out what stands before the cut, as text that ends there, so
that one rule says what is used of either. Of CBOR only what JSON can say is read, here and not by a library: those
carry out the tags for values that are shared, by which a hundred bytes of a stranger's become gigabytes.
"""

import base64
import json
import re
import struct
from dataclasses import replace
from typing import Final

from db.gateway.fix import BadPayload, Payload
from db.gateway.payloads import deep
from db.gateway.payloads.objects import json_objects, paired

_DEEPEST: Final = 12
_MOST_BYTES: Final = 1_000_000
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_BREAKS = re.compile(rb"[\r\n]+")
# Google's Pub/Sub and others put what was sent into a field of their own message.
_INSIDE = re.compile(
    rb'"(?:data|payload|body|frm_payload|payload_raw|message)"\s*:\s*"([A-Za-z0-9+/_-]{12,}={0,2})"'
)
_BEGINS = (b"{", b"[", b"$", b"<")
_ARRAYS_AND_MAPS = (4, 5)
_TAG: Final = 6
_SIMPLE_OR_FLOAT: Final = 7
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE = {20: False, 21: True}
"""Any other says nothing, as null does."""
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
_INDEFINITE: Final = 31
_BREAK: Final = 0xFF


class CutShortError(ValueError):
    """The body ends in the middle of an item.

    Attributes:
        before: what was whole before the end, as JSON that ends there.
    """

    def __init__(self, before: str = "") -> None:
        super().__init__("cut short")
        self.before = before


def opened(payload: Payload) -> Payload:
    """The same with what was wrapped up in its body; the payload itself where nothing was."""
    body = payload.body
    if not body or len(body) > _MOST_BYTES:
        return payload
    found = _out_of(body) or _inside(body)
    return replace(payload, body=found) if found else payload


def _inside(body: bytes) -> bytes:
    """What lies wrapped up in a field of a message that says no place itself; empty for nothing."""
    found = next((inner for m in _INSIDE.finditer(body) if (inner := _out_of(m[1]))), b"")
    if not found:
        return b""
    try:
        return b"" if deep.places(json_objects(body)) else found
    except BadPayload:
        return b""


def _out_of(body: bytes) -> bytes:
    """What is in base64 or CBOR, as text that a form reads; empty for neither."""
    plain = _BREAKS.sub(b"", body.strip())
    if _BASE64.fullmatch(plain):
        try:
            # One sign too many is what a cut leaves: alone it says nothing.
            whole = plain[:-1] if len(plain) % 4 == 1 else plain
            inner = base64.b64decode(whole.translate(bytes.maketrans(b"-_", b"+/")) + b"=" * (-len(whole) % 4))
        except ValueError:
            return b""
        return inner if inner.lstrip().startswith(_BEGINS) else _as_json(inner)
    return _as_json(body)


def _as_json(body: bytes) -> bytes:
    """A list or an object in CBOR as JSON; empty for anything else."""
    # No text begins with such a byte, so nothing else is taken for it.
    begins = body[:1] and (body[0] >> 5 in _ARRAYS_AND_MAPS or body[:3] == b"\xd9\xd9\xf7")
    if not begins:
        return b""
    try:
        value, end = _item(body, 0, _DEEPEST)
        whole = end == len(body) and bool(value) and isinstance(value, dict | list)
        return json.dumps(value).encode() if whole else b""
    except CutShortError as error:
        # With nothing whole in it, it may be anything.
        return error.before.encode() if ":" in error.before else b""
    except (ValueError, RecursionError):
        return b""


def _item(body: bytes, at: int, floors: int) -> tuple[object, int]:
    """One item of RFC 8949, and where the next begins.

    Raises:
        CutShortError: the body ends before it does.
        ValueError: it is none.
    """
    if not floors:
        raise ValueError("too deep")
    if at >= len(body):
        raise CutShortError
    kind, small = body[at] >> 5, body[at] & 31
    at += 1
    size = _SIZES.get(small, 0)
    count = small if small < min(_SIZES) else int.from_bytes(body[at : at + size])
    if min(_SIZES) + len(_SIZES) <= small < _INDEFINITE:
        raise ValueError("no such length")
    if len(body) < at + size:
        raise CutShortError
    if kind == _SIMPLE_OR_FLOAT:
        return (
            struct.unpack_from(_FLOATS[small], body, at)[0] if small in _FLOATS else _SIMPLE.get(count)
        ), at + size
    at += size
    if kind in {0, 1}:
        return (count if kind == 0 else -1 - count), at
    if kind == _TAG:
        return _item(body, at, floors - 1)
    if kind in _ARRAYS_AND_MAPS:
        return _several(
            body, at, None if small == _INDEFINITE else count, floors, is_map=kind == max(_ARRAYS_AND_MAPS)
        )
    return _string(body, at, None if small == _INDEFINITE else count, floors)


def _string(body: bytes, at: int, length: int | None, floors: int) -> tuple[str, int]:
    if length is None:
        parts, at = _several(body, at, None, floors, is_map=False)
        return "".join(map(str, parts)), at
    if len(body) < at + length:
        raise CutShortError(json.dumps(body[at:].decode("utf-8", "replace"))[:-1])
    return body[at : at + length].decode("utf-8", "replace"), at + length


def _several(
    body: bytes, at: int, count: int | None, floors: int, *, is_map: bool
) -> tuple[dict[str, object] | list[object], int]:
    found: list[object] = []
    wanted = None if count is None else count * (2 if is_map else 1)
    while len(found) != wanted:
        if wanted is None and body[at : at + 1] == bytes([_BREAK]):
            at += 1
            break
        try:
            one, at = _item(body, at, floors - 1)
        except CutShortError as error:
            raise CutShortError(_begun(found, error.before, is_map=is_map)) from error
        found.append(one)
    if not is_map:
        return found, at
    return paired([(str(name), value) for name, value in zip(found[::2], found[1::2], strict=True)]), at


def _begun(found: list[object], before: str, *, is_map: bool) -> str:
    """A list or an object in JSON, up to the cut: what is whole, and of the next one what it has."""
    if is_map:
        pairs = zip(found[::2], found[1::2], strict=False)
        whole = [f"{json.dumps(str(name))}: {json.dumps(value)}" for name, value in pairs]
        last = f"{json.dumps(str(found[-1]))}: {before}" if before and len(found) % 2 else ""
    else:
        whole, last = list(map(json.dumps, found)), before
    return ("{" if is_map else "[") + ", ".join([*whole, last] if last else whole)
