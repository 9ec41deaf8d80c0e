"""The story that everything serves, from the command line: no mouse, and no key of a panel."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.cluster import Record
from tests.e2e.test_seed_story import later, promise, row_of, sees, take_the_call, the_referral
from tests.e2e.windows import START, Clock, Seated, clock, qt_loop, rooms, seated

__all__ = ["clock", "qt_loop", "rooms", "seated"]


def typed(one: Seated, line: str) -> None:
    """Open the line, type, and see what it would do."""
    one.press("F12")
    one.room.until(lambda: one.focused() is one.shortcuts.command.edit)
    one.type(line)


def send(one: Seated, line: str, said: str) -> None:
    """The whole way: the preview says it, Enter does it."""
    typed(one, line)
    command = one.shortcuts.command
    try:
        one.room.until(lambda: said in command.words(), within=8)
    except AssertionError:
        pytest.fail(f"“{line}” would not: {command.words()}")
    one.press("Return")
    one.room.until(lambda: not one.desk.actions.pending)


def stands(one: Seated, state: AssignmentState) -> None:
    [job] = one.desk.store.assignments_of(the_referral(one).id)
    one.room.until(lambda: one.desk.store.assignment(job.id).state is state)


def in_sheet(one: Seated, title: str) -> None:
    sheets = one.page.detail.sheets
    one.room.until(lambda: sheets.current is not None and sheets.current.isAncestorOf(one.focused()))
    assert sheets.current is not None
    assert title in sheets.current.title


def test_the_crew_is_free_within_the_hour_by_typing(
    seated: Callable[[str], Seated], clock: Clock, record: Record
) -> None:
    one = seated("a.shah")
    van_id = one.room.on_duty(1, planned_end=START + timedelta(hours=9))
    one.sit()
    typed(one, "new")
    assert "somebody rings" in one.shortcuts.command.words()
    one.press("Return")
    take_the_call(one, "Distressed, no injuries, denies overdose. Wants to talk to somebody.")
    one.press("Ctrl+Return")
    sees(one, ReferralState.RECEIVED)
    one.room.until(lambda: not one.page.forms.isVisible())
    number = str(int(the_referral(one).reference[-4:]))
    screened_from_the_line(one, number)
    later(one, clock, 3)
    send(one, f"acc {number}", "accept 0001")
    sees(one, ReferralState.ACCEPTED)
    allocated_in_six_keys(one, van_id)
    stands(one, AssignmentState.ALLOCATED)
    reality_objects(one)
    send(one, "v2 ack", "CRU2 acknowledged")
    stands(one, AssignmentState.ACKNOWLEDGED)
    read_back(one)
    later(one, clock, 2)
    send(one, "cru2 mobile porch light is broken", "CRU2 mobile · 0001 Northampton, note “porch light is broken”")
    stands(one, AssignmentState.MOBILE)
    called_and_promised(one, number)
    later(one, clock, 24)
    send(one, "os cru2", "CRU2 on scene")
    stands(one, AssignmentState.ON_SCENE)
    later(one, clock, 5)
    send(one, "wp", "CRU2 with patient")
    stands(one, AssignmentState.WITH_PATIENT)
    handed_over(one, clock, number)
    later(one, clock, 50)
    send(one, "0001 clr", "CRU2 clear")
    stands(one, AssignmentState.CLEAR)
    closed(one, number)
    one.room.run(check(record))


def screened_from_the_line(one: Seated, number: str) -> None:
    send(one, f"scr {number}", "screen 0001")
    one.room.until(lambda: one.page.forms.isVisible() and one.page.forms.isAncestorOf(one.focused()))
    one.tab_to("answers")
    for _ in one.desk.store.reference.current_tool.items:
        one.press("N")
    one.press("Ctrl+Return")
    one.room.until(lambda: not one.page.forms.isVisible())
    one.room.until(lambda: one.desk.store.screening_of(the_referral(one).id))
    one.room.until(lambda: not _stands_against(one))


def _stands_against(one: Seated) -> bool:
    dangers = one.desk.store.dangers_of(the_referral(one).id)
    return dangers is None or bool(dangers.seen_to)


def allocated_in_six_keys(one: Seated, van_id: UUID) -> None:
    """The line, the two numbers, Enter: the referral is 1, the van CRU2."""
    keys = ["F12", "1", "Space", "2", "Return"]
    assert len(keys) <= 6
    one.press(*keys[:1])
    one.room.until(lambda: one.focused() is one.shortcuts.command.edit)
    one.press("1", "Space", "2")
    # Both may be either: with CRU1 and 0002 there would be a question. Here there is one reading that can be.
    one.room.until(lambda: "allocate CRU2" in one.shortcuts.command.words())
    one.press("Return")
    one.room.until(lambda: one.desk.store.assignments_of(the_referral(one).id))
    [job] = one.desk.store.assignments_of(the_referral(one).id)
    assert job.van_id == van_id


def reality_objects(one: Seated) -> None:
    """Setting off without the brief: asked once, and put away nothing is lost."""
    typed(one, "v2 mob")
    command = one.shortcuts.command
    one.room.until(lambda: "has not read the brief back" in command.words())
    one.press("Return")
    assert "again: it is so" in command.words()
    one.press("Escape")
    assert not command.isVisible()
    assert command.edit.text() == "v2 mob"
    stands(one, AssignmentState.ALLOCATED)


def read_back(one: Seated) -> None:
    send(one, "rb", "read back 0001")
    in_sheet(one, "Brief for CRU2")
    one.press("1", "Return")
    one.room.until(lambda: one.page.detail.sheets.current is None)


def called_and_promised(one: Seated, number: str) -> None:
    send(one, f"rang {number}", "call 0001")
    in_sheet(one, "0001")
    one.press("Escape")
    one.press("F6")
    promise(one)


def handed_over(one: Seated, clock: Clock, number: str) -> None:
    for minutes, line, state in (
        (2, f"hs {number}", HandoverState.STARTED),
        (6, f"ha {number}", HandoverState.ACCEPTED),
        (3, f"rel {number}", HandoverState.RELEASED),
    ):
        later(one, clock, minutes)
        send(one, line, f"handover {state}")
        [link] = one.desk.store.handovers_of(the_referral(one).id)
        one.room.until(lambda link=link, state=state: one.desk.store.handover(link.id).state is state)


def closed(one: Seated, number: str) -> None:
    send(one, f"close {number}", "opens its sheet")
    in_sheet(one, "Close")
    one.press("1", "Tab", "1", "Tab")
    one.type("Home treatment team, tomorrow at ten")
    one.press("Tab")
    one.type("the crew")
    one.press("Tab", "Tab", "Tab", "Tab", "Y", "Tab", "Y", "Tab", "Y", "Tab", "1", "Tab")
    one.type("They were with us within 45 minutes and we could leave.")
    one.press("Ctrl+Return")
    sees(one, ReferralState.CLOSED)


async def check(record: Record) -> None:
    referral = await row_of(record, "SELECT * FROM cru.referral")
    job = await row_of(record, "SELECT * FROM cru.assignment")
    assert job["with_patient_at"] - referral["received_at"] < timedelta(minutes=45)
    note = await row_of(
        record, "SELECT count(*) AS n FROM cru.event WHERE kind = 'note' AND words = 'porch light is broken'"
    )
    assert note["n"] == 1
    insisted = await row_of(record, "SELECT count(*) AS n FROM cru.event WHERE detail ? 'insisted'")
    assert insisted["n"] == 0
