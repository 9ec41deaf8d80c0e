"""Every place of every sheet of the pane × every key: a key selects or is typed, and Return alone sends."""

from uuid import UUID

from PySide6.QtWidgets import QApplication, QWidget

from console.look.tabbing import has_keyboard
from console.views.detail.orders import direct, sheet_for
from db.domain.next_steps import Act, NextStep
from tests.gui.walking import (
    DIGITS,
    LEAVES,
    LETTERS,
    Seen,
    Walk,
    by_name,
    desk,
    every_key,
    qt_loop,
    rooms,
    seen,
    walk,
)

__all__ = ["desk", "qt_loop", "rooms", "seen"]


def sheets_of(desk: Walk) -> dict[Act, tuple[UUID, NextStep]]:
    """One referral and step for each sheet that somebody can be asked to fill in."""
    found: dict[Act, tuple[UUID, NextStep]] = {}
    for referral in desk.room.desk.store.referrals():
        desk.page.select_referral(referral.id)
        view = desk.page.detail.view()
        for step in view.steps() if view is not None else ():
            asks = step.act is Act.ALLOCATE or sheet_for(desk.page.desk, referral, step) is not None
            if asks and direct(referral, step) is None:
                found.setdefault(step.act, (referral.id, step))
    return found


def test_every_sheet(desk: Walk, seen: Seen) -> None:
    pane = desk.page.detail
    asked = sheets_of(desk)
    acts = {Act.DECLINE, Act.HOLD, Act.CANCEL, Act.FLAG, Act.ALLOCATE, Act.STAND_DOWN, Act.CONVEY, Act.CLOSE}
    assert asked.keys() >= acts | {Act.REFUSE_HANDOVER, Act.EXPECT_HANDOVER, Act.FEEDBACK}
    for act, (referral_id, step) in asked.items():

        def build(referral_id: UUID = referral_id, step: NextStep = step) -> QWidget:
            desk.page.select_referral(referral_id)
            pane.do(step)
            return pane.sheets.current

        def also(place: QWidget, key: str, sent: bool) -> str:
            focus = QApplication.focusWidget()
            if key in LETTERS + DIGITS and (sent or focus is not place):
                return f"sent {sent}, the keyboard is on {focus}"
            if not LEAVES.fullmatch(key) and (
                pane.sheets.current is None or not has_keyboard(pane.sheets.current)
            ):
                return f"it left the sheet for {focus}"
            return "Escape leaves it open" if key == "Escape" and pane.sheets.current is not None else ""

        walk(desk, seen, str(act), build, every_key(), also)
    assert seen.wrong == []
    sent = {(where, which) for where, _, which in seen.went_out}
    assert sent >= {
        ("decline", "Decline"),
        ("stand down", "StandDown"),
        ("allocate", "Allocate"),
        ("cancel", "Cancel"),
        ("refuse handover", "RefuseHandover"),
    }
    # Leaving with the patient within two minutes of coming is asked about first: one press may send nothing.
    assert {key for _, key, _ in seen.went_out} <= {"Return", "Ctrl+Return", "Space"}


def test_more_actions_has_only_letters_that_work_and_each_selects_its_line(desk: Walk, seen: Seen) -> None:
    pane = desk.page.detail
    for name in ("received", "accepted", "allocated", "attending", "handed over", "cleared", "held", "declined"):
        desk.page.select_referral(by_name(desk, name))
        steps = pane.next.in_menu()
        for step in (one for one in steps if one.key):
            pane.open_menu()
            field = pane.sheets.current.field("step")
            desk.press(field.list, step.key)
            assert steps[int(field.value())] is step, (name, step.label)
            assert not desk.sent_since(0), (name, step.label)
            desk.press(field.list, "Return")
            opened = pane.sheets._open == (by_name(desk, name), step.act, step.target)
            asked = pane.doubt.isVisible()
            assert opened or desk.sent_since(0) or desk.page.forms.isVisible() or asked, (name, step.label)
            desk.sent.clear()
            desk.clear()

        def build(name: str = name) -> QWidget:
            desk.page.select_referral(by_name(desk, name))
            pane.open_menu()
            return pane.sheets.current

        walk(desk, seen, name, build, [*LETTERS, *DIGITS])
    assert seen.wrong == []
    assert seen.went_out == set()
