"""The picture that is kept whole and sent as differences."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.map.batch import Picture
from console.map.marks import ReferralMark, VanMark, field_names
from console.running.faults import faults

NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)


def van(key: str, lat: float = 52.2, **more: object) -> VanMark:
    return VanMark(key, key.upper(), lat, -0.9, NOW, **more)  # type: ignore[arg-type] # fields by name


def test_nothing_is_sent_when_nothing_differs() -> None:
    picture = Picture()
    picture.vans.replace([van("a"), van("b")])
    picture.settings.put("banner", "positions 2 s ago")
    assert picture.take() is not None
    picture.vans.replace([van("b"), van("a")])
    picture.settings.put("banner", "positions 2 s ago")
    assert picture.take() is None


def test_only_what_differs_is_sent() -> None:
    picture = Picture()
    picture.vans.replace([van("a"), van("b"), van("c")])
    picture.take()
    picture.vans.replace([van("a"), van("b", 52.3)])
    batch = picture.take()
    assert batch is not None
    assert [row[0] for row in batch["vans"]["put"]] == ["b"]
    assert batch["vans"]["drop"] == ["c"]


def test_a_change_leaves_the_others_alone() -> None:
    picture = Picture()
    picture.vans.replace([van("a"), van("b")])
    picture.take()
    picture.vans.change([van("b", 52.5)], removed=["a", "unknown"])
    batch = picture.take()
    assert batch is not None
    assert [row[2] for row in batch["vans"]["put"]] == [52.5]
    assert batch["vans"]["drop"] == ["a"]


def test_a_new_page_is_told_everything() -> None:
    picture = Picture()
    picture.vans.replace([van("a")])
    picture.referrals.replace([ReferralMark("r", "0042", 52.2, -0.9, "P1", 0)])
    picture.settings.put("lock", True)
    first = picture.take()
    picture.forget()
    assert picture.take() == first


def test_a_movement_is_asked_for_once() -> None:
    picture = Picture()
    picture.move(fit=True)
    assert picture.take() == {"moves": [{"fit": True}]}
    picture.forget()
    assert picture.take() is None


@pytest.mark.parametrize("lat", [float("nan"), float("inf"), 91.0, -90.0])
def test_a_van_without_a_place_is_not_drawn_and_leaves_where_it_was(lat: float) -> None:
    picture = Picture()
    picture.vans.replace([van("a")])
    picture.take()
    picture.vans.change([van("a", lat)])
    batch = picture.take()
    assert batch is not None
    assert batch["vans"] == {"put": [], "drop": ["a"]}


@pytest.mark.parametrize(
    ("lat", "lon", "drawn"),
    [
        (84.9, 0.0, True),
        (85.0, 0.0, False),
        (-84.9, 180.0, True),
        (-85.0, 0.0, False),
        (52.0, -180.0, True),
        (52.0, 180.1, False),
        (52.0, float("nan"), False),
        (52.0, float("-inf"), False),
    ],
)
def test_what_lies_on_the_map_is_drawn(lat: float, lon: float, drawn: bool) -> None:
    picture = Picture()
    picture.referrals.replace([ReferralMark("r", "0042", lat, lon, "P1", 0)])
    assert bool(picture.take()) is drawn
    assert (picture.referrals.get("r") is not None) is drawn
    assert len(picture.referrals.all()) == drawn


def test_marks_go_one_by_one_and_come_back() -> None:
    picture = Picture()
    picture.vans.change([van("a"), van("b")])
    assert picture.take() is not None
    picture.vans.change([van("a")])
    assert picture.take() is None
    picture.vans.change([], removed=["a"])
    picture.vans.change([van("a", 52.4)])
    batch = picture.take()
    assert batch is not None
    assert ([row[2] for row in batch["vans"]["put"]], batch["vans"]["drop"]) == ([52.4], [])
    assert picture.vans.get("a") == van("a", 52.4)
    picture.vans.replace([])
    assert picture.vans.all() == []


def test_one_mark_that_cannot_be_told_costs_itself() -> None:
    picture = Picture()
    picture.vans.replace([van("a"), VanMark("b", "B", 52.2, -0.9, "soon")])  # type: ignore[arg-type] # on purpose
    batch = picture.take()
    assert batch is not None
    assert [row[0] for row in batch["vans"]["put"]] == ["a"]
    faults.forget()


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_no_length_that_is_no_number_is_sent(odd: float) -> None:
    picture = Picture()
    picture.vans.replace([van("a", accuracy_m=odd, heading=1.5, stale=True)])
    batch = picture.take()
    assert batch is not None
    row = dict(zip(field_names()["van"], batch["vans"]["put"][0], strict=True))
    assert (row["accuracy_m"], row["heading"], row["stale"], row["speed_kmh"]) == (None, 1.5, True, None)


def test_what_is_not_said_of_a_mark_is_plain() -> None:
    picture = Picture()
    picture.vans.replace([van("a")])
    picture.referrals.replace([ReferralMark("r", "0042", 52.2, -0.9, "P1", 0)])
    batch = picture.take()
    assert batch is not None
    plain = [None, None, None, "available", False, "", False, False]
    assert batch["vans"]["put"] == [["a", "A", 52.2, -0.9, NOW.timestamp(), *plain]]
    assert batch["referrals"]["put"] == [["r", "0042", 52.2, -0.9, "P1", 0, "", False, False]]


def test_settings_are_sent_when_they_differ_and_kept() -> None:
    picture = Picture()
    assert picture.settings.get("lock", 7) == 7
    picture.settings.put("lock", None)
    assert picture.take() == {"set": {"lock": None}}
    picture.settings.put("lock", True)
    picture.trails.put("CRU2", [1])
    assert picture.take() == {"set": {"lock": True}, "trails": {"CRU2": [1]}}
    assert picture.settings.get("lock") is True
    picture.forget()
    assert picture.take() == {"set": {"lock": True}, "trails": {"CRU2": [1]}}


def test_a_row_follows_the_order_that_the_page_is_given() -> None:
    picture = Picture()
    picture.vans.replace([van("a", status="meal break", heading=90.0)])
    batch = picture.take()
    assert batch is not None
    row = dict(zip(field_names()["van"], batch["vans"]["put"][0], strict=True))
    assert row["fix_at"] == NOW.timestamp()
    assert (row["callsign"], row["status"], row["heading"]) == ("A", "meal break", 90.0)


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from([52.1, 52.2, 52.3])), max_size=8))
def test_the_page_ends_with_the_last_picture(pictures: list[dict[str, float]]) -> None:
    picture = Picture()
    page: dict[str, float] = {}
    for at, wanted in enumerate(pictures):
        picture.vans.replace([van(key, lat) for key, lat in wanted.items()])
        batch = picture.take() if at % 2 else None
        if batch:
            page.update({row[0]: row[2] for row in batch["vans"]["put"]})
            for key in batch["vans"]["drop"]:
                del_known = page.pop(key, None)
                assert del_known is None or key not in wanted
    last = picture.take()
    if last:
        page.update({row[0]: row[2] for row in last["vans"]["put"]})
        for key in last["vans"]["drop"]:
            page.pop(key, None)
    assert page == (pictures[-1] if pictures else {})
