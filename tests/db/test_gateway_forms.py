"""Every form of payload, over real HTTP, into the real record."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.cluster import Record
from tests.db.gateways import HOME, Running, Vans, ago, gateway_on, token_of, van, vans
from tests.db.servers import wait_until

__all__ = ["van", "vans"]
LAT, LON = HOME
BEARER = {"Authorization": f"Bearer {token_of('one')}"}


@pytest.fixture
def running(record: Record, van: UUID, tmp_path: Path) -> Iterator[Running]:
    with gateway_on(record, tmp_path / "queue", forward_token="the server's") as made:
        yield made


def only(vans: Vans) -> dict[str, Any]:
    """The one fix that was stored."""
    wait_until(lambda: vans.count() > 0)
    (fix,) = vans.fixes()
    return fix


def essence(fix: dict[str, Any]) -> tuple[object, ...]:
    return fix["fixed_at"], fix["lat"], fix["lon"], round(fix["speed"], 2), fix["heading"], fix["refused"]


def test_osmand_query(running: Running, vans: Vans, van: UUID) -> None:
    at = ago(5)
    answer = running.osmand(
        "one", at, LAT, LON, speed=10, bearing=90, accuracy=12, batt=80, hdop=1.1, charge="true"
    )
    assert (answer.status_code, answer.text) == (200, "")
    fix = only(vans)
    assert essence(fix) == (at, LAT, LON, 18.52, 90, "")
    assert fix["accuracy"] == 12
    assert fix["attributes"] == {"batt": 80, "hdop": 1.1, "charge": True, "device": "one"}
    position = vans.position(van)
    assert position is not None
    assert (position["fixed_at"], position["lat"], position["source"]) == (at, LAT, "osmand")


def test_osmand_form(running: Running, vans: Vans) -> None:
    at = ago(5)
    form = {"deviceid": "one", "location": f"{LAT},{LON}", "timestamp": f"{at:%Y-%m-%d %H:%M:%S}", "speed": "10"}
    answer = running.http.post("/osmand", data={**form, "heading": "90", "key": token_of("one")})
    assert answer.status_code == 200
    assert essence(only(vans)) == (at, LAT, LON, 18.52, 90, "")


@pytest.mark.parametrize("path", ["/", "/client"])
def test_client_json(running: Running, vans: Vans, path: str) -> None:
    at = ago(5)
    coords = {"latitude": LAT, "longitude": LON, "accuracy": 5, "speed": 10, "heading": 90, "altitude": 80}
    location = {"timestamp": at.isoformat(), "coords": coords, "battery": {"level": 0.5, "is_charging": False}}
    answer = running.http.post(path, json={"device_id": "one", "location": location}, headers=BEARER)
    assert (answer.status_code, answer.text) == (200, "")
    fix = only(vans)
    assert essence(fix) == (at, LAT, LON, 36, 90, "")
    assert fix["attributes"]["batt"] == 50


@pytest.mark.parametrize("path", ["/", "/owntracks", "/pub"])
def test_owntracks(running: Running, vans: Vans, path: str) -> None:
    at = ago(5)
    message = {
        "_type": "location",
        "lat": LAT,
        "lon": LON,
        "tst": int(at.timestamp()),
        "tid": "c1",
        "vel": 36,
        "cog": 90,
    }
    answer = running.http.post(path, json=message, auth=("one", token_of("one")))
    assert (answer.status_code, answer.json()) == (200, [])
    assert essence(only(vans)) == (at, LAT, LON, 36, 90, "")


def test_owntracks_by_its_topic_and_the_messages_without_a_place(running: Running, vans: Vans) -> None:
    at = int(ago(5).timestamp())
    topic = {"topic": "owntracks/cru/one", "tst": at}
    for message in ({"_type": "lwt"}, {"_type": "transition", "event": "leave", "lat": LAT, "lon": LON}):
        answer = running.http.post("/owntracks", json={**topic, **message}, params={"token": token_of("one")})
        assert (answer.status_code, answer.json()) == (200, [])
    assert only(vans)["attributes"]["event"] == "leave"


@pytest.mark.parametrize("token", [token_of("one"), "the server's"])
def test_forwarded_by_a_traccar_server(running: Running, vans: Vans, token: str) -> None:
    at = ago(5)
    position = {
        "id": 1,
        "deviceId": 7,
        "protocol": "teltonika",
        "serverTime": ago(1).isoformat(),
        "deviceTime": ago(4).isoformat(),
        "fixTime": at.isoformat(timespec="milliseconds"),
        "valid": True,
        "latitude": LAT,
        "longitude": LON,
        "altitude": 80.0,
        "speed": 10,
        "course": 90,
        "accuracy": 0.0,
        "attributes": {"batteryLevel": 90, "ignition": True, "motion": True},
    }
    body = {"position": position, "device": {"id": 7, "name": "Van 1", "uniqueId": "one", "status": "online"}}
    answer = running.http.post("/forward", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    fix = only(vans)
    assert essence(fix) == (at, LAT, LON, 18.52, 90, "")
    assert fix["attributes"]["ignition"] is True
    assert "Van 1" not in str(fix)


def test_the_servers_token_is_for_forwarding_only(running: Running) -> None:
    assert running.osmand("one", ago(5), LAT, LON, token="the server's").status_code == 401


def test_nmea(running: Running, vans: Vans) -> None:
    at = ago(5)
    line = f"GNRMC,{at:%H%M%S}.00,A,5214.4300,N,00054.1620,W,010.0,090.0,{at:%d%m%y},,,A"
    total = 0
    for character in line:
        total ^= ord(character)
    text = f"$GNGSV,1,1,01*00\r\n${line}*{total:02X}\r\n"
    answer = running.http.post("/nmea", params={"id": "one"}, content=text, headers=BEARER)
    assert answer.status_code == 200
    fix = only(vans)
    assert (fix["fixed_at"], fix["speed"], fix["heading"]) == (at, pytest.approx(18.52), 90)
    assert (fix["lat"], fix["lon"]) == (pytest.approx(52.2405), pytest.approx(-0.9027))
    wrong = running.http.post("/nmea", params={"id": "one"}, content=text.replace("5214", "5215"), headers=BEARER)
    assert (wrong.status_code, dict(running.gateway.counters.unused)) == (200, {"The checksum is wrong.": 1})


def test_basic_password_is_a_token_everywhere(running: Running) -> None:
    basic = base64.b64encode(f"one:{token_of('one')}".encode()).decode()
    answer = running.http.get("/", params={"lat": LAT, "lon": LON}, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200


def test_the_fixes_of_a_batch_keep_their_order(running: Running, vans: Vans, van: UUID) -> None:
    times = [ago(60 - i) for i in range(20)]
    locations = [
        {"timestamp": at.isoformat(), "coords": {"latitude": LAT, "longitude": LON + i / 10_000}}
        for i, at in enumerate(times)
    ]
    assert running.http.post(
        "/client", json={"device_id": "one", "location": locations}, headers=BEARER
    ).is_success
    wait_until(lambda: vans.count() == 20)
    assert [fix["fixed_at"] for fix in vans.fixes()] == times
