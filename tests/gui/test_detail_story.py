"""The detail pane on a real record: the whole chain by keys, and what the record says of it."""

from collections.abc import Callable

from db.domain.states import ReferralState
from tests.gui.seats import PAST_WHO, Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


def test_from_received_to_closed_by_keys(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    room = seat.room
    van = room.on_duty(1)
    referral_id = room.take(narrative="Distressed, wants to talk.")
    seat.show(referral_id)
    seat.until_primary("Screen")
    seat.screen(referral_id)
    seat.until_primary("Accept")
    seat.press("A")
    seat.until_primary("Allocate a van")
    seat.press("Return")
    room.until(lambda: seat.pane.sheets.current and seat.pane.sheets.current.values()["van"] == str(van))
    seat.press("Return")
    for label in (
        "CRU2 acknowledged",
        "CRU2 mobile",
        "CRU2 on scene",
        "CRU2 with patient",
        "Handover started",
        "Handover accepted",
        "EMAS crew released",
        "CRU2 clear",
    ):
        seat.until_primary(label)
        seat.insist()
    seat.until_primary("Close with an outcome")
    seat.press("Return", "1", *PAST_WHO, "Tab", "Y", "Tab", "Y", "Tab", "Y", "Tab", "1", "Tab")
    seat.type("They could leave after ten minutes.")
    seat.press("Ctrl+Return")
    room.until(lambda: room.desk.store.referral(referral_id).state is ReferralState.CLOSED)
    closed = room.desk.store.referral(referral_id)
    assert (closed.outcome, closed.ae_avoided, closed.ems_released, closed.police_avoided) == (
        "home_safety_plan",
        "yes",
        "yes",
        "yes",
    )
    room.until(lambda: seat.pane.sheets.current is None)
    kinds = [event.kind for event in seat.events(referral_id) if event.kind != "record opened"]
    assert kinds[5:] == [
        "van allocated",
        "van acknowledged",
        "van mobile",
        "van on scene",
        "van with patient",
        "handover started",
        "handover accepted",
        "handover released",
        "van clear",
        "closed",
        "feedback",
    ]
