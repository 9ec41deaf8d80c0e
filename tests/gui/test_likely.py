"""Whom a call may be about, told in the form while it is typed, and said by keys; asserted by the record."""

from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from console.views.form.form import ReferralForm
from db.domain.records import Location, Patient
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, room, rooms
from tests.gui.form_hands import ALT, dressed, form, location, press, save, start, tab_to, type_keys

__all__ = ["dressed", "form", "qt_loop", "room", "rooms"]
NUMBER = "9434765919"
ELSEWHERE = Location("2 Bridge Street, Northampton", "NN1 1NS", 52.2365, -0.8965)


def told(room: Room, form: ReferralForm, words: str) -> None:
    room.until(lambda: words in form.likely.text())


def call(room: Room, form: ReferralForm, phone: str = "07700 900123") -> None:
    """What makes a referral, and a telephone."""
    start(room, form)
    tab_to("call_back")
    type_keys(phone)


def words_of(room: Room) -> list[tuple[Any, ...]]:
    async def read() -> list[tuple[Any, ...]]:
        async with room.engine.connect() as connection:
            found = await connection.exec_driver_sql(
                "SELECT other_id, is_same FROM cru.same_person ORDER BY added_at"
            )
            return [tuple(row) for row in found]

    return room.run(read())


def notes_of(room: Room, referral: UUID) -> list[str]:
    return [one.words for one in room.run(room.desk.reads.events_of(referral)) if one.kind == "note"]


