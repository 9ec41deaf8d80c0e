"""The vans: what each does, how sure its place is, and what may be done with it."""

from collections.abc import Callable, Hashable
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMenu, QVBoxLayout, QWidget

from console.live.actions import Action
from console.live.desk import Desk
from console.live.store import LinkState
from console.live.underway import vans_underway
from console.look.guard import guarded
from console.look.roomy import Roomy
from console.look.style import SMALLEST_TARGET, mark, px
from console.look.widgets import ActionButton, MessageBar, Panel
from console.models.vans import VanModel
from console.running.faults import attempt
from console.views.vans.row import VanDelegate, VanList
from console.views.vans.sheets import MealSheet, OnDutySheet, OutOfServiceSheet, Subject, VanSheet
from db.commands import ClearEmergency, Command, GoOffDuty, MakeAvailable, RaiseEmergency
from db.domain.board import UNREADABLE
from db.domain.clocks import local_time
from db.domain.fleet import VanAction, VanFacts, crew_words, free_staff, legal_actions
from db.domain.roles import may_dispatch
from db.domain.states import DutyStatus

NO_VANS = "No vans are in use. A shift lead adds them to the record."
_CONFIRM_WITHIN = 5000
_KEYS = {
    VanAction.ALLOCATE: "A",
    VanAction.ON_DUTY: "D",
    VanAction.BACK: "B",
    VanAction.MEAL: "M",
    VanAction.OUT: "O",
    VanAction.OFF_DUTY: "D",
    VanAction.EMERGENCY: "E",
    VanAction.CLEAR_EMERGENCY: "C",
}


