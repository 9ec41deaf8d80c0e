"""What each word of a payload means, table by table: the edges of every number, and every way to say the same."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import PARSERS, crying, form_of, moments, reading
from db.gateway.payloads.angles import dressed
from db.gateway.payloads.moments import when
from db.gateway.payloads.objects import json_objects

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 1, 58, 20, tzinfo=UTC)
COORDS = {"latitude": 52.24, "longitude": -0.9}
LIMIT = 2**31 - 1
BIG = 2**53


def parse(form: str, message: object = None, *, user: str = "", **params: str) -> Report:
    """What a form makes of a message, or of raw text, and a query."""
    body = b"" if message is None else message if isinstance(message, bytes) else json.dumps(message).encode()
    return PARSERS[form](Payload(params, body, user), NOW)


def only(form: str, message: object = None, **params: str) -> Fix:
    (fix,) = parse(form, message, **params).fixes
    return fix


def refused(form: str, message: object = None, *, user: str = "", **params: str) -> tuple[str, int]:
    """What is said of it, and the status for somebody who is not known; nothing of it is used."""
    try:
        report = parse(form, message, user=user, **params)
    except BadPayload as bad:
        return str(bad), bad.status
    assert report.fixes == ()
    return report.unused[0], BadPayload.STATUS


def client(**location: object) -> dict[str, object]:
    return {"device_id": "one", "location": {"coords": COORDS, **location}}


def forwarded(**position: object) -> dict[str, object]:
    return {"position": {**COORDS, **position}, "device": {"uniqueId": "one"}}


def owntracks(**message: object) -> dict[str, object]:
    place = {"lat": 52.24, "lon": -0.9, "tst": AT.timestamp(), "tid": "one"}
    return {"_type": "location", **place, **message}


def rmc(line: str) -> bytes:
    total = 0
    for character in line:
        total ^= ord(character)
    return f"${line}*{total:02X}\r\n".encode()


RMC = "GPRMC,015820.00,A,5214.4300,N,00054.1620,W,010.0,270.5,231126,,,A"
OSMAND = {"id": "one", "lat": "52.24", "lon": "-0.9"}


def test_a_fix_says_only_what_was_said() -> None:
    assert Fix("one", NOW, 1, 2) == Fix("one", NOW, 1, 2, None, None, None, {}, False, True)
    assert BadPayload("Why.").status == 400


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1),
        (1.5, 1.5),
        (" 2e3 ", 2000),
        ("-1", -1),
        (0, 0),
        ("", None),
        ("x", None),
        (True, None),
        (False, None),
        (None, None),
        ([1], None),
        (math.nan, None),
        ("inf", None),
        (10**400, None),
    ],
)
def test_what_is_a_number(value: object, number: float | None) -> None:
    assert reading.number(value) == number


@pytest.mark.parametrize(
    ("value", "zero", "positive", "heading"),
    [
        (-1, None, None, None),
        (-0.001, None, None, None),
        (0, 0, None, 0),
        (0.5, 0.5, 0.5, 0.5),
        (359.5, 359.5, 359.5, 359.5),
        (360, 360, 360, 0),
        (360.5, 360.5, 360.5, None),
        (361, 361, 361, None),
        (999_999_999, 999_999_999, 999_999_999, None),
        (1e9, None, None, None),
        ("x", None, None, None),
    ],
)
def test_what_cannot_be_is_not_known(
    value: object, zero: float | None, positive: float | None, heading: float | None
) -> None:
    assert (reading.at_least_zero(value), reading.positive(value)) == (zero, positive)
    assert reading.heading(value) == heading
    if zero is not None:
        assert reading.at_least_zero(value, 3) == zero * 3


def test_two_units() -> None:
    assert (reading.KMH_A_KNOT, reading.KMH_A_MS) == (1.852, 3.6)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (None, NOW),
        ("", NOW),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (LIMIT - 1, datetime.fromtimestamp(LIMIT - 1, UTC)),
        (LIMIT, datetime.fromtimestamp(LIMIT / 1000, UTC)),
        (-LIMIT, datetime.fromtimestamp(-LIMIT / 1000, UTC)),
        (1 - LIMIT, datetime.fromtimestamp(1 - LIMIT, UTC)),
        (AT.timestamp() * 1000 + 250, AT + timedelta(seconds=0.25)),
        (" 2026-11-23T01:58:20Z ", AT),
        # Where an app knows none, or did not fill its field in.
        *(
            (said, NOW)
            for said in (" Null ", "None", "NaN", "n/a", "-", "%LOCTMS", "%TIME%", "{timestamp}", "${time}")
        ),
        # A zone in words, and a plus that became a blank.
        ("2026-11-23 01:58:20 utc", AT),
        ("2026-11-23T01:58:20GMT", AT),
        ("2026-11-23 03:58:20 02:00", AT),
        ("23-11-2026 01:58:20", AT),
        ("23.11.2026 01:58:20", AT),
        ("2026-11-23T00:58:20-01:00", AT),
        ("2026-11-23T02:58:20 01:00", AT),
        ("2026-11-23 01:58:20", AT),
        ("2026-11-23t01:58:20z", AT),
        ("2026/11/23 01:58:20", AT),
        ("23/11/2026 01:58:20", AT),
        ("20261123015820", AT),
        ("20261123T015820Z", AT),
        ("Mon, 23 Nov 2026 01:58:20 GMT", AT),
        ("Mon, 23 Nov 2026 02:58:20 +0100", AT),
        ("Mon Nov 23 01:58:20 2026", AT),
    ],
)
def test_what_is_a_time(value: object, moment: datetime) -> None:
    read = moments.when(value, NOW)
    assert read == moment
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize("value", ["soon", True, ["2026"], {}, 1e300, "2026-11-23T25:00:00Z"])
def test_what_is_none(value: object) -> None:
    with pytest.raises(BadPayload, match=r"^The time is not a time\.$"):
        moments.when(value, NOW)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The body is not JSON."),
        (b"{", "The body is not JSON."),
        (b"\xff{}", "The body is not JSON."),
        (b"[[], 1, null]", "The body is not a JSON object."),
        (b"[" * 100_000, "The body is not JSON."),
        (b"[]", "The body is not a JSON object."),
        (b"1", "The body is not a JSON object."),
    ],
)
def test_what_is_no_object(body: bytes, said: str) -> None:
    with pytest.raises(BadPayload) as caught:
        json_objects(body)
    assert caught.value.sentence == said


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("  a b ", "a b"),
        ("a\0b\ud800c\udfffd", "abcd"),
        ("\ud7ff\ue000", "\ud7ff\ue000"),
        ("x" * 256, "x" * 256),
        ("x" * 257, "x" * 256),
        (7, "7"),
        (BIG, str(BIG)),
        (-BIG, str(-BIG)),
        (BIG + 1, ""),
        (True, ""),
        (1.5, ""),
        (None, ""),
        (["a"], ""),
    ],
)
def test_what_is_a_word(value: object, word: str) -> None:
    assert reading.word(value) == word


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a\0b", "ab"),
        ("w" * 300, "w" * 256),
        (True, True),
        (False, False),
        (0, 0),
        (BIG, BIG),
        (-BIG, -BIG),
        (1.5, 1.5),
        ([], []),
        ([1, "a\0", None, [2], {"b": 1}, True], [1, "a", True]),
        (list(range(70)), list(range(64))),
    ],
)
def test_what_is_kept_beside_a_fix(value: object, kept: object) -> None:
    read = reading.attributes([("n\0ame", value)])
    assert read == {"name": kept}
    assert type(read["name"]) is type(kept)


@pytest.mark.parametrize("value", [None, {"a": 1}, BIG + 1, -BIG - 1, math.inf, math.nan])
def test_what_is_left_out(value: object) -> None:
    assert reading.attributes([("name", value)]) == {}


def test_sixty_four_extras_are_enough() -> None:
    pairs = [(f"a{n}", n) for n in range(70)]
    assert reading.attributes(pairs) == dict(pairs[:64])
    assert reading.attributes([("a", None), *pairs[:64]]) == dict(pairs[:64])


@pytest.mark.parametrize(
    "said",
    [
        "sos",
        "panic",
        "emergency",
        "duress",
        "help",
        "true",
        "1",
        "yes",
        "on",
        " SOS ",
        "low,Help",
        # Spelt, glued, wide, and called by other words.
        "S.O.S",
        "s o s",
        "S-O-S!",
        "PANICBUTTON",
        "sosbtn",
        "duressalarm pressed",
        "emergencycall",
        "\uff30\uff41\uff4e\uff49\uff43",
        "Distress signal",
        "attack",
        "Pressed",
        "ACTIVE",
        "y",
        {"kind": {"code": "SOS"}},
        1,
        True,
        ["low", "sos"],
    ],
)
def test_what_is_a_panic_button(said: object) -> None:
    assert crying.is_panic(said)


@pytest.mark.parametrize(
    "said",
    ["", "no", "so s", "sosig", "panicky", "soso", "inactive", "0", 0, False, None, 1.0, [["sos"]], {"sos": 1}],
)
def test_what_is_none_of_it(said: object) -> None:
    assert not crying.is_panic(said)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("True", "True"), ("1.5", 1.5), ("7", 7.0), ("nan", "nan")],
)
def test_what_a_query_spells(text: str, value: object) -> None:
    assert reading.typed(text) == value
    assert type(reading.typed(text)) is type(value)


@pytest.mark.parametrize(
    ("form", "message", "params", "names"),
    [
        ("osmand", None, {**OSMAND, "deviceid": "other"}, ("one",)),
        ("osmand", None, {**OSMAND, "id": "", "deviceid": "other"}, ("other",)),
        ("client", client(), {"id": "other"}, ("one",)),
        ("client", {**client(), "device_id": None}, {"id": "other"}, ("other",)),
        ("client", {**client(), "device_id": 12}, {}, ("12",)),
        ("forward", forwarded(), {"id": "other"}, ("one",)),
        ("nmea", rmc(RMC), {"id": "one", "deviceid": "other"}, ("one",)),
        ("nmea", rmc(RMC), {"deviceid": "other"}, ("other",)),
        ("owntracks", owntracks(), {"id": "a", "deviceid": "b", "u": "c"}, ("a", "b", "c", "one")),
        ("owntracks", owntracks(topic="owntracks/x/y"), {}, ("x/y", "x", "y", "one")),
        ("owntracks", owntracks(topic="owntracks/x/y/event"), {}, ("x/y", "x", "y", "one")),
        ("owntracks", owntracks(topic="owntracks/x"), {}, ("one",)),
        ("owntracks", owntracks(topic="owntracks/one/one"), {}, ("one/one", "one")),
    ],
)
def test_by_what_names_a_device_is_known(
    form: str, message: object, params: dict[str, str], names: tuple[str, ...]
) -> None:
    assert parse(form, message, **params).device_ids == names


@pytest.mark.parametrize(
    ("form", "message", "params"),
    [
        ("osmand", None, {"lat": "1", "lon": "1"}),
        ("client", {**client(), "device_id": ""}, {}),
        ("nmea", rmc(RMC), {}),
        ("owntracks", owntracks(tid=""), {}),
    ],
)
def test_the_name_that_came_with_the_password_is_the_last_resort(
    form: str, message: object, params: dict[str, str]
) -> None:
    assert refused(form, message, **params) == ("No device is named.", 400)
    assert parse(form, message, user="one", **params).device_ids == ("one",)


def test_a_server_names_its_devices_itself() -> None:
    assert refused("forward", {"position": COORDS, "device": "one"}, user="one")[0] == "No device is named."


@pytest.mark.parametrize(
    ("form", "message", "said"),
    [
        ("client", {"device_id": "one"}, "There is no location."),
        ("client", {"device_id": "one", "location": []}, "There is no location."),
        ("client", {"device_id": "one", "location": ["here"]}, "There is no location."),
        ("client", {"device_id": "one", "location": {}}, "The latitude is missing or not a number."),
        ("client", client(coords={"latitude": 1}), "The longitude is missing or not a number."),
        ("forward", {"device": {"uniqueId": "one"}, "position": []}, "There is no position."),
        ("forward", forwarded(latitude=None), "The latitude is missing or not a number."),
        ("owntracks", owntracks(lon="x"), "The longitude is missing or not a number."),
        ("owntracks", owntracks(tst="soon"), "The time is not a time."),
        ("owntracks", owntracks(tst=None), "The time is missing."),
        ("owntracks", owntracks(_type="encrypted"), "The message is encrypted."),
        ("owntracks", owntracks(_type="picture"), "The kind of message carries no place."),
        ("nmea", rmc("GPRMC,1,A,1,N,1,W,1,1"), "The RMC sentence is cut short."),
        ("nmea", rmc("GPRMC,015820,A,,N,00054.1620,W,1,1,231126"), "The RMC sentence has no place."),
        ("nmea", rmc("GPRMC,015820,A,5214.43,N,,W,1,1,231126"), "The RMC sentence has no place."),
        ("nmea", rmc("GPRMC,015820,A,5214.43,NS,00054.16,W,1,1,231126"), "The RMC sentence has no place."),
        ("nmea", rmc("GPRMC,015820,A,5214.43,,00054.16,W,1,1,231126"), "The RMC sentence has no place."),
        ("nmea", rmc("GPRMC,015820,V,5214.43,N,00054.16,,1,1,231126"), "The RMC sentence has no place."),
        ("nmea", rmc(RMC.replace(",W,", ",N,")), "The RMC sentence has no place."),
        ("nmea", rmc(RMC.replace(",N,", ",n,")), "The RMC sentence has no place."),
        ("nmea", rmc(RMC.replace("00054.1620", "-0.1")), "The RMC sentence has no place."),
        ("nmea", rmc(RMC.replace("015820.00", "995820")), "The time is not a time."),
        ("nmea", rmc(RMC.replace("015820.00", "015820.x")), "The time is not a time."),
        ("nmea", rmc("GPGSV,015820"), "There is no RMC, GGA or GLL sentence."),
        ("nmea", b"$GPRMC,1*00", "The checksum is wrong."),
    ],
)
def test_what_makes_no_sense(form: str, message: object, said: str) -> None:
    params = {"id": "one"} if form == "nmea" else {}
    assert refused(form, message, **params) == (said, 400)


def test_a_modem_may_send_what_it_kept_for_an_afternoon() -> None:
    assert len(parse("nmea", rmc(RMC) * 700, id="one").fixes) == 700


def test_a_modem_may_speak_in_the_query_too() -> None:
    assert only("nmea", id="one", nmea=rmc(RMC).decode()).fixed_at == AT
    assert only("nmea", rmc(RMC), id="one", nmea="nonsense").fixed_at == AT


@pytest.mark.parametrize(
    ("line", "lat", "lon", "valid"),
    [
        ("GPRMC,015820,A,5214.4300,N,00054.1620,W,1,1,231126", 52.2405, -0.9027, True),
        ("GNRMC,015820,A,5214.4300,S,00054.1620,E,1,1,231126", -52.2405, 0.9027, True),
        ("GPRMC,015820,A,5230,N,00130,E,1,1,231126", 52.5, 1.5, True),
        ("GPRMC,015820,V,5230,N,00130,E,1,1,231126", 52.5, 1.5, False),
        ("GPRMC,015820,V,,,,,,,231126", 0, 0, False),
        ("GPRMC,015820,V,5230,N,,,,,231126", 0, 0, False),
        ("GPRMC,015820,V,,,00130,E,,,231126", 0, 0, False),
        ("GPRMC,015820,A,0000,N,00000,E,1,1,231126", 0, 0, True),
    ],
)
def test_where_a_modem_is(line: str, lat: float, lon: float, valid: bool) -> None:
    fix = only("nmea", rmc(line), id="one")
    assert (fix.lat, fix.lon, fix.valid) == (pytest.approx(lat), pytest.approx(lon), valid)
    assert fix.fixed_at == AT
    assert (fix.alarm, fix.attributes) == (False, {})


def test_how_a_modem_moves() -> None:
    fix = only("nmea", rmc(RMC), id="one")
    assert (fix.speed_kmh, fix.heading) == (pytest.approx(18.52), 270.5)


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("231126", "015820", AT),
        ("231126", "015820.5", AT + timedelta(seconds=0.5)),
        ("231126", "015820.250", AT + timedelta(seconds=0.25)),
        ("231126", "015820.", AT),
        ("", "015820", NOW),
        ("231126", "", NOW),
    ],
)
def test_when_a_modem_was_there(day: str, time: str, moment: datetime) -> None:
    fix = only("nmea", rmc(f"GPRMC,{time},A,5230,N,00130,E,1,1,{day}"), id="one")
    assert fix.fixed_at == moment


def test_a_modems_button_is_in_its_query() -> None:
    fix = only("nmea", rmc(RMC), id="one", alarm="sos")
    assert (fix.alarm, fix.attributes) == (True, {"alarm": "sos"})


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"lat": "1", "lon": "2"}, (1, 2, True)),
        ({"lat": "1", "lon": "2", "location": "3,4"}, (1, 2, True)),
        ({"location": "3,4"}, (3, 4, True)),
        ({"lat": "1", "lon": "2", "valid": "TRUE"}, (1, 2, True)),
        ({"lat": "1", "lon": "2", "valid": "1"}, (1, 2, True)),
        ({"lat": "1", "lon": "2", "valid": "false"}, (1, 2, False)),
        ({"lat": "1", "lon": "2", "valid": "0"}, (1, 2, False)),
        ({"alarm": "sos"}, (0, 0, False)),
        ({"alarm": "sos", "valid": "true"}, (0, 0, False)),
        ({"alarm": "sos", "lat": "1", "lon": "2"}, (1, 2, True)),
        ({"alarm": "sos", "location": "3,4"}, (3, 4, True)),
    ],
)
def test_where_a_phone_is(params: dict[str, str], place: tuple[float, float, bool]) -> None:
    fix = only("osmand", None, id="one", **params)
    assert (fix.lat, fix.lon, fix.valid) == place


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "The latitude is missing or not a number."),
        ({"lat": "1"}, "The longitude is missing or not a number."),
        ({"lon": "1"}, "The latitude is missing or not a number."),
        # Half a place is not none: the fix is refused, so that the device shows its fault.
        ({"lat": "1", "alarm": "sos"}, "The longitude is missing or not a number."),
        ({"lon": "1", "alarm": "sos"}, "The latitude is missing or not a number."),
        ({"lat": "1", "location": "3,4"}, "The longitude is missing or not a number."),
        ({"lon": "1", "location": "3,4"}, "The latitude is missing or not a number."),
        ({"location": "3"}, "The longitude is missing or not a number."),
    ],
)
def test_where_a_phone_is_not(params: dict[str, str], said: str) -> None:
    assert refused("osmand", None, id="one", **params)[0] == said


def test_which_way_a_phone_goes() -> None:
    assert only("osmand", None, **OSMAND, bearing="10", heading="20").heading == 10
    assert only("osmand", None, **OSMAND, heading="20").heading == 20


def test_what_of_a_query_is_an_extra() -> None:
    read = {"deviceid": "x", "token": "t", "key": "k", "location": "1,2", "timestamp": "1", "speed": "1"}
    read |= {"bearing": "1", "heading": "1", "accuracy": "1", "valid": "true"}
    assert only("osmand", None, **OSMAND, **read, batt="80", alarm="low").attributes == {
        "batt": 80,
        "alarm": "low",
    }


@pytest.mark.parametrize(
    ("location", "alarm", "placed"),
    [
        ({}, False, True),
        ({"alarm": "sos"}, True, True),
        ({"extras": {"alarm": "sos"}}, True, True),
        ({"extras": "sos"}, False, True),
        ({"event": "sos"}, True, True),
        ({"event": "panic"}, True, True),
        ({"event": "alarm"}, True, True),
        ({"event": "motionchange"}, False, True),
        ({"event": "sos", "coords": {}}, True, False),
        ({"event": "sos", "coords": None}, True, False),
    ],
)
def test_a_clients_button(location: dict[str, Any], alarm: bool, placed: bool) -> None:
    fix = only("client", client(**location))
    assert (fix.alarm, fix.valid) == (alarm, placed)
    assert (fix.lat, fix.lon) == ((52.24, -0.9) if placed else (0, 0))


def test_a_clients_button_beside_the_place() -> None:
    assert only("client", {**client(), "alarm": "sos"}).alarm
    assert refused("client", client(event="sos", coords={"latitude": 1}))[0].startswith("The longitude")


@pytest.mark.parametrize(
    ("level", "batt"), [(0.571, 57.1), (0.5714, 57.1), (0.57149, 57.1), (1, 100), (0, 0), (-1, None), (None, None)]
)
def test_a_clients_battery(level: float | None, batt: float | None) -> None:
    assert only("client", client(battery={"level": level})).attributes.get("batt") == batt


def test_a_clients_height_may_be_below_the_sea_but_for_one_metre() -> None:
    assert only("client", client(coords={**COORDS, "altitude": -2})).attributes == {"altitude": -2}
    assert only("client", client(coords={**COORDS, "altitude": -1})).attributes == {}
    assert only("client", client(alarm="low")).attributes == {"alarm": "low"}


def test_a_client_passes_over_what_is_no_location() -> None:
    sent = {"device_id": "one", "location": [{"coords": COORDS}, "x", None, {"coords": COORDS}]}
    assert len(parse("client", sent).fixes) == 2


@pytest.mark.parametrize(
    ("times", "moment"),
    [
        ({}, NOW),
        ({"serverTime": "2026-11-23T01:00:00Z"}, datetime(2026, 11, 23, 1, tzinfo=UTC)),
        ({"serverTime": "x", "deviceTime": AT.timestamp()}, AT),
        ({"serverTime": "x", "deviceTime": "y", "fixTime": AT.timestamp()}, AT),
        ({"fixTime": "", "deviceTime": AT.timestamp()}, AT),
    ],
)
def test_which_time_a_server_means(times: dict[str, object], moment: datetime) -> None:
    assert only("forward", forwarded(**times)).fixed_at == moment


@pytest.mark.parametrize(
    ("said", "valid"), [(True, True), (False, False), ("true", False), (None, False), (1, False)]
)
def test_what_a_server_holds_valid(said: object, valid: bool) -> None:
    assert only("forward", forwarded(valid=said)).valid is valid
    assert only("forward", forwarded()).valid


def test_what_a_server_tells_besides() -> None:
    told = {"protocol": "gl200", "altitude": 80, "outdated": False, "network": {}, "address": "a house"}
    fix = only("forward", forwarded(**told, attributes={"alarm": "low", "ignition": True}))
    assert fix.attributes == {
        "protocol": "gl200",
        "altitude": 80,
        "outdated": False,
        "alarm": "low",
        "ignition": True,
    }
    assert not fix.alarm
    assert only("forward", forwarded(attributes={"alarm": "low,sos"})).alarm


@pytest.mark.parametrize(
    "kind", ["lwt", "status", "waypoint", "waypoints", "card", "cmd", "steps", "dump", "beacon"]
)
def test_messages_without_a_place(kind: str) -> None:
    assert parse("owntracks", {"_type": kind, "tid": "one"}).fixes == ()


@pytest.mark.parametrize(
    ("said", "speed", "heading"),
    [
        ({}, 0, None),
        ({"vel": 0}, 0, None),
        ({"vel": 5}, 5, 0),
        ({"vel": 5, "cog": 10}, 5, 10),
        ({"cog": 10}, 0, 10),
        ({"vel": -1}, None, None),
    ],
)
def test_what_a_phone_leaves_out_when_it_is_zero(
    said: dict[str, object], speed: float | None, heading: float | None
) -> None:
    fix = only("owntracks", owntracks(**said))
    assert (fix.speed_kmh, fix.heading) == (speed, heading)


def test_what_a_phone_tells_besides() -> None:
    secret = {"SSID": "home", "BSSID": "aa", "_id": "7", "acc": 5}
    assert only("owntracks", owntracks(**secret, batt=50)).attributes == {"tid": "one", "batt": 50}
    assert only("owntracks", owntracks(alarm="sos")).alarm
    assert not only("owntracks", owntracks(alarm="low")).alarm


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", "osmand"),
        (b" \r\n ", "osmand"),
        (b"\r\n$GPGGA", "nmea"),
        (b'{"_type": "lwt", "position": {}}', "owntracks"),
        (b'{"position": null}', "forward"),
        (b"{}", "client"),
    ],
)
def test_a_form_is_told_by_its_looks(body: bytes, form: str) -> None:
    assert form_of(Payload({}, body)) == form


@pytest.mark.parametrize("body", [b"<xml/>", b"id=one", b"x{}"])
def test_what_looks_like_nothing(body: bytes) -> None:
    with pytest.raises(BadPayload, match=r"^The body is not in a form that is known\.$"):
        form_of(Payload({}, body))


@pytest.mark.parametrize(
    "said",
    [
        "23/11/26 01:58:20",
        "3:58:20 AM 2026-11-23",
        "2026-11-23 1:58:20 AM",
        "23.11.2026 1:58:20 a.m.",
        "2026-11-23T1:58:20Z",
        "2026-11-23T01:58:20Z[Europe/London]",
        "2026-11-23 01:58:20.000 +0000 UTC",
        "2026-11-23 02:58:20 CET",
        "2026-11-23 02:58:20 BST",
        "2026-11-23T01%3A58%3A20Z",
        "2026\N{NON-BREAKING HYPHEN}11\N{NON-BREAKING HYPHEN}23T01:58:20\N{MINUS SIGN}00:00",
        "2026:11:23 01:58:20",
        "2026-11-23-01-58-20",
        "/Date(1795399100000)/",
        '"1795399100"',
        "261123015820",
        "231126015820",
    ],
)
def test_a_time_is_read_in_its_wrapping(said: str) -> None:
    wanted = None if said.startswith("3:58") else datetime(2026, 11, 23, 1, 58, 20, tzinfo=UTC)
    try:
        found = when(said, NOW)
    except BadPayload:
        found = None
    assert found == wanted


@pytest.mark.parametrize(
    "said", ["2026-11-2", "2026-11-23", "2026-11-23T01:5", "2026-11-23 1:58:2", "011223015820"]
)
def test_a_time_that_was_cut_off_is_none_of_now(said: str) -> None:
    try:
        found = when(said, NOW)
    except BadPayload:
        return
    # A day alone is its midnight, and what counts years back is refused for its age.
    assert NOW - found > timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("52°14'26\"N", 52.240556),
        ("0° 54\N{PRIME} 10\N{DOUBLE PRIME} W", -0.902778),
        ("52 14 26 N", 52.240556),
        ("0d54m10s W", -0.902778),
        ("52:14:26", 52.240556),
        ("-0:54:10", -0.902778),
        ("0d 54.162m W", -0.9027),
        ("52° 14.43' north", 52.2405),
        ("5214.430N", 52.2405),
        ("00054.162,W", -0.9027),
        ("S 1 30", -1.5),
        ("52.2405 deg", 52.2405),
        ("0.9027 west", -0.9027),
        ("\N{EN DASH} 0.9027", -0.9027),
        ("'52.2405'", 52.2405),
        ("-0.9027;", -0.9027),
        ("52.2405f", 52.2405),
        ("52.240.5", None),
        ("52 61 00", None),
        ("52 14 61", None),
        ("5214.430", 5214.43),
        ("north", None),
        ("52 14 26 13", None),
    ],
)
def test_degrees_are_read_in_their_dress(said: str, read: float | None) -> None:
    number = reading.number(said)
    assert (dressed(said) if number is None else number) == (
        None if read is None else pytest.approx(read, abs=1e-6)
    )