@pytest.mark.hazard("H-068")
def test_a_second_caller_is_told_of_the_first_and_the_call_becomes_notes(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123", caller="her sister")
    location(room, form, "NN1 4LP")
    tab_to("call_back")
    type_keys("07700 900123")
    told(room, form, "This may be CRU-")
    assert "same telephone, same place" in form.likely.text()
    tab_to("narrative")
    type_keys("She is at the bus stop now")
    press(Qt.Key.Key_A, ALT)
    room.until(lambda: not form.current.is_touched)
    first, second = notes_of(room, there)
    assert "Another call about this at " in first
    assert "Call-back number: 07700 900123" in first
    assert second == "Said in the other call: She is at the bus stop now"
    assert [one.id for one in room.desk.store.referrals()] == [there], "no second referral was made"


@pytest.mark.hazard("H-028")
def test_enter_links_nothing_and_an_open_one_is_told_before_saving(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123")
    call(room, form)
    told(room, form, "This may be CRU-")
    press(Qt.Key.Key_Return)
    assert form.current.said_same == {}
    save()
    assert "once more makes another referral" in form.message.text()
    assert [one.id for one in room.desk.store.referrals()] == [there]
    save()
    room.until(lambda: len(room.desk.store.referrals()) == 2)
    assert words_of(room) == []


def test_not_the_same_is_kept_when_it_is_saved_and_asked_no_more(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123")
    call(room, form)
    told(room, form, "This may be CRU-")
    press(Qt.Key.Key_N, ALT)
    told(room, form, "Kept when it is saved: not the same as CRU-")
    assert "This may be" not in form.likely.text()
    press(Qt.Key.Key_U, ALT)
    told(room, form, "This may be CRU-")
    press(Qt.Key.Key_N, ALT)
    save()
    room.until(lambda: len(room.desk.store.referrals()) == 2)
    room.until(lambda: not form.current.is_touched)
    assert words_of(room) == [(there, False)]


def test_the_same_person_is_linked_when_it_is_saved(room: Room, form: ReferralForm) -> None:
    there = room.take(patient=Patient(nhs_number=NUMBER), location=ELSEWHERE)
    start(room, form)
    tab_to("nhs_number")
    type_keys("943 476 5919")
    told(room, form, "same NHS number")
    press(Qt.Key.Key_S, ALT)
    told(room, form, "the same person as CRU-")
    save()
    room.until(lambda: not form.current.is_touched)
    assert words_of(room) == [(there, True)]


def test_what_proves_nothing_is_not_linked_by_the_key(room: Room, form: ReferralForm) -> None:
    room.take(call_back="07700 900123")
    call(room, form)
    told(room, form, "This may be CRU-")
    press(Qt.Key.Key_S, ALT)
    assert form.current.said_same == {}


def test_to_see_it_puts_the_form_aside(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123")
    seen: list[object] = []
    form.saved.connect(seen.append)
    call(room, form)
    told(room, form, "This may be CRU-")
    press(Qt.Key.Key_O, ALT)
    assert seen == [there]
    assert len(form.drafts) == 1
    form.open_parked(form.drafts.all()[0])
    told(room, form, "This may be CRU-")


@pytest.mark.parametrize("pressed", [False, True], ids=["hands on keys", "one on the mouse"])
def test_what_is_being_typed_stays_in_sight(room: Room, form: ReferralForm, pressed: bool) -> None:
    room.take(patient=Patient(nhs_number=NUMBER), location=ELSEWHERE)
    form.resize(860, 560)
    start(room, form)
    tab_to("nhs_number")
    if pressed:
        QTest.mousePress(form, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        tab_to("nhs_number")
    type_keys("943 476 5919")
    told(room, form, "same NHS number")
    field = form.page.editors()["nhs_number"]
    room.until(
        lambda: not field.visibleRegion().isEmpty() and field.visibleRegion().boundingRect() == field.rect()
    )
    QTest.mouseRelease(form, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


@pytest.mark.hazard("H-068")
def test_whoever_saves_before_the_record_was_asked_is_told_first(room: Room, form: ReferralForm) -> None:
    there = room.take(call_back="07700 900123")
    call(room, form)
    save()
    room.until(lambda: "once more makes another referral" in form.message.text())
    assert [one.id for one in room.desk.store.referrals()] == [there]


def test_a_save_waits_for_the_answer_and_then_goes_on_by_itself(room: Room, form: ReferralForm) -> None:
    call(room, form)
    save()
    room.until(lambda: len(room.desk.store.referrals()) == 1)


def test_nobody_is_asked_of_somebody_elsewhere(room: Room, form: ReferralForm) -> None:
    room.take(call_back="07700 900999", location=ELSEWHERE)
    call(room, form)
    room.until(lambda: not form.likely._pause.isActive() and not form.likely._asking)
    assert form.likely.isHidden()
    save()
    room.until(lambda: len(room.desk.store.referrals()) == 2)


_PAST = """
INSERT INTO cru.referral (reference, state, received_at, accepted_at, closed_at, source, priority, location_text,
    patient_name, nhs_number, outcome)
SELECT 'CRU-20250101-0001', 'closed', at, at, at + interval '1 hour', 'hub', 'P2', '3 Bridge Street',
    'Iris Okonkwo', '943 476 5919', 'gp' FROM (SELECT now() - interval '300 days' AS at) t
"""


@pytest.mark.hazard("H-092")
def test_somebody_of_the_past_is_told_and_beyond_the_limit_a_call_goes_on_without(
    room: Room, form: ReferralForm, record: Record
) -> None:
    there = room.take(patient=Patient(nhs_number=NUMBER), location=ELSEWHERE)
    room.run(record.unguarded(_PAST))
    start(room, form)
    tab_to("nhs_number")
    type_keys("943 476 5919")
    told(room, form, "1 more after it")
    assert "not looked through" not in form.likely.text()
    later = "UPDATE cru.opened SET opened_at = opened_at - interval '1 hour'"
    reached = (
        "INSERT INTO cru.look (looked_by, why, referrals) SELECT 'a.shah', 'alike', ARRAY[gen_random_uuid()]"
        " FROM generate_series(1, 240)"
    )
    room.run(record.unguarded(later, reached))
    tab_to("call_back")
    type_keys("07700 900123")
    told(room, form, "Earlier referrals are not looked through now: too many were opened within an hour.")
    assert "same NHS number" in form.likely.text()
    assert "more after it" not in form.likely.text()
    # Nothing about saving depends on it: what is open is told once, as ever.
    save()
    assert "once more makes another referral" in form.message.text()
    save()
    room.until(lambda: len(room.desk.store.referrals()) == 2)
    assert there in {one.id for one in room.desk.store.referrals()}
