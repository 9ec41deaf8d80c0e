"""A desk to walk with every key: a record of what goes out, places found by looking, and what they name."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from console.live.actions import Actions
from console.live.alarm_raiser import told
from console.live.subjects import referral_of, van_of
from console.look import style
from console.look.key_table import EVERYWHERE, FORM, TABLE
from console.look.keyboard import DIGIT, LETTER, Hands, Key
from console.views.board.list import SteadyList
from console.views.form.choice import ChoiceRow
from console.views.form.form import ReferralForm
from console.views.form.likely import LikelySame
from console.views.sheets.pick_list import PickList
from db import commands
from db.commands import AcknowledgeAlarm, Command, OpenRecord, TakeBack
from db.domain.records import Location
from db.domain.states import AssignmentState, HandoverState
from db.errors import Invalid
from tests.cluster import Record
from tests.e2e.windows import Clock, Seated
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["Walk", "desk", "qt_loop", "rooms", "seen"]

FULL = re.compile(r"CRU-\d{8}-\d{4}")
SHORT = re.compile(r"\b\d{4}\b")
LETTERS = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
DIGITS = [str(digit) for digit in range(10)]


def every_key() -> list[str]:
    """Every key that any part knows, and what a hand may hit beside it."""
    listed = {name for parts in TABLE.values() for part in parts for key in part.keys for name in key.names}
    beside = {"Shift+A", "Shift+V", "Ctrl+Return", "Ctrl+1", "Ctrl+D", "Alt+X", "F7", "F11", "F12", "Insert", ","}
    # The menu key comes as an event of its own. Tearing a panel off makes another desk, and has tests of its own.
    tears = {name for key in EVERYWHERE.keys if key.does.startswith("tear ") for name in key.names}
    return sorted((listed | beside | set(LETTERS) | set(DIGITS)) - {LETTER, DIGIT, "Menu"} - tears)


def asks(label: QLabel) -> bool:
    """Whether it asks in a form whom its referral may be: the one that the form is about stands in the heading."""
    return any(isinstance(outer, LikelySame) for outer in ancestors(label))


_LAYOUTS = frozenset(EVERYWHERE.key(act) for act in ("layout call taker", "layout dispatcher", "layout lead"))


class Walk:
    """One person's desk, on which commands are taken down and refused instead of being carried out."""

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.sent: list[Command] = []
        desk = room.desk
        # The record behind is real and filled; Actions is the program's own, handed another carrier.
        actions = Actions(room.engine, desk.store, desk.clock, execute=self._take_down)
        room.desk = replace(desk, actions=actions)
        self.seat = Seated(room, folder)
        self.page = self.seat.page
        self.seat.sit()
        self.seat.window.setUpdatesEnabled(
            False
        )  # what is painted is for others to test; it takes most of the time
        self.by_short = {one.reference[-4:]: one.id for one in desk.store.referrals()}

    async def _take_down(self, _engine: object, command: Command) -> None:
        self.sent.append(command)
        raise Invalid("It was only taken down.", "")

    def sent_since(self, place: int) -> list[Command]:
        """What went out since then, but for the note that somebody looked at a record, and answers to alarms."""
        return [command for command in self.sent[place:] if not isinstance(command, OpenRecord | AcknowledgeAlarm)]

    def wrongly_answered(self, before: "Before") -> Iterator[str]:
        """F9 answers the alarm that the bar above everything names, wherever the keyboard is, and no other."""
        for command in self.sent[before.sent :]:
            if isinstance(command, AcknowledgeAlarm) and command.told.name != before.alarm:
                yield f"AcknowledgeAlarm of {command.told.name}, and the bar names {before.alarm!r}"

    def turn(self) -> None:
        """Let what was begun come to its end."""

        async def turns() -> None:
            for _ in range(3):
                await asyncio.sleep(0)

        self.room.run(turns())
        if self.page.desk.actions.pending:
            self.room.until(lambda: not self.page.desk.actions.pending)
            self.room.run(turns())

    # --- places ---

    def places(self, top: QWidget) -> list[QWidget]:
        """What can have the keyboard in a window, and is to be seen."""
        found = [top, *top.findChildren(QWidget)]
        return [
            one
            for one in found
            if one.focusPolicy() != Qt.FocusPolicy.NoFocus
            and one.isVisible()
            and one.isEnabled()
            and one.focusProxy() is None
            and not one.objectName().startswith("qt_")
        ]

    def clear(self) -> None:
        """Close whatever is open, as often as it takes."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        if self.page.privacy.is_on:
            self.page.privacy.toggle()
        for _ in range(6):
            self.page.close_topmost()
        if self.page.forms.isVisible():
            self.page.forms.form.park()
        for draft in self.page.forms.form.drafts.all():
            self.page.forms.form.drafts.remove(draft)
        self.page.timelines.show_drawn()
        self.page.vans.message.clear()
        self.page.detail.message.clear()
        self.page.detail.note.edit.clear()

    def press(self, place: QWidget, name: str) -> None:
        QTest.keySequence(place, name)
        self.turn()
        if name in _LAYOUTS:
            # Panels were put away that the walk has yet to come to.
            self.page.first_layout()
            self.turn()
        # A list is a window of its own, and takes the keyboard along.
        for listed in [*self.page.beside.lists.values()]:
            listed.close()
            self.page.window().activateWindow()
            self.turn()

    # --- what a place names ---

    def undo_said(self) -> UUID | None:
        """The act that the line under the steps names, while that is in sight."""
        line, act = self.page.detail.undone, self.page.detail.taking_back.last.act
        return act.act_id if act is not None and line.isVisible() and line.text() else None

    def alarm_said(self) -> str:
        """The alarm that the bar names, by its name in the record."""
        top = next(iter(self.page.status.sounding()), None)
        return told(top).name if top is not None and self.page.status.alarm.isVisible() else ""

    def named(self, place: QWidget) -> set[UUID]:
        """The referrals that are named where the keyboard is, read from the screen."""
        if isinstance(place, SteadyList):
            words = str(place.currentIndex().data() or "")
            return self._ids(SHORT.findall(words)) if self.page.board.isAncestorOf(place) else set()
        for outer in ancestors(place):
            if outer is self.page:
                return set()
            told = [(label, label.text()) for label in outer.findChildren(QLabel)]
            # Most labels name nobody: what costs more is asked of the others alone.
            naming = [text for label, text in told if FULL.search(text) and label.isVisible() and not asks(label)]
            if found := [full[-4:] for full in FULL.findall(" ".join([outer.accessibleName(), *naming]))]:
                return self._ids(found)
        return set()

    def _ids(self, names: list[str]) -> set[UUID]:
        return {self.by_short[name] for name in names if name in self.by_short}

    def van_words(self, place: QWidget) -> str:
        """What is said of a van where the keyboard is."""
        if isinstance(place, SteadyList):
            return str(place.currentIndex().data() or "")
        vans = self.page.vans
        if vans.sheet is not None and vans.sheet.isAncestorOf(place):
            return vans.sheet.accessibleName()
        return str(vans.list.currentIndex().data() or "") if vans.isAncestorOf(place) else ""

    def owner(self, place: QWidget, name: str) -> Key | None:
        """The key's line in the table, of the innermost part around a place that has one."""
        for outer in ancestors(place):
            if isinstance(outer, ReferralForm) and (chord := FORM.find(name)) is not None:
                return chord
            hands = getattr(outer, "_hands", None) or getattr(outer, "hands", None)
            if callable(hands) and isinstance(outer, SteadyList):
                hands = hands()
            if isinstance(hands, Hands) and (key := hands.part.find(name)) is not None:
                return key
        return None

    def why_wrong(self, before: "Before") -> Iterator[str]:
        """What went out that should not have, if anything did."""
        store = self.room.desk.store
        for command in self.sent_since(before.sent):
            if isinstance(command, TakeBack):
                # It acts on what the line under the steps names, which is in sight.
                if not (before.undo and command.act_id == before.undo):
                    yield "TakeBack of what no line names"
                continue
            referral, van = referral_of(command, store), van_of(command, store)
            if referral is not None and store.referral(referral) is not None:
                if before.named != {referral}:
                    yield f"{type(command).__name__} for {referral}, and the place names {before.named}"
            elif van is not None:
                callsign = store.van(van).callsign
                if callsign not in before.van_words:
                    yield f"{type(command).__name__} for {callsign}, and the place says {before.van_words!r}"
            if not before.sends:
                yield f"{type(command).__name__}, and the table has no such key here"


