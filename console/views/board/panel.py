"""The referral board: who is waiting, and for how long."""

from collections.abc import Hashable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.presence import others_at
from console.live.store import Delta, LinkState
from console.live.underway import referrals_underway
from console.live.unread import is_unread, unread_words
from console.look.guard import guarded
from console.look.hints import hint
from console.look.key_table import BOARD_HEAD, BOARD_ROW, EVERYWHERE, FILTER
from console.look.keyboard import Hands
from console.look.keys import cap
from console.look.style import px
from console.look.widgets import ActionButton, Panel
from console.models.referrals import ReferralModel
from console.views.board.list import SteadyList
from console.views.board.row import BoardDelegate, head_height, row_height
from db.domain.board import Group, nobody_knows
from db.domain.clocks import local_time
from db.domain.roles import Role, may_dispatch

_ORDER_NOTE = "time left first"


@guarded
class BoardPanel(Panel):
    """Open referrals by time left, then those on hold, then those closed recently."""

    referral_selected = Signal(object)
    """The UUID of the chosen referral; None when it is gone."""
    referral_activated = Signal(object)
    """A double click on a referral, by UUID."""
    new_requested = Signal()
    """Somebody wants to take a new referral."""
    key_pressed = Signal(object, str)
    """A key of a referral, pressed on its row: the UUID of the row with the keyboard, and the key."""

    def __init__(self, desk: Desk, etas: Etas | None = None, parent: QWidget | None = None) -> None:
        super().__init__("Referrals", _ORDER_NOTE, parent)
        self._desk = desk
        self._may_dispatch = may_dispatch(desk.me.role)
        eta_of = nobody_knows if etas is None else etas.of
        wall = desk.me.role is Role.VIEWER
        self.model = ReferralModel(desk.store, desk.clock.now, eta_of, wall=wall, parent=self)
        self.list = SteadyList(self.model, _height, (Group.HELD, Group.CLOSED), self)
        self.filter = _Filter(self)
        self._row_hands, self._head_hands = self._bind_row(), self._bind_head()
        self._add_new()
        self._lay_out()
        self._connect()
        self.model.here = partial(others_at, desk)
        if etas is not None:
            # An arrival is worked out when a row is painted: no row of the model changes with it.
            etas.changed.connect(self.list.viewport().update)
        self._tell_freshness()
        self._mark_sending()

    def _add_new(self) -> None:
        if not self._may_dispatch:
            return
        button = ActionButton("New", EVERYWHERE.key("new"), "quiet", self)
        button.setAccessibleName("New referral")
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self.new_requested)
        self.heading.add_right(button)

    def _lay_out(self) -> None:
        strip = QWidget(self)
        row = QHBoxLayout(strip)
        row.setContentsMargins(px(8), px(6), px(8), px(6))
        row.addWidget(self.filter)
        self.add(strip)
        self.add(self.list, 1)
        self.list.setAccessibleName("Referrals, time left first")
        self.list.setItemDelegate(BoardDelegate(self.model, self))
        if self._may_dispatch:
            self.list.setDragEnabled(True)
            self.list.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    def _connect(self) -> None:
        self.list.chose.connect(self._chose)
        self.list.activated_id.connect(self._activate)
        self.list.clicked.connect(self._clicked)
        self.list.answer_with(self._hands)
        self.filter.textChanged.connect(self._filter)
        self.filter.left.connect(self.focus_list)
        self.model.rowsRemoved.connect(self._forget_gone)
        self._desk.actions.changed.connect(self._mark_sending)
        self._desk.store.link_changed.connect(self._tell_freshness)
        self._desk.store.changed.connect(self._tell_freshness)
        self._desk.store.changed.connect(self._look_who)

    # --- what others call ---

    def select(self, referral_id: UUID | None) -> None:
        """Choose a referral and bring it into view: its group is opened, a filter that hides it is cleared."""
        if referral_id is not None and self.model.row(referral_id) is not None:
            self.model.reveal(referral_id)
            # Its group is open now, so that only the filter can hide it.
            if self.model.row_of(referral_id) < 0:
                self.filter.clear()
        changed = self.list.chosen != referral_id
        self.list.choose(referral_id)
        # ``choose`` itself tells nobody.
        if changed:
            self.referral_selected.emit(referral_id)

    def selected(self) -> UUID | None:
        """The chosen referral."""
        return self.list.chosen if isinstance(self.list.chosen, UUID) else None

    def focus_filter(self) -> None:
        """Put the cursor into the filter, its text selected."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def focus_list(self) -> None:
        """Put the focus on the list, on the first row if none is chosen."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    def set_private(self, private: bool) -> None:
        """Hide or show where people are; a viewer never sees it."""
        self.model.set_wall(private or self._desk.me.role is Role.VIEWER)

    def tick(self) -> None:
        """Take the time: bars grow, and what was on hold until now comes back."""
        self.model.tick()
        self.list.viewport().update()

    # --- inside ---

    def _look_who(self, delta: Delta) -> None:
        # Who else is there is asked when a row is painted: no row of the model changes with it.
        if delta.touched("presence"):
            self.list.viewport().update()

    def _chose(self, key: Hashable) -> None:
        if isinstance(key, UUID):
            self.referral_selected.emit(key)

    def _activate(self, key: Hashable) -> None:
        if isinstance(key, Group):
            self.model.toggle(key)
        else:
            self.referral_activated.emit(key)

    # --- keys ---

    def _bind_row(self) -> Hands:
        moves = {"first": self.list.go_first, "last": self.list.go_last}
        acts = BOARD_ROW.acts() - moves.keys()
        # All but moving is the pane's to do, where it is seen what is done and for whom.
        return Hands(BOARD_ROW, moves, dict.fromkeys(acts, self._pressed))

    def _bind_head(self) -> Hands:
        return Hands(
            BOARD_HEAD,
            {
                "first": self.list.go_first,
                "last": self.list.go_last,
                "toggle": lambda: self._fold(None),
                "open": lambda: self._fold(True),
                "close": lambda: self._fold(False),
            },
        )

    def _hands(self) -> Hands | None:
        """By what the keyboard is on, which is not always what was chosen last."""
        current = self.list.current
        if isinstance(current, Group):
            return self._head_hands
        return self._row_hands if isinstance(current, UUID) else None

    def _pressed(self, key: str) -> None:
        if isinstance(self.list.current, UUID):
            self.key_pressed.emit(self.list.current, key)

    def _fold(self, wanted: bool | None) -> None:
        """Open or close the group whose heading has the keyboard; None for the other of the two."""
        group = self.list.current
        # A filter holds all groups open: what it finds is not to be folded away.
        if isinstance(group, Group) and not self.filter.text().strip() and wanted is not self.model.is_open(group):
            self.model.toggle(group)

    def _clicked(self, index: QModelIndex) -> None:
        key = self.model.id_at(index.row())
        if isinstance(key, Group):
            self.model.toggle(key)

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._tell_freshness()

    def _forget_gone(self) -> None:
        chosen = self.selected()
        # Rows go by a filter or a folded group, too; only what has left the mirror is let go.
        if chosen is not None and self._desk.store.referral(chosen) is None:
            self.list.choose(None)
            self.referral_selected.emit(None)

    def _mark_sending(self) -> None:
        self.model.set_sending(referrals_underway(self._desk.actions.pending, self._desk.store))

    def _tell_freshness(self) -> None:
        link, typed = self._desk.store.link, self.filter.text().strip()
        if is_unread(self._desk.store):
            self.heading.set_note("")
        elif link.state is LinkState.LOST:
            as_of = local_time(link.since, self._desk.clock.now(), seconds=True)
            self.heading.set_note(f"▲ as of {as_of}", "warn")
        elif typed:
            self.heading.set_note(f"{self.model.matches()} match")
        else:
            self.heading.set_note(_ORDER_NOTE)
        self.list.empty_words = self._why_empty(typed)
        self.list.setAccessibleDescription(self.list.empty_words if self.model.rowCount() == 0 else "")

    def _why_empty(self, typed: str) -> str:
        if typed:
            return f"Nothing on the board matches “{typed}”. Esc clears the filter."
        # A board that has not been read yet must not say that nobody waits.
        if is_unread(self._desk.store):
            return unread_words(self._desk.store, "board")
        return "Nobody is waiting." + (" Ctrl N takes a new referral." if self._may_dispatch else "")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font scale."""
        super().changeEvent(event)
        # Qt sends these from within the constructor of the base, before there is a list.
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "list"):
            self.list.fit()

    def sizeHint(self) -> QSize:
        """Wide enough for a reference and a town."""
        return QSize(px(440), px(560))


@guarded
class _Filter(QLineEdit):
    """The filter box: Esc clears it, and once it is empty goes back to the list; Down and Enter go there too."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        hint(self, f"Filter the board   {cap(EVERYWHERE.key('filter'))}")
        self.setAccessibleName("Filter the board")
        self.setClearButtonEnabled(True)
        self._hands = Hands(FILTER, {"clear": self._clear, "leave": self.left.emit})

    def _clear(self) -> None:
        if self.text():
            self.clear()
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.take(event):
            super().keyPressEvent(event)


def _height(key: Hashable) -> int:
    return head_height() if isinstance(key, Group) else row_height()
