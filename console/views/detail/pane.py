"""The detail pane: one referral, live, and everything that may be done with it by keyboard."""

from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from console.live.actions import Action, Progress
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.steps_underway import StepsUnderway
from console.live.store import TABLES, Delta
from console.look.guard import guarded
from console.look.key_table import PANE
from console.look.keyboard import Hands, fence
from console.look.style import mark, px
from console.look.widgets import MessageBar
from console.running.faults import attempt
from console.views.detail.about import BriefSection
from console.views.detail.body import Body, divider
from console.views.detail.doubt import Doubt
from console.views.detail.happenings import ranked_rows
from console.views.detail.low import LowPane
from console.views.detail.next_bar import NextBar, pending_words
from console.views.detail.note_box import NoteBox
from console.views.detail.orders import allocate_sheet, direct, is_underway, menu_rows, sheet_for
from console.views.detail.ranker import Ranker
from console.views.detail.reader import EventReader, LookLog
from console.views.detail.rich import RichLabel
from console.views.detail.sections import Header, HoldingSection
from console.views.detail.taking_back import TakingBack
from console.views.detail.undo_line import UndoLine
from console.views.detail.view import View, view_of
from console.views.detail.words import why_no_van, why_none
from console.views.sheets import Order, Sheet, SheetHost, make
from console.views.sheets.fields import Pick
from console.views.sheets.row_layout import Row
from db import commands
from db.domain.next_steps import Act, NextStep
from db.domain.records import Referral
from db.domain.roles import may_dispatch

_TABLES = frozenset(TABLES) - {"position"}  # what a fix changes comes by the arrivals and the ranking