@dataclass
class Before:
    """How it was before a key was pressed."""

    sent: int
    named: set[UUID]
    van_words: str
    sends: bool
    undo: UUID | None = None
    alarm: str = ""


LEAVES = re.compile(r"Escape|(Shift\+)?F\d+|(Ctrl|Alt)\+.*|Return")
"""Keys that may take the keyboard out of what is open."""
_ALIKE = {QLineEdit: 1, QPlainTextEdit: 1, QAbstractButton: 1, ChoiceRow: 1, PickList: 2}
"""Of how many of a make every key is tried."""
# Chosen and then sent, as somebody would: a choice that is made is what a key could send.
_MAY_ACT = (
    "A",
    "E",
    "Y",
    "Down",
    "Tab",
    "F9",
    "Ctrl+Z",
    "Escape",
    "1",
    "Return",
    "2",
    "Space",
    "1",
    "Ctrl+Return",
)


_SENDS = {"Return", "Space", "1", "Ctrl+Return"}
_PARTS = 16
"""Of what no part of a place knows, one key in so many is tried there, and the others in the places after it."""


@dataclass
class Seen:
    """What a walk came by."""

    presses: int = 0
    wrong: list[str] = field(default_factory=list)
    went_out: set[tuple[str, str, str]] = field(default_factory=set)
    """Where, by which key, which command."""
    tried: Counter[type[QWidget]] = field(default_factory=Counter)
    takes_all: bool = False
    """Every key in every place. That takes a quarter of an hour."""
    places: int = 0

    def keys_for(self, place: QWidget, keys: list[str], knows: Callable[[str], bool]) -> list[str]:
        """What is tried in a place: what its parts know, and a part of the rest; another part in the next.

        The first of each make of field and button stands for its brothers, which take what may do something. In
        rows, lists and panes a key acts on something else in every line, and each takes as many as the first does.

        Args:
            place: where the keyboard is.
            keys: of these.
            knows: whether a part around the place has the key in its table.
        """
        if self.takes_all:
            return keys
        make = next((one for one in _ALIKE if isinstance(place, one)), None)
        self.tried[type(place)] += 1
        self.places += 1
        if make is not None and self.tried[type(place)] > _ALIKE[make]:
            return [
                name
                for number, name in enumerate(_MAY_ACT)
                if name in keys and (name in _SENDS or (number + self.places) % _PARTS == 0)
            ]
        return [name for number, name in enumerate(keys) if (number + self.places) % _PARTS == 0 or knows(name)]


