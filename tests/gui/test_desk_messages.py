"""What the desk says: nothing covers anything for good, and whoever leaves is asked whichever way they go."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from console.live.store import LinkState
from console.look.panel import LOOK_MS
from console.running.faults import faults
from console.views.desk import leaving
from console.views.desk.messages import _READ_FOR, DeskMessages
from console.views.desk.shortcuts import Shortcuts
from db import commands
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.desks import stage
from tests.gui.test_pending import set_link

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
Opens = Callable[[str], Seated]
Said = tuple[str, str]

ORDERS: list[tuple[list[Said], list[str]]] = [
    ([("warn", "Roads."), ("warn", "Faults.")], ["Faults.", "Roads."]),
    ([("late", "Refused."), ("warn", "Faults.")], ["Refused.", "Faults."]),
    (
        [("warn", "Faults."), ("late", "Refused."), ("late", "Refused too.")],
        ["Refused too.", "Refused.", "Faults."],
    ),
    ([("info", "a"), ("late", "b"), ("warn", "c"), ("info", "d")], ["b", "c", "d", "a"]),
    ([("warn", "Roads."), ("warn", "Faults."), ("warn", "Roads.")], ["Roads.", "Faults."]),
]


def dismiss(bar: DeskMessages) -> QPushButton:
    return next(one for one in bar.findChildren(QPushButton) if one.text().startswith("Dismiss"))


@pytest.mark.parametrize(("said", "shown"), ORDERS)
def test_every_message_is_shown_and_the_gravest_first(stage: QWidget, said: list[Said], shown: list[str]) -> None:
    bar, gone = DeskMessages(stage), []
    bar.dismissed.connect(lambda: gone.append(1))
    for severity, sentence in said:
        bar.say(severity, sentence)
    for at, sentence in enumerate(shown, 1):
        assert bar.text() == sentence
        assert not bar.isHidden()
        left = len(shown) - at
        assert bar.waiting() == left
        assert dismiss(bar).text() == (f"Dismiss · {left} more" if left else "Dismiss")
        dismiss(bar).click()
    assert bar.isHidden()
    assert bar.text() == ""
    assert len(gone) == len(shown)


def test_an_outage_that_is_over_goes_by_itself_and_nothing_else_does(stage: QWidget) -> None:
    """It lay over the board's heading and the reference of the referral for as long as nobody put it away."""
    bar, away, looks = DeskMessages(stage), {"roads", "disk"}, int(_READ_FOR * 1000 / LOOK_MS)
    # The same words from one who knows no end of it: the kind comes from the sender, and not from the words.
    bar.warn("The record cannot be reached. The console tries again by itself.")
    bar.say("late", "0044: The record cannot be reached.")
    for what in sorted(away):
        bar.warn(f"No {what}.", lambda what=what: what in away)
    bar.say("info", "Nothing is shown.", so=lambda: bool(away))
    for _ in range(2 * looks):
        bar.look()
    assert bar.waiting() == 4, "all of it is so"
    away.remove("roads")
    for _ in range(looks - 1):
        bar.look()
    # It came again before anybody could have read that it was over.
    away.add("roads")
    bar.look()
    away.clear()
    bar.look()
    assert bar.waiting() == 3, "what only answered a key goes at once"
    for _ in range(looks - 2):
        bar.look()
    assert bar.waiting() == 3, "an outage that is over can still be read"
    bar.look()
    assert [said.sentence for said in bar._kept] == [
        "0044: The record cannot be reached.",
        "The record cannot be reached. The console tries again by itself.",
    ]


def test_what_is_true_no_longer_is_taken_back_wherever_it_waits(stage: QWidget) -> None:
    bar = DeskMessages(stage)
    for sentence in ("a", "b", "c"):
        bar.say("warn", sentence, "Do this.")
    bar.take_back("b")
    bar.take_back("nobody said it")
    assert (bar.text(), bar.waiting()) == ("c Do this.", 1)
    bar.take_back("c")
    assert (bar.text(), bar.waiting()) == ("a Do this.", 0)
    bar.take_back("a")
    assert bar.isHidden()


