"""Bodies in base64 and in CBOR: read like what is in them, and anything else is left as it came."""

import base64
import json
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.gateway.fix import Payload
from db.gateway.payloads import overland, read_report, reading, wrapped

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AT = datetime(2026, 11, 23, 1, 58, 20, tzinfo=UTC)
PLACE = {"lat": 52.2405, "lon": -0.9027, "ts": int(AT.timestamp())}
PLAIN = json.dumps(PLACE).encode()


def cbor(value: object) -> bytes:
    """As a modem packs it: the shortest form of RFC 8949."""
    if isinstance(value, bool) or value is None:
        return bytes([{False: 0xF4, True: 0xF5, None: 0xF6}[value]])
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, int):
        return _head(0 if value >= 0 else 1, value if value >= 0 else -1 - value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor(part) for pair in value.items() for part in pair)
    assert isinstance(value, list)
    return _head(4, len(value)) + b"".join(map(cbor, value))


def _head(kind: int, count: int) -> bytes:
    for small, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if count < 24:
            return bytes([kind << 5 | count])
        if count < 1 << 8 * size:
            return bytes([kind << 5 | small]) + count.to_bytes(size)
    raise ValueError("too large")


def b64(body: bytes) -> str:
    return base64.b64encode(body).decode()


PUSHED = {"message": {"data": b64(PLAIN), "messageId": "7"}, "subscription": "projects/x/subscriptions/y"}
BODIES = {
    "base64": b64(PLAIN).encode(),
    "in lines": base64.encodebytes(PLAIN * 1),
    "for addresses, unpadded": base64.urlsafe_b64encode(PLAIN).rstrip(b"="),
    "a queue's message": json.dumps(PUSHED).encode(),
    "a list in base64": b64(b"[" + PLAIN + b"]").encode(),
    "cbor": cbor(PLACE),
    "cbor that says so": b"\xd9\xd9\xf7" + cbor(PLACE),
    "cbor in base64": b64(cbor(PLACE)).encode(),
    "cbor below": cbor({"gnss": {"position": PLACE, "sats": [7, None, True]}, "batt": -3}),
    "cbor of no known length": b"\xbf" + cbor(PLACE)[1:] + b"\x63who\x7f\x61a\x61b\xff\xff",
    "with a tag on the time": cbor({"lat": 52.2405, "lon": -0.9027}).replace(b"\xa2", b"\xa3", 1)
    + cbor("time")
    + b"\xc1"
    + cbor(PLACE["ts"]),
    "in small floats": b"\xa3\x63lat\xfa"
    + struct.pack(">f", 52.2405)
    + b"\x63lon\xfa"
    + struct.pack(">f", -0.9027)
    + cbor("ts")
    + cbor(PLACE["ts"]),
    "nmea in base64": b64(b"$GPGLL,5214.4300,N,00054.1620,W,015820.00,A,A*74\r\n").encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_wrapped_up_is_a_fix(name: str) -> None:
    _, report = read_report("", Payload({"id": "one"}, BODIES[name]), NOW)
    (fix,) = report.fixes
    assert (round(fix.lat, 4), round(fix.lon, 4), fix.fixed_at) == (52.2405, -0.9027, AT)


def test_a_panic_in_it_is_one_and_a_bad_entry_costs_itself() -> None:
    cry = cbor({"alarm": "sos"})
    for body in (cry, b64(cry).encode(), b64(b'{"alarm": "sos"}').encode(), cbor({**PLACE, "alarm": "sos"})):
        assert read_report("", Payload({"id": "one"}, body), NOW)[1].is_panic, body
    batch = cbor([PLACE, {"lat": "x", "lon": None, "ts": 7}, {**PLACE, "ts": PLACE["ts"] + 9}])
    assert len(read_report("", Payload({"id": "one"}, batch), NOW)[1].fixes) == 2


def test_what_is_something_else_is_left_as_it_came() -> None:
    beside = {"decoded_payload": PLACE, "frm_payload": b64(cbor({"lat": 1.5, "lon": 2.5}))}
    others = (
        b"",
        b"abcdefabcdefabcdef",
        b"lat=52.24&lon=-0.9",
        cbor(PLACE) + b"x",
        b"\x80",
        b"\xa1",
    )
    for body in (
        *others,
        PLAIN,
        json.dumps(beside).encode(),
        "\ufefflat 52.24".encode(),
        b"\xbf" * 40,
        b"\x9f" * 40,
    ):
        assert wrapped.opened(Payload({"id": "one"}, body)).body == body


WHOLE = {"lat": 52.2405, "lon": -0.9027, "ts": PLACE["ts"], "note": "by the shop"}
CUT = {
    "behind the time": cbor(WHOLE)[:-4],
    "in a name": cbor({**PLACE, "battery": 7})[:-6],
    "in the second of two": cbor([PLACE, {**PLACE, "ts": PLACE["ts"] + 9}])[:-20],
    "below": cbor({"gnss": WHOLE, "sats": [7, None, True]})[:-12],
    "of no known length": b"\xbf" + cbor(PLACE)[1:],
    "in base64": b64(cbor(WHOLE)).encode()[:-6],
    "in base64, a sign too many": b64(cbor(WHOLE)).encode()[:-7],
    "text in base64": b64(json.dumps([PLACE, PLACE]).encode()).encode()[:-15],
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_off_costs_what_is_behind_the_cut(name: str) -> None:
    (fix,) = read_report("", Payload({"id": "one"}, CUT[name]), NOW)[1].fixes
    assert (round(fix.lat, 4), round(fix.lon, 4), fix.fixed_at) == (52.2405, -0.9027, AT)


def test_a_panic_that_is_cut_off_is_one_and_is_the_same_as_its_text_cut_off_there() -> None:
    cry = {"alarm": "sos", **PLACE}
    for length in range(12, len(cbor(cry))):
        assert read_report("", Payload({"id": "one"}, cbor(cry)[:length]), NOW)[1].is_panic, length
    assert wrapped.opened(Payload({}, cbor(cry)[:26])).body == b'{"alarm": "sos", "lat": 52.2405'
    # A name that is no text, cut off.
    assert wrapped.opened(Payload({}, cbor({"b": 1, "c": 2})[:4] + b"\x82\x01")).body == b'{"b": 1'
    for nothing in (cbor(PLACE)[:4], b"\x82", cbor(["a", "b"])[:-1]):
        assert wrapped.opened(Payload({}, nothing)).body == nothing


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60).map(lambda tail: b"\xa1" + tail) | st.binary(max_size=60).map(base64.b64encode))
def test_whatever_comes_is_unwrapped_or_left(body: bytes) -> None:
    payload = Payload({"id": "one"}, body)
    assert isinstance(wrapped.opened(payload).body, bytes)


