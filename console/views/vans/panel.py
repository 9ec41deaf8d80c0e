"""The vans: what each does, how sure its place is, and what may be done with it."""

from collections.abc import Callable, Hashable
from uuid import UUID

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from console.live.actions import Action
from console.live.desk import Desk
from console.live.store import LinkState
from console.live.underway import vans_underway
from console.live.unread import is_unread, unread_words
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.roomy import Roomy
from console.look.style import px
from console.look.tabbing import has_keyboard
from console.look.van_keys import VAN
from console.look.widgets import MessageBar, Panel
from console.models.vans import VanModel
from console.running.faults import attempt
from console.views.vans.heard import HeardSheet
from console.views.vans.orders import direct_on
from console.views.vans.row import VanDelegate, VanList
from console.views.vans.sheets import MealSheet, OnDutySheet, OutOfServiceSheet, Subject, VanSheet
from console.views.vans.strip import Strip, key_of
from db.commands.base import Command
from db.domain.board import UNREADABLE
from db.domain.clocks import local_time
from db.domain.fleet import VanAction, VanFacts, crew_words, free_staff, legal_actions, planned_for
from db.domain.roles import may_dispatch
from db.domain.states import DutyStatus

NO_VANS = "No vans are in use. A shift lead adds them to the record."
_CONFIRM_WITHIN = 5000
"""Milliseconds in which the second press raises an emergency."""


