"""The desk: status bar above, panels side by side, one selection through all of them."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.live.arrivals import Arrivals
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.look.guard import guarded
from console.look.key_table import DESK
from console.look.keyboard import Hands
from console.look.layouts import nest
from console.look.style import px
from console.map.marks import MapConfig
from console.running.faults import faults, went_well
from console.running.ticks import Ticks
from console.views.board.panel import BoardPanel
from console.views.desk.beside import Beside
from console.views.desk.columns import Panels
from console.views.desk.corner import Corner
from console.views.desk.dock import Dock
from console.views.desk.keys import KeysPage
from console.views.desk.leaving import Leaving, not_saved, typed_in
from console.views.desk.messages import DeskMessages
from console.views.desk.privacy import Privacy
from console.views.desk.refusals import Refusals
from console.views.desk.seeing_to import open_sheet
from console.views.desk.topmost import OpenPlace, close_topmost, shut_covered
from console.views.detail import DetailPane
from console.views.form.sheet import FormSheet
from console.views.map.arrival_offer import ArrivalOffer
from console.views.map.panel import MapPanel
from console.views.status.bar import StatusBar
from console.views.timeline.panel import TimelinePanel
from console.views.vans.panel import VansPanel
from db.domain.alarms import Alarm
from db.domain.next_steps import Act
from db.domain.request_alarms import REQUEST
from db.domain.roles import Role, may_dispatch

TICK_MS = 1000
BELOW_MAP_CONTROLS = 54
"""Pixels, at 100 % text, that the map's own buttons take at its top."""
MESSAGE_WIDTH = 900
"""Pixels, at 100 % text."""
_MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})


