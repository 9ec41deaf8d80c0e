"""What goes wrong in the field: clocks, jumps, late buffers, strangers, nonsense, panic."""

import json
import logging
import os
import random
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from db.gateway.limits import Limits
from tests.cluster import Record
from tests.db.gateways import HOME, Running, Vans, ago, gateway_on, token_of, van, vans
from tests.db.servers import wait_until

__all__ = ["van", "vans"]
LAT, LON = HOME
CORBY = (52.4877, -0.7013)


@pytest.fixture
def running(record: Record, van: UUID, tmp_path: Path) -> Iterator[Running]:
    with gateway_on(record, tmp_path / "queue") as made:
        yield made


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, by anything."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


def refusals(vans: Vans, expected: int) -> list[str]:
    wait_until(lambda: vans.count() == expected)
    return [fix["refused"] for fix in vans.fixes()]


def test_a_future_fix_is_kept_and_freezes_nothing(running: Running, vans: Vans, van: UUID) -> None:
    assert running.osmand("one", ago(10), LAT, LON).is_success
    assert running.osmand("one", ago(-3600 * 24 * 400 - 60), *CORBY).is_success
    newest = ago(1)
    assert running.osmand("one", newest, LAT, LON).is_success
    assert refusals(vans, 3) == ["", "The device's clock is 400 d ahead.", ""]
    position = vans.position(van)
    assert position is not None
    assert (position["fixed_at"], position["lat"]) == (newest, LAT)


def test_late_fixes_are_kept_for_replay_and_never_replace_a_newer_one(
    running: Running, vans: Vans, van: UUID
) -> None:
    newest = ago(1)
    assert running.osmand("one", newest, LAT, LON).is_success
    for seconds in (1800, 1790):
        assert running.osmand("one", ago(seconds), *CORBY).is_success
    assert refusals(vans, 3) == ["", "", ""]
    assert [fix["attributes"].get("late", False) for fix in vans.fixes()] == [False, True, True]
    position = vans.position(van)
    assert position is not None
    assert position["fixed_at"] == newest


@pytest.mark.hazard("H-039")
def test_each_refusal_is_stored_with_its_sentence(running: Running, vans: Vans, van: UUID) -> None:
    begun = ago(30)
    assert running.osmand("one", begun + timedelta(seconds=0), LAT, LON).is_success
    assert running.osmand("one", begun + timedelta(seconds=10), 0, 0).is_success
    assert running.osmand("one", begun + timedelta(seconds=11), LON, LAT).is_success
    assert running.osmand("one", begun + timedelta(seconds=12), *CORBY).is_success
    assert running.osmand("one", begun + timedelta(seconds=13), LAT, LON, valid="false").is_success
    assert refusals(vans, 5) == [
        "",
        "The place is 0, 0: the device has no fix yet.",
        "Latitude and longitude are swapped.",
        "It jumped 31 km in 12 s.",
        "The device says that it does not know where it is.",
    ]
    verdicts = running.http.get("/counters").json()["verdicts"]
    assert verdicts == {"sane": 1, "zero": 1, "swapped": 1, "jumped": 1, "invalid": 1}


def test_a_van_that_moved_while_its_device_was_off_is_believed(running: Running, vans: Vans, van: UUID) -> None:
    assert running.osmand("one", ago(60), LAT, LON).is_success
    for i in range(3):
        assert running.osmand("one", ago(10 - i), *CORBY).is_success
    wait_until(lambda: vans.count() == 4)
    position = vans.position(van)
    assert position is not None
    assert position["lat"] == CORBY[0]


def test_a_restarted_gateway_remembers_where_the_van_was(
    record: Record, vans: Vans, van: UUID, tmp_path: Path
) -> None:
    with gateway_on(record, tmp_path / "queue") as running:
        assert running.osmand("one", ago(20), LAT, LON).is_success
    with gateway_on(record, tmp_path / "queue") as running:
        assert running.osmand("one", ago(5), *CORBY).is_success
    assert refusals(vans, 2)[1].startswith("It jumped")


def test_a_fix_sent_twice_is_stored_once(running: Running, vans: Vans) -> None:
    first, second = ago(10), ago(5)
    for at in (first, first, second):
        assert running.osmand("one", at, LAT, LON).is_success
    wait_until(lambda: running.gateway.queued == 0)
    assert [fix["fixed_at"] for fix in vans.fixes()] == [first, second]