def test_what_is_larger_than_any_message_is_not_unwrapped() -> None:
    body = b64(PLAIN).encode()
    most = body + b" " * (wrapped._MOST_BYTES - len(body))
    assert wrapped.opened(Payload({}, most)).body == PLAIN
    larger = Payload({}, most + b" ")
    assert wrapped.opened(larger) is larger


@pytest.mark.parametrize(
    ("params", "user", "name"),
    [
        ({"id": "a", "deviceid": "b", "device_id": "c"}, "d", "a"),
        ({"deviceid": "b", "device_id": "c"}, "d", "b"),
        ({"device_id": "c"}, "d", "c"),
        ({}, "d", "d"),
        ({}, "", ""),
    ],
)
def test_a_device_is_named_by_the_query_and_else_by_the_login(
    params: dict[str, str], user: str, name: str
) -> None:
    assert reading.named(Payload(params, b"", user)) == name


@pytest.mark.parametrize(
    ("names", "query", "device"),
    [(["", "one"], "two", "one"), ([7, "one"], "two", "7"), (["", ""], "two", "two")],
)
def test_features_name_their_device_before_the_query_does(names: list[object], query: str, device: str) -> None:
    point = {"type": "Point", "coordinates": [PLACE["lon"], PLACE["lat"]]}
    said = [{"geometry": point, "properties": {"device_id": name, "timestamp": AT.isoformat()}} for name in names]
    body = json.dumps({"locations": said}).encode()
    assert overland.parse(Payload({"id": query}, body), NOW).device_ids == (device,)


# Most of them from the table of RFC 8949, appendix A.
ITEMS = [
    *(("00", "0"), ("17", "23"), ("1818", "24"), ("1903e8", "1000"), ("1a000f4240", "1000000")),
    *(("1b000000e8d4a51000", "1000000000000"), ("20", "-1"), ("3863", "-100"), ("3903e7", "-1000")),
    *(("f4", "false"), ("f5", "true"), ("f6", "null"), ("f0", "null"), ("f8ff", "null")),
    *(
        ("f93c00", "1.0"),
        ("fa47c35000", "100000.0"),
        ("fb3ff199999999999a", "1.1"),
        ("c11a514b67b0", "1363896240"),
    ),
    *(
        ("c11a514b67b0", "1363896240"),
        ("60", '""'),
        ("6449455446", '"IETF"'),
        ("62c3bc", '"\\u00fc"'),
        ("4161", '"a"'),
    ),
    *(("7f657374726561646d696e67ff", '"streaming"'), ("80", "[]"), ("83010203", "[1, 2, 3]"), ("9fff", "[]")),
    *(("9f018202039f0405ffff", "[1, [2, 3], [4, 5]]"), ("a0", "{}"), ("a201020304", '{"1": 2, "3": 4}')),
    *(("bf6346756ef563416d7421ff", '{"Fun": true, "Amt": -2}'), ("81" * 9 + "00", "[" * 9 + "0" + "]" * 9)),
    ("c1" * 9 + "00", "0"),
]


@pytest.mark.parametrize(("item", "read"), ITEMS)
def test_each_kind_of_item_is_read_and_none_that_is_cut_off(item: str, read: str) -> None:
    def opened(begins: bytes, behind: bytes = b"") -> str:
        return wrapped.opened(Payload({}, begins + behind)).body.decode("latin-1")

    packed = bytes.fromhex(item)
    assert opened(b"\xa2\x61b\x01\x61a", packed) == f'{{"b": 1, "a": {read}}}'
    assert opened(b"\xd9\xd9\xf7\x82", packed + b"\x07") == f"[{read}, 7]"
    for length in range(len(packed)):
        assert opened(b"\xa2\x61b\x01\x61a", packed[:length]).startswith('{"b": 1'), length


@pytest.mark.parametrize("item", ["81" * 11 + "00", "c1" * 11 + "00", "1c00", "1e", "fd000000", "0000"])
def test_what_is_no_item_is_left_as_it_came(item: str) -> None:
    for body in (b"\x81" + bytes.fromhex(item), b"\xa1\x61a" + bytes.fromhex(item)):
        assert wrapped.opened(Payload({}, body)).body == body


@pytest.mark.parametrize("around", ["81", "c1"])
def test_the_twelfth_floor_is_the_last(around: str) -> None:
    deepest = b"\x81" + bytes.fromhex(around * 10 + "07")
    assert wrapped.opened(Payload({}, deepest)).body != deepest
