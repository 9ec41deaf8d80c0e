"""The detail pane: one referral, live, and everything that may be done with it by keyboard."""

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from console.live.actions import Action, Progress, Why
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.store import Delta
from console.live.underway import steps_underway
from console.look.guard import guarded
from console.look.style import mark, px
from console.look.widgets import MessageBar
from console.running.faults import attempt
from console.views.detail.happenings import JobsSection, RankSection, TimelineSection, ranked_rows
from console.views.detail.keys import COPY_KEY, SCROLLS, is_typing, name_of
from console.views.detail.low import LowPane
from console.views.detail.next_bar import MENU_KEY, NextBar
from console.views.detail.note_box import NoteBox
from console.views.detail.orders import direct, is_underway, menu_rows, sheet_for
from console.views.detail.ranker import Ranker
from console.views.detail.reader import EventReader, LookLog
from console.views.detail.rich import RichLabel
from console.views.detail.sections import (
    FlagsSection,
    Header,
    HoldingSection,
    PersonSection,
    PlanSection,
    ScreeningSection,
)
from console.views.detail.view import View, view_of
from console.views.detail.words import why_none
from console.views.sheets import Order, Sheet, SheetHost, make
from console.views.sheets.fields import Pick
from console.views.sheets.pick_list import Row
from db import commands
from db.domain.next_steps import Act, NextStep
from db.domain.records import Referral
from db.domain.roles import may_dispatch

_TABLES = ("referral", "assignment", "handover", "screening", "van", "shift")


