"""Which words of a message are a cry for help, field by field: each way, and the nearest that is none."""

from typing import Any

import pytest

from db.gateway.payloads import crying, reading


def below(floors: int, inner: object) -> object:
    """The same, so many objects down."""
    for _ in range(floors):
        inner = {"in": inner}
    return inner


def pressed(name: str) -> dict[str, object]:
    return {"name": name, "value": True}


@pytest.mark.parametrize(
    ("said", "cries"),
    [
        # In the field of an alarm, by the button's own name, and by names made of both.
        *(({"alarm": value}, True) for value in ("sos", 1, True, "1", ["low", "panic"], {"kind": "sos"})),
        *(({"alarm": value}, False) for value in ("low", 0, None, 7, {"state": "active"}, [["sos"]])),
        *(({"sos": value}, True) for value in (1, "yes", {"state": "Active "}, {"by": "panic"}, {"click": 1})),
        *(({"sos": value}, False) for value in (0, {"enabled": True}, {"state": "off"}, {"state": [[1]]})),
        *(({"sosFlag": value}, True) for value in ("1", 1, True, " ON ", "SOS")),
        *(({"sosFlag": value}, False) for value in ("0", 0, False, None, "low")),
        # How often it was pressed, or in which state it is; unknown, a share of something, and somebody's number.
        *(({"panic": value}, True) for value in (3, "7", 99, 2.0, [0, 2], {"state": 2}, {"state": [4]})),
        *(({"panic": value}, False) for value in (-1, 0.5, 100, "112", "999", [], {"limit": 2})),
        *(({name: 2}, True) for name in ("mayday", "man_down", "duressButton", "helpFlag")),
        *(({name: 2}, False) for name in ("alarm", "alarmFlag", "event", "sosNumber")),
        ({"name": "panicButton", "value": 4}, True),
        ({"name": "panicButton", "value": -1}, False),
        *(({"alarmFlag": value}, True) for value in ("true", True, "on", "panic button")),
        # Which alarm it is, and not that it is one.
        *(({"alarmFlag": value}, False) for value in ("1", 1, "1.0", "low", False)),
        *(({name: "1"}, False) for name in ("sosNumber", "is_on", "button")),
        ({"sos" + "_on" * 12 + "_": 1}, True),
        ({"sos" + "_on" * 12 + "__": 1}, False),
        ({"position.Alarm": "sos"}, True),
        ({"alarms[]": "sos"}, True),
        # An event has numbers of other things.
        *(({"event": value}, True) for value in ("sos", {"type": "sos"}, {"type": {"code": "panic"}})),
        *(({"event": value}, False) for value in (1, True, "1", ["sos"], {"type": "low"})),
        # What happened: the button and nothing else, and not that it is over.
        *(({"Event-Type": value}, True) for value in ("sos", "SOS_MODE_START", ["low", "sos"], [7, "sos"])),
        *(({"type": value}, False) for value in ("sos box", ["sos box"], [["sos"]], 7, "start", "")),
        ({"message": "SOS! lat:52.24 lon:-0.90"}, True),
        ({"message": "see the SOS! by the door"}, False),
        ({"message": "panic".ljust(24)}, True),
        ({"message": "panic".ljust(25)}, False),
        *(({"type": "sos", "Status": over}, False) for over in ("off", "Cleared ", 0, False)),
        *(({"type": "sos", "status": other}, True) for other in ("raised", 7, None, ["off"])),
        ({"type": "sos", "note": "off"}, True),
        # Several beside each other; what says of itself that it is over is no press, and takes no other away.
        *(({"alarm": value}, True) for value in ("sos,powerOff", "powerOff;sos", "panic power off", "sos test")),
        *(({"alarm": value}, False) for value in ("sosOff", "SOS cancelled", "panic-released", "Man Down ended")),
        *(({"event": value}, False) for value in ("SOS_END", "emergency button released")),
        ({"alarm": "sos off, mayday"}, True),
        *(({"alarm": {"type": "duress", "active": value}}, value is not False) for value in (True, False, 0, "x")),
        # In signs that nobody sees, as a picture, and escaped once more; what falls, and who works alone.
        *(({"alarm": value}, True) for value in ("m\N{ZERO WIDTH JOINER}ayday", "\N{SQUARED SOS}", "d%75ress")),
        *(({"alarm": value}, True) for value in ("fallDetected", "lone_worker", "eCall", "Fall detection")),
        *(({"alarm": value}, False) for value in ("waterfall", "worker", "call")),
        # What has happened, by itself; of something else it says less.
        *(({"alarm": value}, True) for value in ("fall", "Crash!", "low;collision", "vehicle crash detected")),
        *(({"alarm": value}, False) for value in ("app crash", "pressure fall", "crash cancelled", "rainfall")),
        *(({name: True}, True) for name in ("crash", "fall", "crash_detected", "is_fallen", "distress", "help")),
        *(({name: True}, False) for name in ("crashReports", "person", "van_state", "helpText")),
        ({"help": "https://example.org"}, False),
        *(({"type": value}, True) for value in ("fall", "rollover")),
        # As somebody types it.
        *(({"text": value}, True) for value in ("Help", "help me!!", "please send help", "I need help now")),
        *(({"text": value}, False) for value in ("helped", "help desk", "need fuel", "no help needed")),
        # A name, and beside it whether it is on.
        (pressed("panicButton"), True),
        (pressed("sos".ljust(24)), True),
        (pressed("sos".ljust(25)), False),
        (pressed("door"), False),
        ({"name": "sos", "val": 0, "state": "pressed"}, True),
        ({"name": "sos", "value": False}, False),
        ({"name": "sos"}, False),
        ({"owner": "sos", "value": True}, False),
        # However deep, in a list, or as JSON inside a text.
        (below(6, {"alarm": "sos"}), True),
        (below(7, {"alarm": "sos"}), False),
        ({"inputs": [7, "sos", pressed("sos")]}, True),
        *(({"data": text}, True) for text in ('{"alarm": "sos"}', '[{"alarm": "sos"}]', '{"a": 1} {"sos": 1}')),
        *(({"data": text}, False) for text in ('x{"alarm": "sos"}', '{"alarm": "low"}', '["sos"]')),
        *(({"data": '{"a": 1}' + '{"sos": 1}'.rjust(letters - 8)}, letters == 8192) for letters in (8192, 8193)),
    ],
)
def test_what_is_a_cry(said: dict[str, Any], cries: bool) -> None:
    assert crying.cries(said) is cries


