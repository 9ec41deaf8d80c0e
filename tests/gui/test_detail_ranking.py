"""The ranking on the pane: vans without a fix count from their base, and the ground that a van leaves is named."""

from collections.abc import Callable

import pytest

from db.domain.ranking import RankedVan
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


def _ranked(seat: Seat) -> list[RankedVan]:
    seat.room.until(lambda: (view := seat.pane.view()) and view.ranked)
    return [one for one in seat.pane.view().ranked if not one.excluded]


def test_vans_without_a_fix_are_ranked_from_their_bases(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    bases = seat.room.desk.store.reference.bases
    assert bases["Berrywood"] == (52.2467, -0.9457)
    berrywood, kettering = seat.room.on_duty(0), seat.room.on_duty(2)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    seat.show(referral_id)
    near, far = _ranked(seat)
    assert (near.van_id, far.van_id) == (berrywood, kettering)
    assert near.minutes < 15 < far.minutes < 60
    seat.room.until(lambda: "about 10 min" in seat.text())
    assert "no fix, from its base Berrywood" in seat.text()
    assert "no fix, from its base St Mary's Kettering" in seat.text().replace("&#x27;", "'")


@pytest.mark.hazard("H-081")
def test_the_base_that_waits_is_named_with_the_next_van_s_minutes(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    for place in (0, 2):
        seat.room.on_duty(place)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    seat.show(referral_id)
    _, far = _ranked(seat)
    assert "if CRU3 goes, St Mary's Kettering waits 34 min" in [reason.text for reason in far.reasons]


def test_a_second_van_of_the_same_base_covers_it(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    for place in (0, 2, 4):
        seat.room.on_duty(place)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    seat.show(referral_id)
    words = {one.callsign: [reason.text for reason in one.reasons] for one in _ranked(seat)}
    assert set(words) == {"CRU1", "CRU3", "CRU5"}
    assert "if CRU1 goes, Berrywood waits 34 min" in words["CRU1"]
    assert not any("waits" in text for text in words["CRU3"] + words["CRU5"])
