"""What each request is answered with, and what is counted and logged of it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from db.gateway import requests
from db.gateway.devices import digest_of
from db.gateway.fix import Payload
from db.gateway.limits import Limits
from db.gateway.requests import Refusal, read
from tests.unit.offline_gateway import HERE, NOW, Offline, device, fix, offline, report

LAT, LON = (str(degrees) for degrees in HERE)
PLACE = {"lat": LAT, "lon": LON}
KNOWN = {"id": "one", "token": "eno", **PLACE}
JSON_PLACE = {"latitude": HERE[0], "longitude": HERE[1]}
CLIENT = {"device_id": "one", "location": {"coords": JSON_PLACE}}
FORWARD = {"position": JSON_PLACE, "device": {"uniqueId": "one"}}
OWNTRACKS = {"_type": "location", "tst": NOW.timestamp(), "lat": HERE[0], "lon": HERE[1]}
NMEA = b"$GPRMC,020000,A,5214.43,N,00054.16,W,0,0,231126,,*0B"
TOKEN = {"authorization": "Bearer eno"}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Offline]:
    async with offline(tmp_path, device(), device("off", 2, active=False)) as running:
        yield running


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the gateway logged of requests."""
    return [one.getMessage() for one in caplog.records if one.name == "db.gateway.app"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "form"),
    [
        ("GET", "/", {"params": KNOWN}, "osmand"),
        ("POST", "/", {"params": KNOWN}, "osmand"),
        ("POST", "/", {"data": KNOWN}, "osmand"),
        ("GET", "/osmand", {"params": KNOWN}, "osmand"),
        ("POST", "/osmand", {"data": KNOWN}, "osmand"),
        # A form's body speaks before the query.
        ("POST", "/osmand", {"params": {**KNOWN, "id": "stranger"}, "data": {"id": "one"}}, "osmand"),
        ("POST", "/", {"json": CLIENT, "headers": TOKEN}, "client"),
        ("POST", "/client", {"json": CLIENT, "headers": TOKEN}, "client"),
        ("POST", "/", {"json": OWNTRACKS, "params": {"id": "one", "key": "eno"}}, "owntracks"),
        ("POST", "/owntracks", {"json": OWNTRACKS, "auth": ("one", "eno")}, "owntracks"),
        ("POST", "/pub", {"json": OWNTRACKS, "auth": ("one", "eno")}, "owntracks"),
        ("POST", "/pub", {"json": OWNTRACKS, "headers": {**TOKEN, "x-limit-u": "one"}}, "owntracks"),
        ("POST", "/", {"json": FORWARD, "headers": TOKEN}, "forward"),
        ("POST", "/forward", {"json": FORWARD, "headers": TOKEN}, "forward"),
        ("POST", "/forward", {"json": FORWARD, "headers": {"authorization": "Bearer hush"}}, "forward"),
        ("POST", "/", {"content": NMEA, "params": {"id": "one"}, "headers": TOKEN}, "nmea"),
        ("POST", "/nmea", {"content": NMEA, "params": {"id": "one"}, "headers": TOKEN}, "nmea"),
        # JSON and NMEA under a form's type.
        (
            "POST",
            "/nmea",
            {
                "content": b" \r\n" + NMEA,
                "params": {"id": "one"},
                "headers": {**TOKEN, "content-type": "application/x-www-form-urlencoded; charset=utf-8"},
            },
            "nmea",
        ),
        (
            "POST",
            "/client",
            {
                "content": httpx.Request("POST", "http://x", json=CLIENT).content,
                "headers": {**TOKEN, "content-type": "application/x-www-form-urlencoded"},
            },
            "client",
        ),
    ],
)
async def test_each_form_is_taken_where_it_is_sent(
    made: Offline, method: str, path: str, sent: dict[str, Any], form: str
) -> None:
    async with made.client(forward_digest=digest_of("hush")) as http:
        answer = await http.request(method, path, **sent)
    assert (answer.status_code, answer.text) == (200, "[]" if form == "owntracks" else "")
    (kept,) = await made.fixes()
    assert (kept["source"], kept["lat"]) == (form, pytest.approx(HERE[0], abs=1e-4))
    assert made.counters.accepted == {form: 1}


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        # The token by any of its ways; the query's before the header's.
        ("/", {"params": {**KNOWN, "token": "", "key": "eno"}}, 200),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": TOKEN}, 200),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "bearer  eno "}}, 200),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": basic("one:eno")}, 200),
        ("/", {"params": {**PLACE}, "headers": basic("one:eno")}, 200),
        ("/", {"params": KNOWN, "headers": {"authorization": "Bearer wrong"}}, 200),
        ("/", {"params": {**KNOWN, "token": "wrong"}, "headers": TOKEN}, 401),
        ("/", {"params": {**KNOWN, "key": "wrong"}}, 200),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "Digest eno"}}, 401),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "Digest b25lOmVubw=="}}, 401),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "Eno"}}, 401),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "eno"}}, 200),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "Basic b25lOmVubw"}}, 401),
        ("/", {"params": {**KNOWN, "token": ""}, "headers": {"authorization": "Basic *b25lOmVubw=="}}, 401),
        ("/", {"params": {**KNOWN, "token": ""}}, 401),
        # The server's token is for what a server forwards.
        ("/", {"params": {**KNOWN, "token": "hush"}}, 401),
        ("/forward", {"json": FORWARD, "params": {"token": "wrong"}}, 401),
        ("/forward", {"json": FORWARD}, 401),
        # Who is not known: each client is told in the way that it understands.
        ("/", {"params": {**KNOWN, "id": "two"}}, 200),
        ("/", {"params": {**KNOWN, "id": "two", "token": "wrong"}}, 400),
        ("/nmea", {"content": NMEA, "params": {"id": "two"}}, 400),
        ("/client", {"json": {**CLIENT, "device_id": "two"}}, 404),
        ("/owntracks", {"json": {**OWNTRACKS, "tid": "two"}}, 404),
        ("/forward", {"json": {**FORWARD, "device": {"uniqueId": "two"}}, "params": {"token": "hush"}}, 404),
        ("/", {"params": {**KNOWN, "id": "off", "token": "ffo"}}, 403),
        ("/", {"params": {**KNOWN, "id": "off", "token": "wrong"}}, 401),
        ("/", {"content": b"<xml>"}, 400),
    ],
)
async def test_who_may_speak(made: Offline, path: str, sent: dict[str, Any], status: int) -> None:
    async with made.client(forward_digest=digest_of("hush")) as http:
        answer = await http.request("POST" if path != "/" or "content" in sent else "GET", path, **sent)
    assert answer.status_code == status
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    assert "retry-after" not in answer.headers
    assert len(await made.fixes()) == (status == 200)
    assert made.counters.refused == ({} if status == 200 else {str(status): 1})
    if status == 401:
        assert answer.text == "The token is not right.\n"


