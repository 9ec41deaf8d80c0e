"""The story that everything serves, by real keys in the real window, with a second console watching."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from console.live.reality import READ_AFTER
from console.views.detail.person_orders import asked_for
from db.domain.next_steps import Act
from db.domain.records import Referral
from db.domain.states import ReferralState
from tests.cluster import Record
from tests.e2e.windows import START, Clock, Seated, clock, qt_loop, rooms, seated

SCENE_LAT = 52.2405
__all__ = ["clock", "qt_loop", "rooms", "seated"]


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def take_the_call(one: Seated, narrative: str) -> None:
    """Everything up to the screening, by keyboard only, location first."""
    one.press("Ctrl+N")
    one.room.until(lambda: one.page.forms.isAncestorOf(one.focused()))
    one.type("Abington Street, Northampton")
    one.tab_to("source")
    one.press("1")
    one.tab_to("caller")
    one.type("Crew lead")
    one.tab_to("ems_callsign")
    one.type("A1187")
    one.tab_to("ems_on_scene")
    one.type("35 min ago")
    one.tab_to("narrative")
    one.type(narrative)
    one.tab_to("answers")


def the_referral(seat: Seated) -> Referral:
    (found,) = seat.desk.store.referrals()
    return found


def later(seat: Seated, clock: Clock, count: float) -> None:
    """Minutes pass, and the window knows."""
    clock.advance(count)
    seat.room.until(lambda: seat.desk.clock.now() >= clock.shown)


def sees(seat: Seated, state: ReferralState) -> None:
    seat.room.until(lambda: [row.state for row in seat.desk.store.referrals()] == [state])


async def row_of(record: Record, sql: str, *arguments: object) -> Any:
    owner = await asyncpg.connect(**record.owner_kwargs)
    try:
        return await owner.fetchrow(sql, *arguments)
    finally:
        await owner.close()


def test_the_crew_is_free_within_the_hour(seated: Callable[[str], Seated], clock: Clock, record: Record) -> None:
    one, other = seated("a.shah"), seated("b.okafor")
    van_id = one.room.on_duty(1, planned_end=START + timedelta(hours=9))
    one.sit()
    take_the_call(one, "Distressed, no injuries, denies overdose. Wants to talk to somebody.")
    for _ in one.desk.store.reference.current_tool.items:
        one.press("N")
    what_she_says(one)
    later(one, clock, 3)
    one.press("Ctrl+Shift+Return")
    sees(one, ReferralState.ACCEPTED)
    sees(other, ReferralState.ACCEPTED)
    referral_id = the_referral(one).id
    one.room.until(lambda: not one.page.forms.isVisible())

    allocate(one, referral_id, van_id)
    sees(other, ReferralState.ALLOCATED)
    one.take_step("CRU2 acknowledged")
    the_brief_is_read_back(one)
    later(one, clock, 2)
    one.take_step("CRU2 mobile")
    promise(one)
    later(one, clock, 24)
    a_wrong_step_is_taken_back(one, record, van_id)
    one.take_step("CRU2 on scene")
    sees(other, ReferralState.ATTENDING)
    later(one, clock, 5)
    one.take_step("CRU2 with patient")
    keep_the_promise(one)
    later(one, clock, 2)
    one.take_step("Handover started")
    later(one, clock, 6)
    one.take_step("Handover accepted")
    later(one, clock, 3)
    one.take_step("EMAS crew released")
    later(one, clock, 50)
    one.take_step("CRU2 clear")
    close(one)
    sees(one, ReferralState.CLOSED)
    sees(other, ReferralState.CLOSED)
    a_wish_was_kept(one)
    one.room.run(check_the_record(record, referral_id))
    one.room.run(check_the_person(record, referral_id))


def what_she_says(one: Seated) -> None:
    """In her words, and one thing by the crew."""
    one.tab_to("about_call_me")
    one.type("Mari")
    one.tab_to("about_arrive")
    one.type("Side door, text first")
    one.tab_to("about_promised")
    one.type("Nobody rings the bell")


def the_brief_is_read_back(one: Seated) -> None:
    """Before it drives: without it, the desk asks about mobile."""
    pane, sheets = one.page.detail, one.page.detail.sheets
    one.open_step("CRU2 mobile")
    one.room.until(pane.doubt.isVisible)
    assert "CRU2 has not read the brief back" in pane.doubt.text()
    one.press("Escape", "W")
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    assert "Mari. How to arrive: Side door, text first." in sheets.current.values()["brief"]
    one.press("1", "Return")
    one.room.until(lambda: sheets.current is None)
    one.room.until(lambda: " · read back by " in pane.body.brief._title.text())
    assert pane.doubt.isHidden()


def a_wish_was_kept(one: Seated) -> None:
    """She rings the next day."""
    sheets, pane = one.page.detail.sheets, one.page.detail
    one.room.until(lambda: any(step.act is Act.WISHES for step in pane.next.steps))
    wishes = next(step for step in pane.next.steps if step.act is Act.WISHES)
    pane.open_menu(wishes)
    one.press("Return")
    one.room.until(lambda: sheets.current is not None and sheets.current.title.startswith("Wishes"))
    one.press("Y", "Tab", "Y", "Ctrl+Return")
    one.room.until(lambda: sheets.current is None)


async def check_the_person(record: Record, referral_id: UUID) -> None:
    read = await row_of(record, "SELECT * FROM cru.read_back WHERE referral_id = $1", referral_id)
    assert (read["channel"], read["recorded_by"]) == ("radio", "a.shah")
    assert read["read_by"]
    kept = await row_of(
        record,
        "SELECT array_agg(a.words || ': ' || k.kept ORDER BY a.topic) AS told FROM cru.wish_kept k"
        " JOIN cru.about_me a ON a.id = k.about_id WHERE k.referral_id = $1 AND k.said_by = 'the person'",
        referral_id,
    )
    assert kept["told"] == ["Side door, text first: yes", "Nobody rings the bell: yes"]


def a_wrong_step_is_taken_back(one: Seated, record: Record, van_id: UUID) -> None:
    """A slip while the van is 6 km off: reality objects, somebody insists, sees it, and takes it back."""
    one.room.run(put_on_the_map(record, the_referral(one).id))
    one.room.until(lambda: the_referral(one).location.on_map)
    one.room.run(send_fix(record, van_id, 52.2944))
    one.room.until(lambda: (fix := one.desk.store.position(van_id)) and fix.lat == 52.2944)
    pane = one.page.detail
    one.open_step("CRU2 on scene")
    one.room.until(pane.doubt.isVisible)
    assert "6.0 km away" in pane.doubt.text()
    asked = time.monotonic()
    one.room.until(lambda: time.monotonic() - asked > READ_AFTER)
    one.press("Return")
    one.room.until(lambda: one.next_step() == "CRU2 with patient")
    one.room.until(lambda: pane.undone.text().startswith("CRU2 on scene · 0001, just now"))
    one.press("Ctrl+Z")
    one.room.until(lambda: one.next_step() == "CRU2 on scene")
    one.room.run(send_fix(record, van_id, SCENE_LAT))
    one.room.until(lambda: one.desk.store.position(van_id).lat == SCENE_LAT)


async def put_on_the_map(record: Record, referral_id: UUID) -> None:
    """The place was typed without a map at hand; the same dispatcher's other desk has one."""
    desk = await asyncpg.connect(**record.kwargs("a.shah"))
    try:
        sql = "UPDATE cru.referral SET lat = $2, lon = -0.8901 WHERE id = $1"
        await desk.execute(sql, referral_id, SCENE_LAT)
    finally:
        await desk.close()