def ancestors(place: QWidget | None) -> Iterator[QWidget]:
    outer = place
    while outer is not None:
        yield outer
        outer = outer.parentWidget()


def what(place: QWidget) -> str:
    words = place.text() if isinstance(place, QAbstractButton) else ""
    return f"{type(place).__name__} {words or place.objectName() or place.accessibleName()[:30]!r}"


Also = Callable[[QWidget, str, bool], str]
"""Judges a press: the place, the key, whether anything went out. Returns what is wrong; empty for nothing."""


def walk(
    desk: Walk, seen: Seen, state: str, build: Callable[[], QWidget], keys: list[str], also: Also | None = None
) -> None:
    """Press every key in every place of a state, which is built anew whenever a press changed anything.

    Args:
        desk: whose.
        seen: where to write it down.
        state: what it is called.
        build: brings the state about and returns what to look through.
        keys: which.
        also: what else has to hold.
    """
    count = len(desk.places(build()))
    assert count, f"{state}: nothing can have the keyboard"
    for number in range(count):
        fresh = True
        places = desk.places(build())
        if number >= len(places):
            break  # what was chosen in the first ones has made the last ones needless
        place: QWidget | None = places[number]
        for name in seen.keys_for(place, keys, lambda name, where=place: desk.owner(where, name) is not None):
            if fresh:
                desk.clear()
                found = desk.places(build())
                place = found[number] if number < len(found) else None
                fresh = False
            if place is None:
                break
            place.setFocus(Qt.FocusReason.OtherFocusReason)
            shape = _shape(desk)
            button = isinstance(place, QAbstractButton) and name in {"Return", "Space"}
            key = desk.owner(place, name)
            sends = button or (key is not None and key.sends)
            before = Before(len(desk.sent), desk.named(place), desk.van_words(place), sends, desk.undo_said())
            before.alarm = desk.alarm_said()
            desk.press(place, name)
            seen.presses += 1
            seen.wrong += [
                f"{state} · {what(place)} · {name}: {why}"
                for why in (*desk.why_wrong(before), *desk.wrongly_answered(before))
            ]
            if also is not None and (wrong := also(place, name, bool(desk.sent_since(before.sent)))):
                seen.wrong.append(f"{state} · {what(place)} · {name}: {wrong}")
            seen.went_out |= {(state, name, type(command).__name__) for command in desk.sent_since(before.sent)}
            fresh = bool(desk.sent_since(before.sent)) or _shape(desk) != shape