@pytest.mark.hazard("H-040")
def test_a_panic_button_raises_one_emergency_an_alarm(running: Running, vans: Vans, van: UUID) -> None:
    for seconds in (30, 29, 28):
        assert running.osmand("one", ago(seconds), LAT, LON, alarm="sos").is_success
    wait_until(lambda: vans.emergency(van) is not None and running.gateway.queued == 0)
    assert running.gateway.counters.alarms == 1
    vans.ask("UPDATE cru.van SET emergency_at = NULL WHERE id = $1", van)
    # Still held down; then let go of, and pressed again.
    assert running.osmand("one", ago(20), LAT, LON, alarm="sos").is_success
    assert running.osmand("one", ago(19), LAT, LON).is_success
    wait_until(lambda: vans.count() == 5)
    assert vans.emergency(van) is None
    assert running.osmand("one", ago(10), LAT, LON, alarm="sos").is_success
    wait_until(lambda: vans.emergency(van) is not None)


def test_a_button_held_down_over_a_restart_is_one_alarm(
    record: Record, vans: Vans, van: UUID, tmp_path: Path
) -> None:
    for seconds in (30, 20):
        with gateway_on(record, tmp_path / "queue") as running:
            assert running.osmand("one", ago(seconds), LAT, LON, alarm="sos").is_success
            wait_until(lambda: running.gateway.queued == 0)
        assert running.gateway.counters.alarms == (1 if seconds == 30 else 0)


@pytest.mark.hazard("H-040")
@pytest.mark.parametrize("place", [{}, {"lat": 0, "lon": 0}, {"lat": LAT, "lon": LON, "timestamp": 4_000_000_000}])
def test_a_panic_without_a_sane_place_still_raises(
    running: Running, vans: Vans, van: UUID, place: dict[str, float]
) -> None:
    answer = running.http.get("/", params={"id": "one", "alarm": "sos", "token": token_of("one"), **place})
    assert answer.status_code == 200
    wait_until(lambda: vans.emergency(van) is not None)
    assert refusals(vans, 1)[0]


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda http: http.get("/", params={"id": "stranger", "lat": LAT, "lon": LON}), 400),
        (lambda http: http.get("/", params={"lat": LAT, "lon": LON}), 400),
        (lambda http: http.get("/", params={"id": "one", "lat": LAT, "lon": LON}), 401),
        (lambda http: http.get("/", params={"id": "one", "lat": LAT, "lon": LON, "token": "secret guess"}), 401),
        (
            lambda http: http.post(
                "/client",
                json={"device_id": "stranger", "location": {"coords": {"latitude": LAT, "longitude": LON}}},
            ),
            404,
        ),
        (
            lambda http: http.post(
                "/forward", json={"position": {"latitude": 1, "longitude": 1}, "device": {"uniqueId": "stranger"}}
            ),
            404,
        ),
        (lambda http: http.post("/owntracks", json={"_type": "encrypted", "tid": "one"}), 401),
        (lambda http: http.post("/", content=b"\x00\xff garbage " * 100), 400),
        (lambda http: http.post("/", content=b"{" * 60_000), 400),
        (lambda http: http.post("/", content=b"x" * 10_000_000), 413),
        (lambda http: http.post("/forward", content=(b"x" * 1000 for _ in range(1000))), 413),
        (lambda http: http.post("/client", content=b"x" * 10_000_000, headers={"Expect": "100-continue"}), 413),
        (lambda http: http.get("/forward"), 400),
        (lambda http: http.put("/"), 400),
        (lambda http: http.delete("/"), 405),
        (lambda http: http.get("/wp-login.php"), 404),
        (lambda http: http.get("/", params={f"a{i}": 1 for i in range(600)}), 400),
    ],
)
def test_what_is_not_taken_gets_one_answer_and_one_line(
    running: Running, vans: Vans, caplog: pytest.LogCaptureFixture, send: object, status: int
) -> None:
    assert callable(send)
    answer = send(running.http)
    assert answer.status_code == status
    (line,) = lines(caplog)
    assert str(status) in line
    for secret in ("secret", "stranger", "token of", str(LAT)):
        assert secret not in line
    assert vans.count() == 0
    assert running.osmand("one", ago(1), LAT, LON).is_success