@guarded
class DetailPane(QFrame):
    """One referral, and the keys that act on it; those of its row on the board come here too."""

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
        self._pending: list[NextStep] = []
        self.setAccessibleName("Referral")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._reader = EventReader(desk, self)
        self._looks, self._underway = LookLog(desk, self), StepsUnderway(desk, self)
        self._ranker = Ranker(desk, geography, etas, self)
        self._hands = self._bind()
        self._build()
        self.sheets = SheetHost(self, desk)
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self.message = MessageBar(self)
        self.empty = RichLabel(self)
        self._header = Header(self)
        self.body = Body(self)
        self.next, self.note, self.doubt = NextBar(self), NoteBox(self), Doubt(self._desk, self)
        self.taking_back = TakingBack(self._desk, self.message, self)
        self.undone = UndoLine(self._desk, self.taking_back.last, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        mark(self, role="panel")
        self.empty.setMargin(px(18))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        for above in (self._header, self.message):
            column.addWidget(above)
        for one_of_both in (self.empty, self.body):
            column.addWidget(one_of_both, 1)
        for below in (divider(self), self.doubt, self.next, self.undone, self.note):
            column.addWidget(below)
        LowPane(self, self._header, self.body.column, self.note)

    def _connect(self) -> None:
        desk = self._desk
        desk.store.changed.connect(self._look)
        desk.store.reference_changed.connect(self._refresh)
        for changed in (desk.actions.changed, self._underway.changed):
            changed.connect(self._refresh)
        self._etas.changed.connect(self._refresh)
        self._reader.changed.connect(self._refresh)
        self._ranker.changed.connect(self._show_ranking)
        self.next.chosen.connect(self.do)
        self.next.menu_wanted.connect(self.open_menu)
        self.undone.button.clicked.connect(self.undo)
        self.taking_back.asked.connect(self._open_sheet)
        self.note.wanted.connect(self._add_note)
        self.note.left.connect(self.focus_pane)
        self.body.ranking.van_chosen.connect(lambda key: self.van_selected.emit(UUID(key)))
        self.sheets.opened.connect(self._sheet_opened)
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
        self.doubt.forget()
        self.note.show_referral(referral_id)
        self.body.to_top()
        self._reader.show(referral_id)
        self._looks.show(referral_id)
        self._refresh()

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        self._private = private
        self._refresh()

    def tick(self) -> None:
        """Let the clocks go on; texts change by the minute, so that nothing flickers."""
        self.undone.tick()
        now = self._desk.clock.now()
        if now.minute != self._minute or now.second % 10 == 0:
            self._refresh()

    def _look(self, delta: Delta) -> None:
        if any(delta.touched(table) for table in _TABLES):
            self._refresh()

    def _referral(self) -> Referral | None:
        return self._desk.store.referral(self._shown) if self._shown else None

    def view(self) -> View | None:
        """The referral as it is shown; None when there is none."""
        referral = self._referral()
        if referral is None:
            return None
        ranked, events = self._ranker.ranked(referral.id), self._reader.events()
        found, known = (self._desk, self._etas, referral, events, ranked), self._reader.known()
        return attempt("the selected referral", view_of, *found, private=self._private, known=known)

    def _refresh(self) -> None:
        view = self.view()
        self.undone.stand_under(self._shown, private=self._private)
        for widget in (self._header, self.body, self.next, self.note):
            widget.setVisible(view is not None)
        self.empty.setVisible(view is None)
        if view is None:
            self.empty.show_markup(why_none(self._referral(), chosen=self._shown is not None))
            return
        self._minute = view.now.minute
        self._header.tell(view)
        self.body.tell(view)
        self.note.setVisible(may_dispatch(self._desk.me.role))
        self._show_steps(view)
        self._show_ranking()

    def _show_ranking(self) -> None:
        view = self.view()
        if view is None:
            return
        needed = may_dispatch(self._desk.me.role) and view.now_is.wants_van
        self._ranker.want(view.referral.id if needed or self._allocating is not None else None)
        self.body.ranking.wanted = needed and not view.referral.on_hold(view.now)
        self.body.ranking.tell(view)
        if self._allocating is not None and view.ranked is not None:
            self._allocating.offer(ranked_rows(view.ranked))

    # --- what may be done ---

    def _show_steps(self, view: View) -> None:
        mine, steps = self._underway.of(view.referral.id), view.steps()
        self._pending = [step for step in steps if any(is_underway(step, action.command) for action in mine)]
        self.next.show_steps(steps, self._pending, pending_words(mine[0], view.now) if mine else "")
        possible = (direct(view.referral, step) for step in steps if step not in self._pending)
        self.doubt.review([order for order in possible if order is not None])

    def do(self, step: NextStep) -> None:
        """Take a step, or open what has to be asked first."""
        referral = self._referral()
        if referral is None:
            return
        self.message.clear()
        order = direct(referral, step)
        if order is not None:
            self._submit(step, order)
            return
        self.doubt.forget()
        if step.act is Act.SCREEN:
            self.screen_requested.emit(referral.id)
        elif step.act is Act.EDIT:
            self.edit_requested.emit(referral.id)
        elif step.act is Act.ALLOCATE:
            self.open_allocate()
        elif step.act is Act.TAKE_BACK:
            self.taking_back.ask(referral)
        else:
            build = sheet_for(self._desk, referral, step, self._reader.known())
            if build is not None:
                self.sheets.open((referral.id, step.act, step.target), build)

    def _submit(self, step: NextStep, order: Order) -> None:
        weighed = self.doubt.weighed(step, order)
        if weighed is not None:
            self._desk.actions.submit(weighed.command, weighed.label, self._answered)

    def undo(self) -> None:
        """Take back the last thing that this login did, if its minute is not over."""
        self.message.clear()
        self.taking_back.undo(self._answered)

    def _open_sheet(self, referral_id: UUID, sheet: Sheet) -> None:
        if self._shown == referral_id:
            key = (referral_id, Act.TAKE_BACK, None)
            self.sheets.forget(key)  # what may be taken back is another list each time
            self.sheets.open(key, lambda: sheet)

    def _answered(self, action: Action) -> None:
        is_news = action.progress is Progress.REFUSED or action.may_be_done
        if is_news and action.error is not None:
            about = "" if self._shown in action.keys else f"{action.name(self._desk.clock.now())}: "
            self.message.say("late", f"{about}{action.error.sentence}", action.error.next_step)

    def open_allocate(self, van_id: UUID | None = None) -> None:
        """Open the ranked list; with a van, that one is under the hand."""
        view = self.view()
        if view is None or not any(step.act is Act.ALLOCATE for step in view.steps()):
            self._cannot_allocate()
            return
        referral = view.referral
        self._ranker.want(referral.id)
        rows = ranked_rows(view.ranked or [])
        sheet = self.sheets.open((referral.id, Act.ALLOCATE, None), lambda: self._allocate_sheet(referral, rows))
        field = sheet.field("van")
        if isinstance(field, Pick):
            self._allocating = field  # the ranking goes on to fill it while it is open
            field.offer(rows, anew=True)
            field.prefer(str(van_id) if van_id is not None else "")
        self._show_ranking()

    def _allocate_sheet(self, referral: Referral, rows: list[Row]) -> Sheet:
        sheet = allocate_sheet(self._desk, referral, rows)
        sheet.aimed.connect(self._preview)
        return sheet

    def _cannot_allocate(self) -> None:
        if may_dispatch(self._desk.me.role):
            why = why_no_van(self._desk.store, self._referral())
            self.message.say("info", *why, so=lambda: why_no_van(self._desk.store, self._referral()) == why)

    def _preview(self, _name: str, value: str) -> None:
        self.van_selected.emit(UUID(value) if value else None)

    def open_menu(self, under_hand: NextStep | None = None) -> None:
        """List the actions that have no button; one of them may be under the hand already."""
        referral, steps = self._referral(), self.next.in_menu()
        if referral is None or not steps:
            return

        def chosen(place: str) -> None:
            self.sheets.forget(key)
            self.do(steps[int(place)])

        key = (referral.id, "menu")
        self.sheets.forget(key)  # one that was left open lists the steps of then
        place = str(steps.index(under_hand)) if under_hand in steps else ""
        title, rows = f"More actions: {referral.reference}", menu_rows(steps)
        self.sheets.open(key, lambda: make.menu(title, rows, chosen, place))

    def _sheet_opened(self) -> None:
        self.doubt.forget()
        # A sheet lies over them: what is not seen is not pressed.
        for below in (self.next, self.note):
            below.setEnabled(False)

    def _sheet_closed(self) -> None:
        self._allocating = None
        for below in (self.next, self.note):
            below.setEnabled(True)
        self._refresh()

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
        """Give the keyboard to the note, if it is in sight."""
        if self.note.isVisibleTo(self):
            self.note.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bind(self) -> Hands:
        return Hands(
            PANE,
            {
                "primary": self._do_primary,
                "more": self.open_menu,
                "note": self.focus_note,
                "map": self._show_on_map,
                "copy": lambda: self._copy(self.body.holding),
                "brief": lambda: self._copy(self.body.brief),
                "up": lambda: self.body.scroll_by(-1),
                "down": lambda: self.body.scroll_by(1),
            },
            {"step": self._press_step},
        )

    def press(self, referral_id: UUID, key: str) -> None:
        """Act on a key that was pressed on a referral's row, if that is the referral that is shown here."""
        if referral_id == self._shown and self.isEnabled() and self.sheets.current is None:
            self._hands.do(key)

    def _do_primary(self) -> None:
        step, referral = self.next.primary(), self._referral()
        # One press, one step: the second waits for the answer. Who was asked about a step answers with Enter.
        if step is not None and referral is not None and not self._underway.of(referral.id):
            self.do(self.doubt.step or step)

    def _press_step(self, key: str) -> None:
        step, referral = self.next.by_key(key), self._referral()
        if step is None or referral is None or step in self._pending:
            return
        if step in self.next.in_menu() and direct(referral, step) is not None:
            # It is on no button, and one key would record it unseen: it is shown first, and Enter does it.
            self.open_menu(step)
        else:
            self.do(step)

    def _show_on_map(self) -> None:
        if self._shown is not None:
            self.show_on_map_requested.emit(self._shown)

    def _copy(self, section: HoldingSection | BriefSection) -> None:
        if self._shown is not None:
            section.copy()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the steps, while no sheet lies over them."""
        if self.sheets.current is None:
            self._hands.take(event)
        else:
            fence(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key, and the other button of the mouse, ask for more actions."""
        if self.sheets.current is None:
            self.open_menu()
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        """Coming into sight is the beginning of a look."""
        self._looks.show(self._shown)
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: colours are part of the texts."""
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "sheets"):
            self._refresh()
        super().changeEvent(event)
