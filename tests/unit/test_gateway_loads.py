"""What a device brings after an afternoon without cover, and addresses and tokens as they were copied."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.offline_gateway import NOW, Offline, device, offline

LAT, LON = 52.4877, -0.7013
WHO = {"id": "one", "token": "eno"}
HEADER = {"Authorization": "Bearer eno"}
PLAIN = {"device_id": "one", "lat": LAT, "lon": LON}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Offline]:
    async with offline(tmp_path, device(), most=4000) as gateway:
        yield gateway


async def send(made: Offline, path: str, method: str = "POST", **sent: Any) -> int:
    async with made.client() as http:
        return (await http.request(method, path, **sent)).status_code


def feature(number: int, **said: Any) -> dict[str, Any]:
    """A place as Overland keeps it, about as long as its own."""
    at = (NOW - timedelta(seconds=3000 - number)).isoformat().replace("+00:00", "Z")
    told = {"device_id": "one", "timestamp": at, "motion": ["driving"], "wifi": "", "battery_state": "unplugged"}
    told |= {
        "horizontal_accuracy": 8,
        "activity": "automotive_navigation",
        "significant_change": "disabled",
        **said,
    }
    place = {"type": "Point", "coordinates": [LON, LAT + number * 1e-6]}
    return {
        "type": "Feature",
        "geometry": place,
        "properties": told | {"locations_in_payload": 1, "pauses": False},
    }


def batch(count: int, **last: Any) -> bytes:
    features = [feature(number) for number in range(count - 1)] + [feature(count, **last)]
    return json.dumps({"locations": features}).encode()


@pytest.mark.hazard("H-040")
async def test_a_long_batch_is_taken_whole_and_its_cry_is_heard(made: Offline) -> None:
    body = batch(260, alarm="sos")
    assert len(body) > 65_536
    assert await send(made, "/", content=body, headers=HEADER) == 200
    assert len(await made.fixes()) == 260
    assert await made.alarms() == [device().van_id]
    # Packed, in pieces, with the token in the address, or as a part of it; and nobody else's.
    packed = gzip.compress(batch(250))
    assert (
        await send(made, "/", content=packed, params={"token": "eno"}, headers={"Content-Encoding": "gzip"}) == 200
    )

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 9_000):
            yield body[at : at + 9_000]

    assert await send(made, "/eno", content=pieces()) == 200
    assert len(await made.fixes()) == 770
    for token in ({}, {"token": "guessed"}):
        assert await send(made, "/", content=body, params=token) == 413
    assert len(await made.fixes()) == 770


async def test_of_a_batch_without_end_the_beginning_is_taken_and_it_is_not_sent_again(made: Offline) -> None:
    made.limits = type(made.limits)(body=2_000, device_body=9_000)
    assert await send(made, "/", content=batch(100), headers={**HEADER, "Expect": "100-continue"}) == 200
    taken = await made.fixes()
    # Whole ones, and none that was cut.
    assert 10 < len(taken) < 30
    assert all(one["lon"] == LON and not one["refused"] for one in taken)
    assert made.counters.unused == {"The body is too long: its beginning was read.": 1}
    before = f"id=one&token=eno&lat={LAT}&note="
    # Cut in the middle of a number, it would be another place.
    form = f"{before}{'x' * (9_000 - len(before) - len('&lon=-0.7'))}&lon={LON}"
    sent = {"content": form, "headers": {**HEADER, "Content-Type": "application/x-www-form-urlencoded"}}
    assert await send(made, "/osmand", **sent) == 200
    assert len(await made.fixes()) == len(taken)


@pytest.mark.parametrize(
    "said",
    [
        {"path": f"/?token=eno?id=one&lat={LAT}&lon={LON}"},
        {"params": {**WHO, "token": " eno\n", "lat": LAT, "lon": LON}},
        {"params": {**WHO, "token": '"eno"', "lat": LAT, "lon": LON}},
        {"params": {"id": "one", "token": "<eno>", "lat": LAT, "lon": LON}},
        {"params": {"id": "one", "lat": LAT, "lon": LON}, "headers": {"Authorization": "eno"}},
        {"params": {"id": "one", "lat": LAT, "lon": LON}, "headers": {"X-Api-Key": "'eno' "}},
        {"json": {**PLAIN, "token": "eno "}},
        # To an address whose form it is not, by a method that a webhook was set to.
        {"path": "/client", "params": {**WHO, "lat": LAT, "lon": LON}},
        {"path": "/forward", "params": {**WHO, "gpsLatitude": LAT, "gpsLongitude": LON}},
        {"path": "/osmand", "params": {**WHO, "latlng": f"{LAT},{LON}"}},
        {"path": "/client", "method": "PUT", "params": WHO, "json": PLAIN},
        {"method": "PATCH", "params": WHO, "json": PLAIN},
        # A list with a comma too many, and with an entry that is broken.
        {"params": WHO, "content": b'{"locations": [{"lat": 52.4877, "lon": -0.7013, "ts": 1763862000},]}'},
        {"params": WHO, "content": b'[{"lat": , "ts": 1}, {"lat": 52.4877, "lon": -0.7013, "time": null}]'},
    ],
)
async def test_a_place_comes_in_by_an_address_or_a_token_as_it_was_copied(
    made: Offline, said: dict[str, Any]
) -> None:
    path, method = (
        said.pop("path", "/"),
        said.pop("method", "POST" if said.keys() & {"json", "content"} else "GET"),
    )
    assert await send(made, path, method, **said) == 200
    assert [(one["lat"], one["lon"]) for one in await made.fixes()] == [(LAT, LON)]
    assert await made.alarms() == []


async def test_a_place_that_was_cut_from_its_time_is_not_where_the_device_is_now(made: Offline) -> None:
    cut = json.dumps({"device_id": "one", "location": {"coords": {"latitude": LAT, "longitude": LON}}})[:-2]
    assert await send(made, "/client", content=f'{cut}, "timestamp": "2026-11-2', params=WHO) == 200
    assert await made.fixes() == []


@pytest.mark.hazard("H-040")
@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/duress/eno", {}),
        ("POST", "/eno/panic", {}),
        ("GET", "/sos.php?token=eno", {}),
        ("GET", "/mayday/van-phone?token=eno", {}),
        ("GET", "/emergency?token=eno", {}),
        ("HEAD", "/?id=one&token=eno&alarm=duress", {}),
        ("PUT", "/client", {"json": {"device_id": "one", "alarm": "duress"}, "params": WHO}),
        ("PATCH", "/owntracks", {"json": {"tid": "one", "panic": 1}, "params": WHO}),
        ("GET", "/?token=eno?id=one&alarm=duress", {}),
        ("GET", "/?id=one&token=eno&duress", {}),
        ("GET", "/?id=one&token=eno&mandownStatus=triggered", {}),
        ("GET", "/?" + "&".join(f"x{n}=1" for n in range(700)) + "&alarm=duress&id=one&token=eno", {}),
        ("POST", "/", {"data": {**{f"x{n}": "1" for n in range(700)}, **WHO, "alarm": "duress"}}),
        ("POST", "/", {"content": b"one;52.1;-0.9;DURESS", "params": WHO}),
        ("POST", "/", {"content": b"Man down, by the gate", "params": WHO}),
        ("POST", "/", {"content": b"please HELP", "params": WHO}),
        ("POST", "/client", {"json": {"device_id": "one", "location": json.dumps({"sos": True})}, "params": WHO}),
        ("POST", "/client", {"json": {"device_id": "one", "comment": "Mayday!"}, "params": WHO}),
        ("POST", "/client", {"json": {"alarm": {"of": {"name": "panic"}}}, "params": WHO}),
    ],
)
async def test_a_cry_is_heard_by_whatever_way_it_comes(
    made: Offline, method: str, path: str, sent: dict[str, Any]
) -> None:
    assert await send(made, path, method, **sent) == 200
    assert await made.alarms() == [device().van_id]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/?id=one&token=eno&alarm&emergency=", {}),
        ("/fleet/sos/positions?token=eno", {}),
        ("/client", {"json": {"device_id": "one", "comment": "panic button tested"}, "params": WHO}),
        ("/client", {"json": {"device_id": "one", "sosStatus": "inactive"}, "params": WHO}),
        ("/client", {"json": {"device_id": "one", "driver": "[sos]"}, "params": WHO}),
        ("/", {"content": b"one;52.1;-0.9;sos tested", "params": WHO}),
        ("/?id=one&token=eno&emergencyexit=1", {}),
    ],
)
async def test_what_only_sounds_like_one_raises_nothing(made: Offline, path: str, sent: dict[str, Any]) -> None:
    assert await send(made, path, **sent) == 200
    assert await made.alarms() == []