@guarded
class VansPanel(Panel):
    """Every van in use, and the actions on the one that is chosen."""

    van_selected = Signal(object)
    """The UUID of the chosen van; None when none is."""
    van_activated = Signal(object)
    """Somebody wants to see a van on the map, by UUID."""
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
        self.strip = Strip(self)
        self.sheet: VanSheet | None = None
        self._delegate = VanDelegate(self.model, self)
        self._armed: UUID | None = None
        self._disarm = QTimer(self)
        self._disarm.setSingleShot(True)
        self._kept: dict[tuple[UUID, type[VanSheet]], VanSheet] = {}
        self._van_hands = self._bind()
        self._lay_out()
        self._connect()
        self._renew()

    def _lay_out(self) -> None:
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName("Vans, by callsign")
        self.list.setAcceptDrops(may_dispatch(self._desk.me.role))
        # In a low panel the list gives way down to one van, and then what is below it is scrolled.
        self.below = Roomy(self)
        self.below.add(self.strip)
        self.add(self.list, 1)
        self.add(self.message)
        self.add(self.below)

    def _connect(self) -> None:
        self.list.chose.connect(self._chose)
        self.list.activated_id.connect(self.van_activated)
        self.list.answer_with(self._hands)
        self.list.key_pressed.connect(self._other_key)
        self.list.dropped.connect(self.allocate_dropped)
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
        """Put the focus on the list, on the first van if none is chosen; on the open sheet, if there is one."""
        if self.sheet is not None:
            self.sheet.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
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
        if facts is None or action not in self._legal():
            return
        if action is not VanAction.EMERGENCY:
            self._disarmed()
        self._doers()[action](facts)

    # --- the actions ---

    def _doers(self) -> dict[VanAction, Callable[[VanFacts], object]]:
        return {
            VanAction.ALLOCATE: lambda facts: self.allocate_requested.emit(facts.van.id),
            VanAction.ON_DUTY: self._open_on_duty,
            VanAction.MEAL: lambda facts: self._open(MealSheet, facts, lambda now: MealSheet(now, self)),
            VanAction.OUT: self._open_out,
            VanAction.BACK: lambda facts: self._order(facts, VanAction.BACK),
            VanAction.OFF_DUTY: lambda facts: self._order(facts, VanAction.OFF_DUTY),
            VanAction.EMERGENCY: self._emergency,
            VanAction.WELL: lambda facts: self._order(facts, VanAction.WELL),
            VanAction.WELL_OTHERWISE: self._open_heard,
            VanAction.CLEAR_EMERGENCY: lambda facts: self._order(facts, VanAction.CLEAR_EMERGENCY),
        }

    def _subject(self, facts: VanFacts) -> Subject:
        return Subject(facts.van.id, facts.van.callsign, self._desk.clock.now())

    def _open_on_duty(self, facts: VanFacts) -> None:
        store = self._desk.store
        shifts = [shift for van in store.vans() if (shift := store.shift_of(van.id)) is not None]
        free = free_staff(store.reference, shifts)
        plan, rules = planned_for(store.reference, facts.van.id, self._desk.clock.now()), store.reference.rules
        sheet = self._open(OnDutySheet, facts, lambda now: OnDutySheet(now, free, self, rules=rules, plan=plan))
        if isinstance(sheet, OnDutySheet):
            # A sheet that was kept lists who was free then.
            sheet.offer(free)

    def _open_out(self, facts: VanFacts) -> None:
        reasons = self._desk.store.reference.reasons.get("out_of_service", ())
        self._open(OutOfServiceSheet, facts, lambda now: OutOfServiceSheet(now, reasons, self))

    def _open_heard(self, facts: VanFacts) -> None:
        self._open(HeardSheet, facts, lambda now: HeardSheet(now, facts, self))

    def _emergency(self, facts: VanFacts) -> None:
        if self._armed == facts.van.id:
            self._disarmed()
            self._order(facts, VanAction.EMERGENCY)
            return
        self._armed = facts.van.id
        self._disarm.start(_CONFIRM_WITHIN)
        asked, again = f"Emergency for {facts.van.callsign}?", f"Press {VAN.key('emergency')} again to raise it."
        self.message.say("late", asked, again, so=lambda: self._armed == facts.van.id)
        self._renew()

    def _disarmed(self) -> None:
        if self._armed is not None:
            self._armed = None
            self._disarm.stop()
            self.message.clear()
            self._renew()

    def _other_key(self, key: str) -> None:
        # Only the same key twice in a row is a second press, whatever the one between would do.
        if key and key != VAN.key("emergency"):
            self._disarmed()

    def _order(self, facts: VanFacts, action: VanAction) -> None:
        self.message.clear()
        order = direct_on(facts.van, action, facts.job)
        if order is not None and self._desk.actions.submit(order.command, order.label, self._answered) is None:
            twin, said = order.command, f"{order.label}: that is on its way already."
            self.message.say("info", said, so=lambda: self._desk.actions.is_pending(twin))

    def _answered(self, action: Action) -> None:
        if action.error is not None:
            said = f"{action.name(self._desk.clock.now())}: {action.error.sentence}"
            self.message.say("late", said, action.error.next_step)

    # --- the sheets ---

    def _open(self, kind: type[VanSheet], facts: VanFacts, build: Callable[[Subject], VanSheet]) -> VanSheet:
        """Show the van's sheet of that kind as it was left, or a new one."""
        self._put_away()
        subject, key = self._subject(facts), (facts.van.id, kind)
        sheet = self._kept.get(key)
        if sheet is None:
            sheet = self._kept[key] = build(subject)
            self.below.add(sheet)
            sheet.sent.connect(self._send_sheet)
            sheet.closed.connect(self.close_sheet)
        else:
            sheet.take_up(subject)
        self.sheet = sheet
        self.strip.hide()
        sheet.show()
        sheet.setFocus(Qt.FocusReason.OtherFocusReason)
        return sheet

    def _send_sheet(self, command: Command, label: str) -> None:
        sheet = self.sheet

        # The answer may come when another sheet is open: it belongs to the one that asked.
        def answered(action: Action) -> None:
            if sheet is None:
                self._answered(action)
            elif action.error is None:
                self._forget(sheet)
            else:
                sheet.refuse(action.error)
                # Out of sight its own message would be read by nobody.
                if sheet is not self.sheet:
                    self._answered(action)

        self._desk.actions.submit(command, label, answered)

    def close_sheet(self) -> None:
        """Put the open sheet away with what was typed."""
        self._put_away()
        self._renew()

    def _put_away(self) -> None:
        sheet, self.sheet = self.sheet, None
        if sheet is None:
            return
        if has_keyboard(sheet):
            # Only then: whoever went on to something else meanwhile is not called back.
            self.focus_list()
        sheet.hide()

    def _forget(self, sheet: VanSheet) -> None:
        """Its work is done."""
        if sheet is self.sheet:
            self.close_sheet()
        self._kept = {key: kept for key, kept in self._kept.items() if kept is not sheet}
        sheet.deleteLater()

    # --- inside ---

    def _chose(self, key: Hashable | None) -> None:
        self._disarmed()
        # Another van is chosen: what was typed for this one is kept for when it comes back.
        if self.sheet is not None and self.sheet.subject.van_id != key:
            self._put_away()
        self._renew()
        self.van_selected.emit(key)

    def _let_go(self) -> None:
        self.list.choose(None)
        self._chose(None)
        self.list.setFocus()

    # --- keys ---

    def _bind(self) -> Hands:
        always: dict[str, Callable[[], object]] = {
            "first": self.list.go_first,
            "last": self.list.go_last,
            "map": lambda: self.van_activated.emit(self.list.current),
            "menu": self._menu,
            "let go": self._let_go,
        }
        return Hands(VAN, always, dict.fromkeys(VAN.acts() - always.keys(), self._press))

    def _hands(self) -> Hands | None:
        """The keys of the van that the keyboard is on, which is the one whose actions are in sight."""
        # The two part when rows come and go: a letter must never act on a van whose buttons are not shown.
        on_it = self.list.current is not None and self.list.current == self.selected()
        return self._van_hands if on_it else None

    def _press(self, key: str) -> None:
        wanted = next((action for action in self._legal() if key_of(action) == key), None)
        if wanted is None or self.sheet is not None:
            return
        if self._is_scrolled_away(wanted):
            return
        self.act(wanted)

    def _is_scrolled_away(self, action: VanAction) -> bool:
        """Whether its button was out of sight in a low panel; it is now shown: a letter is its button."""
        button, view = self.strip.button(action), self.below.viewport()
        # An emergency says itself what the next press does.
        if button is None or action is VanAction.EMERGENCY or not self.below.verticalScrollBar().maximum():
            return False
        middle = button.mapTo(view, button.rect().center()).y()
        if 0 <= middle < view.height():
            return False
        self.below.ensureWidgetVisible(button, 0, px(8))
        return True

    def _legal(self) -> tuple[VanAction, ...]:
        facts = self._chosen_facts()
        return legal_actions(facts, self._desk.me.role) if facts else ()

    def _menu(self) -> None:
        legal = self._legal()
        if not legal or self.sheet is not None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in legal:
            entry = menu.addAction(f"{action.value}\t{key_of(action)}")
            entry.triggered.connect(lambda _=False, chosen=action: self.act(chosen))
        # Not ``exec``: it would run a loop of its own over a live board.
        menu.popup(self.list.below_current())

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
            words = attempt("the crew of a van", crew_words, facts, self.model.now, self.model.rules)
            self.strip.show_van(UNREADABLE if words is None else words, legal, armed=armed)

    def _tell_freshness(self) -> None:
        store = self._desk.store
        self.list.empty_words = unread_words(store, "vans") or NO_VANS
        if is_unread(store):
            self.heading.set_note("")
            return
        if store.link.state is LinkState.LOST:
            as_of = local_time(store.link.since, self._desk.clock.now(), seconds=True)
            self.heading.set_note(f"▲ as of {as_of}", "warn")
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
