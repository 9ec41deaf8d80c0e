"""What is to be done for people who wait or are no longer with us: calls due, promises, follow-ups, endings."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt

from console.live.desk import Desk
from console.live.joins import referral_facts
from console.live.store import OF_REFERRAL, Delta
from console.look.buttons import ActionButton
from console.look.key_table import CARE_LIST
from console.look.keyboard import Hands, bind_chords
from console.running.faults import attempt
from console.views.lists.page import Line, Listing, ListPage
from console.views.sheets import SheetHost, planned
from db.domain.board import UNREADABLE
from db.domain.calls import Care, CareDue, calls_due
from db.domain.care import Contact, FollowUp
from db.domain.clocks import in_words, local_time
from db.domain.names import number_today
from db.domain.records import Referral
from db.domain.roles import may_lead
from db.domain.texts import told
from db.domain.towns import whereabouts

NOTHING = "Nobody is to be called, nothing was promised, and every ending names somebody."
COLUMNS = ("Due", "Referral", "What", "Last heard", "By")
_KINDS = {
    Care.CALL: "call",
    Care.SILENT_HOLD: "hold",
    Care.PROMISE: "promise",
    Care.FOLLOW_UP: "follow-up",
    Care.ENDING: "ending",
}
_MOST = 500
_TABLES = ("referral", *OF_REFERRAL)


class CarePage(ListPage):
    """Worked out from what this console mirrors, as the alarms are: what waits longest stands first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk, Listing("Calls and endings", COLUMNS, "What", NOTHING, _MOST, order="what is due first")
        )
        self._private = False
        self._due: list[CareDue] = []
        self.sheets = SheetHost(self, desk)
        self.sheets.refused_unseen.connect(self.say_unseen)
        self.setFocusProxy(self.table)
        self._offer()
        desk.store.changed.connect(self._follow)
        desk.store.reference_changed.connect(self.refresh)

    def _offer(self) -> None:
        """What may be done from here: put off a follow-up; a shift lead sets how often people are called."""
        put_off = ActionButton("Put off…", CARE_LIST.key("put off"), "quiet", self)
        set_calls = ActionButton("Schedule of calls…", CARE_LIST.key("schedule"), "quiet", self)
        set_calls.setVisible(may_lead(self._desk.me.role))
        put_off.clicked.connect(self.put_off)
        set_calls.clicked.connect(self.set_schedule)
        for button in (put_off, set_calls):
            self.panel.heading.add_right(button)
        hands = Hands(CARE_LIST, {"put off": self.put_off, "schedule": self.set_schedule})
        bind_chords(hands, self, Qt.ShortcutContext.WindowShortcut)

    def put_off(self) -> None:
        """Ask until when the follow-up in the row is put off, and why."""
        row = self.table.currentRow()
        one = self._due[row] if 0 <= row < len(self._due) else None
        if one is None or not isinstance(one.about, FollowUp):
            only, step = "Only a follow-up is put off.", "Choose the row of one."
            self.message.say("warn", only, step, so=lambda: self.table.currentRow() == row)
            return
        self.message.clear()
        item, me = one.about, self._desk.store.reference.who(self._desk.me.login)
        make = partial(planned.put_off, one.referral, item, self._desk.clock.now, me)
        self.sheets.open(("put off", item.id, item.due_at), make)

    def set_schedule(self) -> None:
        """Ask how often people are called while they wait."""
        if may_lead(self._desk.me.role):
            schedules = tuple(sorted(self._desk.store.reference.schedules.items()))
            make = partial(planned.schedule, self._desk.store.reference)
            self.sheets.open(("schedule", schedules), make)

    def holds_typed(self) -> bool:
        """What a sheet was filled in with."""
        return self.sheets.holds_typed()

    def leave(self) -> None:
        """Close the sheet, or the window where there is none."""
        if self.sheets.current is not None:
            self.sheets.close()
        else:
            super().leave()

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        self._private = private
        if self.isVisible():
            self.refresh()

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and any(delta.touched(table) for table in _TABLES):
            self.refresh()

    async def read(self, since: datetime, now: datetime) -> list[Line]:  # noqa: ARG002 - what is open has no limit
        """One line a thing to be done."""
        facts = [
            found
            for referral in self._desk.store.referrals()
            if (found := attempt("the calls of a referral", referral_facts, self._desk.store, referral.id))
        ]
        unreadable = ["", *[UNREADABLE] * (len(COLUMNS) - 1)]
        self._due = calls_due(facts, self._desk.store.reference)[:_MOST]
        return [attempt("something to be done", self._words, one, now) or unreadable for one in self._due]

    def keys(self, found: Sequence[Line]) -> Sequence[Hashable]:  # noqa: ARG002 - by what it is about
        """The thing to be done itself: its words say how long ago it was due, and change by the minute."""
        return [_key(one) for one in self._due]

    def count_words(self, found: Sequence[Line], now: datetime) -> str:  # noqa: ARG002 - as every list
        """How many of each kind are open: ``2 calls due · 1 ending with nobody named``."""
        kinds = [str(line[2]).partition(":")[0] for line in found]
        overdue = sum(str(line[0]).startswith("▲") for line in found)
        counts = [f"{kinds.count(name)} × {name}" for name in _KINDS.values() if name in kinds]
        return " · ".join([*counts, *([f"{overdue} overdue"] if overdue else [])])

    def _words(self, one: CareDue, now: datetime) -> Line:
        at = local_time(one.due, now)
        if one.kind is Care.ENDING:
            when = f"ended {at}"
        else:
            when = f"▲ {at}, {in_words(now - one.due)} ago" if one.is_overdue(now) else at
        who = self._desk.store.reference.who
        made_by = one.about.made_by if one.about is not None and hasattr(one.about, "made_by") else ""
        return (
            when,
            _where(one.referral, now),
            self._what(one),
            self._last(one.last, now),
            who(made_by) if made_by else "",
        )

    def _what(self, one: CareDue) -> str:
        # What was promised, and what is to be asked, is the person's own.
        name, personal = _KINDS[one.kind], one.kind in {Care.PROMISE, Care.FOLLOW_UP}
        return name if personal and self._private else f"{name}: {told(one.words)}"

    def _last(self, last: Contact | None, now: datetime) -> str:
        if last is None:
            return "not yet"
        at = local_time(last.made_at, now)
        return at if self._private else f"{at} {told(last.with_name)}"


def _key(one: CareDue) -> Hashable:
    about = one.about.id if isinstance(one.about, Contact | FollowUp) else None
    return one.referral.id, one.kind, about


def _where(referral: Referral, now: datetime) -> str:
    place = whereabouts(referral.location)
    return " · ".join(
        part for part in (number_today(referral.reference, now), place.town, referral.priority) if part
    )