def test_whatever_is_posted_gets_an_answer(record: Record, vans: Vans, van: UUID, tmp_path: Path) -> None:
    chance = random.Random(7)
    place = {"latitude": LAT, "longitude": LON, "lat": LAT, "lon": LON, "tst": 1}
    seeds = [{"_type": "location", **place}, {"device_id": "one", "location": {"coords": place}}]
    seeds += [{"position": place, "device": {"uniqueId": "one"}}]
    texts = [json.dumps(seed).encode() for seed in seeds] + [
        b"$GPRMC,015820.00,A,5214.43,N,00054.16,W,1,2,231126,,*00"
    ]
    params = {"id": "one", "token": token_of("one")}
    with gateway_on(record, tmp_path / "queue", limits=Limits(address_burst=1e9)) as running:
        for _ in range(150):
            body = bytearray(chance.choice(texts))
            for _ in range(chance.randrange(4)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            for path in ("/", "/osmand", "/client", "/owntracks", "/forward", "/nmea"):
                answer = running.http.post(path, content=bytes(body), params=params)
                assert answer.status_code in {200, 400, 404}, (path, bytes(body), answer.text)
        wait_until(lambda: running.gateway.queued == 0)
        counters = running.gateway.counters
        assert counters.rejected == 0
        assert vans.count() == counters.stored > 0


def test_bytes_that_are_not_http(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(("127.0.0.1", running.gateway.port), 5) as link:
        link.sendall(b"\x16\x03\x01 $GPRMC nonsense\r\n\r\n")
        assert link.recv(100).startswith(b"HTTP/1.1 400")
    assert len(lines(caplog)) == 1


@pytest.mark.hazard("H-065")
def test_a_disabled_device_or_van(record: Record, vans: Vans, tmp_path: Path) -> None:
    vans.add("off", active=False)
    van = vans.add("sold")
    vans.ask("UPDATE cru.van SET active = false WHERE id = $1", van)
    with gateway_on(record, tmp_path / "queue") as running:
        assert running.osmand("off", ago(1), LAT, LON).status_code == 403
        assert running.osmand("sold", ago(1), LAT, LON).status_code == 403


def test_a_device_added_a_moment_ago_is_let_in(running: Running, vans: Vans) -> None:
    assert running.osmand("new", ago(1), LAT, LON).status_code == 400
    vans.add("new")
    wait_until(lambda: running.osmand("new", ago(1), LAT, LON).is_success)


def test_a_van_that_is_switched_off_is_noticed(running: Running, vans: Vans, van: UUID) -> None:
    assert running.osmand("one", ago(1), LAT, LON).is_success
    vans.ask("UPDATE cru.van SET active = false WHERE id = $1", van)
    wait_until(lambda: running.osmand("one", ago(0), LAT, LON).status_code == 403)


def test_a_device_that_sends_too_much_waits(
    record: Record, vans: Vans, van: UUID, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    vans.add("two")
    with gateway_on(record, tmp_path / "queue", limits=Limits(device_rate=0.1, device_burst=5)) as running:
        answers = [running.osmand("one", ago(20 - i), LAT, LON) for i in range(10)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 5
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10
        assert running.osmand("two", ago(1), LAT, LON).is_success
        assert running.osmand("one", ago(0), LAT, LON, alarm="sos").is_success
        wait_until(lambda: vans.emergency(van) is not None)
    assert len(lines(caplog)) == 1


def test_strangers_are_held_off_and_known_devices_are_not(
    record: Record, vans: Vans, van: UUID, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with gateway_on(record, tmp_path / "queue", limits=Limits(address_rate=0.1, address_burst=3)) as running:
        answers = [running.osmand("stranger", ago(1), LAT, LON) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [400] * 3 + [429] * 3
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert running.osmand("one", ago(1), LAT, LON).is_success
    assert len(lines(caplog)) == 1


def test_health_and_counters_tell_nothing_personal(running: Running, vans: Vans) -> None:
    assert running.osmand("one", ago(1), LAT, LON).is_success
    assert running.osmand("stranger", ago(1), LAT, LON).status_code == 400
    wait_until(lambda: running.http.get("/counters").json()["stored"] == 1)
    counters = running.http.get("/counters").json()
    assert counters["accepted"] == {"osmand": 1}
    assert counters["refused"] == {"400": 1}
    health = running.http.get("/health")
    assert (health.status_code, health.json()["status"], health.json()["queue"]) == (200, "ok", 0)
    assert not re.search(r"one|stranger|52\.|Tango", json.dumps([counters, health.json()]).replace('"None"', ""))


def test_the_queue_is_private(running: Running, tmp_path: Path) -> None:
    assert running.osmand("one", ago(1), LAT, LON).is_success
    if os.name == "posix":
        assert (tmp_path / "queue").stat().st_mode & 0o077 == 0