def test_an_outage_and_a_fault_are_both_said(seated: Opens, clock: Clock) -> None:
    seat = seated("a.shah")
    page = seat.page
    page.desk.supervisor.note("trails", LookupError("x"), "The trails could not be read.")
    faults.note("a row of the vans", LookupError("x"), "the vans")
    seat.room.until(lambda: page.message.waiting() == 1)
    told = [page.message.text()]
    dismiss(page.message).click()
    told.append(page.message.text())
    assert told == ["Part of the screen failed: the vans. The console goes on.", "The trails could not be read."]
    faults.forget()


def menu_action(seat: Seated, words: str) -> QAction:
    shortcuts = Shortcuts(seat.page, "dark", 100)
    menu: QMenu = shortcuts._menu()
    return next(one for one in menu.actions() if words in one.text().replace("&", ""))


def put_aside(seat: Seated) -> None:
    seat.press("Ctrl+N", "Alt+4")
    seat.type("says little")
    seat.press("Escape")


def still_typing(seat: Seated) -> None:
    seat.press("Ctrl+N", "Alt+4")
    seat.type("says much")


def not_answered(seat: Seated) -> None:
    who = seat.room.take()
    set_link(seat.room, LinkState.LOST)
    seat.page.desk.actions.submit(commands.AddNote(referral_id=who, words="a"), "Note")


def typed_elsewhere(seat: Seated) -> None:
    seat.page.select_referral(seat.room.take())
    seat.page.detail.note.edit.setFocus()
    seat.type("rings back at four")
    seat.page.beside.open_log()
    log = next(iter(seat.page.beside.lists.values()))
    log.writing.words.setPlainText("The gate sticks.")
    log.close()


LOST = {
    put_aside: "1 referral is typed but not saved.",
    still_typing: "1 referral is typed but not saved.",
    not_answered: "1 action is not answered by the record.",
    typed_elsewhere: "Something is typed under Note and Shift log.",
}


@pytest.mark.hazard("H-026", "H-074")
@pytest.mark.parametrize("way", LOST, ids=lambda way: way.__name__)
def test_who_signs_out_is_asked_first(seated: Opens, clock: Clock, way: Callable[[Seated], None]) -> None:
    seat, out = seated("l.lead"), []
    seat.page.sign_out_wanted.connect(lambda: out.append(1))
    seat.sit()
    way(seat)
    sign_out = menu_action(seat, "Sign out")
    sign_out.trigger()
    assert out == []
    assert seat.page.message.text() == f"{LOST[way]} Sign out again to leave them behind."
    sign_out.trigger()
    assert out == [1]


def test_nobody_is_asked_when_nothing_would_be_lost(seated: Opens, clock: Clock) -> None:
    seat, out = seated("l.lead"), []
    seat.page.sign_out_wanted.connect(lambda: out.append(1))
    menu_action(seat, "Sign out").trigger()
    assert out == [1]
    assert seat.page.message.isHidden()


def test_who_changed_their_mind_is_asked_again(
    seated: Opens, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "AGAIN_WITHIN_MS", 50)
    seat, out = seated("l.lead"), []
    seat.page.sign_out_wanted.connect(lambda: out.append(1))
    seat.sit()
    put_aside(seat)
    sign_out = menu_action(seat, "Sign out")
    sign_out.trigger()
    seat.room.until(seat.page.message.isHidden)
    monkeypatch.setattr(leaving, "AGAIN_WITHIN_MS", 8000)
    sign_out.trigger()
    assert out == []
    assert not seat.page.message.isHidden()
    # What came since is asked about, too; what is saved or gone since is no new question.
    typed_elsewhere(seat)
    sign_out.trigger()
    assert out == []
    assert "typed but not saved and something is typed under Note" in seat.page.message.text()
    seat.page.detail.note.edit.clear()
    sign_out.trigger()
    assert out == [1]
