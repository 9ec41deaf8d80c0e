"""What apps, modems and platforms send that know nothing of this gateway but its address and a token."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.offline_gateway import Offline, device, offline

PLACE = (52.3931, -0.7229)
LAT, LON = PLACE
TOKEN = {"token": "eno"}
BEARER = {"authorization": "Bearer eno"}
AT = "2026-11-23T01:58:00Z"
SECONDS = 1795399080


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Offline]:
    async with offline(tmp_path, device()) as gateway:
        yield gateway


async def send(made: Offline, path: str, sent: dict[str, Any], method: str = "POST") -> Any:
    async with made.client() as http:
        return await http.request(method, path, **sent)


def text(words: str) -> dict[str, Any]:
    return {"content": words.encode(), "params": TOKEN, "headers": {"content-type": "text/plain"}}


TRACK = f"""<?xml version="1.0"?><gpx><wpt lat="51.0" lon="-0.1"><name>SOS</name></wpt><trk><trkseg>
<trkpt lat="{LAT}" lon="{LON}"><ele>80</ele><time>{AT}</time></trkpt></trkseg></trk></gpx>"""


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        # The token names the device: nobody else is named, by no name, or by one that means something else.
        ("/", {"json": {"gps": [LAT, LON], "ts": SECONDS}, "headers": BEARER}),
        ("/", {"data": {"id": "Home", "device": "b7", "latitude": LAT, "longitude": LON, "timestamp": SECONDS}}),
        ("/api/webhook/eno", {"json": {"data": {"gps": [LAT, LON]}, "time": AT}}),
        (f"/log/eno/my-phone?lat={LAT}&lon={LON}&timestamp={SECONDS}", {}),
        # Some floors down, in a list, in one dotted name, in JSON inside a text.
        ("/", {"json": {"state": {"reported": {"pos": {"lat": LAT, "lng": LON, "time": AT}}}, "id": 7}}),
        (
            "/",
            {"json": [{"ident": "86", "position.latitude": LAT, "position.longitude": LON, "timestamp": SECONDS}]},
        ),
        (
            "/",
            {"json": {"items": [{"kind": "battery"}, {"values": {"GPS_Lat": LAT, "GPS_Lon": LON, "time": AT}}]}},
        ),
        ("/", {"json": {"payload": json.dumps({"loc": {"lat": LAT, "lon": LON, "ts": SECONDS}}), "name": "x"}}),
        # Where the aerial stands that heard it, and where a fence is, is not where it is.
        (
            "/",
            {
                "json": {
                    "rx_metadata": [{"location": {"latitude": 51.0, "longitude": 0.2}}],
                    "geofence": {"lat": 51.1, "lon": 0.3},
                    "decoded": {"latitude": LAT, "longitude": LON},
                    "received_at": AT,
                }
            },
        ),
        (
            "/",
            {
                "json": {
                    "hotspots": [{"lat": 51.0, "long": 0.2}],
                    "masts": [{"lat": 51.1, "lon": 0.2}],
                    "decoded": {"payload": {"lat": LAT, "lng": LON}},
                    "time": AT,
                }
            },
        ),
        ("/", {"data": {"event": "gps", "data": json.dumps({"lat": LAT, "lon": LON, "ts": SECONDS})}}),
        # A token by other names.
        (f"/?access_token=eno&lat={LAT}&lon={LON}&ts={SECONDS}", {}),
        (f"/?api_key=eno&id=one&lat={LAT}&lon={LON}&ts={SECONDS}", {}),
        ("/", {"json": {"lat": LAT, "lon": LON, "ts": SECONDS}, "headers": {"x-auth-token": "eno"}}),
        ("/", {"json": {"lat": LAT, "lon": LON, "ts": SECONDS}, "headers": {"authorization": "Basic ZW5vOg=="}}),
        # Text: a table with its heading, a modem's own answer, a track.
        (
            "/",
            text(
                f"date time,lat,lon,speed\n,{LAT},{LON},0\n".replace("date time", "time").replace(
                    "\n,", f"\n{AT},"
                )
            ),
        ),
        ("/", text(f"+CGNSINF: 1,1,20261123015800.000,{LAT},{LON},88.1,0.0,90.0,1,,1.2")),
        ("/", text(TRACK)),
        # A whole form behind a name of the time that is not ours.
        (f"/gps?imei=35&key=eno&lat={LAT}&lng={LON}&utc=20261123015800.000", {}),
        # Sent to the address of another form.
        (
            "/client",
            {
                "json": {
                    "locations": [
                        {
                            "geometry": {"type": "Point", "coordinates": [LON, LAT]},
                            "properties": {"timestamp": AT},
                        }
                    ]
                },
                "params": {**TOKEN, "id": "one"},
            },
        ),
    ],
)
async def test_an_app_that_knows_only_its_token_has_a_place_and_a_time(
    made: Offline, path: str, sent: dict[str, Any]
) -> None:
    with_token = "eno" in f"{path}{sent}" or "Basic" in str(sent)
    answer = await send(made, path, sent if with_token else {**sent, "params": TOKEN})
    assert answer.status_code == 200
    fixes = await made.fixes()
    assert [(fix["lat"], fix["lon"], fix["refused"]) for fix in fixes] == [(LAT, LON, "")]
    assert fixes[0]["fixed_at"].startswith("2026-11-23T01:58:00")
    assert await made.alarms() == []


@pytest.mark.parametrize(
    "words",
    ["geo:52.3931,-0.7229;u=9", "I am at https://maps.example/?q=52.3931,-0.7229", "/@52.3931,-0.7229,15z"],
)
async def test_a_link_to_a_map_is_a_place(made: Offline, words: str) -> None:
    await send(made, "/", text(words))
    assert [(fix["lat"], fix["lon"]) for fix in await made.fixes()] == [PLACE]


async def test_each_reading_of_a_list_is_a_fix(made: Offline) -> None:
    readings = [
        {"name": "location", "time": (SECONDS + at) * 10**9, "values": {"latitude": LAT, "longitude": LON}}
        for at in range(3)
    ]
    await send(
        made,
        "/",
        {"json": {"payload": [{"name": "gyroscope", "values": {"x": 1}}, *readings]}, "params": TOKEN},
    )
    assert len(await made.fixes()) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"rxInfo": [{"location": {"latitude": 52.9, "longitude": -1.2}}], "battery": 3},
        {"geofence": {"name": "Base", "lat": LAT, "lon": LON}, "event": "enter"},
        {"home": {"latitude": LAT, "longitude": LON}, "destination": {"lat": LAT, "lon": LON}},
    ],
)
async def test_the_place_of_something_else_is_none_of_its_own(made: Offline, said: dict[str, Any]) -> None:
    assert (await send(made, "/", {"json": said, "params": TOKEN})).status_code == 200
    assert await made.fixes() == []
    assert made.counters.unused


async def test_a_list_that_is_empty_is_let_go_of(made: Offline) -> None:
    assert (await send(made, "/", {"json": {"locations": []}, "headers": BEARER})).json() == {"result": "ok"}


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/", {"json": [{"events": [{"type": "battery"}, {"type": "SOS", "timestamp": AT}]}]}),
        ("/", {"json": {"data": {"eventType": "PANIC_BUTTON_PRESSED"}}}),
        ("/", {"json": {"alert": {"description": "Mayday call"}, "latitude": 0, "longitude": 0}}),
        ("/", {"json": {"decoded_payload": {"ALARM_status": "TRUE"}}}),
        ("/", {"json": [{"sos.button.state": True}]}),
        ("/", {"json": {"panicFlag": 1, "lat": LAT, "lon": LON}}),
        ("/", {"json": {"alert": {"kind": "fall", "type": "DURESS"}, "position": None}}),
        ("/", {"json": {"button": "sos", "click": "single"}}),
        ("/", {"data": {"status": "Emergency", "lat": "", "lon": ""}}),
        ("/", {"json": {"alarm_flag": "Panic"}}),
        ("/", {"json": {"panic": {"status": "triggered", "at": AT}}}),
        ("/", {"json": {"alerts": ["low battery", "Man down"]}}),
        ("/", {"json": {"from": "+44 7700 900123", "message": "Mayday: at the surgery"}}),
        ("/", text('<event type="duress" at="now"/>')),
        ("/sos", {"json": {"lat": LAT, "lon": LON}, "headers": BEARER}),
        ("/buttons/panic", {"params": TOKEN}),
        ("/", text("<alert><alertType>Panic alarm</alertType></alert>")),
        ("/", text("imei:359,help me!,2611230158,,F,015800.000,A,5223.58,N,00043.37,W,0.0,0;")),
        ("/", {"json": {"lat": LAT, "lon": LON}, "params": {**TOKEN, "alarm": "sos"}}),
        (
            "/client",
            {
                "json": {"device_id": "one", "location": {"coords": {"latitude": LAT, "longitude": LON}}},
                "params": {**TOKEN, "alarm": "sos"},
            },
        ),
    ],
)
async def test_whoever_asks_for_help_is_heard(made: Offline, path: str, sent: dict[str, Any]) -> None:
    sent = sent if "eno" in str(sent) else {**sent, "params": TOKEN}
    assert (await send(made, path, sent)).status_code == 200
    assert len(await made.alarms()) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"type": "sos", "event": "cancelled"},
        {"eventType": "SOS_MODE_END"},
        {"type": "Emergency exit"},
        {"description": "Panic room, third floor"},
        {"sosNumber": "07700 900123", "panicSupported": True},
        {"alarmType": 1, "alarm_event": 1},
        {"ALARM_status": "FALSE", "sos_flag": 0},
        {"emergency_contact": True},
        {"sos": {"state": "idle", "enabled": True}},
        {"alerts": ["low battery", "emergency exit"]},
        {"button": "panic", "action": "released"},
        {"AlarmType": "Man down", "Status": "Closed"},
        {"message": "sos phone is charged"},
        {"message": "Emergency department is full"},
    ],
)
async def test_what_only_speaks_of_a_button_raises_nothing(made: Offline, said: dict[str, Any]) -> None:
    await send(made, "/", {"json": {"lat": LAT, "lon": LON, **said}, "params": TOKEN})
    assert len(await made.fixes()) == 1
    assert await made.alarms() == []


async def test_a_token_of_nobody_names_nobody(made: Offline) -> None:
    for path, status in (("/", 400), ("/api/webhook/eon", 404), ("/sos", 404), ("/client/index.php", 401)):
        assert (await send(made, path, {"json": {"lat": LAT, "lon": LON}})).status_code == status
    assert await made.entries() == []


async def test_a_logger_with_a_login_of_its_own(made: Offline) -> None:
    async with made.client() as http:
        answer = await http.post("/client/index.php", data={"action": "addpos", "lat": LAT, "lon": LON})
        assert answer.status_code == 401
        answer = await http.post("/client/index.php", data={"action": "auth", "user": "me", "pass": "eno"})
        assert answer.json() == {"error": False}
        assert "HttpOnly" in answer.headers["set-cookie"]
        answer = await http.post("/client/index.php", data={"action": "addtrack", "track": "Auto"})
        assert answer.json() == {"error": False, "trackid": 1}
        sent = {"action": "addpos", "lat": LAT, "lon": LON, "time": SECONDS, "speed": 10, "accuracy": 8}
        assert (await http.post("/client/index.php", data={**sent, "trackid": 1})).json() == {"error": False}
    [fix] = await made.fixes()
    assert (fix["lat"], fix["speed"], fix["accuracy"]) == (LAT, 36.0, 8)
    assert "pass" not in fix["attributes"]
