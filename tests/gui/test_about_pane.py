"""The person in the pane: what they said, flags, who they are, what was kept, and the brief, by keys."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication

from console.live.reality import READ_AFTER
from db import commands
from db.domain.about import Said
from db.domain.arrival_brief import MOST_WORDS, length
from db.domain.next_steps import Act
from db.domain.records import Location, Patient
from db.domain.states import AssignmentState, ReferralState
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]

WHO = Patient("Tam Plover", None, "943 476 5919")


def tell(seat: Seat, referral_id: UUID, *said: Said) -> None:
    seat.room.do(commands.TellAbout(referral_id=referral_id, says=said))
    seat.room.until(lambda: set(said) <= {one.said for one in seat.room.desk.store.about_of(referral_id)})


def choose(seat: Seat, act: Act) -> None:
    """A step from the menu, as a person would."""
    seat.room.until(lambda: any(step.act is act for step in seat.pane.next.steps))
    step = next(step for step in seat.pane.next.steps if step.act is act)
    seat.pane.open_menu(step)
    seat.press("Return")
    seat.room.until(lambda: seat.pane.sheets.current is not None)


def closed(seat: Seat) -> bool:
    return seat.pane.sheets.current is None


def flag(seat: Seat, referral_id: UUID, kind: str, words: str, subject: str = "person") -> None:
    end = seat.room.desk.clock.now() + timedelta(days=40)
    given = {"subject": subject, "kind": kind, "reason": words, "expires_at": end}
    seat.room.do(commands.AddFlag(referral_id=referral_id, **given))
    seat.room.until(lambda: any(one.reason == words for one in seat.room.desk.store.flags_of(referral_id)))


def test_what_was_said_is_shown_with_whoever_said_it(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    tell(
        seat,
        referral_id,
        Said("call_me", "", "Tam"),
        Said("touch", "", "shake hands, nothing else"),
        Said("avoid", "", "strip lights", "her aunt"),
        Said("language", "som"),
        Said("interpreter", "yes"),
    )
    seat.show(referral_id)
    shown = seat.text()
    assert seat.pane.body.about._title.text() == "About me — said by the person, some by her aunt"
    for words in ("shake hands, nothing else", "strip lights", "(her aunt)"):
        assert words in shown
    assert "Somali" in [chip.text for chip in seat.pane.body.about._chips if chip.isVisible()]
    seat.pane.set_private(True)
    assert not seat.pane.body.about.isVisible()


def test_one_thing_is_added_at_any_time_and_by_whom(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    choose(seat, Act.ABOUT)
    sheet = seat.pane.sheets.current
    sheet.field("topic").list.set_value("language")
    sheet.field("words").take_focus()
    seat.type("Urdu, no English")
    sheet.field("said_by").edit.setText("the GP")
    seat.press("Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: len(seat.room.desk.store.about_of(referral_id)) == 2)
    assert {one.said for one in seat.room.desk.store.about_of(referral_id)} == {
        Said("language", "urd", "", "the GP"),
        Said("interpreter", "yes", "", "the GP"),
    }


def test_somebody_who_was_here_is_known_and_what_was_kept_comes_only_when_taken(
    seats: Callable[[str], Seat],
) -> None:
    seat = seats("a.shah")
    first = seat.room.take(patient=WHO, narrative="one")
    tell(seat, first, Said("helps", "", "the radio, low"), Said("keep", "yes"))
    flag(seat, first, "what helps", "ask about the allotment")
    again = seat.room.take(patient=WHO, narrative="two")
    seat.show(again)
    seat.room.until(lambda: "1 other contact" in seat.text())
    seat.room.until(lambda: "ask about the allotment" in seat.text())
    seat.room.until(lambda: "Then, What helps:" in seat.text() and "the radio, low" in seat.text())
    assert not seat.pane.body.about.isVisible(), "never silently"
    seat.room.until(lambda: any(step.act is Act.TAKE_OVER for step in seat.pane.next.steps))
    choose(seat, Act.TAKE_OVER)
    seat.room.until(lambda: not closed(seat))
    seat.press("1", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: seat.pane.body.about.isVisible())
    seat.room.until(lambda: "Then, What helps" not in seat.text())
    (item,) = seat.room.desk.store.about_of(again)
    assert item.from_id is not None


@pytest.mark.hazard("H-028")
def test_who_may_be_the_same_is_asked_and_answered(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    born = seat.room.desk.clock.now().date() - timedelta(days=9999)
    who = Patient("Sorrel Finch", born, None)
    first = seat.room.take(patient=who, narrative="one")
    flag(seat, first, "staff safety", "keep to the front room")
    again = seat.room.take(patient=Patient("FINCH, Sorrel", born, None), narrative="two")
    seat.show(again)
    seat.room.until(lambda: "same name and date of birth" in seat.text())
    assert "front room" not in seat.text()
    choose(seat, Act.WHO_IS_IT)
    seat.press("S", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: "front room" in seat.text())


@pytest.mark.hazard("H-028")
def test_a_wrong_word_is_put_right_and_what_followed_goes_along(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    first = seat.room.take(patient=WHO, narrative="one")
    flag(seat, first, "staff safety", "keep to the front room")
    again = seat.room.take(patient=WHO, narrative="two")
    seat.show(again)
    seat.room.until(lambda: "front room" in seat.text())
    choose(seat, Act.WHO_IS_IT)
    assert "taken for the same" in str(seat.pane.sheets.current.field("other").list.rows)
    seat.press("N", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: "front room" not in seat.text())
    choose(seat, Act.WHO_IS_IT)
    seat.press("S", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: "front room" in seat.text())


def test_contacts_of_the_address_are_told_and_name_nobody(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    seat.room.take(
        patient=Patient("Ambrose Tarn", None, None), location=Location("Flat 2, 9 Mill Road", "NN16 0AA")
    )
    there = seat.room.take(location=Location("9 Mill Road, flat 2", "nn16 0aa"))
    seat.show(there)
    seat.room.until(lambda: "1 other contact at this address, the last CRU-" in seat.text())
    assert "Tarn" not in seat.text()
    assert not any(step.act is Act.WHO_IS_IT for step in seat.pane.next.steps)


def test_a_flag_is_on_the_row_in_words_and_is_withdrawn_with_a_reason(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    place = Location("Flat 2, 9 Mill Road", "NN16 0AA")
    referral_id = seat.room.take(location=place)
    flag(seat, referral_id, "access", "no light on the stairs", "address")
    there = seat.room.take(location=Location("9 Mill Road, flat 2", "nn16 0aa"))
    seat.room.until(lambda: seat.room.desk.store.flags_of(there))
    seat.show(there)
    choose(seat, Act.LOOK_AT_FLAG)
    seat.press("W", "Tab", "Return")
    assert seat.pane.sheets.current.message.text() == "Say why it does not hold."
    seat.type("the council mended it")
    seat.press("Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: not seat.room.desk.store.flags_of(referral_id))
    assert not seat.room.desk.store.flags_of(there)


def test_a_flag_goes_on_when_somebody_looked_at_it(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    flag(seat, referral_id, "pets", "a parrot that bites")
    (was,) = seat.room.desk.store.flags_of(referral_id)
    seat.show(referral_id)
    choose(seat, Act.LOOK_AT_FLAG)
    seat.press("G", "Tab", "4", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: [one.id for one in seat.room.desk.store.flags_of(referral_id)] != [was.id])
    seat.room.until(lambda: len(seat.room.desk.store.flags_of(referral_id)) == 1)
    (now,) = seat.room.desk.store.flags_of(referral_id)
    assert now.review_at - was.review_at > timedelta(days=300)


@pytest.mark.hazard("H-041")
def test_whoever_chooses_a_van_reads_the_flags_and_what_helps_first(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    seat.room.on_duty(0)
    referral_id = seat.room.take()
    flag(seat, referral_id, "access", "a loose fence")
    flag(seat, referral_id, "what helps", "tea first")
    seat.room.accept(referral_id)
    seat.show(referral_id)
    seat.until_primary("Allocate a van")
    seat.press("Return")
    seat.room.until(lambda: not closed(seat))
    known = seat.pane.sheets.current.values()["known"].splitlines()
    assert known == ["✓ what helps: tea first", "▲ access: a loose fence"]


def test_an_interpreter_is_booked_and_the_ranking_knows(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    tell(seat, referral_id, Said("language", "tir"), Said("interpreter", "yes"))
    seat.show(referral_id)
    choose(seat, Act.INTERPRETER)
    assert seat.pane.sheets.current.values()["language"] == "tir", "theirs is under the hand"
    seat.pane.sheets.current.field("booked_with").take_focus()
    seat.type("Capita")
    seat.press("Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: seat.room.desk.store.bookings_of(referral_id))
    assert seat.pane.view().asked.need.booked == ("tir",)


def test_a_brief_that_changed_was_not_read_back(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    van, referral_id = seat.room.on_duty(0), seat.room.take()
    seat.room.accept(referral_id)
    job = seat.room.send(referral_id, van, AssignmentState.ACKNOWLEDGED)
    seat.show(referral_id)
    title = seat.pane.body.brief._title
    seat.room.until(lambda: title.text() == "Brief for CRU1 · not read back")
    seat.press("W")
    seat.room.until(lambda: not closed(seat))
    seat.press("2", "Return")
    seat.room.until(lambda: closed(seat))
    seat.room.until(lambda: " · read back by " in title.text())
    (read,) = seat.room.desk.store.read_backs_of(referral_id)
    assert read.read_by == seat.pane.view().crew(van)[1].name
    tell(seat, referral_id, Said("arrive", "", "round the back"))
    seat.room.until(lambda: "▲ changed since" in title.text())
    seat.until_primary("CRU1 mobile")
    seat.press("Return")
    seat.room.until(seat.pane.doubt.isVisible)
    assert "The brief has changed since" in seat.pane.doubt.text()
    asked = time.monotonic()
    seat.room.until(lambda: time.monotonic() - asked > READ_AFTER)
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.assignment(job).state is AssignmentState.MOBILE)
    ((event, _),) = seat.room.run(
        seat.room.desk.reads.insisted_on(seat.room.desk.clock.now() - timedelta(hours=1))
    )
    assert event.insisted.startswith("the brief has changed since")


def test_a_crew_below_the_rule_is_sent_only_by_who_insists(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    staff = seat.room.desk.store.reference.staff.values()
    others = tuple(member.id for member in staff if not member.registered)[:2]
    seat.room.on_duty(2, staff_ids=others)
    referral_id = seat.room.take()
    seat.room.accept(referral_id)
    seat.show(referral_id)
    seat.until_primary("Allocate a van")
    seat.room.until(lambda: "no registered clinician on the crew" in seat.text())
    seat.press("Return")
    seat.room.until(lambda: not closed(seat) and seat.pane.sheets.current.values()["van"])
    seat.press("Return")
    message = seat.pane.sheets.current.message
    seat.room.until(lambda: "CRU3 has no registered clinician" in message.text())
    asked = time.monotonic()
    seat.room.until(lambda: time.monotonic() - asked > READ_AFTER)
    seat.press("Return")
    seat.room.until(lambda: seat.room.desk.store.referral(referral_id).state is ReferralState.ALLOCATED)


def test_ethnicity_is_put_down_as_they_say_it(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    seat.press("T")
    sheet = seat.pane.sheets.current
    assert not sheet.field("ethnicity").isVisible()
    sheet.field("topic").prefer("ethnicity")
    assert sheet.field("ethnicity").isVisible()
    assert not sheet.field("words").isVisible(), "what is asked is one thing"
    seat.press("Return")
    assert sheet.message.text() == "Choose what they say."
    sheet.field("ethnicity").prefer("M")
    seat.press("Return")
    seat.room.until(lambda: seat.pane.sheets.current is None)
    (told,) = (one for one in seat.events(referral_id) if "ethnicity" in one.detail)
    assert told.detail["ethnicity"]["to"] == "Black or Black British"


def test_where_they_live_is_put_down_by_its_tenth_or_as_not_known(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take()
    seat.show(referral_id)
    for chosen, kept in (("4", 4), ("0", None)):
        seat.press("T")
        sheet = seat.pane.sheets.current
        assert not sheet.field("tenth").isVisible()
        sheet.field("topic").prefer("deprivation")
        assert sheet.field("tenth").isVisible()
        assert not sheet.field("words").isVisible()
        assert not sheet.field("ethnicity").isVisible()
        sheet.field("tenth").prefer(chosen)
        seat.press("Return")
        seat.room.until(lambda: seat.pane.sheets.current is None)
        told = [one for one in seat.events(referral_id) if "deprivation" in one.detail]
        assert told[-1].detail["deprivation"]["to"] == kept


def test_the_arrival_brief_is_copied_by_its_key_with_and_without_a_van_but_not_while_hidden(
    seats: Callable[[str], Seat],
) -> None:
    seat = seats("a.shah")
    referral_id = seat.room.take(patient=WHO)
    tell(seat, referral_id, Said("wish", "", "Unmarked van"), Said("helps", "", "her sister on the telephone"))
    seat.show(referral_id)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    seat.pane.set_private(True)
    seat.press("Ctrl+Shift+B")
    assert clipboard.text() == "before"
    seat.pane.set_private(False)
    seat.press("Ctrl+Shift+B")
    said = clipboard.text()
    assert said.splitlines()[0] == "Tam Plover."
    assert "Unmarked van" in said
    assert length(said) <= MOST_WORDS
    assert "As asked" not in said, "no van goes yet"