@guarded
class DeskPage(QWidget):
    """Everything a dispatcher works with, for one signed-in session."""

    theme_wanted = Signal(str)
    text_size_wanted = Signal(int)
    sign_out_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        geography: Geography,
        config: MapConfig,
        record_arrivals: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.geography = desk, geography
        self.service = desk.me.service
        self._may_dispatch = may_dispatch(desk.me.role)
        self._selected: UUID | None = None
        self.etas = Etas(desk.store, geography, desk.clock, self, supervisor=desk.supervisor)
        self.status = StatusBar(desk, self)
        self.corner = Corner(self)
        self.menu_button, self.aside = self.corner.menu, self.corner.aside
        self.message = DeskMessages(self)
        self.board, self.vans = BoardPanel(desk, self.etas, self), VansPanel(desk, self)
        self.map = MapPanel(desk, self.etas, geography, config, self)
        self.timelines = TimelinePanel(desk, self.etas, self)
        self.detail = DetailPane(desk, geography, self.etas, self)
        self.forms = FormSheet(desk, geography, self)
        self.keys, self.arrivals = KeysPage(self), Arrivals(desk.store, desk.clock, self)
        self.arrival_offer = (
            ArrivalOffer(desk, self.arrivals, self, record=record_arrivals) if self._may_dispatch else None
        )
        self.privacy = Privacy(always=desk.me.role is Role.VIEWER, parent=self)
        self._hands = Hands(DESK, {"close": self.close_topmost})
        self.beside = Beside(desk, geography, config, self.privacy, self.show_on_desk)
        self.beside.eta_of, self.beside.alarms, self.beside.detail = self.etas.of, self.status.alarms, self.detail
        typed = partial(typed_in, self.detail, self.beside)
        self.leaving = Leaving(desk.actions, self.forms, self.message, self, typed)
        self._lay_out()
        self._connect()
        geography.named.connect(desk.store.reference_changed)
        for told in (geography.failed, desk.store.doubted, faults.told, desk.supervisor.told):
            told.connect(self.message.warn)
        self._ticks = Ticks(desk.supervisor, TICK_MS, self)
        self._add_ticks()
        self.etas.start()
        if self._may_dispatch:
            desk.foresight.start(desk.reads.past_lengths, desk.store, desk.clock, desk.supervisor, self)

    # --- where things are ---

    def _lay_out(self) -> None:
        self.docks = Panels(self)
        self.dock: dict[str, Dock] = {
            key: Dock(key, title, panel, give_focus, self.docks)
            for key, title, panel, give_focus in (
                ("board", "Referrals", self.board, self.board.focus_list),
                ("vans", "Vans", self.vans, self.vans.focus_list),
                ("map", "Map", self.map, self.map.setFocus),
                ("timelines", "Handover timelines", self.timelines, self.timelines.setFocus),
                ("detail", "Selected referral", self.detail, self.detail.focus_pane),
            )
        }
        self.docks.hold(self.dock)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(6))
        top.addWidget(self.status, 1)
        top.addWidget(self.corner)
        nest(column, top)
        column.addWidget(self.docks, 1)
        # Over the panels: a message must not push a live board about under somebody's hand.
        self.message.installEventFilter(self)
        self.message.raise_()

    def first_layout(self) -> None:
        """Put every panel where it was at first, and the keyboard on the referrals."""
        self.docks.arrange()
        self.focus_board()

    # --- one selection ---

    def _connect(self) -> None:
        for panel in (self.board, self.map, self.timelines):
            panel.referral_selected.connect(self.select_referral)
        self.board.referral_activated.connect(self._open_referral)
        self.timelines.referral_activated.connect(self._open_referral)
        self.board.new_requested.connect(self.new_referral)
        self.board.key_pressed.connect(self._press_on_row)
        for vans in (self.vans, self.map, self.timelines):
            vans.van_selected.connect(self.select_van)
        self.vans.van_activated.connect(self.map.show_van)
        self.vans.allocate_requested.connect(self.detail.open_allocate)
        self.vans.allocate_dropped.connect(self._allocate_dropped)
        # Only to the map: a van under the hand in the ranked list is being weighed, and chosen nowhere yet.
        self.detail.van_selected.connect(self.map.select_van)
        self.detail.show_on_map_requested.connect(self.map.show_referral)
        self.detail.edit_requested.connect(self.forms.edit)
        self.detail.screen_requested.connect(self.forms.screen_referral)
        self.forms.saved.connect(self._open_referral)
        self.forms.picking.connect(self._pick_on_map)
        self.forms.place_shown.connect(self.map.show_address)
        self.forms.gone.connect(self.map.end_address)
        self.map.address.covered_by(self.forms)
        self.forms.left.connect(self.focus_board)
        self.forms.put_aside.connect(self._tell_aside)
        self.aside.clicked.connect(self.forms.take_up)
        self.map.place_picked.connect(self.forms.place_picked)
        self.map.list_wanted.connect(self._go_to_vans)
        self.status.alarm_activated.connect(self._go_to_alarm)
        self.status.referral_requested.connect(self._open_referral)
        self.status.lined.connect(self.corner.stack)
        self.corner.stack(self.status.has_two_lines)
        self.told = Refusals(self.message, self.desk.clock)
        self.desk.actions.refused.connect(self.told.refused)
        self.desk.actions.withdrawn.connect(self.told.withdrawn)
        self.forms.refused_unseen.connect(self.told.put_aside)
        self.forms.call_left.connect(self._see_to)
        self.detail.sheets.refused_unseen.connect(self.told.late)
        self.status.installEventFilter(self)
        self.map.installEventFilter(self)
        self.forms.installEventFilter(self)
        for dock in self.dock.values():
            dock.escaped.connect(self.close_topmost)
            dock.topLevelChanged.connect(self._shut_what_is_covered)
        for covered in (self.status, self.board, self.vans, self.detail):
            self.privacy.cover(covered)
        if self.arrival_offer is not None:
            self.arrival_offer.resized.connect(self._place_offer)

    def select_referral(self, referral_id: UUID | None) -> None:
        """Mark one referral in every panel; nothing scrolls or moves that was not asked to."""
        # Each panel that is told tells its own choice back: here the circle ends.
        if referral_id == self._selected and self.board.selected() == referral_id:
            return
        self._selected = referral_id
        panels = (self.board.select, self.timelines.select, self.map.select_referral)
        for select in (*panels, self.detail.show_referral):
            # One that fails must not leave the others on the referral before.
            went_well("the choice of a referral", select, referral_id)

    def show_on_desk(self, referral_id: UUID | None, van_id: UUID | None) -> None:
        """What a window of its own points at, in front of everything; what has left the board, to read."""
        if referral_id is not None and self.desk.store.referral(referral_id) is None:
            # Selected, it would empty the pane and take what is in hand out of sight.
            self.beside.open_record(referral_id)
            return
        if referral_id is not None:
            self._open_referral(referral_id)
        elif van_id is not None:
            self.select_van(van_id)
        self.window().raise_()
        self.window().activateWindow()

    def _see_to(self, referral_id: UUID, act: Act) -> None:
        """Open the sheet of a step of a referral."""
        self._open_referral(referral_id)
        open_sheet(self.detail, referral_id, act)

    def select_van(self, van_id: UUID | None) -> None:
        """Mark one van in every panel, and draw its way to the selected referral."""
        for select in (self.vans.select, self.map.select_van, self.timelines.select_van):
            went_well("the choice of a van", select, van_id)

    def _press_on_row(self, referral_id: UUID, key: str) -> None:
        """A key of a referral on the board: for the pane, where what it does is to be seen."""
        if self.detail.isVisible():
            self.detail.press(referral_id, key)
        else:
            self._open_referral(referral_id)

    def _allocate_dropped(self, referral_id: UUID, van_id: UUID) -> None:
        self._open_referral(referral_id)
        self.detail.open_allocate(van_id)

    def _open_referral(self, referral_id: UUID) -> None:
        self.select_referral(referral_id)
        self.dock["detail"].show()
        # Under a form it takes no keys, and the form keeps the keyboard.
        if self.detail.isEnabled():
            self.detail.focus_pane()

    def _go_to_alarm(self, alarm: Alarm) -> None:
        if alarm.kind == REQUEST:
            self.beside.open_person(alarm.referral_id)
        else:
            self.show_on_desk(alarm.referral_id, alarm.van_id)

    # --- what is asked for ---

    def new_referral(self) -> None:
        """Open an empty form beside the live board."""
        if self._may_dispatch:
            self.forms.new()

    def answer_offer(self) -> None:
        """Give the keyboard to what is offered, or take it back."""
        if self.arrival_offer is not None:
            self.arrival_offer.take_focus()

    def focus_board(self) -> None:
        """Give the keyboard to the referrals; which of them, somebody chooses: a look at a record is kept."""
        self.board.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_vans(self) -> None:
        self.dock["vans"].show()
        self.vans.focus_list()

    def find_place(self, text: str = "") -> None:
        """Give the keyboard to the search for a place on the map."""
        self.dock["map"].show()
        self.map.search(text)

    def focus_filter(self) -> None:
        """Give the keyboard to the board's filter."""
        self.dock["board"].show()
        self.board.focus_filter()

    def _pick_on_map(self, wanted: bool) -> None:
        if wanted:
            self.map.pick_place(None)
        else:
            self.map.stop_picking()

    def may_close(self) -> bool:
        """Whether nothing would be lost; the first refusal says what would be."""
        return self.leaving.may_leave("Close again to leave them behind.")

    def sign_out(self) -> None:
        """Let somebody else sign in, unless something would be lost that was not said."""
        if self.leaving.may_leave("Sign out again to leave them behind."):
            self.sign_out_wanted.emit()

    def _tell_aside(self, count: int) -> None:
        self.aside.setText(f"{count} not saved")
        self.aside.setAccessibleName(f"Go back to a draft: {not_saved(count)}")
        self.aside.setVisible(count > 0)

    # --- time and keys ---

    def _add_ticks(self) -> None:
        for name, part in (
            ("the status bar", self.status),
            ("the referrals", self.board),
            ("the vans", self.vans),
            ("the map's ages", self.map),
            ("the timelines", self.timelines),
            ("the selected referral", self.detail),
            ("arrivals at the scene", self.arrivals),
        ):
            sentence = f"{name[0].upper()}{name[1:]} could not be kept up to date; the console tries every second."
            # Each by itself: whatever one of them does, time passes for the others.
            self._ticks.add(name, part.tick, sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What lies over the panels follows them; what a form covers takes no keys."""
        if watched is self.map and event.type() in _MOVES:
            self._place_offer()
        if watched is self.forms and event.type() in _MOVES:
            self._shut_what_is_covered()
            self._place_message()
        if watched is self.status and event.type() in _MOVES:
            self._place_sheets()
        if watched is self.message and event.type() in (QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._place_message()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whatever comes as far as here was nobody's key, or closes what is open."""
        self._hands.take(event)

    def undo(self) -> None:
        """Take back the last thing that was done, if the line that names it is in sight and nothing is over it."""
        if self._names_last():
            self.detail.undo()

    def undone_words(self) -> str:
        """What an undo would take back now; empty where it would take back nothing."""
        return self.detail.undone.named() if self._names_last() else ""

    def _names_last(self) -> bool:
        # Nothing is taken back that is not named where somebody can read it.
        sheets = (self.vans.sheet, self.detail.sheets.current)
        over = any(sheets) or self.forms.isVisible() or self.keys.isVisible() or self.status.waiting
        # Behind another panel it is "visible" for Qt, and nothing of it is seen.
        return not self.detail.undone.visibleRegion().isEmpty() and not over

    def close_topmost(self) -> None:
        """Close what lies on top of everything else, one thing at a time; nothing that was typed is lost."""
        close_topmost(
            (
                OpenPlace(self.keys.isVisible, self.keys.leave),
                OpenPlace(lambda: self.status.waiting, self.status.close_pending),
                OpenPlace(self.forms.isVisible, lambda: self.forms.form.leave()),
                OpenPlace(lambda: self.detail.sheets.current, self.detail.sheets.close),
                OpenPlace(self.detail.doubt.isVisible, self.detail.doubt.forget),
                OpenPlace(lambda: self.vans.sheet, self.vans.close_sheet),
                OpenPlace(lambda: self.map.is_searching, self.map.stop_searching),
                OpenPlace(self.message.isVisible, self.message.clear),
            )
        )

    def _shut_what_is_covered(self) -> None:
        shut_covered(self.dock.values(), self.forms.geometry() if self.forms.isVisible() else QRect(), self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheets where they belong."""
        super().resizeEvent(event)
        self._place_sheets()

    def _place_sheets(self) -> None:
        self.forms.place(self.rect().adjusted(0, self.status.geometry().bottom() + px(7), 0, 0))
        self.keys.place(self.rect())
        self._place_offer()
        self._place_message()

    def _place_message(self) -> None:
        panels = self.docks.geometry()
        # Beside the form, whose heading says what is typed there, where there is room for it.
        if self.forms.isVisible() and self.forms.x() - panels.left() >= px(MESSAGE_WIDTH) // 2:
            panels.setRight(self.forms.x())
        width = min(px(MESSAGE_WIDTH), panels.width() - px(24))
        height = self.message.heightForWidth(width)
        self.message.setGeometry(panels.center().x() - width // 2, panels.top() + px(8), width, height)
        self.message.raise_()

    def _place_offer(self) -> None:
        """Over the map, below its own controls; over the panels where the map is put away or torn off."""
        if self.arrival_offer is None or self.arrival_offer.isHidden():
            return
        on_map = self.map.isVisible() and self.map.window() is self.window()
        behind = self.map if on_map else self.docks
        inside = QRect(behind.mapTo(self, behind.rect().topLeft()), behind.size())
        self.arrival_offer.place(inside.adjusted(0, px(BELOW_MAP_CONTROLS) if on_map else px(12), 0, 0))

    def shutdown(self) -> None:
        """Bring what is pending to an end, stop ticking, and let the map's page go."""
        self.desk.actions.close()
        self._ticks.stop()
        self.detail.taking_back.last.end()
        self.beside.close()
        self.map.view.shutdown()
