"""Calls, promises, endings and what comes later: by keys, asserted through the record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from console.views.detail.care_section import AfterwardsSection, WaitingSection
from console.views.lists.care import CarePage
from db import commands
from db.domain.party import Party
from db.domain.states import ReferralState
from tests.cluster import Record
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


def row_of(seat: Seat, record: Record, table: str, referral_id: UUID) -> Any:
    """The newest row of a table, as the owner reads it."""

    async def read() -> Any:
        owner = await asyncpg.connect(**record.owner_kwargs)
        try:
            sql = f"SELECT * FROM cru.{table} WHERE referral_id = $1 ORDER BY version, id LIMIT 1"  # noqa: S608 - ours
            return await owner.fetchrow(sql, referral_id)
        finally:
            await owner.close()

    return seat.room.run(read())


def waiting(seat: Seat, minutes: float, priority: str = "P2") -> UUID:
    """Somebody who was referred some minutes ago and is shown."""
    received = seat.room.desk.clock.now() - timedelta(minutes=minutes)
    referral_id = seat.room.take(received_at=received, source="hub", priority=priority)
    seat.show(referral_id)
    return referral_id


def told(section: WaitingSection | AfterwardsSection) -> str:
    return section._words.text()


def test_a_call_that_is_due_is_a_button_and_is_recorded_by_keys(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 45)
    pane, store = seat.pane, seat.room.desk.store
    assert "Not called yet" in told(pane.body.waiting)
    assert "Next call was due" in told(pane.body.waiting)
    assert any(step.key == "J" and not step.in_menu for step in pane.view().steps())
    seat.press("J", "1", "Tab")
    seat.type("Ottoline")
    seat.press("Tab")
    seat.type("The dog keeps her company")
    seat.press("Tab")
    seat.type("a call before we come")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: store.contacts_of(referral_id))
    (call,) = store.contacts_of(referral_id)
    assert (call.spoke_with, call.with_name, call.said) == ("person", "Ottoline", "The dog keeps her company")
    assert call.due_at is not None
    seat.room.until(lambda: "spoke with Ottoline" in told(pane.body.waiting))
    assert "promised: a call before we come" in told(pane.body.waiting)
    assert "Next call" in told(pane.body.waiting)
    assert next(step for step in pane.view().steps() if step.key == "J").in_menu


def test_nobody_answered_needs_a_reason(seats: Callable[[str], Seat], record: Record) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 45)
    seat.press("J", "4", "Ctrl+Return")
    assert "why nobody" in seat.pane.sheets.current.message.text()
    seat.type("voicemail, twice")
    seat.press("Ctrl+Return")
    seat.room.until(lambda: seat.room.desk.store.contacts_of(referral_id))
    assert row_of(seat, record, "contact", referral_id)["why_not"] == "voicemail, twice"


def test_names_are_hidden_with_the_rest(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 45)
    call = commands.RecordContact(
        referral_id=referral_id, spoke_with="person", with_name="Ottoline", said="cold", promised="tea"
    )
    seat.room.do(call)
    seat.room.until(lambda: "Ottoline" in told(seat.pane.body.waiting))
    seat.pane.set_private(True)
    for word in ("Ottoline", "cold", "tea"):
        assert word not in told(seat.pane.body.waiting)


def test_a_promise_is_said_to_be_kept(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 45)
    call = commands.RecordContact(
        referral_id=referral_id, spoke_with="carer", with_name="Bram", promised="ring before the van comes"
    )
    seat.room.do(call)
    seat.room.until(lambda: "promised" in told(seat.pane.body.waiting))
    seat.press("Q", "K", "Ctrl+Return")
    seat.room.until(lambda: seat.room.desk.store.contacts_of(referral_id)[0].promise_outcome == "kept")
    seat.room.until(lambda: "· kept, says" in told(seat.pane.body.waiting))


def test_a_caller_who_cancels_is_asked_about_the_person(seats: Callable[[str], Seat], record: Record) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 10)
    seat.press("Delete", "1", "Return")
    sheet = seat.pane.sheets.current
    assert sheet.message.text().startswith("Was the person spoken to?")
    sheet.field("spoken_name").take_focus()
    seat.type("Ottoline")
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral_id).state is ReferralState.CANCELLED)
    call = row_of(seat, record, "contact", referral_id)
    assert (call["about"], call["spoke_with"], call["with_name"]) == ("cancel", "person", "Ottoline")
    ending = row_of(seat, record, "ending", referral_id)
    assert (ending["state"], ending["holder_kind"]) == ("cancelled", "")


def test_an_ending_that_names_nobody_says_so_until_somebody_does(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = waiting(seat, 10)
    seat.room.do(commands.Cancel(referral_id=referral_id, reason="duplicate"))
    section, store = seat.pane.body.afterwards, seat.room.desk.store
    seat.room.until(lambda: "Nobody is named" in told(section))
    seat.until_primary("Say who is responsible")
    seat.press("Return", "2", "Tab")
    seat.type("Her brother Bram")
    seat.press("Tab")
    seat.type("K. Bell")
    seat.press("Tab")
    seat.type("not: the line is closed")
    seat.press("Return")
    seat.room.until(lambda: store.ending_of(referral_id).is_named)
    ending = store.ending_of(referral_id)
    assert (ending.holder_kind, ending.holder_name) == (Party.OTHER, "Her brother Bram")
    assert (ending.person.by, ending.caller.not_told) == ("K. Bell", "the line is closed")
    assert [*ending.untold()] == ["referrer"]
    seat.room.until(lambda: "Person told by K. Bell" in told(section))
    assert "Her brother Bram holds the patient" in seat.pane.body.holding._words.text()


def test_a_declined_person_is_still_with_the_crew_that_waits(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take(source="ems_crew", ems_callsign="N2204")
    seat.show(referral_id)
    seat.room.do(commands.Decline(referral_id=referral_id, reason="out_of_area"))
    seat.room.until(lambda: "EMAS N2204 holds the patient" in seat.pane.body.holding._words.text())


def test_the_rooms_list_has_calls_promises_and_endings(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    one, other = waiting(seat, 45), waiting(seat, 20)
    call = commands.RecordContact(referral_id=one, spoke_with="carer", with_name="Bram", promised="ring at six")
    seat.room.do(call)
    seat.room.do(commands.Cancel(referral_id=other, reason="duplicate"))
    seat.room.until(lambda: seat.room.desk.store.ending_of(other) is not None)
    page = CarePage(seat.room.desk)
    page.show()
    seat.room.until(lambda: page.table.rowCount() == 3)
    words = [str(page.table.item(row, 2).text()) for row in range(3)]
    assert words[0] == "promise: ring at six"
    assert words[1] == "call: P2 waits without a van"
    assert words[2].startswith("ending: nobody named; not said who told: person")
    page.set_private(True)
    seat.room.until(lambda: page.table.item(0, 2).text() == "promise")
    assert "Bram" not in page.table.item(0, 3).text()
    page.close()