async def send_fix(record: Record, van_id: UUID, lat: float) -> None:
    gateway = await asyncpg.connect(**record.kwargs("g.gateway"))
    try:
        at = await gateway.fetchval("SELECT cru.clock_now()")
        fix = {"van_id": str(van_id), "fixed_at": at.isoformat(), "lat": lat, "lon": -0.8901}
        await gateway.execute("SELECT cru.record_fixes($1)", json.dumps([fix]))
    finally:
        await gateway.close()


def allocate(one: Seated, referral_id: UUID, van_id: UUID) -> None:
    one.press("F2")
    one.room.until(lambda: one.page.board.selected() == referral_id)
    one.open_step("Allocate a van")
    sheets = one.page.detail.sheets
    one.room.until(lambda: sheets.current is not None and sheets.current.values()["van"] == str(van_id))
    one.press("Return")


def promise(one: Seated) -> None:
    """The person is told what happens next, before the van is there."""
    one.press("Y")
    sheets = one.page.detail.sheets
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    one.press("1", "Tab")
    one.type("Mari")
    one.press("Tab")
    one.type("Glad somebody is coming; the porch light is broken")
    one.press("Tab")
    one.type("no uniforms at the door")
    one.press("Ctrl+Return")
    one.room.until(lambda: one.desk.store.contacts_of(the_referral(one).id))


def keep_the_promise(one: Seated) -> None:
    one.press("J")
    sheets = one.page.detail.sheets
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    one.press("K", "Ctrl+Return")
    one.room.until(lambda: one.desk.store.contacts_of(the_referral(one).id)[0].promise_outcome == "kept")


