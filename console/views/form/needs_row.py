"""What the narrative tells of a language and of needs, offered for *about me*; nothing is taken by itself."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.flow import FlowLayout
from console.look.key_table import FORM
from console.look.style import px
from db.domain.about import INTERPRETER, Said
from db.domain.intake import Draft
from db.domain.needs_told import THE_CALLER, NeedTold, needs_told, still_new
from db.domain.reference import ReferenceData

REST_MS: Final = 250
"""Milliseconds without a key after which it is read: half a word is another one ("blind" of "blind drunk")."""


class NeedsRow(QFrame):
    """One thing at a time, in the order of the topics; hidden while there is none. Enter takes none of them.

    Args:
        reference: the languages and ways to get about of the service, and its topics.
        speaker: who is telling now, if somebody is named.
    """

    taken = Signal(object)
    """What to put under *about me*: a tuple of :class:`Said`."""
    offered = Signal()
    """Something else is offered than before."""

    def __init__(
        self, reference: ReferenceData, speaker: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reference = reference
        self._topics = {one.key: one.label for one in reference.topics if one.offered}
        self._speaker = speaker
        self._draft = Draft()
        self._read = ""
        self._told: tuple[NeedTold, ...] = ()
        self._not_so: set[Said] = set()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        self._words = QLabel()
        self.take_it = ActionButton("Put under About me", FORM.key("take told"))
        self.leave_it = ActionButton("Not so", FORM.key("not told"), "quiet")
        self._lay_out()
        self.take_it.clicked.connect(self.take)
        self.leave_it.clicked.connect(self.leave)

    def _lay_out(self) -> None:
        self.setAccessibleName("What the narrative tells about the person")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        # In plain text: what warns of a danger stands right above it.
        self._words.setWordWrap(True)
        buttons = QWidget(self)
        flow = FlowLayout(buttons)
        flow.addWidget(self.take_it)
        flow.addWidget(self.leave_it)
        column.addWidget(self._words)
        column.addWidget(buttons)
        self.hide()

    def begin(self, not_so: set[Said]) -> None:
        """Be about another draft, of which this was said to be not so; what is said here is added to it."""
        self._not_so = not_so
        self._look()

    def follow(self, draft: Draft) -> None:
        """Be about what is typed now; it is read once the hands rest."""
        self._draft = draft
        if draft.narrative == self._read:
            self._tell()
        else:
            self._rest.start()

    def _look(self) -> None:
        self._rest.stop()
        if self._draft.narrative != self._read:
            self._read = self._draft.narrative
            known = self._reference.languages
            found = needs_told(self._read, known, self._reference.mobility)
            self._told = tuple(one for one in found if one.topic in self._topics)
        self._tell()

    def _open(self) -> list[NeedTold]:
        said = (*self._draft.about, *self._not_so)
        return [left for one in self._told if (left := still_new(one, said)) is not None]

    # --- telling ---

    def _tell(self) -> None:
        there, before = self._open(), self._words.text()
        self._words.setText(self._question(there[0], len(there) - 1) if there else "")
        self.setVisible(bool(there))
        if self._words.text() not in {before, ""} and self.isVisible():
            self.offered.emit()
            # It takes no focus, so that a screen reader has to be told.
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._words.text()))

    def _question(self, one: NeedTold, more: int) -> str:
        value = ", ".join(self._called(said) for said in one.said)
        then = f" {more} more after it." if more else ""
        return f"About me? {self._topics[one.topic]}: {value} — “{one.heard}”.{then}"

    def _called(self, said: Said) -> str:
        if said.topic == INTERPRETER or not said.code:
            return said.code or said.words
        labels = {one.code: one.label for one in self._reference.mobility}
        return labels.get(said.code) or self._reference.languages.label(said.code)

    def text(self) -> str:
        """What is offered; empty for nothing."""
        return self._words.text()

    # --- what a person says ---

    def _shown(self) -> NeedTold | None:
        """What was in sight when the key came, if the narrative still says so: typed since, nobody has read it."""
        seen = next(iter(self._open()), None)
        self._look()
        there = next(iter(self._open()), None)
        return there if seen is not None and there is not None and seen.said == there.said else None

    def take(self) -> None:
        """Put it under *about me*, as the word of whoever is telling."""
        if (first := self._shown()) is not None:
            by = self._speaker() or THE_CALLER
            self.taken.emit(tuple(Said(one.topic, one.code, one.words, by) for one in first.said))

    def leave(self) -> None:
        """It is not so, or not to be kept: it is offered no more with this draft."""
        if (first := self._shown()) is not None:
            self._not_so.update(first.said)
            self._tell()
