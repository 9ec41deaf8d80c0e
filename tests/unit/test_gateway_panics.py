"""A panic is a panic, however bad the rest is; a bad line costs itself only; a known device hears no "no"."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.offline_gateway import NOW, Offline, device, offline

WHO = {"id": "one", "token": "eno"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
PLACE = {"latitude": 52.24, "longitude": -0.9}
AT = datetime(2026, 11, 23, 1, 47, 5, tzinfo=UTC)


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Offline]:
    async with offline(tmp_path, device(), device("off", 2, active=False)) as gateway:
        yield gateway


async def send(made: Offline, path: str, **sent: Any) -> int:
    method = sent.pop("method", "GET" if path == "/" and "content" not in sent and "json" not in sent else "POST")
    async with made.client() as http:
        return (await http.request(method, path, **sent)).status_code


def rmc(line: str, *, right: bool = True) -> str:
    total = 0 if right else 1
    for character in line:
        total ^= ord(character)
    return f"${line}*{total:02X}\r\n"


def minute(place: int) -> str:
    return rmc(f"GPRMC,01{place:02d}20.00,A,5214.4300,N,00054.1620,W,010.0,270.5,231126,,,A")


def raw(text: str) -> dict[str, Any]:
    return {"content": text.encode(), "params": WHO}


def client(location: Any, **more: Any) -> dict[str, Any]:
    return {"json": {"device_id": "one", "location": location, **more}, "params": {"token": "eno"}}


def owntracks(**message: Any) -> dict[str, Any]:
    return {"json": {"_type": "location", "tid": "one", "alarm": "panic", **message}, "params": {"token": "eno"}}


def forward(position: Any, **more: Any) -> dict[str, Any]:
    return {"json": {"device": {"uniqueId": "one"}, "position": position, **more}, "params": {"token": "eno"}}


@pytest.mark.hazard("H-040")
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", {"params": {**WHO, "alarm": "sos"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lon": "-0.9"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "52.24", "lon": ""}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "52,2405", "lon": "-0,9027"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "location": "52,2405,-0,9027"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "inf", "lon": "-0.9"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "N52", "lon": "W1"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "1", "lon": "2", "timestamp": "yesterday"}}),
        ("/", {"params": {**WHO, "alarm": "sos", "lat": "1", "lon": "2", "timestamp": "9" * 40}}),
        ("/", {"params": {**WHO, "alarm": "battery;duress"}}),
        ("/osmand/", {"data": {**WHO, "alarm": "help"}}),
        ("/osmand", {"params": {**WHO, "alarm": "1"}, "content": b"x" * 70_000}),
        ("/client", client(None, alarm="sos")),
        ("/client", client([], alarm="sos")),
        ("/client", client("nowhere", alarm="sos")),
        ("/client", client({"coords": None, "event": "sos"})),
        ("/client", client({"coords": {"latitude": "x", "longitude": 1}, "alarm": "sos"})),
        ("/client", client({"coords": PLACE, "timestamp": "soon", "extras": {"alarm": "sos"}})),
        ("/client", client([{"coords": {}}, {"coords": {"latitude": 1}, "alarm": "sos"}])),
        ("/client", {"params": {**WHO, "alarm": "sos"}, "content": b'{"device_id": "one", "location": {'}),
        ("/client", raw('{"location": {"coords": {"latitude": NaN, "longitude": 1}, "alarm": "sos"}}')),
        ("/client", raw('{"location": {"coords": {"lat')),
        ("/", raw(json.dumps([{"device_id": "one", "location": {"coords": PLACE, "alarm": "sos"}}]))),
        ("/", raw(json.dumps([{"device_id": "one", "location": None, "event": "sos", "alarm": "sos"}]))),
        ("/", raw("<position alarm='sos'/>")),
        ("/owntracks", owntracks()),
        ("/owntracks", owntracks(lat=None, lon=None, tst=None)),
        ("/owntracks", owntracks(lat=52.1, lon=-0.9, tst="half past one")),
        ("/owntracks", owntracks(_type="status")),
        ("/owntracks", owntracks(_type=["location"])),
        ("/pub/", owntracks(lat="52,24", lon="-0,9", tst=int(AT.timestamp()))),
        ("/forward", forward(None, alarm="sos")),
        ("/forward", forward({**PLACE, "latitude": None, "attributes": {"alarm": "powerOff,sos"}})),
        ("/forward", forward({**PLACE, "fixTime": "never", "attributes": {"alarm": "sos"}})),
        ("/nmea", {"params": {**WHO, "alarm": "sos"}, "content": rmc("GPRMC,1,A", right=False).encode()}),
        ("/nmea", {"params": {**WHO, "alarm": "sos"}, "content": b""}),
        ("/nmea", {"params": {**WHO, "alarm": "sos"}, "content": b"$GPGGA,1*00"}),
        ("/nmea", {"params": {**WHO, "alarm": "sos"}, "content": minute(1).replace(",N,", ",Q,").encode()}),
        # As other makes write it.
        ("/", {"params": {**WHO, "alarm": "SOS-Alarm"}}),
        ("/", {"params": {**WHO, "alarm": " Panic_Button! "}}),
        ("/", {"params": {**WHO, "alarm": "SOSALARM"}}),
        ("/client", client({"coords": PLACE, "alarm": {"type": "sos"}})),
        ("/client", client({"extras": {"alarm": ["lowBattery", "duress"]}})),
        ("/", {"params": {**WHO, "alarm": "panicButton"}}),
        ("/", {"params": {**WHO, "alarm": "EmergencyCall"}}),
        ("/", {"params": {**WHO, "alarm": "sos1"}}),
        ("/", {"params": {**WHO, "alarm": "MAN DOWN"}}),
        ("/", {"params": {**WHO, "alarm": "mandown_alert"}}),
        ("/", {"params": {**WHO, "alarm": "fallDown,lowBattery"}}),
        ("/", {"params": {**WHO, "alarm": "Mayday!"}}),
        ("/", {"params": {**WHO, "alarm": "CODE-RED"}}),
        ("/", {"params": {**WHO, "alarm": "accident"}}),
        ("/", {"params": {**WHO, "man_down": "true"}}),
        ("/client", client({"coords": PLACE, "event": "assault"})),
        ("/client", raw('{"location": {"extras": {"alarm": "man down", "coords": {"lat')),
        # Nearly JSON, JSON twice over, a form twice over, a text, an address that was copied out of a page.
        ("/", {"params": {"token": "eno"}, "content": b"{'device_id': 'one', 'alarm': 'panic'}"}),
        ("/client", {"params": {"token": "eno"}, "content": b'{device_id: "one", alarm: "duress",}'}),
        ("/", {"params": {"token": "eno"}, "content": json.dumps('{"device_id": "one", "alarm": 1}').encode()}),
        ("/", {"params": {"token": "eno"}, "content": b"id%3Done%26alarm%3Dhelp", "headers": FORM}),
        ("/", raw("Mayday, mayday")),
        ("/?id=one&amp;token=eno&amp;alarm=panic", {}),
        ("/", {"params": {**WHO, "alarms[]": "mandown"}}),
        ("/", {"params": {**WHO, "position.alarm": "sos"}}),
        ("/client", client(None, inputs=[{"name": "door", "value": True}, {"name": "sosButton", "value": 1}])),
        # In parts, in other characters, with other strokes, or at an address that is not served.
        ("/osmand", {"files": {"x": (None, "y")}, "data": {**WHO, "alarm": "duress"}}),
        ("/?id=one;token=eno;alarm=help", {}),
        ("/client", {"params": WHO, "content": json.dumps({"alarm": "sos"}).encode("utf-16-be")}),
        ("/traccar/api", {"params": {**WHO, "alarm": "panic"}}),
        # By the button's own name, or as what happened, and however deep.
        ("/", {"params": {**WHO, "sos": "1"}}),
        ("/", {"params": {**WHO, "Panic": "true", "lat": "1", "lon": "2"}}),
        ("/", {"params": {**WHO, "emergency": "yes"}}),
        ("/", {"params": {**WHO, "event": "sos"}}),
        ("/", {"params": {**WHO, "alarms": "lowBattery,sos"}}),
        ("/client", client({"coords": PLACE, "event": "SOS"})),
        ("/client", client({"coords": PLACE, "extras": {"event": "panic"}})),
        ("/client", client({"coords": PLACE, "extras": {"sos": True}})),
        ("/client", client({"coords": PLACE, "extras": {"data": {"alarm": "sos"}}})),
        ("/client", client({"coords": PLACE}, extras={"alarm": "duress"})),
        ("/client", client([{"geometry": None, "properties": {"panic": 1}}])),
        ("/client", {"params": WHO, "content": b'{"state": {"reported": {"alarm": "sos"}}}'}),
        ("/client", raw('{"location": {"extras": {"panic": true}, "coords": {"lat')),
        ("/owntracks", owntracks(alarm=None, panic=True)),
        ("/owntracks", owntracks(alarm=None, event="emergency")),
        ("/forward", forward({**PLACE, "attributes": {"sos": 1}})),
        ("/forward", forward(PLACE, event={"type": "sos"})),
        ("/forward", forward(PLACE, events=[{"attributes": {"alarm": "sos"}}])),
        # Names in capitals, and several alarms at once.
        ("/", {"params": {"ID": "one", "TOKEN": "eno", "ALARM": "SOS"}}),
        ("/?alarm=sos&alarm=lowBattery&id=one&token=eno", {}),
        ("/?alarm=sos", {"data": {**WHO, "alarm": "lowBattery"}}),
        # At another form's address, and by whatever method.
        ("/osmand", client({"coords": PLACE, "alarm": "sos"})),
        ("/owntracks", forward({**PLACE, "attributes": {"alarm": "sos"}})),
        ("/nmea", client(None, alarm="sos")),
        ("/client", {"params": {**WHO, "alarm": "sos"}, "method": "GET"}),
        ("/forward", {"params": {**WHO, "alarm": "sos"}, "method": "PUT", "content": b"?"}),
        # Cut short, and named only there.
        (
            "/client",
            {"params": {"token": "eno"}, "content": b'{"device_id": "one", "location": {"alarm": "sos", "co'},
        ),
        ("/", {"params": {"token": "eno"}, "content": b'{"device": {"uniqueId":"one"}, "event": {"alarm":"sos"'}),
        ("/client", raw('{"location": null, "event": "mayd')),
        ("/", raw('{"panic": tru')),
        # Of two of a name the later takes no cry back, also where the address is one of them.
        ("/client", raw('{"location": null, "alarm": "duress", "alarm": null}')),
        ("/", raw('{"event": "panic", "event": "heartbeat", "panic": 1, "panic": 0}')),
        ("/", raw(r'{"data": "{\"sos\": 1, \"sos\": 0}"}')),
        ("/?panic=1&panic=0&id=one&token=eno", {}),
        ("/?mayday=1", {"data": {**WHO, "mayday": "0"}}),
        # How often it was pressed; what has happened, by itself; and as somebody asks for it.
        ("/", {"params": {**WHO, "panic": "3"}}),
        ("/client", client({"coords": PLACE, "extras": {"mayday": 2}})),
        ("/", {"params": {**WHO, "alarm": "collision"}}),
        ("/client", client({"coords": PLACE, "event": "crash"})),
        ("/help/eno", {}),
        ("/button/distress.php?token=eno", {}),
        ("/?token=eno&help", {}),
        ("/", raw("please send help")),
        ("/", {"params": {**WHO, "message": "I need help"}}),
        # Broken beside a place that can be read, and in lines of which others can.
        ("/", raw('{"alarm": "sos", x, "at": {"lat": 52.24, "lon": -0.9, "time": "2026-11-23T01:47:05Z"}}')),
        ("/client", raw('{"alarm": "panic", x\n{"device_id": "one", "location": {"coords": {}}}')),
        # In CBOR that is cut off inside the value.
        ("/", {"params": WHO, "content": b"\xa2\x61\x61\x01\x65alarm\x63so"}),
        # A server's event, with and without where.
        ("/forward", forward(None, event={"type": "alarm", "attributes": {"alarm": "sos"}})),
        ("/", forward(PLACE, event={"type": "alarm", "attributes": {"alarm": "sos"}})),
        ("/", {**forward(None, event={"attributes": {"alarm": "panic"}}), "params": {"token": "eno"}}),
    ],
)
async def test_a_panic_is_a_panic(made: Offline, path: str, sent: dict[str, Any]) -> None:
    if path == "/client" and sent.get("content", b"").endswith(b'{"lat'):
        sent["params"] = {**WHO, "alarm": "sos"}
    assert await send(made, path, **sent) == 200
    assert await made.alarms() == [device().van_id]
    # Without a time that can be read it was pressed now.
    (pressed,) = await made.presses()
    assert pressed in {NOW, AT}


@pytest.mark.hazard("H-040")
@pytest.mark.parametrize(
    ("pressed", "raised"),
    [
        (timedelta(minutes=-13), timedelta(minutes=-13)),
        (timedelta(hours=-20), timedelta(hours=-20)),
        # A clock that is wrong: it was pressed before it came in, and not days ago.
        (timedelta(days=-3), timedelta(0)),
        (timedelta(hours=1), timedelta(0)),
    ],
)
async def test_a_panic_has_the_time_at_which_it_was_pressed(
    made: Offline, pressed: timedelta, raised: timedelta
) -> None:
    at = NOW + pressed
    assert await send(made, "/", params={**WHO, "alarm": "sos", "timestamp": str(at.timestamp())}) == 200
    assert await send(made, "/client", **client({"timestamp": (at + timedelta(seconds=30)).isoformat()})) == 200
    assert await made.presses() == [NOW + raised]


async def test_a_panic_of_a_device_that_is_switched_off_is_heard_without_its_place(made: Offline) -> None:
    params = {"id": "off", "token": "ffo", "lat": "52.2", "lon": "-0.9"}
    assert await send(made, "/", params=params) == 403
    assert await send(made, "/", params={**params, "alarm": "sos"}) == 200
    assert await made.alarms() == [device("off", 2).van_id]
    assert await made.fixes() == []


@pytest.mark.parametrize(
    "said",
    ["", "0", "false", "no", "off", "none", "lowBattery", "powerOn", "1.5", "helper", "overspeed", "yesterday"],
)
async def test_what_is_no_panic_raises_nothing(made: Offline, said: str) -> None:
    assert await send(made, "/", params={**WHO, "alarm": said, "lat": "52.2", "lon": "-0.9"}) == 200
    assert (
        await send(made, "/client", **client({"coords": PLACE, "alarm": said, "extras": {"alarm": [said]}})) == 200
    )
    assert await made.alarms() == []


async def test_a_panic_with_a_wrong_token_is_nobodys(made: Offline) -> None:
    assert await send(made, "/", params={"id": "one", "token": "no", "alarm": "sos"}) == 401
    assert await send(made, "/", params={"id": "who", "token": "ohw", "alarm": "sos"}) == 400
    assert await made.alarms() == []


@pytest.mark.parametrize(
    ("path", "sent", "good"),
    [
        ("/nmea", raw("".join(map(minute, range(19))) + rmc("GPRMC,1,A", right=False) + minute(30)), 20),
        ("/nmea", raw(minute(1) + minute(2).replace("231126", "331326") + minute(3)), 2),
        ("/nmea", raw(minute(1) + rmc("GPRMC,012520.00,A,5214.4300,N,,W,0,0,231126,,,A") + minute(3)), 2),
        (
            "/client",
            raw(
                "\n".join(
                    [
                        json.dumps(client({"coords": PLACE, "timestamp": AT.timestamp() + n})["json"])
                        for n in range(3)
                    ]
                    + ['{"device_id": "one", "loc']
                )
            ),
            3,
        ),
        # What was sent to another form's address.
        ("/osmand", client({"coords": PLACE}), 1),
        ("/owntracks", raw(minute(5) + minute(6)), 2),
        ("/client", forward(PLACE), 1),
        ("/nmea", raw(rmc("GPRMC,015860.00,A,5214.4300,N,00054.1620,W,0,0,231126,,,A")), 1),
        ("/client", client([{"coords": PLACE}, {"coords": {"latitude": 1}}, 7, None]), 1),
        ("/client", raw('{"location": {"coords": {"latitude": 52.24, "longitude": -0.9, "altitude": NaN}}}'), 1),
        ("/client", client([{"coords": PLACE, "timestamp": "2026-11-23T01:40:60Z"}, {"coords": PLACE}]), 2),
        ("/client", client({"coords": PLACE, "timestamp": "2026-11-23T01:40:01.123456789Z"}), 1),
        ("/client", client({"coords": PLACE, "timestamp": int(AT.timestamp()) * 10**6}), 1),
        (
            "/",
            {"params": {**WHO, "lat": "52.24", "lon": "-0.9", "timestamp": f"{int(AT.timestamp())}{'0' * 9}"}},
            1,
        ),
        ("/forward", {**forward({**PLACE, "altitude": None}), "params": {"token": "eno"}}, 1),
        ("/client", {"content": b"\xef\xbb\xbf" + json.dumps(client({"coords": PLACE})["json"]).encode()}, 1),
        ("/", {"content": gzip.compress(minute(5).encode()), "params": WHO}, 1),
        ("/nmea/", {**raw(minute(5)), "headers": {"content-type": "Application/X-WWW-Form-URLencoded"}}, 1),
    ],
)
async def test_a_bad_line_costs_itself_only(made: Offline, path: str, sent: dict[str, Any], good: int) -> None:
    sent = {"params": {"token": "eno"}, **sent}
    assert await send(made, path, **sent) == 200
    assert len(await made.fixes()) == good


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", {"params": WHO}),
        ("/", {"params": {**WHO, "lat": "52.2"}}),
        ("/", {"params": {**WHO, "batt": "80"}}),
        ("/client", client({"event": "heartbeat"})),
        ("/owntracks", {**owntracks(_type="configuration", alarm=None)}),
        ("/owntracks", {**owntracks(_type="request", alarm=None)}),
        ("/owntracks", {**owntracks(_type="transition", event="enter", desc="beacon", alarm=None)}),
        ("/owntracks", {**owntracks(_type="encrypted", data="xx", alarm=None)}),
        ("/nmea", raw("$GPGSV,1*00")),
        ("/forward", forward({})),
    ],
)
async def test_a_known_device_is_not_told_to_send_it_again(made: Offline, path: str, sent: dict[str, Any]) -> None:
    assert await send(made, path, **sent) == 200
    assert await made.entries() == []
    assert made.counters.refused == {}


async def test_what_is_not_used_is_counted_with_its_reason(made: Offline) -> None:
    for _ in range(3):
        await send(made, "/", params={**WHO, "lat": "north", "lon": "1"})
    assert made.counters.unused == {"The latitude is missing or not a number.": 3}


async def test_nothing_is_sent_on_to_another_address(made: Offline) -> None:
    async with made.client() as http:
        for path in ("/health/", "/osmand//", "/who"):
            answer = await http.get(path, params=WHO, headers={"host": "evil.example"})
            assert answer.status_code in {404, 200, 405}
            assert "location" not in answer.headers
        assert (await http.head("/osmand")).status_code == 200


async def test_what_unpacks_to_too_much_is_not_unpacked(made: Offline) -> None:
    assert await send(made, "/", content=gzip.compress(b"$" * 10_000_000)) == 413
    # A known device is not told to send it again: the beginning is enough to see that nothing is in it.
    assert await send(made, "/", content=gzip.compress(b"$" * 10_000_000), params=WHO) == 200
    assert "The body is too long: its beginning was read." in made.counters.unused
    assert await send(made, "/", content=b"\x1f\x8bnot packed", params=WHO) == 200
    assert await send(made, "/", content=b"\x1f\x8bnot packed") == 400


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", {"params": {**WHO, "lat": "1", "lon": "2", "alarm": "powerCut", "event": "1", "sos": "0"}}),
        ("/", {"params": {**WHO, "lat": "1", "lon": "2", "panic": "false", "emergency": ""}}),
        ("/client", client({"coords": PLACE, "event": "motionchange", "extras": {"panic": 0, "sos": None}})),
        ("/client", client({"coords": PLACE, "event": "heartbeat", "extras": {"event": True}})),
        ("/owntracks", owntracks(alarm=None, _type="transition", event="enter", desc="sos", lat=1, lon=2, tst=1)),
        (
            "/forward",
            forward({**PLACE, "attributes": {"event": 236, "sos": False}}, event={"type": "deviceMoving"}),
        ),
        # Of two of a name, of which none is one; with a secret in it.
        ("/", raw('{"alarm": "low", "alarm": null, "token": "eno", "token": "x", "lat": 1, "lon": 2, "lat": 3}')),
        ("/", raw('{"alarm": "sp')),
        ("/support?token=eno", {}),
        # A field that only sounds like the button.
        ("/forward", forward({**PLACE, "attributes": {"sosNumber": "1", "panicMode": "off"}})),
    ],
)
async def test_a_field_that_is_no_button_raises_nothing(made: Offline, path: str, sent: dict[str, Any]) -> None:
    assert await send(made, path, **sent) == 200
    assert await made.alarms() == []


@pytest.mark.hazard("H-040")
@pytest.mark.parametrize(
    ("body", "presses"),
    [
        (b'{"device_id": "one", "token": "eno", "alarm": "duress", "loc', 1),
        (b"id=one&token=eno&alarm=mayday&lat=5", 1),
        (b'{"device_id": "one", "token": "eno", "alarm": "low", "loc', 0),
    ],
)
async def test_who_hangs_up_while_crying_was_heard(made: Offline, body: bytes, presses: int) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "client": ("10.0.0.1", 5000),
        "headers": [(b"content-length", b"200")],
    }
    messages = iter([{"type": "http.request", "body": body, "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def nobody(_: Any) -> None:
        """Nobody is there to be answered."""

    await made.app()(scope, receive, nobody)
    assert len(await made.alarms()) == presses
