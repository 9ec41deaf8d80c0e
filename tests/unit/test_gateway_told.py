"""What a form keeps beside its places, and what of it is not of the shape that it should have."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.gateway.fix import Payload
from db.gateway.payloads import PARSERS, form_of, moments, read_report, ulogger

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AT = datetime(2026, 11, 23, 1, 58, 20, tzinfo=UTC)
POINT = {"type": "Point", "coordinates": [-0.9, 52.24]}
PLACE = {"latitude": 52.24, "longitude": -0.9}


def payload(said: object, **params: str) -> Payload:
    return Payload(params, said if isinstance(said, bytes) else json.dumps(said).encode())


def feature(**said: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": POINT, "properties": {"device_id": "one", **said}}


def test_a_feature_keeps_what_is_read_for_nothing_else_and_not_whose_network_it_was_in() -> None:
    read = {"timestamp": AT.isoformat(), "speed": 10, "course": 90, "horizontal_accuracy": 7, "wifi": "home"}
    (fix,) = PARSERS["overland"](payload(feature(**read, battery_level=0.5, motion=["driving"])), NOW).fixes
    assert fix.attributes == {"battery_level": 0.5, "motion": ["driving"]}
    assert (fix.fixed_at, fix.speed_kmh, fix.heading, fix.accuracy_m) == (AT, 36, 90, 7)


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ({"locations": [{"coords": PLACE}]}, "client"),
        ({"locations": ["x"]}, "client"),
        ({"locations": {"geometry": POINT}}, "client"),
        ({"locations": []}, "overland"),
        ({"locations": ["x", {"geometry": None}]}, "overland"),
        ({"features": [feature()]}, "overland"),
        (feature(), "overland"),
        ({"type": "Feature", "locations": []}, "client"),
        ({"geometry": POINT}, "client"),
    ],
)
def test_features_are_told_by_their_geometry(said: object, form: str) -> None:
    assert form_of(payload(said)) == form


@pytest.mark.parametrize(
    ("form", "said", "read_as"),
    [
        ("client", {"lat": "52.24", "lon": "-0.9"}, "osmand"),
        ("nmea", {"gpsLat": "52.24", "gpsLon": "-0.9"}, "osmand"),
        ("client", {}, "client"),
        ("client", {"lat": "52.24"}, "osmand"),
        ("nmea", {"nmea": "$GPGLL,5214.4300,N,00054.1620,W,015820.00,A,A*74"}, "nmea"),
    ],
)
def test_a_place_in_an_address_is_read_as_one_whichever_form_that_is_of(
    form: str, said: dict[str, str], read_as: str
) -> None:
    assert read_report(form, Payload({"id": "one", **said}), NOW)[0] == read_as


@pytest.mark.parametrize("several", [7, "x", {"a": PLACE}, None, True, []])
def test_positions_that_are_no_list_are_no_position(several: object) -> None:
    report = PARSERS["forward"](payload({"device": {"uniqueId": "one"}, "positions": several}), NOW)
    assert (report.fixes, report.unused) == ((), ("There is no position.",))


def test_of_one_position_and_several_the_one_counts() -> None:
    said = {"device": {"uniqueId": "one"}, "position": PLACE, "positions": [PLACE, PLACE]}
    assert len(PARSERS["forward"](payload(said), NOW).fixes) == 1
    said.pop("position")
    assert len(PARSERS["forward"](payload(said), NOW).fixes) == 2
    said["positions"] = [PLACE, {**PLACE, "attributes": {"alarm": "sos"}}]
    assert [fix.alarm for fix in PARSERS["forward"](payload(said), NOW).fixes] == [False, True]


@pytest.mark.parametrize(
    ("said", "query", "device"),
    [
        ({"id": 7}, "one", "one"),
        ({"id": 7, "device_id": "two"}, "one", "two"),
        ({"id": "7"}, "", "7"),
        ({"id": 7, "device_id": "two"}, "", "two"),
    ],
)
def test_a_number_of_the_message_is_no_name_where_the_device_is_named(
    said: dict[str, object], query: str, device: str
) -> None:
    report = read_report("", payload({**said, "pos": {"lat": 52.24, "lon": -0.9}}, id=query), NOW)[1]
    assert report.device_ids == (device,)
    assert len(report.fixes) == 1


@pytest.mark.parametrize("told", ["device_id", "id"])
def test_who_is_named_only_in_what_cannot_be_read_is_named(told: str) -> None:
    form, report = read_report("", payload(f"{{'{told}': 'one', 'alarm': 'panic'}}".encode()), NOW)
    assert (form, report.device_ids, report.panics) == ("osmand", ("one",), (NOW,))


@pytest.mark.parametrize("thousands", [0, 1, 2, 3])
def test_a_count_is_of_seconds_or_of_a_part_of_them(thousands: int) -> None:
    read = moments.when(int(AT.timestamp()) * 1000**thousands, NOW)
    assert abs(read - AT) < timedelta(milliseconds=1)


def test_a_loggers_login_is_no_part_of_its_place() -> None:
    said = {"action": "addpos", "user": "u", "pass": "p", "lat": "1", "lon": "2", "speed": "3"}
    place = ulogger.place_of(Payload(said, b"x"))
    assert place is not None
    assert (place.params, place.body) == ({"action": "addpos", "lat": "1", "lon": "2", "spd": "3"}, b"x")
    assert ulogger.place_of(Payload({**said, "action": "auth"}, b"")) is None
    assert ulogger.answer_to({"action": "addtrack"}) == {"error": False, "trackid": 1}
    assert ulogger.answer_to({"action": "auth"}) == {"error": False}


@pytest.mark.parametrize(
    ("params", "cookies", "token"),
    [
        ({"pass": "p"}, "ulogger=c", "p"),
        ({}, "a=b; ulogger=c; ulogger=d", "c"),
        ({"pass": ""}, "ulogger=c", "c"),
        ({}, "a=b", ""),
        ({}, "", ""),
    ],
)
def test_a_logger_is_known_by_its_password_or_by_what_it_was_given(
    params: dict[str, str], cookies: str, token: str
) -> None:
    assert ulogger.token_of(params, cookies) == token