async def test_a_stranger_makes_the_list_be_read_again(made: Offline) -> None:
    async with made.client() as http:
        await http.get("/", params={**KNOWN, "token": "wrong"})
        assert made.asked == 0
        await http.get("/", params={**KNOWN, "id": "two"})
        assert made.asked == 0
        await http.get("/", params={**KNOWN, "id": "two", "token": "two's"})
        assert made.asked == 1


async def test_without_a_servers_token_no_server_speaks(made: Offline) -> None:
    async with made.client() as http:
        assert (await http.post("/forward", json=FORWARD)).status_code == 401


async def test_as_long_as_no_list_was_read_nobody_is_turned_away_for_good(tmp_path: Path) -> None:
    async with offline(tmp_path) as made:
        made.book._devices = None
        async with made.client() as http:
            answer = await http.get("/", params=KNOWN)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("DELETE", "/client", 405, "This method is not served here."),
        ("DELETE", "/nmea", 405, "This method is not served here."),
        ("DELETE", "/", 405, "This method is not served here."),
        ("POST", "/health", 405, "This method is not served here."),
        ("GET", "/nowhere", 404, "This path is not served."),
    ],
)
async def test_what_is_not_served(
    made: Offline, caplog: pytest.LogCaptureFixture, method: str, path: str, status: int, said: str
) -> None:
    async with made.client() as http:
        answer = await http.request(method, path, params={} if status == 404 else KNOWN)
    assert answer.status_code == status
    assert answer.text.strip() in {said, "Positions come by GET or POST."}
    (line,) = lines(caplog)
    assert line.startswith(f"answered {status} to a request: ")
    assert await made.fixes() == []