def _shape(desk: Walk) -> tuple[object, ...]:
    page = desk.page
    return (
        QApplication.focusWidget(),
        QApplication.activePopupWidget(),
        page.board.list.current,
        page.detail._shown,
        page.detail.sheets.current,
        page.vans.sheet,
        page.vans.list.current,
        page.forms.isVisible(),
        page.keys.isVisible(),
        page.privacy.is_on,
        page.map.is_searching,
        page.message.isVisible(),
        page.board.model.rowCount(),
        page.forms.form.footer.reasons.isVisible(),
        page.vans._armed,
    )


def fill(room: Room) -> dict[str, UUID]:
    """Referrals in every state there is, so that the wrong one can be met anywhere."""
    now, found = room.desk.clock.now(), {}
    vans = [room.on_duty(place) for place in range(5)]

    def take(name: str, minutes: int) -> UUID:
        found[name] = room.take(
            received_at=now - timedelta(minutes=minutes), location=Location(name.title(), "NN17 1QB", 52.49, -0.7)
        )
        return found[name]

    take("received", 10)
    room.accept(take("accepted", 20))
    room.accept(take("allocated", 30))
    room.send(found["allocated"], vans[0], AssignmentState.MOBILE)
    room.accept(take("attending", 50))
    room.send(found["attending"], vans[1], AssignmentState.WITH_PATIENT)
    room.accept(take("handed over", 70))
    room.send(found["handed over"], vans[2], AssignmentState.WITH_PATIENT)
    link = room.desk.store.handovers_of(found["handed over"])[0]
    for to in (HandoverState.ACCEPTED, HandoverState.RELEASED):
        room.do(commands.MoveHandover(handover_id=link.id, to=to))
    room.accept(take("cleared", 80))
    job = room.send(found["cleared"], vans[3], AssignmentState.WITH_PATIENT)
    room.do(commands.Step(assignment_id=job, to=AssignmentState.CLEAR))
    room.accept(take("held", 15))
    room.do(
        commands.Hold(
            referral_id=found["held"],
            until=now + timedelta(hours=3),
            reason="call_back",
            spoken=commands.Spoken("Ottoline"),
        )
    )
    room.do(commands.Decline(referral_id=take("declined", 25), reason="out_of_area"))
    room.do(commands.Cancel(referral_id=take("cancelled", 26), reason="duplicate"))
    store = room.desk.store
    room.until(lambda: store.referral(found["held"]).hold_until and not store.referral(found["cancelled"]).is_open)
    room.until(lambda: not store.referral(found["declined"]).is_open)
    room.until(lambda: store.handover(link.id).state is HandoverState.RELEASED)
    return found


def by_name(desk: Walk, name: str) -> UUID:
    return next(one.id for one in desk.room.desk.store.referrals() if one.location.text.lower() == name)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["in parts", "every key"])
def seen(request: pytest.FixtureRequest) -> Seen:
    """What a walk comes by; with every key only for whoever has the time."""
    return Seen(takes_all=request.param)


@pytest.fixture
def desk(record: Record, rooms: Callable[[str], Room], tmp_path: Path, qapp: QApplication) -> Iterator[Walk]:
    # Far from midnight: a number then names one referral of today and one of yesterday.
    Clock(record)
    style.apply(qapp, "dark", 100)
    room = rooms("a.shah")
    fill(room)
    made = Walk(room, tmp_path)
    yield made
    made.clear()
    made.seat.leave()
