"""The command line at the lower edge of the desk: typed, said in words above, and done by Enter."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.reality import Insistence, bare, in_words, objections
from console.live.store import Delta
from console.look.command_keys import COMMAND
from console.look.guard import guarded
from console.look.hints import hint as show_hint
from console.look.keyboard import Hands
from console.look.layouts import nest
from console.look.style import mark, mono, px
from console.look.tabbing import CameFrom
from console.look.widgets import KeyHint
from console.running.faults import attempt
from console.running.tasks import spawn
from console.views.command.history import LineHistory
from console.views.command.plan import LinePlan
from console.views.command.planner import Planner
from console.views.command.preview import preview_markup, preview_words
from console.views.command.world import Worlds
from console.views.detail.ranker import Ranker
from console.views.detail.rich import RichLabel
from console.views.sheets import Order
from db.domain.command_line import LONGEST, parse
from db.domain.command_reading import Other, Parsed
from db.domain.command_verbs import ALLOCATE
from db.errors import RecordError

_UNREADABLE = Parsed(question="That line cannot be read.")
_NO_PLAN = LinePlan(problem="What that would do cannot be told.")
_SIZE = 1.15
_STAYS = (QEvent.Type.Resize, QEvent.Type.Show)


@guarded
class _Edit(QLineEdit):
    """What is typed. Tab is the line's own, and does not go on to what lies below."""

    left = Signal()

    def __init__(self, hands: Hands, parent: QWidget) -> None:
        super().__init__(parent)
        self._hands = hands
        self.setMaxLength(LONGEST)
        self.setFont(mono(_SIZE))
        self.setAccessibleName("Command line")
        show_hint(self, "such as: cru3 44  ·  v3 os  ·  hold 44 till 0415 call back")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The line's keys; all else is typed."""
        if not self._hands.take(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab chooses among what is offered."""
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.font() != mono(_SIZE):
            self.setFont(mono(_SIZE))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes on to something else is done here."""
        super().focusOutEvent(event)
        self.left.emit()


@guarded
class CommandLine(QFrame):
    """Lies over the lower edge while it has the keyboard. What was typed stays for the next time."""

    opens = Signal(object, object)
    """A :class:`LinePlan` that is carried out elsewhere, and the meaning that it comes from."""
    refused = Signal(str, object)
    """What was asked for, and the :class:`db.errors.RecordError`."""
    lost_keyboard = Signal()
    """It was put away, and where the keyboard was is gone."""

    def __init__(
        self,
        desk: Desk,
        etas: Etas,
        geography: Geography,
        selected: Callable[[], UUID | None],
        parent: QWidget,
    ) -> None:
        """Begin with nothing typed.

        Args:
            desk: the mirror, the clock, who is signed in.
            etas: when vans arrive.
            geography: for the ranking.
            selected: the referral that is meant where none is named.
            parent: what it lies over.
        """
        super().__init__(parent)
        self._desk, self._page, self._selected = desk, parent, selected
        self._private = False
        self.undone_words: Callable[[], str] = lambda: ""
        self._planner, self._worlds = Planner(desk, etas, lambda: self.undone_words()), Worlds(desk, self)
        self._ranker = Ranker(desk, geography, etas, self)
        self._insistence, self._came_from, self._history = Insistence(), CameFrom(), LineHistory()
        self._cycle: tuple[Sequence[Other], int] | None = None
        self.parsed, self.plan = Parsed(), LinePlan()
        self._asked = False
        self.edit = _Edit(self._bind(), self)
        self.preview = RichLabel(self)
        self._lay_out()
        self.edit.textEdited.connect(self._typed)
        self.edit.textChanged.connect(self._read)
        self.edit.left.connect(self._left)
        self._ranker.changed.connect(self._again)
        desk.store.changed.connect(self._look)
        desk.store.reference_changed.connect(self._again)
        parent.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        mark(self, role="panel")
        self.setObjectName("command")
        sign = QLabel("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", self)
        mark(sign, role="strong")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(sign)
        row.addWidget(self.edit, 1)
        self._caps = {
            act: KeyHint(COMMAND.key(act), words, self)
            for act, words in (("go", "do it"), ("next", "next"), ("leave", "put away"))
        }
        for cap in self._caps.values():
            policy = cap.sizePolicy()
            # What is typed keeps its place while a key comes and goes that does nothing now.
            policy.setRetainSizeWhenHidden(True)
            cap.setSizePolicy(policy)
            row.addWidget(cap)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(8))
        column.setSpacing(px(6))
        column.addWidget(self.preview)
        nest(column, row)

    def _bind(self) -> Hands:
        return Hands(
            COMMAND,
            {
                "go": self.go,
                "next": lambda: self._offer(1),
                "before": lambda: self._offer(-1),
                "older": lambda: self._recall(self._history.older(self.edit.text())),
                "newer": lambda: self._recall(self._history.newer(self.edit.text())),
                "leave": self.leave,
            },
        )

    # --- open and put away ---

    def open(self, text: str = "") -> None:
        """Give it the keyboard, with what was left in it, or with a text to go on with.

        Its key once more begins anew and never puts it away: what is typed on would be steps of the panel below.
        """
        if not self.isVisible():
            self._came_from.remember()
        if text:
            self.edit.setText(text)
        else:
            self.edit.selectAll()
        self.show()
        self._read()
        self.raise_()
        self.edit.setFocus()

    def leave(self) -> None:
        """Put it away; the keyboard goes back to where it was."""
        if not self._came_from.give_back():
            self.lost_keyboard.emit()
        self.put_away()

    def put_away(self) -> None:
        """Close it as it is, wherever the keyboard went."""
        self.hide()
        self._ranker.want(None)
        self._insistence.forget()

    def _left(self) -> None:
        # A menu of its own, or another window in front, is no leaving.
        elsewhere = self._page.focusWidget()
        if self._page.window().isActiveWindow() and elsewhere is not None and elsewhere is not self.edit:
            self.put_away()

    def set_private(self, private: bool) -> None:
        """Hide or show where referrals are."""
        self._private = private
        self._again()

    # --- what it means ---

    def _typed(self) -> None:
        self._cycle = None

    def _look(self, _delta: Delta) -> None:
        self._again()

    def _again(self) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        """Say what the line would do now."""
        world = self._worlds.now(self._selected(), private=self._private)
        self.parsed = attempt("a typed line", parse, self.edit.text(), world) or _UNREADABLE
        reading, self.plan = self.parsed.reading, LinePlan()
        if reading is not None:
            about = self._planner.referral_of(reading, world)
            self._ranker.want(about if reading.verb == ALLOCATE and self.isVisible() else None)
            ranked = self._ranker.ranked(about) if about is not None else None
            plan = attempt("what a typed line would do", self._planner.plan, reading, world, ranked)
            self.plan = plan or _NO_PLAN
        self._asked = self._asked and self._insistence.is_asked(self._about())
        self._tell()

    @property
    def offered(self) -> Sequence[Other]:
        """The lines among which Tab goes."""
        return self._cycle[0] if self._cycle is not None else (self.parsed.others or self.plan.others)

    def _tell(self) -> None:
        at = self._cycle[1] if self._cycle is not None else None
        self.preview.show_markup(preview_markup(self.parsed, self.plan, self.offered, at, asked=self._asked))
        self.edit.setAccessibleDescription(self.words())
        self._caps["go"].setVisible(self.parsed.reading is not None and self.plan.does_something)
        self._caps["next"].setVisible(bool(self.offered))
        self.place()

    def words(self) -> str:
        """What is said above the line, without its colours."""
        return preview_words(self.parsed, self.plan, self.offered, asked=self._asked)

    def _offer(self, step: int) -> None:
        offered = self.offered
        if not offered:
            return
        begun = self._cycle[1] + step if self._cycle is not None else (0 if step > 0 else -1)
        at = begun % len(offered)
        self._cycle = (offered, at)
        self.edit.setText(offered[at].line)
        self._tell()
        self._announce(self.words())

    def _recall(self, line: str | None) -> None:
        if line is not None:
            self._cycle = None
            self.edit.setText(line)

    # --- what it does ---

    def go(self) -> None:
        """Do what is said; ask first where something known speaks against it."""
        plan, reading = self.plan, self.parsed.reading
        if reading is None or not plan.does_something:
            self._announce(self.words())
            return
        if (plan.against or plan.careful) and not self._insists():
            return
        line = self.edit.text()
        self._history.add(line)
        self._forget()
        if plan.orders:
            orders = [self._weighed(order) for order in plan.orders] if plan.against else plan.orders
            spawn(self._carry(line, orders), "carry out a typed line", self)
            self.leave()
        else:
            self._came_from.give_back()
            self.put_away()
            self.opens.emit(plan, reading)

    def _about(self) -> object:
        return tuple(bare(order.command) for order in self.plan.orders)

    def _insists(self) -> bool:
        about = self._about()
        if self._insistence.insists(about):
            return True
        self._insistence.ask(about)
        self._asked = True
        self._tell()
        self._announce(self.words())
        return False

    def _forget(self) -> None:
        self._insistence.forget()
        self._asked, self._cycle = False, None
        self.edit.clear()

    async def _carry(self, line: str, orders: Sequence[Order]) -> None:
        order = orders[0]
        following = [(one.command, one.label) for one in orders]
        self._desk.actions.as_one(one.command for one in orders)
        try:
            for number, order in enumerate(orders, 1):
                await self._desk.actions.perform(order.command, order.label, following[number:])
        except RecordError as error:
            # Nothing is lost: it stands in the line again, unless something else does by now.
            if not self.edit.text():
                self.edit.setText(line)
            self.refused.emit(order.label, error)

    def _weighed(self, order: Order) -> Order:
        """With what was said against it, since somebody insisted."""
        against = in_words(objections(self._desk.store, order.command, self._desk.clock.now()))
        return order.insisting(against) if against else order

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.edit, words))

    # --- where it is ---

    def place(self) -> None:
        """Stand at the lower edge, as high as what is said needs."""
        around = self._page.rect().adjusted(px(6), 0, -px(6), -px(6))
        height = self.heightForWidth(around.width())
        self.setGeometry(around.left(), around.bottom() + 1 - height, around.width(), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the page's size."""
        if watched is self._page and event.type() in _STAYS and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)