async def test_a_line_names_the_form(made: Offline, caplog: pytest.LogCaptureFixture) -> None:
    async with made.client() as http:
        await http.post("/client", json=CLIENT)
    assert lines(caplog) == ["answered 401 to client: The token is not that of the device of Tango 1."]


@pytest.mark.hazard("H-040")
async def test_a_device_that_sends_too_much_waits_and_its_alarm_does_not(
    made: Offline, caplog: pytest.LogCaptureFixture
) -> None:
    made.limits = Limits(device_rate=0.25, device_burst=2)
    async with made.client() as http:
        assert [(await http.get("/", params=KNOWN)).status_code for _ in range(4)] == [200, 200, 429, 429]
        late = await http.get("/", params=KNOWN)
        assert late.headers["retry-after"] == "4"
        assert late.text == "The device of Tango 1 sends too much.\n"
        assert (await http.get("/", params={**KNOWN, "alarm": "sos"})).status_code == 200
        made.seconds += 4
        assert (await http.get("/", params=KNOWN)).status_code == 200
    assert made.counters.refused == {"429": 3}
    assert len(lines(caplog)) == 1


async def test_what_is_refused_often_is_logged_once_a_minute(
    made: Offline, caplog: pytest.LogCaptureFixture
) -> None:
    made.limits = Limits(device_rate=0.001, device_burst=1)
    async with made.client() as http:
        await http.get("/", params=KNOWN)
        for seconds, logged in [(0, 1), (0, 1), (59.5, 1), (60, 2), (60, 2), (119.5, 2), (120, 3)]:
            made.seconds = seconds
            assert (await http.get("/", params=KNOWN)).status_code == 429
            assert len(lines(caplog)) == logged


async def test_bad_requests_of_one_address_are_held_off(made: Offline, caplog: pytest.LogCaptureFixture) -> None:
    made.limits = Limits(address_rate=0.5, address_burst=2)
    app = made.app()

    def at(address: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://x", trust_env=False
        )

    async with at("10.0.0.1") as one, at("10.0.0.2") as other:
        wrong = {**KNOWN, "token": "wrong"}
        answers = [await one.get("/", params=wrong) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
        assert (answers[-1].headers["retry-after"], answers[-1].text) == ("2", "Too many bad requests.\n")
        assert (await one.get("/nowhere")).status_code == 429
        # Neither those who are known there nor strangers elsewhere suffer.
        assert (await one.get("/", params=KNOWN)).status_code == 200
        assert (await other.get("/", params=wrong)).status_code == 401
        made.seconds += 2
        assert (await one.get("/", params=wrong)).status_code == 401
        made.seconds += 58
        assert (await one.get("/", params=wrong)).status_code == 401
    assert made.counters.refused == {"401": 5, "429": 3}
    # A line a kind and minute, whoever asks.
    said = "answered 401 to osmand: The token is not that of the device of Tango 1."
    assert lines(caplog) == [said, f"{said} (3 more since)"]


async def test_what_is_our_own_trouble_holds_no_address_off(tmp_path: Path) -> None:
    async with offline(tmp_path, device(), most=1) as made:
        made.limits = Limits(address_rate=0.001, address_burst=2)
        async with made.client() as http:
            await http.get("/", params=KNOWN)
            answers = [await http.get("/", params={**KNOWN, "lat": f"52.{n}"}) for n in range(5)]
            assert {answer.status_code for answer in answers} == {503}
            assert (await http.get("/", params={**KNOWN, "token": "wrong"})).status_code == 401


async def test_a_full_queue_and_a_full_disk_say_when_to_come_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with offline(tmp_path, device(), most=2) as made, made.client() as http:
        await made.break_disk()
        answer = await http.get("/", params=KNOWN)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert answer.text == "The disk does not take the fix: IntegrityError.\n"
        await made.mend_disk()
        assert [(await http.get("/", params={**KNOWN, "lat": f"52.{n}"})).status_code for n in range(2)] == [
            200
        ] * 2
        answer = await http.get("/", params=KNOWN)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert answer.text == "The queue is full.\n"
        health = await http.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "queue full")
    assert made.counters.refused == {"503": 2}


