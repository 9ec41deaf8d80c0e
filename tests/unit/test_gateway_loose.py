"""Fixes as other apps say them: in parts, by other names, as features, in plain text."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.offline_gateway import Offline, device, offline

WHO = {"id": "one", "token": "eno"}
PLACE = (52.3931, -0.7229)
LAT, LON = PLACE
TEXT = {"content-type": "text/plain"}
CLIENT = {"device_id": "one", "location": {"coords": {"latitude": LAT, "longitude": LON}}}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Offline]:
    async with offline(tmp_path, device()) as gateway:
        yield gateway


def feature(lat: float = LAT, *, second: int = 0, **said: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [LON, lat, 80.0]},
        "properties": {"timestamp": f"2026-11-23T01:59:{second:02d}Z", "device_id": "one", **said},
    }


def features(*given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"json": {"locations": list(given), **more}, "params": {"token": "eno"}}


def text(words: str, **headers: str) -> dict[str, Any]:
    return {"content": words.encode(), "params": WHO, "headers": {**TEXT, **headers}}


async def send(made: Offline, path: str, sent: dict[str, Any], method: str = "POST") -> Any:
    async with made.client() as http:
        return await http.request(method, path, **sent)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        # A logger's line, in whatever order and dress its owner wrote it.
        ("/", text(f"latitude={LAT}&longitude={LON}&acc=12")),
        ("/", text(f"{LAT},{LON}")),
        ("/", text(f"{LAT}; {LON}; 12.5; 80")),
        ("/osmand", text(f"Lat: {LAT}  Long: {LON}  Battery 80")),
        ("/", text(f"here I am {{lat {LAT} lng {LON}}}")),
        ("/", {"json": {"lat": LAT, "lon": LON, "battery": 80, "acc": 9}, "params": WHO}),
        ("/client", {"json": {"Latitude": str(LAT), "Longitude": str(LON), "device_id": "one"}, "params": WHO}),
        # A form in parts.
        ("/", {"data": {**WHO, "lat": LAT, "lon": LON}, "files": {"photo": ("x.txt", b"x")}}),
        ("/osmand", {"data": {**WHO, "location": f"{LAT},{LON}"}, "files": {"a": (None, "b")}}),
        ("/", {"files": {"json": (None, json.dumps(CLIENT))}, "params": WHO}),
        # Degrees as people print them, and names as others have them.
        ("/", {"params": {**WHO, "lat": f"{LAT}°", "lng": f"{-LON} W"}}),
        ("/", {"params": {**WHO, "lat": f"n {LAT}", "long": f"\N{MINUS SIGN}{-LON}"}}),
        ("/", {"params": {**WHO, "location": f"{LAT},{LON}".replace(".", ",")}}),
        # Other characters.
        ("/client", {"content": json.dumps(CLIENT).encode("utf-16-le"), "params": WHO}),
        # Features.
        ("/", features(feature())),
        ("/client", features(feature(), current={}, trip={})),
        ("/", {"json": {"type": "FeatureCollection", "features": [feature()]}, "params": WHO}),
        ("/", {"json": feature(), "params": WHO}),
        # One floor down, a field a line, sentences in a field, a token in the body, another header for it.
        ("/", {"json": {"gps": {"lat": LAT, "lng": LON}, "time": "2026-11-23T01:59:00Z"}, "params": WHO}),
        ("/", {"json": {"position": {"Lat": LAT, "Lon": LON}}, "params": WHO}),
        ("/", {"json": {"device_id": "one", "token": "eno", "lat": LAT, "lon": LON}}),
        ("/", {"content": f"id=one\r\ntoken=eno\r\nlat={LAT}\r\nlon={LON}\r\n".encode(), "headers": TEXT}),
        ("/", {"json": {"lat": LAT, "lon": LON}, "params": {"id": "one"}, "headers": {"X-Api-Key": "eno"}}),
        (
            "/gps/log.php",
            {"json": {"lat": LAT, "lon": LON}, "params": {"id": "one"}, "headers": {"Authorization": "Token eno"}},
        ),
        # A list that was cut off, and a server's list.
        ("/client", {"content": json.dumps([CLIENT, CLIENT])[:-30].encode(), "params": WHO}),
        (
            "/forward",
            {
                "json": {"device": {"uniqueId": "one"}, "positions": [{"latitude": LAT, "longitude": LON}]},
                "params": WHO,
            },
        ),
    ],
)
async def test_a_place_is_read_however_an_app_says_it(made: Offline, path: str, sent: dict[str, Any]) -> None:
    assert (await send(made, path, sent)).status_code == 200
    fixes = await made.fixes()
    assert [(fix["lat"], fix["lon"], fix["refused"]) for fix in fixes] == [(LAT, LON, "")]
    assert await made.alarms() == []


@pytest.mark.parametrize(
    "words",
    ["hello", "52 0", "battery 80.25, 12.5 volts", "1.5.2026 10:30", "lat 52.3", "2026-11-23,10.5", "lat=x&lon=y"],
)
async def test_numbers_that_are_no_place_make_none(made: Offline, words: str) -> None:
    assert (await send(made, "/", text(words))).status_code == 200
    assert await made.fixes() == []
    assert made.counters.unused


async def test_a_bad_feature_costs_itself_only_and_the_app_lets_go_of_all(made: Offline) -> None:
    bad = [{"type": "Feature", "geometry": None, "properties": None}, feature(second=2, device_id="two"), "x"]
    answer = await send(made, "/", features(feature(second=1), *bad, feature(LAT + 0.0001, second=30, speed=10)))
    assert answer.json() == {"result": "ok"}
    fixes = await made.fixes()
    assert [fix["refused"] for fix in fixes] == ["", ""]
    assert (fixes[1]["speed"], fixes[1]["source"]) == (36.0, "overland")


async def test_a_button_in_a_feature_is_a_panic_with_its_place(made: Offline) -> None:
    await send(made, "/", features(feature(), feature(second=9, alarm="man_down")))
    assert len(await made.fixes()) == 2
    assert len(await made.alarms()) == 1


async def test_a_loggers_own_words_have_its_own_units(made: Offline) -> None:
    sent = {**WHO, "lat": LAT, "lon": LON, "time": "2026-11-23T01:58:00.000Z", "spd": 10, "acc": 7, "dir": 200}
    assert (await send(made, "/", {"params": sent}, "GET")).status_code == 200
    [fix] = await made.fixes()
    assert (fix["speed"], fix["accuracy"], fix["heading"]) == (36.0, 7, 200)
    assert fix["fixed_at"].startswith("2026-11-23T01:58:00")


async def test_sentences_are_found_behind_other_words(made: Offline) -> None:
    body = "GPRMC,015920.00,A,5223.5860,N,00043.3740,W,010.0,270.5,231126,,,A"
    total = 0
    for character in body:
        total ^= ord(character)
    await send(made, "/", text(f"+CMT: hello\r\n${body}*{total:02X}\r\n"))
    [fix] = await made.fixes()
    assert (fix["source"], round(fix["lat"], 4), round(fix["lon"], 4)) == ("nmea", *PLACE)


async def test_an_address_that_is_not_served_takes_what_a_device_sends_and_nothing_else(made: Offline) -> None:
    for given in ({}, {"lat": LAT, "lon": LON}, {"page": "1", "token": "guessed"}):
        assert (await send(made, "/wp-login.php", {"params": given}, "GET")).status_code == 404
    wrong = {**WHO, "token": "guessed", "lat": LAT, "lon": LON}
    assert (await send(made, "/log", {"params": wrong}, "GET")).status_code == 401
    assert (await send(made, "/log", {"params": WHO}, "DELETE")).status_code == 405
    assert await made.entries() == []
    # Apps whose path is fixed: they would send it again for ever.
    place = {"lat": LAT, "lon": LON, "alarm": "lowBattery"}
    assert (await send(made, "/log", {"params": {**WHO, **place}}, "GET")).status_code == 200
    assert len(await made.fixes()) == 1
    assert (await send(made, "/api/v2", {"params": {**WHO, "alarm": "sos"}}, "GET")).status_code == 200
    assert len(await made.alarms()) == 1


def sentence(second: int) -> str:
    body = f"GPRMC,0159{second:02d}.00,A,5223.5860,N,00043.3740,W,010.0,270.5,231126,,,A"
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}"


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"nmea": sentence(20)}, "params": WHO},
        {"params": {**WHO, "gprmc": sentence(20)}},
        {"json": {"device_id": "one", "raw": sentence(20)}, "params": {"token": "eno"}},
    ],
)
async def test_a_sentence_is_found_in_a_field(made: Offline, sent: dict[str, Any]) -> None:
    assert (await send(made, "/", sent)).status_code == 200
    [fix] = await made.fixes()
    assert (fix["source"], round(fix["lat"], 4)) == ("nmea", LAT)


async def test_each_of_several_plain_places_is_read(made: Offline) -> None:
    lines = [
        json.dumps({"device_id": "one", "lat": LAT, "lon": LON, "time": f"2026-11-23T01:5{n}:00Z"}) for n in (7, 8)
    ]
    await send(
        made, "/", {"content": "\n".join([lines[0], "{broken", lines[1]]).encode(), "params": {"token": "eno"}}
    )
    assert len(await made.fixes()) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"events": [{"type": "sos", "value": 0}], "lat": LAT, "lon": LON},
        {"device": {"uniqueId": "one", "name": "SOS phone"}, "position": {"latitude": LAT, "longitude": LON}},
        {"lat": LAT, "lon": LON, "driver": "Help", "name": "panic"},
        {"lat": LAT, "lon": LON, "note": "sos box tested"},
    ],
)
async def test_a_word_that_is_no_cry_raises_nothing(made: Offline, said: dict[str, Any]) -> None:
    await send(made, "/", {"json": said, "params": WHO})
    assert len(await made.fixes()) == 1
    assert await made.alarms() == []


@pytest.mark.parametrize(
    "content",
    [
        b"{'device_id': 'one', 'alarm': 'sos', 'timestamp': '2026-11-23T01:40:00Z',}",
        b'{"device_id": "one", "alarm": "sos", "time": "2026-11-23 01:40:00", "lat": 52.2',
        b'{"device": {"uniqueId": "one"}, "event": {"eventTime": "2026-11-23T01:40:00Z", "alarm": "sos"}}',
    ],
)
async def test_a_cry_in_what_cannot_be_read_has_its_time(made: Offline, content: bytes) -> None:
    await send(made, "/", {"content": content, "params": {"token": "eno"}})
    [pressed] = await made.presses()
    assert f"{pressed:%H:%M}" == "01:40"
