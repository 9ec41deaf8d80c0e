"""Whom the call that is being typed may be about: told at once, and said by a person, never by itself."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.store import LinkState
from console.look.buttons import ActionButton
from console.look.flow import FlowLayout
from console.look.key_table import FORM
from console.look.once_more import OnceMore
from console.look.panel import MessageBar
from console.look.style import mark, px
from console.running.tasks import spawn
from console.views.form.open_draft import OpenDraft
from console.views.form.submission import Ending
from db.domain.alike import PAST_LEFT_OUT, Alike, Likely, Typed, sentence, typed_of
from db.domain.cautions import flag_label
from db.domain.roles import may_dispatch
from db.errors import RecordError

PAUSE_MS: Final = 120
"""Milliseconds without a key after which the record is asked: not for every letter of a name."""


class LikelySame(QFrame):
    """One question at a time, the likeliest first; hidden while there is none. Enter answers none of them."""

    shown = Signal(object)
    """The id of a referral that somebody wants to see instead."""
    joined = Signal(object)
    """The id of an open referral to which this call belongs."""
    answered = Signal(object)
    """The record has answered, and the :class:`Ending` that waited for it goes on."""

    def __init__(self, desk: Desk, message: MessageBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._draft: OpenDraft | None = None
        self._asked: tuple[OpenDraft, Typed] | None = None
        self._asking = self._unanswered = False
        self._held: tuple[OpenDraft, Ending] | None = None
        self._meant = OnceMore(message)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: spawn(self._ask(), "look for the same person", self))
        self._words, self._flags, self._said, self._left_out = QLabel(), QLabel(), QLabel(), QLabel()
        self._show = ActionButton("Show it", FORM.key("show like"))
        self._join = ActionButton("Add this call to it", FORM.key("join"))
        self._same = ActionButton("The same person", FORM.key("same"))
        self._not = ActionButton("Not the same", FORM.key("not same"))
        self._unsay = ActionButton("Not said after all", FORM.key("unsay"), "quiet")
        self._lay_out()
        for button, act in self._acts().items():
            button.clicked.connect(act)

    def _lay_out(self) -> None:
        mark(self, role="section")
        self.setAccessibleName("Who this may be about")
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(6), px(14), px(6))
        column.setSpacing(px(4))
        buttons = QWidget(self)
        flow = FlowLayout(buttons)
        for button in self._acts():
            flow.addWidget(button)
        for label, tone in (
            (self._words, "warn"),
            (self._flags, "warn"),
            (self._said, "dim"),
            (self._left_out, "dim"),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            mark(label, tone=tone)
        for widget in (*self._told(), buttons):
            column.addWidget(widget)
        self._buttons = buttons
        self.hide()

    def _acts(self) -> dict[ActionButton, Callable[[], None]]:
        return {
            self._show: self.show_it,
            self._join: self.join,
            self._same: self.say_same,
            self._not: self.say_not,
            self._unsay: self.unsay,
        }

    def hands(self) -> dict[str, Callable[[], None]]:
        """What its keys do, by the names in the table."""
        return dict(zip(("show like", "join", "same", "not same", "unsay"), self._acts().values(), strict=True))

    # --- asking ---

    def follow(self, draft: OpenDraft) -> None:
        """Be about this draft as it is typed now; the record is asked once the hands rest for a moment."""
        if draft is not self._draft:
            self._draft, self._asked = draft, None
        self._tell()
        if (self._unanswered or self._wanted() != self._asked) and may_dispatch(self._desk.me.role):
            self._pause.start()

    def _wanted(self) -> tuple[OpenDraft, Typed] | None:
        if self._draft is None:
            return None
        return self._draft, typed_of(self._draft.draft, self._desk.clock.now())

    async def _ask(self) -> None:
        # One question at a time: what was typed meanwhile is asked for when this one is answered.
        if self._asking:
            return
        self._asking = True
        try:
            while (wanted := self._wanted()) is not None and (self._unanswered or wanted != self._asked):
                self._asked, self._unanswered = wanted, False
                draft, typed = wanted
                draft.likely = await self._find(draft, typed)
                self._tell()
        except RecordError:
            self._unanswered = True  # the bar says that the link is down; the next key asks again
        finally:
            self._asking = False
            self._go_on()

    def _go_on(self) -> None:
        held, self._held = self._held, None
        if held is not None and held[0] is self._draft:
            self.answered.emit(held[1])

    async def _find(self, draft: OpenDraft, typed: Typed) -> Likely:
        if not typed.says_anything:
            return Likely()
        return await self._desk.reads.alike(typed, draft.referral_id, self._desk.clock.now())

    # --- telling ---

    def _open(self) -> list[Alike]:
        """What nobody has said anything of yet, the likeliest first."""
        if self._draft is None:
            return []
        return [one for one in self._draft.likely.alike if one.one.referral_id not in self._draft.said_same]

    def _first(self) -> Alike | None:
        return next(iter(self._open()), None)

    def _tell(self) -> None:
        first, draft = self._first(), self._draft
        spoken = {label: label.text() for label in (self._words, self._left_out)}
        self._words.setText(self._question(first))
        self._flags.setText(_flag_words(draft.likely.flags) if draft is not None else "")
        self._said.setText(_said_words(draft) if draft is not None else "")
        self._left_out.setText(PAST_LEFT_OUT if draft is not None and draft.likely.past_left_out else "")
        for label in self._told():
            label.setVisible(bool(label.text()))
        is_new = draft is not None and draft.is_new
        self._show.setVisible(first is not None and self._is_here(first))
        self._join.setVisible(first is not None and first.one.is_open and is_new)
        self._same.setVisible(first is not None and first.one.may_be_linked)
        self._not.setVisible(first is not None)
        self._unsay.setVisible(bool(self._said.text()))
        self._buttons.setVisible(first is not None or bool(self._said.text()))
        self.setVisible(bool(self.text()))
        for label, before in spoken.items():
            if label.text() not in {before, ""} and self.isVisible():
                # It takes no focus, so that a screen reader has to be told.
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, label.text()))

    def _question(self, first: Alike | None) -> str:
        if first is None:
            return ""
        more = len(self._open()) - 1
        then = f" {more} more after it." if more else ""
        return f"◆ {sentence(first, self._desk.clock.now())}{then}"

    def _is_here(self, one: Alike) -> bool:
        return self._desk.store.referral(one.one.referral_id) is not None

    def text(self) -> str:
        """All that is told, a line each."""
        return "\n".join(label.text() for label in self._told() if label.text())

    def _told(self) -> tuple[QLabel, ...]:
        return self._flags, self._words, self._said, self._left_out

    # --- what a person says ---

    def show_it(self) -> None:
        """Somebody wants to see it, if it is on the board; nothing is linked by that."""
        if (first := self._first()) is not None and self._is_here(first):
            self.shown.emit(first.one.referral_id)

    def join(self) -> None:
        """This call belongs to an open referral: it becomes notes there, and no referral of its own."""
        first = self._first()
        if first is not None and first.one.is_open and self._draft is not None and self._draft.is_new:
            self.joined.emit(first.one.referral_id)

    def say_same(self) -> None:
        """It is the same person: kept with the draft, and linked when that is saved."""
        if (first := self._first()) is not None and first.one.may_be_linked:
            self._say(first, is_same=True)

    def say_not(self) -> None:
        """It is somebody else, or another call."""
        if (first := self._first()) is not None:
            self._say(first, is_same=False)

    def _say(self, one: Alike, *, is_same: bool) -> None:
        if self._draft is not None and not self._draft.sending:
            self._draft.said_same[one.one.referral_id] = (one.one.reference, is_same)
            self._meant.let_go()
            self._tell()

    def unsay(self) -> None:
        """Take the last word of this draft back: nothing was sent yet."""
        if self._draft is not None and self._draft.said_same and not self._draft.sending:
            self._draft.said_same.popitem()
            self._tell()

    def may_go(self, draft: OpenDraft, ending: Ending) -> bool:
        """Whether a new referral may be made of it: an open one that is likely the same is told once before."""
        if draft is not self._draft or not draft.is_new or ending.joins or ending.decline:
            return True
        if self._must_ask(draft, ending):
            return False
        stops = next((one for one in self._open() if one.stops), None)
        if stops is None:
            return True
        asked = f"Not saved yet: it may be {stops.one.reference}, which is open."
        return self._meant.is_meant(
            (draft.referral_id, stops.one.referral_id), asked, "The same key once more makes another referral."
        )

    def _must_ask(self, draft: OpenDraft, ending: Ending) -> bool:
        """Whoever types fast saves before the record was asked: the save waits for its answer, and for no link."""
        lost = self._desk.store.link.state is LinkState.LOST
        if lost or (self._wanted() == self._asked and not self._asking):
            return False
        self._held = draft, ending
        if not self._asking:
            self._pause.stop()
            spawn(self._ask(), "look for the same person", self)
        return True


def _flag_words(kinds: tuple[str, ...]) -> str:
    return f"▲ Flags of this person or address: {', '.join(map(flag_label, kinds))}." if kinds else ""


def _said_words(draft: OpenDraft) -> str:
    said = [
        f"{'the same person as' if is_same else 'not the same as'} {reference}"
        for reference, is_same in draft.said_same.values()
    ]
    return f"Kept when it is saved: {'; '.join(said)}." if said else ""
