"""Places in plain text, and degrees as people print them: each way by itself."""

import pytest

from db.gateway.fix import BadPayload
from db.gateway.payloads import reading
from db.gateway.payloads.lines import MOST_LINES, places

HEAD = "time,lat,lon\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + "t1,52.1,-0.9\nt2,52.2,-0.8\n", [("t1", "52.1", "-0.9"), ("t2", "52.2", "-0.8")]),
        ('\n"Time";Lat;Lon\nt1; 52.1 ;-0.9\n\nt2;52.2;-0.8', [("t1", "52.1", "-0.9"), ("t2", "52.2", "-0.8")]),
        ("time\tlatitude\tlon\nt1\t52.1\t-0.9", [("t1", None, "-0.9")]),
        ("20261123015900.000,52.2401,-0.9027,80", [("20261123015900", "52.2401", "-0.9027")]),
        ("2026-11-23T01:59:00Z; 52.2401; -0.9027", [("2026-11-23T01:59:00Z", "52.2401", "-0.9027")]),
        ("Lat: 52.24 Lon: -0.9", [(None, "52.24", "-0.9")]),
        ("52.2401, -0.9027", [(None, "52.2401", "-0.9027")]),
        ("geo:52.2401,-0.9027?z=17", [(None, "52.2401", "-0.9027")]),
        ("https://maps.example/?q=52.2401,-0.9027", [(None, "52.2401", "-0.9027")]),
        ("52.2401 -0.9027 by the gate", [(None, "52.2401", "-0.9027")]),
        ("52.24; -0.9; 12.5; 80", [(None, "52.24", "-0.9")]),
        ("Lat: 52.24, the rest follows", []),
        ("Lon: -0.9, the rest came before", []),
        ("see you at 7", []),
        ("", []),
    ],
)
def test_each_place_that_a_text_says(text: str, found: list[tuple[str | None, ...]]) -> None:
    assert [(one.get("time"), one.get("lat"), one.get("lon")) for one in places(text)] == found


def test_the_points_of_a_track_each_with_its_own_time() -> None:
    point = '<trkpt lat="52.{0}" lon="-0.{0}"><time> 2026-11-23T01:59:0{0}Z </time></trkpt>'
    found = places("<gpx>" + point.format(1) + '<trkpt lat="52.2" lon="-0.2"></trkpt>' + point.format(3))
    assert found == [
        {"lat": "52.1", "lon": "-0.1", "time": "2026-11-23T01:59:01Z"},
        {"lat": "52.2", "lon": "-0.2"},
        {"lat": "52.3", "lon": "-0.3", "time": "2026-11-23T01:59:03Z"},
    ]


@pytest.mark.parametrize(
    "line",
    ["t{n},52.1,-0.9\n", "2026-11-23T01:59:00Z,52.2401,-0.9{n:04}\n", '<trkpt lat="52.1" lon="-0.{n}"></trkpt>'],
)
@pytest.mark.parametrize("more", [-1, 0, 1, 7])
def test_of_very_many_lines_the_first_are_read(line: str, more: int) -> None:
    head = HEAD if line.startswith("t") else ""
    text = head + "".join(line.format(n=n) for n in range(MOST_LINES + more))
    found = places(text)
    assert len(found) == min(MOST_LINES, MOST_LINES + more)
    assert found[0] == places(head + line.format(n=0))[0]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("0.9027° W", -0.9027),
        ("W 0.9027", -0.9027),
        ("s 3.5", -3.5),
        ("52,24 n", 52.24),
        ("52.24°", 52.24),
        ("\N{MINUS SIGN}0.9", -0.9),
        (" 0.9E ", 0.9),
        ("-3 N", -3.0),
        (52.24, 52.24),
        ("1,052.24", None),
        ("52.24 W x", None),
        ("W", None),
        (None, None),
        (True, None),
        ([","], None),
    ],
)
def test_degrees_are_read_with_a_sign_or_a_side_of_the_world(said: object, read: float | None) -> None:
    if read is not None:
        assert reading.degrees(said, "latitude") == pytest.approx(read)
        return
    with pytest.raises(BadPayload, match="The latitude is missing"):
        reading.degrees(said, "latitude")