@guarded
class DetailPane(QFrame):
    """One referral. It acts by keys when it or the board has the keyboard, never while somebody types."""

    edit_requested = Signal(object)
    """A referral's id: its details are to be edited in the form."""
    screen_requested = Signal(object)
    """A referral's id: the form is to be opened at the screening."""
    show_on_map_requested = Signal(object)
    """A referral's id."""
    van_selected = Signal(object)
    """A van's id, or None: its way to the referral is to be previewed."""

    def __init__(self, desk: Desk, geography: Geography, etas: Etas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._etas = etas
        self._shown: UUID | None = None
        self._private = False
        self._allocating: Pick | None = None
        self._minute = -1
        self.setAccessibleName("Referral")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reader = EventReader(desk, self)
        self._looks = LookLog(desk, self)
        self._ranker = Ranker(desk, geography, etas, self)
        self._build()
        self.sheets = SheetHost(self, desk.actions)
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self.message = MessageBar(self)
        self._empty = RichLabel(self)
        self._header = Header(self)
        self.holding, self._plan, self._flags = HoldingSection(self), PlanSection(self), FlagsSection(self)
        self._screening, self._person = ScreeningSection(self), PersonSection(self)
        self._jobs, self.ranking, self.timeline = JobsSection(self), RankSection(self), TimelineSection(self)
        self._sections = (
            self.holding,
            self._plan,
            self._flags,
            self._screening,
            self._person,
            self._jobs,
            self.timeline,
        )
        self.next, self.note = NextBar(self), NoteBox(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        mark(self, role="panel")
        self._empty.setMargin(px(18))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        for above in (self._header, self.message, self._empty):
            column.addWidget(above)
        column.addWidget(self._make_scroll(), 1)
        for below in (_line(self), self.next, self.note):
            column.addWidget(below)
        LowPane(self, self._header, self._page, self.note)

    def _make_scroll(self) -> QScrollArea:
        page = QWidget(self)
        mark(page, role="page")
        column = self._page = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in (*self._sections[:5], self.ranking, *self._sections[5:]):
            column.addWidget(section)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        # A bar that comes and goes would make every line jump.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(page)
        return self._scroll

    def _connect(self) -> None:
        desk = self._desk
        desk.store.changed.connect(self._look)
        desk.store.reference_changed.connect(self._refresh)
        desk.actions.changed.connect(self._refresh)
        self._etas.changed.connect(self._refresh)
        self._reader.changed.connect(self._refresh)
        self._ranker.changed.connect(self._show_ranking)
        self.next.chosen.connect(self.do)
        self.next.menu_wanted.connect(self.open_menu)
        self.note.wanted.connect(self._add_note)
        self.note.left.connect(self.focus_pane)
        self.ranking.van_chosen.connect(lambda key: self.van_selected.emit(UUID(key)))
        self.sheets.closed.connect(self._sheet_closed)

    # --- what is shown ---

    def show_referral(self, referral_id: UUID | None) -> None:
        """Show another referral, or none. What was typed about the one before is kept."""
        if referral_id == self._shown:
            return
        self._shown = referral_id
        self.sheets.hide()
        self._allocating = None
        self.message.clear()
        self.note.show_referral(referral_id)
        self._scroll.verticalScrollBar().setValue(0)
        self._reader.show(referral_id)
        self._looks.show(referral_id)
        self._refresh()

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        self._private = private
        self._refresh()

    def tick(self) -> None:
        """Let the clocks go on; texts change by the minute, so that nothing flickers."""
        now = self._desk.clock.now()
        if now.minute != self._minute or now.second % 10 == 0:
            self._refresh()

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in _TABLES):
            self._refresh()

    def _referral(self) -> Referral | None:
        return self._desk.store.referral(self._shown) if self._shown is not None else None

    def view(self) -> View | None:
        """The referral as it is shown; None when there is none."""
        referral = self._referral()
        if referral is None:
            return None
        ranked, events = self._ranker.ranked(referral.id), self._reader.events()
        place = "the selected referral"
        return attempt(place, view_of, self._desk, self._etas, referral, events, ranked, private=self._private)

    def _refresh(self) -> None:
        view = self.view()
        for widget in (self._header, self._scroll, self.next, self.note):
            widget.setVisible(view is not None)
        self._empty.setVisible(view is None)
        if view is None:
            self._empty.setText(why_none(self._referral(), chosen=self._shown is not None))
            return
        self._minute = view.now.minute
        for part in (self._header, *self._sections):
            part.tell(view)
        self.note.setVisible(may_dispatch(self._desk.me.role))
        self._show_steps(view)
        self._show_ranking()

    def _show_ranking(self) -> None:
        view = self.view()
        if view is None:
            return
        needed = may_dispatch(self._desk.me.role) and view.now_is.wants_van
        self._ranker.want(view.referral.id if needed or self._allocating is not None else None)
        self.ranking.wanted = needed and not view.referral.on_hold(view.now)
        self.ranking.tell(view)
        if self._allocating is not None and view.ranked is not None:
            self._allocating.offer(ranked_rows(view.ranked))

    # --- what may be done ---

    def _underway(self, referral_id: UUID) -> list[Action]:
        return steps_underway(self._desk.actions.pending, self._desk.store, referral_id)

    def _show_steps(self, view: View) -> None:
        mine, steps = self._underway(view.referral.id), view.steps()
        pending = [step for step in steps if any(is_underway(step, action.command) for action in mine)]
        self.next.show_steps(steps, pending, _pending_words(mine[0], view.now) if mine else "")

    def do(self, step: NextStep) -> None:
        """Take a step, or open what has to be asked first."""
        referral = self._referral()
        if referral is None:
            return
        self.message.clear()
        order = direct(referral, step)
        if order is not None:
            self._submit(order)
        elif step.act is Act.SCREEN:
            self.screen_requested.emit(referral.id)
        elif step.act is Act.EDIT:
            self.edit_requested.emit(referral.id)
        elif step.act is Act.ALLOCATE:
            self.open_allocate()
        else:
            build = sheet_for(self._desk, referral, step)
            if build is not None:
                self.sheets.open((referral.id, step.act, step.target), build)

    def _submit(self, order: Order) -> None:
        self._desk.actions.submit(order.command, order.label, self._answered)

    def _answered(self, action: Action) -> None:
        is_news = action.progress is Progress.REFUSED or action.may_be_done
        if is_news and action.error is not None:
            about = "" if self._shown in action.keys else f"{action.name(self._desk.clock.now())}: "
            self.message.say("late", f"{about}{action.error.sentence}", action.error.next_step)

    def open_allocate(self, van_id: UUID | None = None) -> None:
        """Open the ranked list; with a van, that one is under the hand."""
        view = self.view()
        legal = view is not None and any(step.act is Act.ALLOCATE for step in view.steps())
        if view is None or not legal:
            self._cannot_allocate(view)
            return
        referral = view.referral
        self._ranker.want(referral.id)
        rows = ranked_rows(view.ranked or [])
        sheet = self.sheets.open((referral.id, Act.ALLOCATE, None), lambda: self._allocate_sheet(referral, rows))
        field = sheet.field("van")
        if isinstance(field, Pick):
            self._allocating = field
            field.offer(rows)
            field.prefer(str(van_id) if van_id is not None else "")
        self._show_ranking()

    def _allocate_sheet(self, referral: Referral, rows: list[Row]) -> Sheet:
        sheet = make.allocate(referral, rows)
        sheet.aimed.connect(self._preview)
        return sheet

    def _cannot_allocate(self, view: View | None) -> None:
        if not may_dispatch(self._desk.me.role):
            return
        if view is None:
            self.message.say("info", "Choose a referral first.", "Then allocate a van to it.")
        else:
            state = view.referral.state
            self.message.say(
                "info", f"{view.referral.reference} is {state}.", "A van goes to an accepted referral."
            )

    def _preview(self, _name: str, value: str) -> None:
        self.van_selected.emit(UUID(value) if value else None)

    def open_menu(self) -> None:
        """List the actions that have no button."""
        referral, steps = self._referral(), self.next.in_menu()
        if referral is None or not steps:
            return

        def chosen(place: str) -> None:
            self.sheets.forget(key)
            self.do(steps[int(place)])

        key = (referral.id, "menu")
        self.sheets.forget(key)
        self.sheets.open(key, lambda: make.menu(f"More actions: {referral.reference}", menu_rows(steps), chosen))

    def _sheet_closed(self) -> None:
        self._allocating = None
        self._refresh()
        self.focus_pane()

    def _add_note(self, referral_id: UUID, words: str) -> None:
        self.message.clear()

        def answered(action: Action) -> None:
            if action.progress is Progress.DONE:
                self.note.added(referral_id, words)
            self._answered(action)

        self._desk.actions.submit(commands.AddNote(referral_id=referral_id, words=words), "Note", answered)

    # --- keys ---

    def focus_pane(self) -> None:
        """Give the keyboard to the pane, or to its open sheet."""
        if self.sheets.current is not None:
            self.sheets.current.start()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_note(self) -> None:
        """Give the keyboard to the note."""
        self.note.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key that was pressed here or on the board. Returns whether it meant something."""
        if self.sheets.current is not None or event.isAutoRepeat() or is_typing():
            return False
        key = name_of(event)
        if key == COPY_KEY:
            self.holding.copy()
            return self._shown is not None
        if key == "Return":
            return self._do_primary()
        if key == MENU_KEY and self.next.in_menu():
            self.open_menu()
            return True
        if key == "/" and self.note.isVisibleTo(self):
            self.focus_note()
            return True
        if key == "=" and self._shown is not None:
            self.show_on_map_requested.emit(self._shown)
            return True
        step = self.next.by_key(key)
        if step is None:
            return False
        self.do(step)
        return True

    def _do_primary(self) -> bool:
        step, referral = self.next.primary(), self._referral()
        if step is None or referral is None:
            return False
        # One press, one step: the second waits until the record has answered the first.
        if not self._underway(referral.id):
            self.do(step)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the steps; Return on a button presses that button; Page keys scroll."""
        focus = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.click()
        elif event.key() in SCROLLS:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + SCROLLS[event.key()] * bar.pageStep() // 2)
        elif not self.handle_key(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Coming into sight is the beginning of a look."""
        self._looks.show(self._shown)
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: colours are part of the texts."""
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "sheets"):
            self._refresh()
        super().changeEvent(event)


def _pending_words(action: Action, now: datetime) -> str:
    label = action.name(now)
    if action.progress is Progress.SENDING or action.why is Why.TURN:
        return f"Sending: {label}…"
    return f"{label}: {action.why}"


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    mark(line, role="line")
    return line
