"""Danger told after accept: in words on row and pane, an alarm, no van to the person, three ways on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.live.alarm_watch import AlarmWatch
from console.live.joins import referral_facts
from console.views.detail.sections import DetailSection
from console.views.lists.tool_page import ToolPage
from db import commands
from db.commands import Command, Details
from db.domain.board import board_row, face
from db.domain.next_steps import Act
from db.domain.records import Location
from tests.gui.seats import Seat, qt_loop, rooms, seats

__all__ = ["qt_loop", "rooms", "seats"]

REVIEW = datetime.now(UTC) + timedelta(days=20)
PLACE = Location("Abington Street, Northampton", "NN1 4LP", 52.2405, -0.8901)


def edit(seat: Seat, key: UUID, **changed: str) -> Command:
    version = seat.room.desk.store.referral(key).version
    given = {"source": "ems_crew", "priority": "P1", "location": PLACE, "ems_callsign": "A1187"} | changed
    return commands.EditReferral(referral_id=key, version=version, details=Details(**given))


def screened(seat: Seat, key: UUID, **changed: str) -> Command:
    items = seat.room.desk.store.reference.current_tool.items
    answers = {item.key: "no" for item in items if not item.branch} | changed
    version = seat.room.desk.store.reference.current_tool.version
    return commands.CompleteScreening(referral_id=key, tool_version=version, answers=answers)


def warned(key: UUID) -> Command:
    reason = "Dogs let loose on purpose"
    return commands.AddFlag(
        referral_id=key, subject="address", kind="staff safety", reason=reason, expires_at=REVIEW
    )


TOLD: dict[str, tuple[Callable[[Seat, UUID], Command], str]] = {
    "an answer": (lambda seat, key: screened(seat, key, chest_pain="yes"), "yes: Chest pain"),
    "an answer not known": (lambda seat, key: screened(seat, key, seizure="not known"), "not known: Seizure"),
    "the scale": (lambda seat, key: edit(seat, key, triage_scale="A"), "scale A, immediate danger"),
    "the narrative": (lambda seat, key: edit(seat, key, narrative="Wrists are bleeding now"), "says “bleeding”"),
    "a flag": (lambda _seat, key: warned(key), "caution: staff safety"),
    "a note": (
        lambda _seat, key: commands.AddNote(referral_id=key, words="He has swallowed bleach"),
        "says “bleach”",
    ),
}


def shown(seat: Seat, key: UUID) -> str:
    """The board's second line."""
    facts = referral_facts(seat.room.desk.store, key)
    assert facts is not None
    store = seat.room.desk.store
    return face(board_row(facts, store.reference), seat.room.desk.clock.now()).full


def alarms(seat: Seat) -> list[str]:
    now = seat.room.desk.clock.now()
    return [alarm.sentence(now) for alarm in AlarmWatch(seat.room.desk.store).sounding(now)]


def tell(seat: Seat, key: UUID, how: str) -> str:
    command, words = TOLD[how]
    seat.room.do(command(seat, key))
    store = seat.room.desk.store
    seat.room.until(lambda: words in " ".join(one.words for one in store.dangers_of(key).seen_to))
    return words


def deciding(seat: Seat) -> UUID:
    """A referral that an answer stopped after it was accepted, with the sheet of a clinician's decision open."""
    key = seat.room.take()
    seat.room.accept(key)
    seat.show(key)
    tell(seat, key, "an answer")
    seat.until_primary("Screen again")
    seat.press("O")
    return key


@pytest.mark.hazard("H-002")
@pytest.mark.parametrize("how", TOLD)
def test_told_after_accept(seats: Callable[[str], Seat], how: str) -> None:
    seat = seats("a.shah")
    key = seat.room.take()
    seat.room.accept(key)
    seat.show(key)
    seat.until_primary("Allocate a van")
    assert not any("danger" in one for one in alarms(seat))
    words = tell(seat, key, how)
    seat.until_primary("Screen again")
    labels = [step.label for step in seat.pane.view().steps()]
    assert "Allocate a van" not in labels
    assert {'"999 / return to EMAS" was said', "Decline, or return to EMAS"} <= set(labels)
    assert words in seat.text()
    assert "✓ " not in seat.text(), "nothing is said to be well while something stands against it"
    called = "stop" if how == "an answer not known" else "danger"
    assert any(f"{called} · {words}" in one for one in alarms(seat))
    assert f"▲ {called} · {words}" in shown(seat, key)


@pytest.mark.hazard("H-002")
@pytest.mark.parametrize("how", ["an answer", "the narrative", "a flag"])
def test_told_while_the_van_is_on_its_way(seats: Callable[[str], Seat], how: str) -> None:
    seat = seats("a.shah")
    van, key = seat.room.on_duty(0), seat.room.take()
    seat.room.accept(key)
    seat.room.send(key, van)
    seat.show(key)
    seat.until_primary("CRU1 acknowledged")
    tell(seat, key, how)
    seat.until_primary("Screen again")
    acts = {(step.act, str(step.to)) for step in seat.pane.view().steps()}
    assert {(Act.STEP, "acknowledged"), (Act.STEP, "at rendezvous")} <= acts
    assert not acts & {(Act.STEP, to) for to in ("mobile", "on scene", "with patient")}
    assert any(step.act is Act.STAND_DOWN for step in seat.pane.view().steps())