async def test_health_tells_whether_the_record_is_there(made: Offline) -> None:
    made.now = NOW + timedelta(seconds=1)
    async with made.client() as http:
        health = await http.get("/health")
        assert health.status_code == 200
        assert health.json() == {
            "status": "ok",
            "database_away_since": None,
            "reason": "",
            "queue": 0,
            "disk_away_since": None,
            "not_through_for_s": 0,
            "devices": 2,
        }
        made.link.down(NOW, "Gone.")
        made.link.down(NOW + timedelta(seconds=5), "Still gone.")
        health = await http.get("/health")
        assert health.status_code == 200
        said = health.json()
        assert (said["status"], said["reason"]) == ("database away", "Still gone.")
        assert said["database_away_since"] == NOW.isoformat()
        made.link.up()
        assert (await http.get("/health")).json()["status"] == "ok"


@pytest.mark.parametrize(
    ("away_s", "disk", "said", "status", "for_s"),
    [
        (None, False, "ok", 200, 0),
        # The disk holds what the record does not take, for a while.
        (300, False, "database away", 200, 300),
        (301, False, "database away", 503, 301),
        # The record takes what the disk does not; without either a fix is nowhere.
        (None, True, "disk failing", 200, 0),
        (1, True, "disk failing", 503, 1),
    ],
)
async def test_health_says_no_where_a_fix_may_get_lost_or_nobody_sees_it(
    made: Offline, away_s: float | None, disk: bool, said: str, status: int, for_s: int
) -> None:
    if away_s is not None:
        made.link.down(NOW - timedelta(seconds=away_s), "Gone.")
    made.queue.disk_away_since = NOW if disk else None
    async with made.client() as http:
        health = await http.get("/health")
    assert (health.status_code, health.json()["status"]) == (status, said)
    assert health.json()["not_through_for_s"] == for_s
    assert health.json()["disk_away_since"] == (NOW.isoformat() if disk else None)


async def test_the_counters_page_tells_the_queue_too(made: Offline) -> None:
    await made.intake.take("osmand", report(fix()), device())
    async with made.client() as http:
        assert (await http.get("/counters")).json() == {
            "accepted": {"osmand": 1},
            "verdicts": {"sane": 1},
            "refused": {},
            "stored": 0,
            "batches": 0,
            "alarms": 0,
            "duplicates": 0,
            "rejected": 0,
            "unused": {},
            "queue": 1,
        }


def asked(
    *messages: Message, headers: dict[str, str] | None = None, query: str = "", method: str = "POST"
) -> Request:
    """A request whose body comes in these pieces; then nothing more comes."""
    coming = iter(messages)

    async def receive() -> Message:
        for message in coming:
            return message
        raise AssertionError("the whole body was read")

    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": "/", "query_string": query.encode(), "headers": pairs}
    return Request(scope, receive)


def piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def whole(request: Request, most: int) -> tuple[Payload, str]:
    return await read(request.scope, request._receive, most)


async def refused(request: Request, most: int = 10) -> int:
    with pytest.raises(Refusal) as caught:
        await read(request.scope, request._receive, most)
    assert str(caught.value) == caught.value.sentence
    assert caught.value.retry_after == 0
    return caught.value.status


async def test_a_body_is_read_to_its_limit() -> None:
    payload, token = await whole(asked(piece(b"12345", more=True), piece(b"67890")), 10)
    assert (payload.body, token) == (b"1234567890", "")
    assert await refused(asked(piece(b"12345", more=True), piece(b"678901"))) == 413


async def test_one_who_asks_before_sending_is_told_before_sending() -> None:
    waits = {"expect": "100-Continue", "content-length": "11"}
    assert await refused(asked(headers=waits)) == 413
    payload, _ = await whole(asked(piece(b"x" * 10), headers={**waits, "content-length": "10"}), 10)
    assert len(payload.body) == 10
    # Who sends at once is read to the end, so that the answer is read too; who says no length is read as well.
    assert await refused(asked(piece(b"x" * 11), headers={"content-length": "11"})) == 413
    payload, _ = await whole(asked(piece(b""), headers={"expect": "100-continue"}), 0)
    assert payload.body == b""


