"""What a shift lead looks at afterwards: each opens the record and the replay at its moment, and is signed off."""

from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.clipboard import copy_table
from console.look.guard import guarded
from console.look.keyboard import Hands, bind_chords
from console.look.line_table import LineTable
from console.look.over_table import nothing_label
from console.look.panel import Panel
from console.look.room_keys import REVIEW_LINE, REVIEW_WINDOW
from console.look.style import px
from console.running.tasks import spawn
from console.views.room.lines_window import LinesWindow
from console.views.sheets import Sheet, voices
from db.commands import Command, SignOff
from db.domain.clocks import local_time
from db.domain.names import number_today
from db.domain.review import REVIEWED_KINDS, ToReview
from db.domain.texts import one_line, told

COLUMNS: Final = ("Why", "Referral", "What", "When", "By", "Signed off")
NOTHING: Final = "Nothing asks to be looked at."
_PERIODS: Final = (
    ("24 hours", timedelta(hours=24)),
    ("7 days", timedelta(days=7)),
    ("28 days", timedelta(days=28)),
)
_ALL: Final = "Everything"


@guarded
class ReviewPage(LinesWindow):
    """Reads again whenever something was signed off."""

    replay_wanted = Signal(object, object)
    """The replay is to be opened at a moment, UTC, on a referral; None for none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "To review", 1180, 680)
        self.found: list[ToReview] = []
        self.shown: list[ToReview] = []
        self.panel = Panel("To review", "", self)
        self.period, self.kind = QComboBox(self), QComboBox(self)
        does = {"go": self.go, "replay": self.replay, "sign": self.sign}
        self.table = LineTable("What asks to be looked at", COLUMNS, ("What", "Signed off"), REVIEW_LINE, does)
        self.empty = nothing_label(NOTHING, self)
        self.setFocusProxy(self.table)
        self._lay_out()
        self.period.currentIndexChanged.connect(self.refresh)
        self.kind.currentIndexChanged.connect(self.show_lines)
        self.table.cellDoubleClicked.connect(lambda *_: self.go())
        self.sheets.closed.connect(self.refresh)
        chords = {"refresh": self.refresh, "copy": self.copy, "leave": self.leave, "close": self.close}
        bind_chords(Hands(REVIEW_WINDOW, chords), self, Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        self.period.addItems([words for words, _ in _PERIODS])
        self.period.setCurrentIndex(1)
        self.period.setAccessibleName("How far back")
        self.kind.addItems([_ALL, *REVIEWED_KINDS])
        self.kind.setAccessibleName("Of which kind")
        for words, act, does in (
            ("Sign off", "sign", self.sign),
            ("Replay", "replay", self.replay),
        ):
            button = ActionButton(words, REVIEW_LINE.key(act), "quiet", self)
            button.clicked.connect(does)
            self.panel.heading.add_right(button)
        for box in (self.kind, self.period):
            self.panel.heading.add_right(box)
        for widget, share in ((self.message, 0), (self.empty, 1), (self.table, 1)):
            self.panel.add(widget, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)

    # --- reading ---

    def refresh(self) -> None:
        """Read it again; what is shown stays until the record has answered."""
        spawn(self.read_and_show(), "read what is to be reviewed", self)

    async def read(self) -> None:
        """What asks to be looked at in the time that is asked for."""
        now = self._desk.clock.now()
        self.found = await self._desk.reads.to_review(now - _PERIODS[self.period.currentIndex()][1])

    def show_lines(self) -> None:
        """Those of the kind that is asked for; the line that is chosen stays chosen."""
        wanted = self.kind.currentText()
        self.shown = [one for one in self.found if wanted in {_ALL, one.kind}]
        self.table.show_lines(
            [self._line(one) for one in self.shown], [(one.kind, one.about) for one in self.shown]
        )
        self.empty.setVisible(not self.shown)
        self.table.setVisible(bool(self.shown))
        waits = sum(one.is_open for one in self.shown)
        self.panel.heading.set_note(f"{waits} of {len(self.shown)} to sign off")

    def _line(self, one: ToReview) -> tuple[str, ...]:
        now, who = self._desk.clock.now(), self._desk.store.reference.who
        words = "hidden" if self._private else told(one_line(one.words))
        signed = ""
        if one.reviewed_at is not None:
            line = "" if self._private else told(one_line(one.line))
            signed = " · ".join(
                part for part in (f"{who(one.reviewed_by)} {local_time(one.reviewed_at, now)}", line) if part
            )
        number = number_today(one.reference, now) if one.reference else ""
        return (one.kind, number, words, local_time(one.at, now), who(one.by) if one.by else "", signed)

    # --- doing ---

    def chosen(self) -> ToReview | None:
        """What stands in the row."""
        row = self.table.currentRow()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def sign(self) -> None:
        """Say a line about it, once."""
        one = self.chosen()
        if one is None:
            return
        if not one.is_open:
            self.message.say("info", "That is signed off already.", so=self.table.while_chosen())
            return
        self.message.clear()
        self.sheets.open(("sign off", one.kind, one.about), partial(self._sheet, one))

    @staticmethod
    def _sheet(one: ToReview) -> Sheet:
        def send(line: str) -> Command:
            return SignOff(kind=one.kind, about=one.about, words=line, referral_id=one.referral_id)

        return voices.sign_off(" ".join(part for part in (one.kind, one.reference) if part), send)

    def go(self) -> None:
        """Show its referral on the desk; one that is no longer there, in the replay."""
        one = self.chosen()
        if one is None or one.referral_id is None:
            return
        if self._desk.store.referral(one.referral_id) is not None:
            self.wanted.emit(one.referral_id, None)
        else:
            self.replay_wanted.emit(one.at, one.referral_id)

    def replay(self) -> None:
        """Show the moment as everybody saw it."""
        one = self.chosen()
        if one is not None:
            self.replay_wanted.emit(one.at, one.referral_id)

    def copy(self) -> None:
        """Put it on the clipboard as a spreadsheet takes it."""
        copy_table([COLUMNS, *self.table.lines()])
