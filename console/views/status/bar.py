"""The bar on top: service, clock, link, counts, alarms, who is signed in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.live.actions import Action, Progress, Why
from console.live.alarm_watch import Tally
from console.live.alarms_here import AlarmsHere
from console.live.desk import Desk
from console.live.joins import touched_referrals
from console.live.pulse import Pulse
from console.live.store import Delta, Link, LinkState
from console.live.unread import is_unread, unread_words
from console.look.guard import guarded
from console.look.layouts import add_all, clear, nest
from console.look.palette import Tone
from console.look.style import mark, px, scale
from console.look.widgets import ActionButton, Chip
from console.views.status.alarm_button import AlarmButton
from console.views.status.link_words import link_tip, link_words, short_link_words, unreadable_words
from console.views.status.parts import ExerciseMark, Meanwhile, Restarts
from console.views.status.pending import PendingPanel, pending_tip, pending_words
from console.views.status.room import GAP, LineWords, Shorter
from db.domain.alarms import Alarm
from db.domain.clocks import local, wall_time
from db.domain.names import short_name

_ONE_LINE: Final = 1180
_ONE_LINE_LARGE: Final = 1300
"""Pixels of window, at 100 % text, from which one line is enough for whatever comes."""
_HEAD = ("title", "date", "link", "unreadable", "private", "silent", "user")
_SECOND = ("counts", "pending", "alarm", "more")


@guarded
class StatusBar(QFrame):
    """One line that says if the room is fine."""

    alarm_activated = Signal(object)
    """An :class:`~db.domain.alarms.Alarm` to look at: its ``referral_id`` or ``van_id`` says where."""
    alarm_raised = Signal(object)
    """An alarm that has just begun, once."""
    referral_requested = Signal(object)
    """Somebody wants to see a referral that changed while the link was lost, by UUID."""
    lined = Signal(bool)
    """Its rows were filled anew: whether it has a second line."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self._desk = desk
        self.alarms = AlarmsHere(desk, self)
        self.pulse = Pulse(self.alarms.unanswered, self)
        self._tally = Tally(desk.store)
        self._was = desk.store.link.state
        self._waiting: PendingPanel | None = None
        self._make()
        self._lay_out()
        self._connect()
        self._show_pending()
        self._show_unreadable()
        self._count()
        self.tick()

    def _make(self) -> None:
        me = self._desk.me
        self.title = QLabel(self._service(), self)
        mark(self.title, role="title")
        self.clock = QLabel(self)
        mark(self.clock, role="clock")
        self.clock.setAccessibleName("Time")
        self.date = QLabel(self)
        mark(self.date, role="small")
        self.link = Chip("", parent=self)
        self.unreadable = Chip("", "late", self)
        self.unreadable.hide()
        self.restarts = Restarts(self._desk.supervisor, self)
        self.private, self.silent = Chip("", "orange", self), Chip("", "orange", self)
        self.private.hide()
        self.silent.hide()
        self.counts = QLabel(self)
        self.meanwhile = Meanwhile(self)
        self.pending = ActionButton("", parent=self)
        self.alarm = AlarmButton(self)
        self.more = ActionButton("", kind="quiet", parent=self)
        self.user = QLabel(self)
        for label in (self.title, self.date, self.counts, self.user):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.user.setAccessibleName(f"Signed in: {me.display_name}, {me.role.value}")
        self._words = LineWords({name: getattr(self, name) for name in (*_HEAD, *_SECOND)})
        self._words.want("title", self._service())
        self._words.want("user", f"{me.display_name} · {me.role.value}")

    def _service(self) -> str:
        # The striped mark beside it says EXERCISE already.
        return f"CRU  {self._desk.store.reference.service.removeprefix('EXERCISE ')}"

    def _lay_out(self) -> None:
        self.exercise = ExerciseMark(self)
        self.exercise.setVisible(self._desk.me.exercise)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(4), px(12), px(4))
        column.setSpacing(px(4))
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setSpacing(px(GAP))
            nest(column, row)
        # What must be answered for is not cut by what may be.
        self.pending.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.alarm.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Status")
        self._fill_rows()

    def _fill_rows(self) -> None:
        """One line where there is room, two in a narrow window or with large text."""
        self._two_lines = self._is_narrow()
        for row in (self._first, self._second):
            clear(row)
        head: list[QWidget] = [self.title, self.exercise, self.clock, self.date, self.link, self.restarts]
        head += [self.unreadable, self.private, self.silent]
        asked: tuple[QWidget, ...] = (self.pending, self.alarm, self.more)
        second = self._second if self._two_lines else self._first
        add_all(self._first, head)
        if self._two_lines:
            add_all(self._first, (self.meanwhile,))
            self._first.addStretch(1)
            add_all(self._first, (self.user,))
        add_all(second, (self.counts,) if self._two_lines else (self.counts, self.meanwhile))
        second.addStretch(1)
        add_all(second, asked)
        if not self._two_lines:
            self._first.addWidget(self.user)
        for row in (self._first, second):
            # An alarm that comes or goes must not move the desk below.
            row.addStrut(self.alarm.sizeHint().height())
        self._make_room()
        self.updateGeometry()
        self.lined.emit(self._two_lines)

    @property
    def has_two_lines(self) -> bool:
        """Whether it has a second line now."""
        return self._two_lines

    def _is_narrow(self) -> bool:
        # By the window: a button beside the bar gives it no second line. Large text is for whole words, not short.
        return self.window().width() < (px(_ONE_LINE_LARGE) if scale() > 1 else _ONE_LINE)

    def _want(self, name: str, words: str, tone: Tone = "neutral") -> None:
        """Say this in a part of the bar, whole where there is room; no words for nothing."""
        if self._words.want(name, words, tone):
            self._make_room()

    def _make_room(self) -> None:
        """What matters least gives way first, in each line by itself."""
        room, steps = self.contentsRect().width() - px(28), self._steps()
        for names in self._lines():
            fixed = [one for one in self._fixed(names) if not one.isHidden()]
            # Fewer steps to what changed, rather than not to say who waits.
            for least in (False, True):
                hints = (one.wanted(least) if isinstance(one, Meanwhile) else one.sizeHint() for one in fixed)
                self._words.fit(names, room - sum(hint.width() + px(GAP) for hint in hints), steps)
                if "counts" not in names or not self.counts.isHidden():
                    break

    def _lines(self) -> tuple[tuple[str, ...], ...]:
        return (_HEAD, _SECOND) if self._two_lines else ((*_HEAD, *_SECOND),)

    def _fixed(self, names: Sequence[str]) -> list[QWidget]:
        return [self.exercise, self.clock, self.restarts, self.meanwhile] if "title" in names else []

    def _steps(self) -> tuple[Shorter, ...]:
        now, counts = self._desk.clock.now(), self._tally.counts()
        top, unreadable, waiting = self._top(), self._desk.store.unreadable, len(self._held_up())
        return (
            Shorter("user", self._desk.me.display_name),
            Shorter("date"),
            Shorter("title", "CRU"),
            *(Shorter("counts", words) for words in counts.shorter() if not is_unread(self._desk.store)),
            Shorter("user"),
            Shorter("pending", f"{waiting} waiting ▸"),
            Shorter("more", f"{len(self.alarms.all())} ▾"),
            Shorter("private", "▣ hidden"),
            *((Shorter("silent", "▣ silent"),) if self.pulse.is_silent else ()),
            *((Shorter("unreadable", f"▲ {unreadable} unreadable"),) if unreadable else ()),
            Shorter("link", short_link_words(self._desk.store, now)),
            Shorter("alarm", f"▲ {top.short(now)}" if top is not None else ""),
            Shorter("title"),
            Shorter("pending", f"{waiting} ▸"),
            # That nobody answers is heard, too; who waits and what is free is said nowhere else.
            Shorter("alarm", f"▲ {replace(top, unanswered=False).short(now)}" if top is not None else ""),
            Shorter("counts"),
        )

    def _connect(self) -> None:
        store = self._desk.store
        store.changed.connect(self._follow)
        store.link_changed.connect(self._follow_link)
        store.reference_changed.connect(self._read_all)
        store.unreadable_changed.connect(self._show_unreadable)
        self._desk.actions.changed.connect(self._show_pending)
        self.alarms.changed.connect(self._show_alarms)
        self.alarms.raised.connect(self._tell_raised)
        self.pulse.felt.connect(lambda _: self.alarm.flash())
        self.pulse.silence_changed.connect(self._show_silence)
        self.pending.clicked.connect(self.open_pending)
        self.alarm.clicked.connect(self._activate_top)
        self.more.clicked.connect(self._list_alarms)
        self.meanwhile.chosen.connect(self.referral_requested)

    # --- what others call ---

    def set_private(self, private: bool) -> None:
        """Say whether names and addresses are hidden on this console."""
        self._want("private", "▣ names hidden" if private else "", "orange")

    def tick(self) -> None:
        """Take the time: clock, age of what is shown, alarms."""
        now = self._desk.clock.now()
        self.clock.setText(wall_time(now, seconds=True))
        self._want("date", _date_words(now))
        self.exercise.set_speed(self._desk.clock.speed)
        self._show_link()
        self.alarms.tick(now)
        self._make_room()  # fonts may have changed, which is no change of words

    def sounding(self) -> list[Alarm]:
        """What sounds now, the gravest first; what somebody answered, or what rests, is silent."""
        return self.alarms.unanswered()

    def acknowledge_next(self) -> Alarm | None:
        """Acknowledge the gravest alarm, and ask to look at it. Returns it."""
        top = self._top()
        if top is not None:
            self.alarms.acknowledge(top)
            self.alarm_activated.emit(top)
        return top

    @property
    def waiting(self) -> PendingPanel | None:
        """The list of what waits, while it is open."""
        panel = self._waiting
        return panel if panel is not None and isValid(panel) and panel.isVisible() else None

    def close_pending(self) -> None:
        """Close the list of what waits."""
        if (panel := self.waiting) is not None:
            panel.close()

    def open_pending(self) -> PendingPanel:
        """Show what has no answer yet, over the window and under its button."""
        self.close_pending()
        window = self.window()
        panel = self._waiting = PendingPanel(self._desk.actions, self._desk.clock.now, window)
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        below = self.pending.mapTo(window, QPoint(0, self.pending.height() + px(4)))
        panel.move(min(below.x(), max(0, window.width() - panel.width())), below.y())
        panel.show()
        panel.raise_()
        panel.setFocus(Qt.FocusReason.PopupFocusReason)
        return panel

    # --- the record ---

    def _follow(self, delta: Delta) -> None:
        self.alarms.follow(delta)
        self._tally.follow(delta)  # unguarded: it attempts each record by itself
        self._count()
        if delta.after_loss:
            self._tell_meanwhile(delta)

    def _read_all(self) -> None:
        self._want("title", self._service())
        self.alarms.read_all()
        self._tally.read_all()
        self._count()

    def _count(self) -> None:
        self._want("counts", unread_words(self._desk.store, "record") or self._tally.counts().words())

    def _tell_meanwhile(self, delta: Delta) -> None:
        now = self._desk.clock.now()
        keys = sorted(touched_referrals(delta, self._desk.store), key=self._reference_of)
        named = [(key, short_name(name, now)) for key in keys if (name := self._reference_of(key))]
        self.meanwhile.tell(named)

    def _reference_of(self, key: UUID) -> str:
        referral = self._desk.store.referral(key)
        return referral.reference if referral else ""

    # --- the link ---

    def _follow_link(self, link: Link) -> None:
        if link.state is LinkState.LIVE and self._was is LinkState.LOST:
            self.meanwhile.tell([])  # what did change comes with the Delta that follows
        elif link.state is LinkState.LOST:
            self.meanwhile.clear()
        self._was = link.state
        self._count()
        self._show_link()

    def _show_link(self) -> None:
        store = self._desk.store
        self._want("link", *link_words(store, self._desk.clock.now()))
        self.link.setToolTip(link_tip(store))

    def _show_unreadable(self) -> None:
        words = unreadable_words(self._desk.store.unreadable)
        self._want("unreadable", words, "late")
        self.unreadable.setToolTip(
            "The shift lead or the owner looks at them in the record. All others are shown."
        )

    def _held_up(self) -> list[Action]:
        return [action for action in self._desk.actions.pending if _is_held_up(action)]

    def _show_pending(self) -> None:
        waiting = self._held_up()
        self._want("pending", pending_words(waiting))
        self.pending.setToolTip(pending_tip(waiting))

    # --- alarms ---

    def _top(self) -> Alarm | None:
        return next(iter(self.sounding()), None)

    def _tell_raised(self, alarm: Alarm) -> None:
        self.alarm.announce(alarm, self._desk.clock.now())
        self.alarm_raised.emit(alarm)
        self.pulse.beat()

    def _show_silence(self, silent: bool) -> None:
        self._want("silent", "▣ no sound for 30 s" if silent else "", "orange")

    def _show_alarms(self) -> None:
        now = self._desk.clock.now()
        top, count = self._top(), len(self.alarms.all())
        many = f"{count} alarm{'s' if count != 1 else ''}"
        self.more.setAccessibleName(many)
        self._want("more", f"{many} ▾" if count else "")
        self._want("alarm", f"▲ {top.sentence(now)}" if top is not None else "")
        if top is not None:
            self.alarm.look_like(top, now)

    def _activate_top(self) -> None:
        top = self._top()
        if top is not None:
            self.alarm_activated.emit(top)

    def _list_alarms(self) -> None:
        now = self._desk.clock.now()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for alarm in self.alarms.all():
            seen = self.alarms.answered_words(alarm, now)
            entry = menu.addAction(f"{alarm.priority}   {alarm.sentence(now)}{f'   ✓ {seen}' if seen else ''}")
            entry.triggered.connect(lambda _=False, chosen=alarm: self.alarm_activated.emit(chosen))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take one line or two."""
        super().resizeEvent(event)
        if self._two_lines != self._is_narrow():
            self._fill_rows()
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.layout() is not None:
            self._fill_rows()

    def minimumSizeHint(self) -> QSize:
        """Narrower than its texts, which have shorter words where there is no room."""
        return QSize(px(300), super().minimumSizeHint().height())


def _is_held_up(action: Action) -> bool:
    # What only waits for the one before it goes in the next moment.
    return action.progress is Progress.WAITING and action.why is not Why.TURN


def _date_words(now: datetime) -> str:
    there = local(now)
    return f"{there:%a} {there.day} {there:%b}"