def test_a_clinician_lets_it_on_by_name_and_a_later_danger_stands_again(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    key = deciding(seat)
    seat.type("Dr N. Sample")
    seat.press("Tab")
    seat.type("ECG by the crew is normal")
    seat.press("Return")
    seat.until_primary("Allocate a van")
    assert "Let on by <b>Dr N. Sample</b>: ECG by the crew is normal" in seat.text()
    assert "Let on by a clinician" not in shown(seat, key)
    tell(seat, key, "a flag")
    seat.until_primary("Screen again")
    assert "yes: Chest pain" not in " ".join(one for one in alarms(seat))


def test_a_dispatcher_says_that_words_were_looked_at(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    key = seat.room.take(narrative="Her noose necklace broke.")
    seat.room.do(screened(seat, key))
    seat.show(key)
    seat.until_primary("Decline, or return to EMAS")
    assert "▲ Says" in seat.text()
    seat.press("J")
    seat.type("A. Shah")
    seat.press("Tab")
    seat.type("a piece of jewellery")
    seat.press("Return")
    seat.until_primary("Accept")
    assert "Looked at by <b>A. Shah</b>: a piece of jewellery" in seat.text()
    # No other part of the pane asks for what was done.
    assert "ask again" not in seat.text()
    assert "noose" in seat.text()
    assert "looked at." in seat.text()
    assert "No concern reported" not in seat.text()


@pytest.mark.hazard("H-003")
def test_scale_a_is_never_offered_accept(seats: Callable[[str], Seat]) -> None:
    for login in ("a.shah", "l.lead"):
        seat = seats(login)
        key = seat.room.take(triage_scale="A", priority="P2", source="ems_desk", ems_callsign="")
        seat.room.do(screened(seat, key))
        seat.show(key)
        seat.until_primary("Decline, or return to EMAS")
        acts = {step.act for step in seat.pane.view().steps()}
        assert not acts & {Act.ACCEPT, Act.OVERRIDE, Act.LOOKED_AT}
        assert "Nobody may let this on" in seat.text()


@pytest.mark.hazard("H-067")
def test_who_is_held_has_the_24_hours_in_sight(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    key = seat.room.take(legal_status="s136: custody suite")
    seat.show(key)
    seat.room.until(lambda: "Held: 24 h: since when is not known" in seat.text())
    seat.room.do(edit(seat, key, legal_status="s136: custody suite, arrived 2 h ago"))
    seat.room.until(lambda: "Held: 24 h end" in seat.text() and "in 21 h 5" in seat.text())


def test_who_was_not_asked_yet_is_asked_and_not_sent_away(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    key = seat.room.take()
    seat.room.do(edit(seat, key, narrative="Short of breath on the stairs."))
    seat.show(key)
    seat.until_primary("Screen")
    assert "Ask every question first." in seat.text()
    assert "Nobody may let this on" not in seat.text()


def test_private_it_tells_no_word_of_the_narrative(seats: Callable[[str], Seat]) -> None:
    seat = seats("a.shah")
    key = seat.room.take()
    seat.room.accept(key)
    seat.show(key)
    tell(seat, key, "the narrative")
    seat.until_primary("Screen again")
    seat.pane.set_private(True)
    section = next(
        one for one in seat.pane.findChildren(DetailSection) if "Stands against" in one.accessibleName()
    )
    assert section.isVisibleTo(seat.pane)
    assert "bleeding" not in seat.text().replace("Severe bleeding", "").casefold()


@pytest.mark.hazard("H-009")
def test_unsigned_questions_say_so_and_a_lead_reads_them_whole(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    key = seat.room.take()
    seat.show(key)
    seat.until_primary("Screen")
    assert "is not signed by a clinical lead yet" in seat.text()
    page = ToolPage(seat.room.desk)
    page.refresh()
    text = page.text.toPlainText()
    page.close()
    for item in seat.room.desk.store.reference.current_tool.items:
        assert item.text in text
    assert "in force since" in text


def test_a_sheet_that_is_opened_again_is_about_what_stands_there_now(seats: Callable[[str], Seat]) -> None:
    seat = seats("l.lead")
    key = deciding(seat)
    seat.type("Dr N. Sample")
    seat.press("Escape")
    tell(seat, key, "a flag")
    seat.room.until(lambda: "caution: staff safety" in seat.text())
    seat.press("O")
    seat.type("both seen to")
    seat.press("Return")
    seat.until_primary("Allocate a van")


def test_what_comes_while_somebody_types_is_not_covered_even_if_the_pane_is_shown_again(
    seats: Callable[[str], Seat],
) -> None:
    seat = seats("l.lead")
    key = deciding(seat)
    seat.type("Dr N. Sample")
    tell(seat, key, "a flag")
    seat.room.until(lambda: "caution: staff safety" in seat.text())
    # As when a panel is torn off or put back.
    sheet = seat.pane.sheets.current
    sheet.hide()
    sheet.show()
    sheet.field("reason").take_focus()
    seat.type("the answer was cleared up")
    seat.press("Return")
    seat.room.until(lambda: not seat.room.desk.actions.pending and seat.pane.sheets.current is None)
    seat.room.until(lambda: [one.kind for one in seat.room.desk.store.dangers_of(key).stands] == ["flag"])
