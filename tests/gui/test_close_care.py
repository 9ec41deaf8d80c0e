"""At the end two more things may be put down: was A&E needed, and was force used. Neither must be."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtCore import QRect

from console.views.desk.seeing_to import open_sheet
from db import commands
from db.domain.about import Said
from db.domain.next_steps import Act
from db.domain.states import AssignmentState, ReferralState
from tests.cluster import Record, run
from tests.gui.seats import PAST_WHO, Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]


async def row(record: Record, referral: UUID) -> Any:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        return await connection.fetchrow("SELECT ae_care, force_used FROM cru.referral WHERE id = $1", referral)
    finally:
        await connection.close()


@pytest.mark.hazard("H-061")
@pytest.mark.parametrize(
    ("keys", "care", "force"),
    [
        (("2", "Tab", "N"), "needed and not done", "no"),
        (("3", "Tab", "Y"), "not needed", "yes"),
        (("Tab", "U"), None, "unknown"),
        ((), None, None),
    ],
)
def test_care_and_force_are_put_down_by_key_or_not_at_all(
    seats: Callable[[str], Seat], record: Record, keys: tuple[str, ...], care: str | None, force: str | None
) -> None:
    seat = seats("a.shah")
    room = seat.room
    van, referral = room.on_duty(0), room.take(source="hub", ems_callsign="")
    room.accept(referral)
    job = room.send(referral, van, AssignmentState.WITH_PATIENT)
    room.do(commands.Step(assignment_id=job, to=AssignmentState.CLEAR))
    seat.show(referral)
    seat.until_primary("Close with an outcome")
    seat.press("Return", "1", *PAST_WHO, "Tab", "Y", "Tab", "Y", "Tab", "Y")
    seat.pane.sheets.current.field("care").take_focus()
    seat.press(*keys)
    seat.press("Ctrl+Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CLOSED)
    assert tuple(run(row(record, referral))) == (care, force)


async def kept(record: Record, referral: UUID) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        query = (
            "SELECT a.words, w.kept, w.words, w.said_by FROM cru.wish_kept w"
            " JOIN cru.about_me a ON a.id = w.about_id WHERE w.referral_id = $1 ORDER BY a.words"
        )
        return [tuple(row) for row in await connection.fetch(query, referral)]
    finally:
        await connection.close()


def test_at_the_end_the_crew_says_of_each_wish_whether_it_was_kept_and_why_not(
    seats: Callable[[str], Seat], record: Record
) -> None:
    seat = seats("a.shah")
    room = seat.room
    van, referral = room.on_duty(0), room.take(source="hub", ems_callsign="")
    asked = tuple(Said("arrive", "", words) for words in ("by the back door", "no knocking", "one at a time"))
    room.do(commands.TellAbout(referral_id=referral, says=asked))
    room.accept(referral)
    job = room.send(referral, van, AssignmentState.WITH_PATIENT)
    room.do(commands.Step(assignment_id=job, to=AssignmentState.CLEAR))
    seat.show(referral)
    seat.until_primary("Close with an outcome")
    seat.press("Return", "1", *PAST_WHO, "Tab", "Y", "Tab", "Y", "Tab", "Y")
    sheet = seat.pane.sheets.current
    assert sheet.field("said_by").value() == "", "no words are put down to a crew that was not there"
    # One is left unanswered: nobody has to say anything.
    ids = {item.said.words: str(item.id) for item in room.desk.store.about_of(referral)}
    for words, key in (("by the back door", "Y"), ("no knocking", "P")):
        sheet.field(ids[words]).take_focus()
        seat.press(key)
    assert not sheet.field(f"why {ids['by the back door']}").isVisible()
    seat.press("Ctrl+Return")
    assert seat.pane.sheets.current is sheet, "why it was not kept is asked for"
    assert sheet.message.text() == "Say why."
    seat.type("The neighbour rang the bell")
    seat.press("Ctrl+Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CLOSED)
    room.until(lambda: len(run(kept(record, referral))) == 2)
    assert run(kept(record, referral)) == [
        ("by the back door", "yes", "", "the crew"),
        ("no knocking", "partly", "The neighbour rang the bell", "the crew"),
    ]


TOLD = (
    "SELECT r.outcome, r.ae_avoided, e.holder_name, e.person_not_told, e.caller_told_by, e.referrer_not_told"
    " FROM cru.referral r JOIN cru.ending e ON e.referral_id = r.id WHERE r.id = $1"
)
ENDED = (
    "SELECT r.state, r.force_used, e.holder_name, e.looks_until IS NOT NULL, e.ground, e.ground_by,"
    " e.rights_told_by, e.rights_not_told, e.person_not_told"
    " FROM cru.referral r JOIN cru.ending e ON e.referral_id = r.id WHERE r.id = $1"
)


async def ended(record: Record, referral: UUID, query: str = ENDED) -> tuple[Any, ...]:
    connection = await asyncpg.connect(**record.owner_kwargs)
    try:
        return tuple(await connection.fetchrow(query, referral))
    finally:
        await connection.close()


def _in_sight(sheet: Any, rows: Any, place: int) -> bool:
    """Whether a row can be seen, in its list and in its sheet."""
    box = rows.visualItemRect(rows.item(place))
    view = sheet._scroll.viewport()
    inside = rows.viewport().rect().contains(box)
    return inside and view.rect().contains(QRect(rows.viewport().mapTo(view, box.topLeft()), box.size()))


@pytest.mark.hazard("H-032")
def test_who_is_with_them_is_asked_first_and_of_the_dead_nothing_is_counted(
    seats: Callable[[str], Seat], record: Record
) -> None:
    seat = seats("a.shah")
    room = seat.room
    van, referral = room.on_duty(0), room.take(source="hub", ems_callsign="")
    room.do(commands.TellAbout(referral_id=referral, says=(Said("arrive", "", "by the back door"),)))
    room.accept(referral)
    job = room.send(referral, van, AssignmentState.WITH_PATIENT)
    room.do(commands.Step(assignment_id=job, to=AssignmentState.CLEAR))
    seat.show(referral)
    seat.until_primary("Close with an outcome")
    # The last of the list, and from nothing chosen one key away.
    seat.pane.resize(348, 620)
    seat.press("Return", "End")
    sheet = seat.pane.sheets.current
    assert sheet.values()["outcome"] == "died"
    # A key never acts on a row that nobody sees, in a list that is longer than its sheet.
    rows = sheet.field("outcome").list
    for key, place in (("Home", 0), ("End", rows.count() - 1), ("Home", 0), ("End", rows.count() - 1)):
        bar = sheet._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())
        seat.press(key)
        room.until(lambda place=place: _in_sight(sheet, rows, place))
    asked = [field.name for field in sheet._asked]
    assert asked == ["outcome", "holder", "holder_name", "told_caller", "told_referrer", "told_at", "force"]
    seat.press("Home")
    asked = [field.name for field in sheet._asked]
    assert asked.index("holder") < asked.index("told_person") < asked.index("ae")
    seat.press("End", "Tab", "4", "Tab")
    seat.type("PC 4471, with her mother")
    seat.press("Tab")
    seat.type("Ann")
    seat.press("Tab")
    seat.type("not: not reached yet, on the list for 0700")
    seat.press("Ctrl+Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CLOSED)
    assert run(ended(record, referral, TOLD)) == (
        "died",
        "unknown",
        "PC 4471, with her mother",
        "the person has died",
        "Ann",
        "not reached yet, on the list for 0700",
    )


@pytest.mark.hazard("H-095")
def test_what_was_against_their_wishes_is_asked_of_the_ends_where_it_may_have_been(
    seats: Callable[[str], Seat], record: Record
) -> None:
    seat = seats("a.shah")
    room = seat.room
    referral = room.take(source="hub", ems_callsign="")
    seat.show(referral)
    seat.press("Delete", "2")
    sheet = seat.pane.sheets.current
    assert sheet.values()["reason"] == "ems_conveyed"
    assert not sheet.field("ground_by").isVisible()
    sheet.field("ground").take_focus()
    # Consent asks for nothing more; a ground does.
    seat.press("1")
    assert not sheet.field("ground_by").isVisible()
    seat.press("2", "Tab")
    seat.type("PC 4471")
    seat.press("Tab")
    seat.type("not: the ward tells them")
    seat.press("Return")
    assert sheet.message.text().startswith("It was against their wishes: was force used")
    seat.press("Y", "Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CANCELLED)
    said = ("s136", "PC 4471", "", "the ward tells them", "")
    assert run(ended(record, referral)) == ("cancelled", "yes", "", False, *said)
    # What was said of force and rights is not asked again with what is still open.
    seat.until_primary("Say who is responsible")
    seat.press("Return")
    asked = [field.name for field in seat.pane.sheets.current._asked]
    assert {"ground", "ground_by", "told_person", "died"} <= set(asked)
    assert not {"force", "told_rights"} & set(asked)


@pytest.mark.hazard("H-032")
def test_of_who_was_not_found_it_is_asked_who_looks_and_until_when(
    seats: Callable[[str], Seat], record: Record
) -> None:
    seat = seats("a.shah")
    room = seat.room
    referral = room.take(source="hub", ems_callsign="")
    seat.show(referral)
    seat.press("Delete", "3")
    sheet = seat.pane.sheets.current
    asked = [field.name for field in sheet._asked]
    assert asked == ["reason", "holder", "holder_name", "looks_until", "told_caller", "told_referrer", "told_at"]
    sheet.field("looks_until").take_focus()
    seat.type("2330")
    seat.press("Return")
    assert sheet.message.text().startswith("Who looks for them until then?")
    seat.press("4", "Tab")
    seat.type("Force control room")
    seat.press("Return")
    room.until(lambda: room.desk.store.referral(referral).state is ReferralState.CANCELLED)
    found = run(ended(record, referral))
    assert found == ("cancelled", None, "Force control room", True, "", "", "", "", "the person was not found")


@pytest.mark.hazard("H-096")
def test_a_shift_lead_takes_back_that_somebody_died_and_puts_the_end_right(
    seats: Callable[[str], Seat], record: Record
) -> None:
    seat = seats("l.lead")
    room = seat.room
    referral = room.take(source="hub", ems_callsign="")
    room.do(commands.Cancel(referral_id=referral, reason="advice_only"))
    room.do(commands.NameResponsible(referral_id=referral, said=commands.Responsible(died=True)))
    room.until(lambda: (end := room.desk.store.ending_of(referral)) and end.died_known_at)
    seat.show(referral)
    # What is open stands before that it may be reopened.
    seat.until_primary("Say who is responsible")
    seat.press("Return")
    sheet = seat.pane.sheets.current
    asked = [field.name for field in sheet._asked]
    assert "lives" in asked
    assert "died" not in asked
    sheet.field("lives").take_focus()
    seat.type("her sister rang")
    seat.press("Return")
    room.until(lambda: room.desk.store.ending_of(referral).died_known_at is None)
    open_sheet(seat.pane, referral, Act.AMEND_END)
    sheet = seat.pane.sheets.current
    assert "advice_only" not in [row.value for row in sheet.field("end").list.rows]
    # A caller who cancelled is asked about the person here, too.
    asked = [field.name for field in sheet._asked]
    assert asked == ["end", "why"]
    seat.press("1")
    assert [field.name for field in sheet._asked] == ["end", "spoken_name", "spoken_at", "spoken_not", "why"]
    sheet.field("why").take_focus()
    seat.type("the wrong row")
    seat.press("Return")
    assert sheet.message.text().startswith("Was the person spoken to?")
    sheet.field("spoken_not").take_focus()
    seat.type("no number of hers")
    seat.press("Return")
    room.until(lambda: room.desk.store.ending_of(referral).reason == "by_caller")
