"""The rota in a window of its own beside the live desk: a shift lead plans, and sees what is to be put right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from console.live.desk import Desk
from console.live.store import Delta
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.panel import ElidedLabel, MessageBar, Panel
from console.look.rota_keys import ROTA, ROTA_WINDOW
from console.look.style import mark, px
from console.look.tabbing import has_keyboard
from console.running.tasks import spawn
from console.views.rota.canvas import Cursor, WeekCanvas
from console.views.rota.importing import Importing
from console.views.rota.lists import COLUMNS, RotaTable, table_lines
from console.views.rota.orders import RotaOrders
from console.views.rota.printing import Printing
from console.views.rota.sheeted import SheetedWindow
from console.views.rota.sheets import SPAN, CrewSheet, PlanSheet, SwapSheet, WantedSheet
from console.views.rota.side import RotaSide
from console.views.vans.sheets import Subject, VanSheet
from db.domain.records import StaffMember
from db.domain.rota import DAYS, monday_of, same_clock
from db.domain.rota_view import Block, Matter, RotaLane, Week, by_person, by_van, matters, when_words
from db.errors import RecordError

_BESIDE: Final = timedelta(days=2)
"""How far beside the week is read: who rests, and who rode into it."""
_HALF_HOUR: Final = timedelta(minutes=30)


@guarded
class RotaWindow(SheetedWindow):
    """Reads a week when it is opened, asked for, or changed by anybody. What is sent waits for the record."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Rota", 1480, 860)
        self.monday = monday_of(desk.clock.now())
        self.week: Week | None = None
        self._people = False
        self._reading = self._again = False
        self.message = MessageBar(self)
        self.canvas = WeekCanvas(self._acts(), self)
        self.table = RotaTable(self)
        self.told = ElidedLabel(self)
        self.side = RotaSide(desk, self.message, self)
        self.orders = RotaOrders(desk, self.canvas, self.message, lambda: self.week)
        self.orders.then = self.refresh
        self.unpublished = QLabel(self)
        mark(self.unpublished, tone="warn")
        self.importing = Importing(desk, self, "rota", self.message, self._open_sheet)
        self.printing = Printing(desk, self, self.message)
        self._lay_out()
        self._name_week()
        self.canvas.chosen.connect(self._tell)
        self.canvas.opened.connect(self.edit)
        self.canvas.dropped.connect(self.orders.drop)
        self.side.matters.wanted.connect(self._go_to)
        self.side.done.connect(lambda _command: self.refresh())
        self.side.let_go.connect(self.canvas.setFocus)
        desk.store.reference_changed.connect(self.refresh)
        desk.store.changed.connect(self._follow)
        bind_chords(Hands(ROTA_WINDOW, self._chords()), self, Qt.ShortcutContext.WindowShortcut)

    # --- what stands where ---

    def _lay_out(self) -> None:
        self.title = QLabel(self)
        mark(self.title, role="title")
        keys = ROTA.key
        self.before = self._button("◂", keys("week before"), lambda: self._turn(-1))
        self.after = self._button("▸", keys("week after"), lambda: self._turn(1))
        self.by = self._button("People", ROTA_WINDOW.key("people"), self.turn_lanes)
        self.as_table = self._button("Table", ROTA_WINDOW.key("table"), self.turn_table)
        self.copy_button = self._button("Copy week", keys("copy week"), self.copy_week)
        self.before.setAccessibleName("The week before")
        self.after.setAccessibleName("The week after")
        above = (
            self.title,
            *(self.before, self.after, self.by, self.as_table),
            self._button("Import…", ROTA_WINDOW.key("import"), self.importing.ask),
            self._button("Print…", ROTA_WINDOW.key("print"), lambda: self.printing.ask(self.week)),
            self.copy_button,
            self.unpublished,
            self._button("Publish", ROTA_WINDOW.key("publish"), self.publish),
        )
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.canvas)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(scroll)
        self.stack.addWidget(self.table)
        week = Panel("Week", "drag, or Alt and arrows · Enter changes · N new · D a day later", self)
        week.add(self.stack, 1)
        self.told.setContentsMargins(px(12), px(4), px(12), px(6))
        week.add(self.told)
        self.lay_across(above, week).setSizes([px(1130), px(330)])

    def _button(self, words: str, key: str, does: Callable[[], object]) -> ActionButton:
        button = ActionButton(words, key, "quiet", self)
        button.clicked.connect(does)
        return button

    def _acts(self) -> dict[str, Callable[[], object]]:
        return {
            "week before": lambda: self._turn(-1),
            "week after": lambda: self._turn(1),
            "now": self.this_week,
            "edit": self.edit,
            "new": self.new,
            "copy": lambda: self.orders.copy_on(),
            "copy week": self.copy_week,
            "swap": self.swap,
            "cancel": lambda: self.orders.cancel(),
            "wanted": self.wanted,
            "earlier": lambda: self._by_van(lambda: self.orders.move(-_HALF_HOUR)),
            "later": lambda: self._by_van(lambda: self.orders.move(_HALF_HOUR)),
            "lift": lambda: self._by_van(lambda: self.orders.lift(-1)),
            "lower": lambda: self._by_van(lambda: self.orders.lift(1)),
        }

    def _chords(self) -> dict[str, Callable[[], object]]:
        return {
            "week": self.canvas.setFocus,
            "people": self.turn_lanes,
            "table": self.turn_table,
            "refresh": self.refresh,
            "matters": self.side.matters.setFocus,
            "copy": self.copy,
            "publish": self.publish,
            "import": self.importing.ask,
            "print": lambda: self.printing.ask(self.week),
            "leave": self.leave,
            "close": self.close,
        }

    # --- reading ---

    def refresh(self) -> None:
        """Read the week again; what is shown stays until the record has answered."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        spawn(self._read(), "read the rota", self)

    async def _read(self) -> None:
        try:
            self._again = True
            while self._again:
                self._again = False
                await self._read_once()
            self.is_read()
        except RecordError as error:
            self.tell_unread(error)
        finally:
            self._reading = False

    async def _read_once(self) -> None:
        monday = self.monday
        store, now = self._desk.store, self._desk.clock.now()
        week = Week(monday, now, wanted=store.reference.cover, rules=store.reference.rules)
        found = await self._desk.reads.rota(week.start - _BESIDE, week.end + _BESIDE)
        staff = {
            key: replace(one, name=found.staff.get(key, one.name)) for key, one in store.reference.staff.items()
        }
        if monday == self.monday:
            self.week = replace(
                week,
                vans=found.vans,
                staff=staff,
                plans=found.plans,
                duties=found.duties,
                cancelled=found.cancelled,
            )
            self._show()

    def _follow(self, delta: Delta) -> None:
        if self.isVisible() and (delta.touched("shift") or delta.touched("van")):
            self.refresh()

    def lanes(self) -> list[RotaLane]:
        """The lanes that are shown."""
        if self.week is None:
            return []
        return by_person(self.week) if self._people else by_van(self.week)

    def _show(self) -> None:
        week = self.week
        if week is None:
            return
        self._name_week()
        lanes = self.lanes()
        self.canvas.show_week(week, lanes, halves=not self._people)
        self.table.show_lanes(lanes)
        self.side.show_matters(matters(week))
        self.by.setText("Vans" if self._people else "People")
        untold = len(week.to_publish())
        self.unpublished.setText(f"{untold} {'change' if untold == 1 else 'changes'} not published")
        self.unpublished.setVisible(bool(untold))
        self._tell()

    def _name_week(self) -> None:
        self.title.setText(f"Week of {self.monday:%a} {self.monday.day} {self.monday:%b}")

    def _tell(self) -> None:
        self.orders.disarm()
        self.told.setText(self.canvas.told())

    # --- which week, and how ---

    def _turn(self, weeks: int) -> None:
        self.open_week(self.monday + timedelta(days=DAYS * weeks))

    def open_week(self, monday: date) -> None:
        """Show another week."""
        by = (monday - self.monday).days
        self.monday = monday
        if self.canvas.cursor_at is not None:
            at = self.canvas.cursor_at
            self.canvas.cursor_at = Cursor(at.lane, same_clock(at.at, by))
        self.refresh()

    def this_week(self) -> None:
        """Back to now."""
        self.open_week(monday_of(self._desk.clock.now()))

    def turn_lanes(self) -> None:
        """A lane a person, or a lane a van."""
        self._people = not self._people
        self._show()

    def turn_table(self) -> None:
        """The week in words, or drawn."""
        drawn = self.stack.currentIndex() == 0
        self.stack.setCurrentIndex(1 if drawn else 0)
        self.as_table.setText("Drawn" if drawn else "Table")
        (self.table if drawn else self.canvas).setFocus()

    def copy(self) -> None:
        """Put the week on the clipboard as a spreadsheet takes it."""
        copy_table([COLUMNS, *table_lines(self.lanes())])

    def _go_to(self, matter: Matter) -> None:
        if self._people:
            self.turn_lanes()
        if self.stack.currentIndex():
            self.turn_table()
        if matter.at is not None:
            self.canvas.go_to(matter.van_id, matter.at)

    # --- sheets ---

    def _staff(self) -> list[StaffMember]:
        return [one for one in self._desk.store.reference.staff.values() if one.active]

    def _busy(self, start: datetime, end: datetime, but: UUID | None = None) -> dict[UUID, str]:
        """Where whoever is planned elsewhere between two moments is."""
        found: dict[UUID, str] = {}
        for plan in self.week.plans if self.week is not None else ():
            for ride in plan.crew if plan.id != but else ():
                first, last = plan.span(ride)
                if first < end and last > start:
                    found[ride.staff_id] = f"on {self.orders.subject(plan.van_id).callsign} {when_words(first)}"
        return found

    def edit(self) -> None:
        """Change the shift that the ring is on; a new one where there is none."""
        block = self.orders.block()
        if block is None:
            self.new()
        elif block.duty is not None and block.duty.ended_at is None:
            self._edit_crew(block)
        elif (plan := self.orders.plan()) is not None:
            busy = self._busy(plan.starts_at, plan.ends_at, plan.id)
            rules = self._desk.store.reference.rules
            args = (plan, plan.starts_at, self._staff(), busy, rules, self)
            self._open_sheet(PlanSheet(self.orders.subject(plan.van_id), *args))

    def new(self) -> None:
        """A new shift on the day of the ring, in its lane."""
        at = self.canvas.cursor_at
        if at is None or self._people:
            self._say_by_van("A shift is planned for a van.")
            return
        start = at.at if at.block is None else at.block.end
        busy = self._busy(start, start + SPAN)
        rules = self._desk.store.reference.rules
        self._open_sheet(PlanSheet(self.orders.subject(at.lane), None, start, self._staff(), busy, rules, self))

    def swap(self) -> None:
        """Somebody else from a time on; in a van that is on duty from now on."""
        block = self.orders.block()
        if block is not None and block.duty is not None and block.duty.ended_at is None:
            self._edit_crew(block)
        elif (plan := self.orders.plan()) is not None:
            busy = self._busy(plan.starts_at, plan.ends_at, plan.id)
            self._open_sheet(SwapSheet(self.orders.subject(plan.van_id), plan, self._staff(), busy, self))

    def _edit_crew(self, block: Block) -> None:
        duty, store = block.duty, self._desk.store
        if duty is None:
            return
        job = store.job_of(duty.van_id)
        referral = store.referral(job.referral_id) if job is not None else None
        said = f"{job.state.value} for {referral.reference}" if job is not None and referral is not None else ""
        busy = {
            key: f"on {van.callsign} now"
            for van in store.vans()
            if van.id != duty.van_id and (shift := store.shift_of(van.id)) is not None
            for key in shift.staff_ids
        }
        self._open_sheet(CrewSheet(self.orders.subject(duty.van_id), duty, self._staff(), busy, said, self))

    def wanted(self) -> None:
        """How many vans are wanted from the hour of the ring on."""
        at = self.canvas.cursor_at
        if at is not None:
            now = self._desk.clock.now()
            self._open_sheet(
                WantedSheet(Subject(at.lane, "Cover", now), at.at, self._desk.store.reference.cover, self)
            )

    def _open_sheet(self, sheet: VanSheet) -> None:
        self.message.clear()
        self.side.open(sheet)

    def _by_van(self, does: Callable[[], object]) -> None:
        if self._people:
            self._say_by_van("A shift is moved among the vans.")
        else:
            does()

    def _say_by_van(self, words: str) -> None:
        self.message.say("info", words, "Press F3 for the vans.", so=lambda: self._people)

    def copy_week(self) -> None:
        """Plan the week after as this one; asked first."""
        self.orders.copy_week(self.monday)

    def publish(self) -> None:
        """Tell those who ride; what is typed in a sheet goes first, and alone."""
        sheet = self.side.sheet
        if sheet is not None and has_keyboard(sheet):
            sheet.submit()
        else:
            self.orders.publish()

    def first(self) -> QWidget:
        """The week."""
        return self.canvas
