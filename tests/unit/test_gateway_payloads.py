"""Each parser gives a fix in the same units, or says what is wrong, and never anything else."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.gateway.fix import BadPayload, Fix, Payload, Report
from db.gateway.payloads import (
    PARSERS,
    client,
    crying,
    form_of,
    forward,
    nmea,
    osmand,
    owntracks,
    read_report,
    reading,
)
from db.gateway.payloads.objects import json_objects

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = datetime(2026, 11, 23, 1, 58, 20, tzinfo=UTC)
EPOCH = int(AT.timestamp())


def fixes_of(report: Report) -> tuple[Fix, ...]:
    """All of them; what could not be used is raised."""
    if report.unused:
        raise BadPayload(report.unused[0])
    return report.fixes


def from_osmand(**params: str) -> Fix:
    return fixes_of(osmand.parse(Payload({"id": "one", "lat": "52.24", "lon": "-0.9", **params}), NOW))[0]


def from_client(**location: object) -> Fix:
    coords = {"latitude": 52.24, "longitude": -0.9}
    body = json.dumps({"device_id": "one", "location": {"coords": coords, **location}})
    return fixes_of(client.parse(Payload({}, body.encode()), NOW))[0]


def from_owntracks(**message: object) -> Fix:
    body = json.dumps({"_type": "location", "lat": 52.24, "lon": -0.9, "tst": EPOCH, "tid": "c1", **message})
    return fixes_of(owntracks.parse(Payload({}, body.encode()), NOW))[0]


def from_forward(**position: object) -> Fix:
    place = {"latitude": 52.24, "longitude": -0.9, "fixTime": "2026-11-23T01:58:20.000+00:00"}
    body = json.dumps({"position": {**place, **position}, "device": {"uniqueId": "one"}})
    return fixes_of(forward.parse(Payload({}, body.encode()), NOW))[0]


def sentence(body: str) -> str:
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}\r\n"


RMC = "GPRMC,015820.00,A,5214.4300,N,00054.1620,W,010.0,270.5,231126,,,A"


def from_nmea(text: str) -> tuple[Fix, ...]:
    return fixes_of(nmea.parse(Payload({"id": "one"}, text.encode()), NOW))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (str(EPOCH), AT),
        (str(EPOCH * 1000), AT),
        (str(2**31 - 2), datetime.fromtimestamp(2**31 - 2, UTC)),
        (str(2**31), datetime.fromtimestamp(2**31 / 1000, UTC)),
        (f"{EPOCH}.5", AT + timedelta(seconds=0.5)),
        ("2026-11-23T01:58:20Z", AT),
        ("2026-11-23T02:58:20+01:00", AT),
        ("2026-11-23T02:58:20 01:00", AT),
        ("2026-11-23T01:58:20.000", AT),
        ("2026-11-23 01:58:20", AT),
        ("", NOW),
    ],
)
def test_times_of_osmand(text: str, at: datetime) -> None:
    assert from_osmand(timestamp=text).fixed_at == at


@pytest.mark.parametrize("text", ["soon", "1e300", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "[1]"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadPayload, match="time"):
        from_osmand(timestamp=text)


def test_a_missing_time_means_now() -> None:
    assert from_osmand().fixed_at == NOW
    assert from_client().fixed_at == NOW


def test_speeds_come_in_four_units() -> None:
    assert from_osmand(speed="10").speed_kmh == pytest.approx(18.52)
    assert from_client(coords={"latitude": 1, "longitude": 2, "speed": 10}).speed_kmh == pytest.approx(36)
    assert from_owntracks(vel=50).speed_kmh == 50
    assert from_forward(speed=10).speed_kmh == pytest.approx(18.52)
    assert from_nmea(sentence(RMC))[0].speed_kmh == pytest.approx(18.52)


def test_minus_one_means_unknown() -> None:
    coords = {"latitude": 52.0, "longitude": 0.0, "speed": -1, "heading": -1, "accuracy": -1, "altitude": -1}
    fix = from_client(coords=coords, battery={"level": -1, "is_charging": False}, odometer=-1)
    assert (fix.speed_kmh, fix.heading, fix.accuracy_m) == (None, None, None)
    assert fix.attributes == {"charge": False}


def test_what_a_client_tells_besides() -> None:
    fix = from_client(
        battery={"level": 0.57, "is_charging": True},
        activity={"type": "in_vehicle"},
        is_moving=True,
        odometer=12.5,
        event="motionchange",
        extras={"shift": "night"},
    )
    assert fix.attributes == {
        "batt": 57.0,
        "charge": True,
        "activity": "in_vehicle",
        "is_moving": True,
        "odometer": 12.5,
        "event": "motionchange",
        "shift": "night",
    }


def test_a_client_may_send_several_fixes() -> None:
    one = {"timestamp": "2026-11-23T01:58:20Z", "coords": {"latitude": 52.0, "longitude": -1.0}}
    body = json.dumps({"device_id": 7, "location": [one, {**one, "timestamp": EPOCH + 10}]}).encode()
    report = client.parse(Payload({}, body), NOW)
    assert report.device_ids == ("7",)
    assert [fix.fixed_at for fix in report.fixes] == [AT, AT + timedelta(seconds=10)]


def test_owntracks_leaves_out_what_is_zero() -> None:
    still = from_owntracks()
    assert (still.speed_kmh, still.heading, still.accuracy_m) == (0, None, None)
    assert from_owntracks(vel=30).heading == 0
    assert from_owntracks(vel=30, cog=359).heading == 359


def test_owntracks_names_its_device_in_many_ways() -> None:
    body = json.dumps({"_type": "lwt", "tst": EPOCH, "tid": "c1", "topic": "owntracks/cru/van1"}).encode()
    report = owntracks.parse(Payload({"u": "web"}, body, "basic"), NOW)
    assert report.device_ids == ("basic", "cru/van1", "cru", "van1", "web", "c1")
    assert report.fixes == ()


def test_owntracks_needs_its_time_and_tells_nothing_of_wireless_networks() -> None:
    with pytest.raises(BadPayload, match="time"):
        from_owntracks(tst=None)
    assert "SSID" not in from_owntracks(SSID="at home", batt=5).attributes


def test_a_transition_is_a_fix() -> None:
    fix = from_owntracks(_type="transition", event="enter", desc="Berrywood")
    assert fix.attributes["event"] == "enter"
    assert fix.fixed_at == AT


def test_forwarding_takes_the_time_of_the_fix() -> None:
    times = {"deviceTime": "2026-11-23T01:00:00Z", "serverTime": "2026-11-23T01:30:00Z"}
    assert from_forward(**times).fixed_at == AT
    assert from_forward(**times, fixTime=None).fixed_at.hour == 1
    assert from_forward(fixTime=EPOCH * 1000).fixed_at == AT


def test_forwarding_carries_attributes_and_validity() -> None:
    fix = from_forward(
        course=12.5, accuracy=0.0, valid=False, attributes={"ignition": True, "alarm": "sos,lowBattery"}
    )
    assert (fix.heading, fix.accuracy_m, fix.valid, fix.alarm) == (12.5, None, False, True)
    assert fix.attributes["ignition"] is True


def test_rmc_lines() -> None:
    other = sentence("GPGGA,015820,5214.43,N,00054.16,W,1,08,0.9,80,M,47,M,,")
    (fix,) = from_nmea(other + sentence(RMC) + "$GPRMC,cut")
    assert fix.fixed_at == AT
    assert (fix.lat, fix.lon) == (pytest.approx(52.24050), pytest.approx(-0.90270))
    assert (fix.heading, fix.valid) == (270.5, True)


def gga(told: str, quality: str = "1") -> str:
    return sentence(f"GNGGA,{told},5214.4300,N,00054.1620,W,{quality},08,0.9,80,M,47,M,,")


@pytest.mark.parametrize(
    ("came_in", "told", "days"),
    [
        ("2026-11-23T01:58:25", ["015820.00"], "23 01:58:20"),
        # A clock that is three minutes ahead, on either side of midnight; and what waited for hours.
        ("2026-11-23T23:58:30", ["000120"], "24 00:01:20"),
        ("2026-11-23T00:01:00", ["000400"], "23 00:04:00"),
        ("2026-11-23T00:00:02", ["235958"], "22 23:59:58"),
        ("2026-11-23T01:00:00", ["190000"], "22 19:00:00"),
        # A buffer over midnight, one that was kept for a day and a half, and lines that changed places.
        ("2026-11-23T00:01:00", ["235900", "235959", "000030"], "22 23:59:00|22 23:59:59|23 00:00:30"),
        ("2026-11-23T12:00:00", ["230000", "110000", "230000.5"], "21 23:00:00|22 11:00:00|22 23:00:00"),
        ("2026-11-23T00:01:00", ["000020", "235958", "000010"], "23 00:00:20|22 23:59:58|23 00:00:10"),
        ("2028-03-01T00:00:10", ["235950"], "29 23:59:50"),
    ],
)
def test_a_sentence_that_says_no_day_is_of_the_day_when_it_came_in(
    came_in: str, told: list[str], days: str
) -> None:
    now = datetime.fromisoformat(f"{came_in}+00:00")
    report = nmea.parse(Payload({"id": "one"}, "".join(map(gga, told)).encode()), now)
    assert "|".join(f"{fix.fixed_at:%d %H:%M:%S}" for fix in report.fixes) == days
    assert {(round(fix.lat, 5), round(fix.lon, 5), fix.valid) for fix in report.fixes} == {
        (52.24050, -0.9027, True)
    }


def test_of_gga_and_gll_what_was_measured_is_a_fix_and_a_bad_line_costs_itself() -> None:
    body = (
        gga("015810")
        + gga("015811", "0")
        + gga("015812", "8")
        + "$GNGGA,cut\r\n"
        + gga("015813").replace("5214", "5213")
    )
    report = nmea.parse(Payload({"id": "one", "alarm": "sos"}, (body + gga("015820")).encode()), NOW)
    assert [(fix.fixed_at.second, fix.valid) for fix in report.fixes] == [
        (10, True),
        (11, False),
        (12, False),
        (20, True),
    ]
    assert (report.is_panic, report.unused) == (True, ("The checksum is wrong.",))
    (fix,) = from_nmea(sentence("GPGLL,5214.4300,N,00054.1620,W,015820.00,A,A"))
    assert (fix.fixed_at, fix.lat, fix.valid) == (AT, pytest.approx(52.2405), True)
    # An older one ends with whether it is valid, and one without that is cut off.
    assert len(from_nmea(sentence("GPGLL,5214.4300,N,00054.1620,W,015820.00,A"))) == 1
    with pytest.raises(BadPayload, match="cut short"):
        from_nmea(sentence("GPGLL,5214.4300,N,00054.1620,W,015820.00"))
    (fix,) = from_nmea(sentence("GPGLL,5214.4300,N,00054.1620,W,015820.00,V,N"))
    assert not fix.valid
    # In a field of an address, as some modems do; and no time at all is when it came in.
    (fix,) = fixes_of(read_report("", Payload({"id": "one", "nmea": gga("").strip()}), NOW)[1])
    assert fix.fixed_at == NOW


def test_rmc_without_a_fix_is_not_valid() -> None:
    (fix,) = from_nmea(sentence("GNRMC,015820,V,,,,,,,231126,,,N"))
    assert not fix.valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (sentence(RMC).replace("5214", "5314"), "checksum"),
        ("$GPGGA,1*00", "checksum"),
        (sentence("GPGGA,1"), "GGA sentence is cut short"),
        (sentence("GPGGA,015820,5214.43,N,,W,1,08,0.9,80,M,47,M,,"), "GGA sentence has no place"),
        (sentence("GPGGA,995820,5214.43,N,00054.16,W,1,08,0.9,80,M,47,M,,"), "not a time"),
        ("", "no RMC"),
        (sentence(RMC.replace("5214.4300", "-5214.4300")), "has no place"),
        (sentence(RMC.replace(",N,", ",E,")), "has no place"),
        (sentence(RMC.replace(",W,", ",,")), "has no place"),
        (sentence(RMC.replace(",W,", ",EW,")), "has no place"),
        (sentence(RMC.replace("5214.4300", "north")), "has no place"),
        (sentence("GPRMC,1,A"), "cut short"),
        (sentence(RMC.replace(",N,", ",X,")), "no place"),
        (sentence(RMC.replace("231126", "321326")), "not a time"),
    ],
)
def test_rmc_that_is_wrong(text: str, said: str) -> None:
    with pytest.raises(BadPayload, match=said):
        from_nmea(text)


@pytest.mark.parametrize("alarm", ["sos", "SOS", "panic", "lowBattery,sos", "true", "1"])
def test_a_panic_button(alarm: str) -> None:
    assert from_osmand(alarm=alarm).alarm
    assert from_forward(attributes={"alarm": alarm}).alarm
    assert from_client(extras={"alarm": alarm}).alarm
    assert from_owntracks(alarm=alarm).alarm


@pytest.mark.parametrize("alarm", ["lowBattery", "overspeed", "false", "0", "", "sosig"])
def test_not_a_panic_button(alarm: str) -> None:
    assert not from_osmand(alarm=alarm).alarm
    assert not from_forward(attributes={"alarm": alarm}).alarm


def test_a_panic_without_a_place_is_not_lost() -> None:
    fix = osmand.parse(Payload({"id": "one", "alarm": "sos"}), NOW).fixes[0]
    assert fix.alarm
    assert not fix.valid
    body = json.dumps({"device_id": "one", "location": {"extras": {"alarm": "sos"}}}).encode()
    assert client.parse(Payload({}, body), NOW).is_panic


def test_secrets_are_not_attributes() -> None:
    fix = from_osmand(token="t", key="k", batt="5")
    assert fix.attributes == {"batt": 5.0}


@pytest.mark.parametrize("name", ["access_token", "apikey", "API_Key", "auth", "Token", "pass"])
def test_a_token_is_kept_with_no_fix_whatever_it_is_called(name: str) -> None:
    said = {name: "t"}
    assert name not in from_osmand(**said).attributes
    assert name not in from_client(extras=said).attributes
    assert name not in from_owntracks(**said).attributes
    assert name not in from_forward(attributes=said).attributes


@pytest.mark.parametrize(("lat", "lon"), [("", "1"), ("x", "1"), ("nan", "1"), ("inf", "1"), ("1", "1e999")])
def test_a_place_that_is_none_is_refused(lat: str, lon: str) -> None:
    with pytest.raises(BadPayload, match="tude"):
        from_osmand(lat=lat, lon=lon)


def test_one_word_may_hold_the_place() -> None:
    fix = osmand.parse(Payload({"deviceid": "one", "location": "52.24,-0.9"}), NOW).fixes[0]
    assert (fix.lat, fix.lon) == (52.24, -0.9)


def test_what_the_record_cannot_hold_is_cleaned() -> None:
    dirty = {
        "a": "x\0y\ud800z",
        "b": math.inf,
        "c": 10**400,
        "d": [[1]],
        "e": {"f": 1},
        "g": "w" * 999,
        "h": [1, None],
    }
    body = json.dumps(
        {"position": {"latitude": 1, "longitude": 2, "attributes": {**dirty, "b": 0}}, "device": {"uniqueId": "1"}}
    )
    fix = forward.parse(Payload({}, body.replace('"b": 0', '"b": 1e999').encode()), NOW).fixes[0]
    assert fix.attributes == {"a": "xyz", "d": [], "g": "w" * 256, "h": [1]}


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", "osmand"),
        (b"$GPRMC,", "nmea"),
        (b' {"_type": "location"}', "owntracks"),
        (b'{"position": {}, "device": {}}', "forward"),
        (b'{"device_id": "x", "location": {}}', "client"),
    ],
)
def test_forms_are_told_by_their_looks(body: bytes, form: str) -> None:
    assert form_of(Payload({}, body)) == form


def test_a_deep_or_endless_body_is_refused() -> None:
    for body in (
        b'{"a":' * 10_000,
        b"[" * 60_000,
        b"{" + b'"a":1' * 10_000,
        b'{"a": ' + b"9" * 9_000 + b"}",
        b"\xff",
    ):
        with pytest.raises(BadPayload):
            form_of(Payload({}, body))
        with pytest.raises(BadPayload):
            client.parse(Payload({}, body), NOW)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def test_a_kind_or_event_that_is_no_word() -> None:
    assert not from_client(event=["sos"]).alarm
    with pytest.raises(BadPayload, match="kind"):
        from_owntracks(_type=["location"])


WORDS = [
    "_type",
    "lat",
    "lon",
    "tst",
    "tid",
    "acc",
    "vel",
    "cog",
    "alarm",
    "topic",
    "device_id",
    "location",
    "position",
]
WORDS += [
    "device",
    "coords",
    "latitude",
    "longitude",
    "timestamp",
    "uniqueId",
    "fixTime",
    "speed",
    "attributes",
    "extras",
]
WORDS += ["event", "battery", "activity"]
likely = st.sampled_from(
    ["location", "transition", "lwt", 52.24, -0.9, EPOCH, "2026-11-23T01:58:20Z", "sos", "one", -1]
)
messages = st.recursive(
    st.dictionaries(st.sampled_from(WORDS), likely | values, max_size=12),
    lambda inner: st.dictionaries(st.sampled_from(WORDS), likely | inner | values, max_size=12),
    max_leaves=4,
)
words = st.dictionaries(
    st.sampled_from(
        ["id", "lat", "lon", "location", "timestamp", "speed", "heading", "accuracy", "valid", "alarm", "nmea"]
    ),
    st.text() | st.floats().map(str) | st.integers().map(str),
)
bodies = st.binary() | messages.map(lambda message: json.dumps(message).encode())
lines = st.text("GPNRMC$*,.0123456789AVNSEW\r\n").map(lambda text: sentence(f"GPRMC,{text}").encode())


def attempt(form: str, payload: Payload) -> Report | BadPayload:
    try:
        return PARSERS[form](payload, NOW)
    except BadPayload as bad:
        return bad


@pytest.mark.parametrize("form", PARSERS)
@given(params=words, body=bodies | lines, user=st.text())
def test_a_parser_gives_fixes_or_says_what_is_wrong(
    form: str, params: dict[str, str], body: bytes, user: str
) -> None:
    report = attempt(form, Payload(params, body, user))
    if isinstance(report, BadPayload):
        assert report.sentence
        assert 400 <= report.status < 500
        return
    assert report.device_ids
    assert all(report.device_ids)
    for fix in report.fixes:
        assert math.isfinite(fix.lat)
        assert math.isfinite(fix.lon)
        assert fix.fixed_at.utcoffset() == timedelta(0)
        assert fix.heading is None or 0 <= fix.heading < 360
        assert fix.speed_kmh is None or 0 <= fix.speed_kmh < math.inf
        assert fix.accuracy_m is None or fix.accuracy_m > 0
        stored = json.dumps(dict(fix.attributes), allow_nan=False, ensure_ascii=False).encode()
        assert b"\\u0000" not in stored


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, 2, {"b": NaN}]', [{"a": 1}, {"b": None}]),
        ('{"a": 1}\n{"b": 2}\n', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}\n{"b": \n  {"c": 3}\n7', [{"a": 1}, {"c": 3}]),
        ('\ufeff{"a": 1}', [{"a": 1}]),
        # A counter before each line, and lines of it alone: numbers are no objects, however many there are.
        ('1\n2 {"a": 1}\n3 {"b": \n4 {"c": 3}', [{"a": 1}, {"c": 3}]),
        ('1\n2\nat {"time": 1} and {"time": 2}', [{"time": 1}, {"time": 2}]),
    ],
)
def test_objects_come_alone_in_a_list_or_one_a_line(body: str, found: list[dict[str, object]]) -> None:
    assert json_objects(body.encode()) == found


@pytest.mark.parametrize("body", ["", "7", "[]", "[7]", "a\nb", '{"a": '])
def test_a_body_without_an_object_is_refused(body: str) -> None:
    with pytest.raises(BadPayload):
        json_objects(body.encode())


@pytest.mark.parametrize("wrap", [lambda one: {"x": one}, lambda one: {"x": [one]}, lambda one: {"x": ["", one]}])
def test_a_cry_for_help_is_heard_as_deep_as_a_body_may_be(wrap: Callable[[object], dict[str, Any]]) -> None:
    said: dict[str, Any] = {"alarm": "sos"}
    for depth in range(reading.DEEPEST + 2):
        assert crying.cries(said) is (depth <= reading.DEEPEST)
        assert not crying.cries(said, frozenset({"x", "alarm"}))
        said = wrap(said)
    for _ in range(5000):
        said = wrap(said)
    assert not crying.cries(said), "and what goes on for ever is not followed for ever"


@pytest.mark.parametrize(
    ("body", "device"),
    [
        (b'{"id": "one", "lat": broken', "one"),
        (b'x "Device_ID" : "two" "id": "one"', "two"),
        (b'"uniqueId":"three"', "three"),
        (b'"tid":"' + b"x" * 201 + b'"', ""),
        (b'"id": 7', ""),
        (b"{'device_id': 'four', 'alarm': 'sos'}", "four"),
        (b'{"id": "9", "uniqueId": "five",', "five"),
        (b"lat=1&id=six&alarm=sos;", "six"),
        (b"grid=seven", ""),
        (b"nothing", ""),
    ],
)
def test_a_body_that_cannot_be_read_may_still_name_its_device(body: bytes, device: str) -> None:
    assert reading.named_in(body) == device


@pytest.mark.parametrize(
    ("body", "cries"),
    [
        (b'{"alarm": "SOS", broken', True),
        (b'"event":"panic"', True),
        (b"alarm=1", True),
        (b'"sos": true', True),
        (b'"alarm": "geofence"', False),
        (b'"alarm": 0', False),
        # Nothing but a text: what it begins with is what somebody wrote it for.
        (b"sos", True),
        (b" HELP! 52.2, -0.9", True),
        (b"Mayday", True),
        (b"helped by sos", False),
        (b"no emergency here", False),
        (b"{sos", False),
        (b"{'alarm': 'sos',}", True),
    ],
)
def test_a_body_that_cannot_be_read_may_still_cry_for_help(body: bytes, cries: bool) -> None:
    assert crying.seems_panic(body) is cries


def test_a_cry_for_help_without_its_places_keeps_when_the_button_was_pressed() -> None:
    def at(seconds: int, *, alarm: bool) -> Fix:
        return Fix("one", AT + timedelta(seconds=seconds), 52.24, -0.9, alarm=alarm)

    fixes = (at(0, alarm=False), at(1, alarm=True), at(2, alarm=False), at(3, alarm=True))
    pressed = (AT - timedelta(seconds=9), AT + timedelta(seconds=1), AT + timedelta(seconds=3))
    alone = Report(("one", "two"), fixes, pressed[:1], ("Not used.",)).panic_alone()
    assert alone == Report(("one", "two"), (), pressed, ("Not used.",))
    assert alone.is_panic
    assert not Report(("one",), fixes[:1]).panic_alone().is_panic


PLACE = {"latitude": 52.24, "longitude": -0.9}
BODIES: dict[str, dict[str, Any]] = {
    "client": {"device_id": "one", "location": {"timestamp": AT.isoformat(), "coords": PLACE}},
    "owntracks": {"_type": "location", "lat": 52.24, "lon": -0.9, "tst": EPOCH, "topic": "owntracks/u/one"},
    "forward": {"position": {**PLACE, "fixTime": AT.isoformat()}, "device": {"uniqueId": "one"}},
}


@pytest.mark.parametrize("looks", BODIES)
@pytest.mark.parametrize("address", [*BODIES, ""])
def test_what_is_sent_to_the_address_of_another_form_is_read_as_what_it_is(address: str, looks: str) -> None:
    form, report = read_report(address, Payload({}, json.dumps(BODIES[looks]).encode()), NOW)
    assert form == looks
    assert [(fix.device_id.rpartition("/")[2], fix.fixed_at) for fix in fixes_of(report)] == [("one", AT)]


@pytest.mark.parametrize(("address", "form"), [("owntracks", "owntracks"), ("", "owntracks")])
def test_what_is_wrong_in_its_own_form_is_said_of_its_device(address: str, form: str) -> None:
    body = {**BODIES["owntracks"], "lat": "north"}
    found, report = read_report(address, Payload({}, json.dumps(body).encode()), NOW)
    assert (found, report.fixes, len(report.unused)) == (form, (), 1)
    # What is in no form, and names nobody, is refused.
    with pytest.raises(BadPayload):
        read_report(address, Payload({}, b"not a word of it"), NOW)


@pytest.mark.parametrize("text", ["", "$GPGGA,1,2,3*00", "$GPRMC,"])
@pytest.mark.parametrize("cries", [True, False])
def test_a_cry_for_help_without_a_sentence_was_pressed_now(text: str, cries: bool) -> None:
    more = {"alarm": "sos"} if cries else {}
    report = nmea.parse(Payload({"id": "one", **more}, text.encode()), NOW)
    assert (report.fixes, report.panics) == ((), (NOW,) if cries else ())
    assert len(report.unused) == 1