def test_what_says_it_for_itself_is_not_looked_into() -> None:
    said = {"locations": [{"alarm": "sos"}], "trip": {"alarm": "sos"}}
    assert crying.cries(said, frozenset({"locations"}))
    assert not crying.cries(said, frozenset({"locations", "trip"}))


@pytest.mark.parametrize(("floors", "is_panic"), [(0, True), (6, True), (7, False)])
def test_a_kind_is_described_at_some_depth(floors: int, is_panic: bool) -> None:
    assert crying.is_panic({"kind": below(floors, "SOS")}) is is_panic


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"{device_id: 'a', uniqueId: 'b', tid: 'c', id: 'd'}", "a"),
        (b"{id: 'd', tid: 'c', uniqueId: 'b', deviceId: 'e'}", "e"),
        (b"{id: 'd', tid: 'c', uniqueId: 'b'}", "b"),
        (b"{id: 'd', tid: 'c'}", "c"),
        (b"{id: 'd', id: 'e'}", "d"),
        (b"x id=d&y", "d"),
        (b"grid: 'd', the.id=e", ""),
        (b"", ""),
    ],
)
def test_whom_a_body_names_that_cannot_be_read(body: bytes, name: str) -> None:
    assert reading.named_in(body) == name


@pytest.mark.parametrize(
    ("body", "seems"),
    [
        (b"Help me", True),
        (b" \n please S.O.S", True),
        (b"\xef\xbb\xbfmayday", True),
        (b"no help", False),
        *((sign + b" help", False) for sign in (b"{", b" [", b"<")),
        (b"<type>SOS</type>", True),
        (b"a,b,SOS!,c", True),
        (b"{alarm: panic", True),
        (b"{alarm: low", False),
        (b"We need help", True),
        (b"we need fuel", False),
        # Cut off inside the value.
        (b'{"id": "one", "alarm": "so', True),
        (b'{"alarm": "P', True),
        (b"{'alarm': 'low,emerg", True),
        (b'{"alarms": ["low", "dur', True),
        (b'{"a": {"event": "man do', True),
        (b'{"event": "m', False),
        (b'{"type":"cras', True),
        (b'{"panic": tr', True),
        (b'{"sosButton": "ye', True),
        (b'{"data": "{\\"alarm\\": \\"ma', True),
        (b"<fix><alarm>mayd", True),
        (b'{"alarm": "', False),
        (b'{"alarm": "sp', False),
        (b'{"sos": f', False),
        (b'{"door": tr', False),
        (b'{"name": "so', False),
        (b'{"alarm": "low", "note": "so', False),
    ],
)
def test_what_cannot_be_read_seems_to_cry(body: bytes, seems: bool) -> None:
    assert crying.seems_panic(body) is seems
    assert crying.body_cries(body) is seems


def test_what_can_be_read_cries_in_its_fields() -> None:
    assert crying.body_cries(b'[{"a": 1}, {"inputs": [{"name": "sosButton", "value": 1}]}]')
    assert not crying.body_cries(b'[{"a": 1}, {"inputs": [{"name": "sosButton", "value": 0}]}]')
    assert (reading.token_in(b'{"token": "t", "key": "k"}'), reading.token_in(b"{}")) == ("t", "")