async def test_a_body_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_THROWN_AWAY", 30)
    for sent, unread in ((6, 2), (3, 0)):
        # A client that sends little too much is heard to its end, so that it reads the answer.
        left = [piece(b"x" * 10, more=number > 1) for number in range(sent, 0, -1)]
        request = asked()

        async def receive(left: list[Message] = left) -> Message:
            return left.pop(0)

        request._receive = receive
        assert await refused(request, most=9) == 413
        assert len(left) == unread


async def test_a_body_that_does_not_come_and_one_that_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await refused(asked(piece(b"x", more=True), {"type": "http.disconnect"})) == 400
    monkeypatch.setattr(requests, "BODY_WITHIN", 0.0)
    request = asked()
    request._receive = made_of_nothing
    assert await refused(request) == 408


async def made_of_nothing() -> Message:
    """A device that has stopped sending."""
    await asyncio.Event().wait()
    raise AssertionError("nothing wakes it")


async def test_five_hundred_fields_are_many_enough() -> None:
    for fields in (500, 501):
        query = "&".join(f"a{n}=1" for n in range(fields))
        payload, _ = await whole(asked(piece(b""), query=query), 10)
        assert len(payload.params) == 500
    # Behind them stands still who it is, and that somebody asks for help.
    payload, token = await whole(asked(piece(b""), query=f"{query}&Alarm=sos&token=eno&b=1"), 10)
    assert payload.params.keys() - {f"a{n}" for n in range(500)} == {"alarm", "token"}
    assert token == "eno"


def in_parts(*parts: tuple[str, str]) -> bytes:
    """A form in parts, by name and content."""
    told = (f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{said}\r\n' for name, said in parts)
    return ("".join(told) + "--x--\r\n").encode()


async def test_of_a_form_in_parts_its_fields_are_read_and_its_first_message() -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    body = in_parts(("ID", " one "), ("data", '{"lat": 1}'), ("Extra", "2"), ("more", "[3]"))
    payload, _ = await whole(asked(piece(body), headers=kind), 1000)
    assert (payload.params, payload.body) == ({"id": "one", "Extra": "2"}, b'{"lat": 1}')
    payload, _ = await whole(asked(piece(in_parts(*((f"a{n}", "1") for n in range(501)))), headers=kind), 10**6)
    assert len(payload.params) == 500
    # What only says that it is one stays what it is.
    payload, _ = await whole(asked(piece(b'{"lat": 1}'), headers=kind), 1000)
    assert (payload.params, payload.body) == ({}, b'{"lat": 1}')


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"", b""),
        (b"1\0", b"1"),
        (b"\0a", b"\0a"),
        (b"a\0b", b"a\0b"),
        (b"ab\0\0", b"ab"),
        (b"a\0bc", b"a\0bc"),
        (b"\0abc", b"\0abc"),
        *(("[1]".encode(name), b"[1]") for name in ("utf-16", "utf-16-le", "utf-16-be")),
        *(("[]".encode(name), b"[]") for name in ("utf-16-le", "utf-16-be")),
    ],
)
async def test_what_comes_in_other_characters_is_read_and_three_bytes_are_too_few_to_tell(
    sent: bytes, read: bytes
) -> None:
    payload, _ = await whole(asked(piece(sent)), 100)
    assert payload.body == read


async def test_an_empty_field_is_a_field() -> None:
    payload, _ = await whole(asked(piece(b""), query="a=&b=2"), 10)
    assert payload.params == {"a": "", "b": "2"}


def test_how_patient_the_gateway_is() -> None:
    assert requests.BODY_WITHIN == 10
    assert requests.MOST_THROWN_AWAY == 32 * 2**20
    assert Limits() == Limits(20, 1200, 1, 60, 65_536)


@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("POST", {}, b"x"),
        ("PUT", {}, b"x"),
        ("GET", {"content-length": "1"}, b"x"),
        ("GET", {"transfer-encoding": "chunked"}, b"x"),
        ("GET", {}, b""),  # none is waited for
    ],
)
async def test_a_body_is_read_where_one_can_come(method: str, headers: dict[str, str], body: bytes) -> None:
    payload, _ = await whole(asked(piece(b"x"), headers=headers, method=method), 10)
    assert payload.body == body