@guarded
class VansPanel(Panel):
    """Every van in use, and the actions on the one that is chosen."""

    van_selected = Signal(object)
    """The UUID of the chosen van; None when none is."""
    van_activated = Signal(object)
    """Enter or a double click on a van, by UUID."""
    allocate_requested = Signal(object)
    """Somebody wants to send this van, by UUID."""
    allocate_dropped = Signal(object, object)
    """A referral was dropped on a van: the UUIDs of both, referral first."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Vans", "", parent)
        self._desk = desk
        self.model = VanModel(desk.store, desk.clock.now, self)
        self.list = VanList(self.model, self)
        self.message = MessageBar(self)
        self.strip = _Strip(self)
        self.sheet: VanSheet | None = None
        self._delegate = VanDelegate(self.model, self)
        self._armed: UUID | None = None
        self._disarm = QTimer(self)
        self._disarm.setSingleShot(True)
        self._lay_out()
        self._connect()
        self._renew()

    def _lay_out(self) -> None:
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName("Vans, by callsign")
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setAcceptDrops(may_dispatch(self._desk.me.role))
        # In a low panel the list gives way, and then what is below it is scrolled.
        self.list.setMinimumHeight(SMALLEST_TARGET)
        self._below = Roomy(self)
        self._below.add(self.strip)
        self.add(self.list, 1)
        self.add(self.message)
        self.add(self._below)

    def _connect(self) -> None:
        self.list.chose.connect(self._chose)
        self.list.activated_id.connect(self.van_activated)
        self.list.letter.connect(self._letter)
        self.list.escaped.connect(self._let_go)
        self.list.dropped.connect(self.allocate_dropped)
        self.list.customContextMenuRequested.connect(self._menu)
        self.strip.pressed.connect(self.act)
        self.strip.left.connect(self._let_go)
        self._disarm.timeout.connect(self._disarmed)
        self._desk.store.changed.connect(self._renew)
        self._desk.actions.changed.connect(self._mark_sending)
        self._desk.store.link_changed.connect(self._tell_freshness)
        self._desk.store.reference_changed.connect(self.list.viewport().update)

    # --- what others call ---

    def select(self, van_id: UUID | None) -> None:
        """Choose a van and bring it into view."""
        if self.list.chosen != van_id:
            self.list.choose(van_id)
            self._chose(van_id)
        else:
            self.list.choose(van_id)

    def selected(self) -> UUID | None:
        """The chosen van."""
        return self.list.chosen if isinstance(self.list.chosen, UUID) else None

    def focus_list(self) -> None:
        """Put the focus on the list, on the first van if none is chosen."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    def set_private(self, private: bool) -> None:
        """Hide or show where the jobs are."""
        self.model.set_private(private)

    def tick(self) -> None:
        """Take the time: fixes age."""
        self.model.tick()
        self.list.viewport().update()

    def act(self, action: VanAction) -> None:
        """Do something with the chosen van, if it is legal now."""
        facts = self._chosen_facts()
        if facts is None or action not in legal_actions(facts, self._desk.me.role):
            return
        if action is not VanAction.EMERGENCY:
            self._disarmed()
        self._doers()[action](facts)

    # --- the actions ---

    def _doers(self) -> dict[VanAction, Callable[[VanFacts], None]]:
        return {
            VanAction.ALLOCATE: lambda facts: self.allocate_requested.emit(facts.van.id),
            VanAction.ON_DUTY: self._open_on_duty,
            VanAction.MEAL: lambda facts: self._open(MealSheet(self._subject(facts), self)),
            VanAction.OUT: self._open_out,
            VanAction.BACK: lambda facts: self._submit(
                MakeAvailable(van_id=facts.van.id), f"{facts.van.callsign} back available"
            ),
            VanAction.OFF_DUTY: lambda facts: self._submit(
                GoOffDuty(van_id=facts.van.id), f"{facts.van.callsign} off duty"
            ),
            VanAction.EMERGENCY: self._emergency,
            VanAction.CLEAR_EMERGENCY: lambda facts: self._submit(
                ClearEmergency(van_id=facts.van.id), f"Clear the emergency of {facts.van.callsign}"
            ),
        }

    def _subject(self, facts: VanFacts) -> Subject:
        return Subject(facts.van.id, facts.van.callsign, self._desk.clock.now())

    def _open_on_duty(self, facts: VanFacts) -> None:
        store = self._desk.store
        shifts = [shift for van in store.vans() if (shift := store.shift_of(van.id)) is not None]
        self._open(OnDutySheet(self._subject(facts), free_staff(store.reference, shifts), self))

    def _open_out(self, facts: VanFacts) -> None:
        reasons = self._desk.store.reference.reasons.get("out_of_service", ())
        self._open(OutOfServiceSheet(self._subject(facts), reasons, self))

    def _emergency(self, facts: VanFacts) -> None:
        if self._armed == facts.van.id:
            self._disarmed()
            self._submit(RaiseEmergency(van_id=facts.van.id), f"Emergency {facts.van.callsign}")
            return
        self._armed = facts.van.id
        self._disarm.start(_CONFIRM_WITHIN)
        self.message.say("late", f"Emergency for {facts.van.callsign}?", "Press E again to raise it.")
        self._renew()

    def _disarmed(self) -> None:
        if self._armed is not None:
            self._armed = None
            self._disarm.stop()
            self.message.clear()
            self._renew()

    def _submit(self, command: Command, label: str) -> None:
        self.message.clear()
        if self._desk.actions.submit(command, label, self._answered) is None:
            self.message.say("info", f"{label}: that is on its way already.")

    def _answered(self, action: Action) -> None:
        if action.error is not None:
            said = f"{action.name(self._desk.clock.now())}: {action.error.sentence}"
            self.message.say("late", said, action.error.next_step)

    # --- the sheets ---

    def _open(self, sheet: VanSheet) -> None:
        self._put_away()
        self.sheet = sheet
        self._below.add(sheet)
        self.strip.hide()
        sheet.sent.connect(self._send_sheet)
        sheet.closed.connect(self._close_sheet)
        sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_sheet(self, command: Command, label: str) -> None:
        sheet = self.sheet

        def answered(action: Action) -> None:
            if sheet is None or sheet is not self.sheet:
                self._answered(action)
            elif action.error is None:
                self._close_sheet()
            else:
                sheet.refuse(action.error)

        self._desk.actions.submit(command, label, answered)

    def _close_sheet(self) -> None:
        self._put_away()
        self._renew()
        self.focus_list()

    def _put_away(self) -> None:
        if self.sheet is not None:
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None

    # --- inside ---

    def _chose(self, key: Hashable | None) -> None:
        self._disarmed()
        if self.sheet is not None and self.sheet.subject.van_id != key:
            self._put_away()
        self._renew()
        self.van_selected.emit(key)

    def _let_go(self) -> None:
        self.list.choose(None)
        self._chose(None)
        self.list.setFocus()

    def _letter(self, letter: str) -> None:
        facts = self._chosen_facts()
        legal = legal_actions(facts, self._desk.me.role) if facts else ()
        for action in legal:
            if _KEYS[action] == letter:
                self.act(action)
                return

    def _menu(self, at: QPoint) -> None:
        facts = self._chosen_facts()
        legal = legal_actions(facts, self._desk.me.role) if facts else ()
        if not legal:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in legal:
            entry = menu.addAction(f"{action.value}\t{_KEYS[action]}")
            entry.triggered.connect(lambda _=False, chosen=action: self.act(chosen))
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _chosen_facts(self) -> VanFacts | None:
        chosen = self.selected()
        return self.model.facts(chosen) if chosen else None

    def _mark_sending(self) -> None:
        self.model.set_sending(vans_underway(self._desk.actions.pending, self._desk.store))

    def _renew(self) -> None:
        self._tell_freshness()
        facts = self._chosen_facts()
        self.strip.setVisible(facts is not None and self.sheet is None)
        if facts is not None:
            armed = self._armed == facts.van.id
            legal = legal_actions(facts, self._desk.me.role)
            words = attempt("the crew of a van", crew_words, facts, self.model.now)
            self.strip.show_van(UNREADABLE if words is None else words, legal, armed=armed)

    def _tell_freshness(self) -> None:
        link = self._desk.store.link
        if link.state is LinkState.LOST:
            as_of = local_time(link.since, self._desk.clock.now(), seconds=True)
            self.heading.set_note(f"▲ as of {as_of}", "warn")
            return
        reading = link.state is LinkState.CONNECTING
        self.list.empty_words = "Reading the vans…" if reading else NO_VANS
        if reading:
            self.heading.set_note("")
            return
        vans = self.model.all_facts()
        on_shift = sum(one.van.duty_status is not DutyStatus.OFF_DUTY for one in vans)
        free = sum(one.is_free for one in vans)
        self.heading.set_note(f"{on_shift} on shift · {free} free")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "list"):
            self.list.measure()

    def sizeHint(self) -> QSize:
        """Room for six vans."""
        return QSize(px(440), px(300))