def close(one: Seated) -> None:
    one.open_step("Close with an outcome")
    sheets = one.page.detail.sheets
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    # Who is with the person next, and that they were told; the caller, the referrer and when stay open.
    one.press("1", "Tab", "1", "Tab")
    one.type("Home treatment team, tomorrow at ten")
    one.press("Tab")
    one.type("the crew")
    one.press("Tab", "Tab", "Tab", "Tab", "Y", "Tab", "Y", "Tab", "Y", "Tab")
    # Whether what she asked for was kept she says herself, later.
    one.press(*("Tab" for _ in asked_for(one.desk, the_referral(one))), "1", "Tab")
    one.type("They were with us within 45 minutes and we could leave.")
    one.press("Ctrl+Return")


async def check_the_record(record: Record, referral_id: UUID) -> None:
    referral = await row_of(record, "SELECT * FROM cru.referral WHERE id = $1", referral_id)
    job = await row_of(record, "SELECT * FROM cru.assignment WHERE referral_id = $1", referral_id)
    link = await row_of(record, "SELECT * FROM cru.handover WHERE referral_id = $1", referral_id)
    said = await row_of(record, "SELECT * FROM cru.feedback WHERE referral_id = $1", referral_id)
    expected = {
        ("ems on scene", referral["ems_on_scene_at"]): -35,
        ("accepted", referral["accepted_at"]): 3,
        ("allocated", job["allocated_at"]): 3,
        ("crew acknowledged", job["acknowledged_at"]): 3,
        ("mobile", job["mobile_at"]): 5,
        ("on scene", job["on_scene_at"]): 29,
        ("with patient", job["with_patient_at"]): 34,
        ("handover started", link["started_at"]): 36,
        ("handover accepted", link["accepted_at"]): 42,
        ("EMAS crew released", link["released_at"]): 45,
        ("van clear", job["clear_at"]): 95,
        ("closed", referral["closed_at"]): 95,
    }
    for (name, at), planned in expected.items():
        # The clock runs on between two settings, so a step is late by what the keys took.
        assert minutes(planned) <= at < minutes(planned) + timedelta(seconds=30), name
    assert job["with_patient_at"] - referral["received_at"] < timedelta(minutes=45)
    assert (referral["outcome"], referral["ae_avoided"], referral["police_avoided"]) == (
        "home_safety_plan",
        "yes",
        "yes",
    )
    assert (said["said_by"], said["words"]) == (
        "EMAS crew",
        "They were with us within 45 minutes and we could leave.",
    )
    call = await row_of(record, "SELECT * FROM cru.contact WHERE referral_id = $1", referral_id)
    assert (call["with_name"], call["promised"], call["promise_outcome"]) == (
        "Mari",
        "no uniforms at the door",
        "kept",
    )
    ending = await row_of(record, "SELECT * FROM cru.ending WHERE referral_id = $1", referral_id)
    assert (ending["holder_kind"], ending["holder_name"], ending["person_told_by"]) == (
        "destination",
        "Home treatment team, tomorrow at ten",
        "the crew",
    )
    kinds = await row_of(
        record,
        "SELECT array_agg(kind ORDER BY id) AS kinds, array_agg(DISTINCT recorded_by) AS who FROM cru.event"
        " WHERE referral_id = $1 AND kind <> 'record opened'",
        referral_id,
    )
    for kind in (
        "received",
        "acknowledged",
        "screening complete",
        "accepted",
        "van allocated",
        "van acknowledged",
        "brief read back",
        "van mobile",
        "van on scene taken back",
        "van with patient",
        "handover started",
        "handover accepted",
        "handover released",
        "van clear",
        "closed",
        "feedback",
        "contact",
        "promise kept",
        "ending named",
    ):
        assert kinds["kinds"].count(kind) == 1, kind
    # A slip, insisted on and taken back, and then the step itself: all three are kept.
    assert kinds["kinds"].count("van on scene") == 2
    insisted = await row_of(
        record,
        "SELECT count(*) FROM cru.event WHERE kind = 'van on scene' AND detail ->> 'insisted' LIKE '%6.0 km%'",
    )
    assert insisted["count"] == 1
    assert kinds["who"] == ["a.shah"]


def test_an_overdose_goes_back_to_emas(seated: Callable[[str], Seated], record: Record) -> None:
    one, other = seated("a.shah"), seated("b.okafor")
    one.sit()
    take_the_call(one, "Says she swallowed tablets an hour ago.")
    for item in one.desk.store.reference.current_tool.items:
        one.press("Y" if item.key == "overdose" else "N")
    one.press("Ctrl+Shift+Return")
    assert not one.desk.store.referrals(), "a blocked screening offers no accept"
    one.press("Alt+E")
    sees(one, ReferralState.DECLINED)
    sees(other, ReferralState.DECLINED)
    found = one.room.run(row_of(record, "SELECT end_reason, accepted_at FROM cru.referral"))
    assert (found["end_reason"], found["accepted_at"]) == ("ems_physical", None)
    assert one.window.windowTitle() == "CRU console · Northamptonshire"