@guarded
class _Strip(QFrame):
    """Crew and actions of the chosen van."""

    pressed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._words, role="small")
        self._grid = QGridLayout()
        self._grid.setSpacing(px(6))
        self._buttons: dict[VanAction, ActionButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(6), px(12), px(8))
        column.addWidget(self._words)
        column.addLayout(self._grid)

    def show_van(self, words: str, legal: tuple[VanAction, ...], *, armed: bool) -> None:
        """Show a van's crew, and a button for each legal action."""
        self._words.setText(words)
        if tuple(self._buttons) != legal:
            self._rebuild(legal)
        emergency = self._buttons.get(VanAction.EMERGENCY)
        if emergency is not None:
            emergency.setText("Press again" if armed else VanAction.EMERGENCY.value)
            emergency.set_kind("danger" if armed else "secondary")

    def button(self, action: VanAction) -> ActionButton | None:
        """The button of an action, if it is legal."""
        return self._buttons.get(action)

    def _rebuild(self, legal: tuple[VanAction, ...]) -> None:
        for old in self._buttons.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = {}
        for action in legal:
            button = ActionButton(action.value, _KEYS[action], "secondary", self)
            button.clicked.connect(lambda _=False, chosen=action: self.pressed.emit(chosen))
            self._buttons[action] = button
        self._arrange()

    def _arrange(self) -> None:
        """Up to three side by side, fewer where the words would be cut."""
        widths = [button.sizeHint().width() + px(6) for button in self._buttons.values()]
        room = self.width() - px(18)
        fits = (n for n in (3, 2) if sum(max(widths[at::n], default=0) for at in range(n)) <= room)
        columns = next(fits, 1)
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // columns, place % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the buttons anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape lets the van go."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
