"""What was known at a past moment of the referral that is selected: the brief, who read it back, and dangers."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from console.live.briefs import brief_of
from console.live.desk import Desk
from console.look.panel import Panel
from console.running.faults import attempt
from db.domain.board import UNREADABLE
from db.domain.brief import text
from db.domain.clocks import local_time

NONE = "Select a referral to read what was known of it then."
HIDDEN = "Names and addresses are hidden."


class KnownPanel(Panel):
    """Read only. It follows the moment that is shown, and says nothing while names are hidden."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Known then", "brief and dangers", parent)
        self._desk = desk
        self._private = False
        self._shown: UUID | None = None
        self.words = QPlainTextEdit(NONE, self)
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName("What was known then")
        self.add(self.words, 1)

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        self._private = private
        self.refresh()

    def select(self, referral_id: UUID | None) -> None:
        """Be about another referral, or about none."""
        self._shown = referral_id
        self.refresh()

    def refresh(self) -> None:
        """Say what was known at the moment that the desk's clock shows. The place where somebody reads stays."""
        words = attempt("what was known then", self._words) or UNREADABLE
        if words != self.words.toPlainText():
            place = self.words.verticalScrollBar().value()
            self.words.setPlainText(words)
            self.words.verticalScrollBar().setValue(place)

    def _words(self) -> str:
        if self._shown is None or self._desk.store.referral(self._shown) is None:
            return NONE
        if self._private:
            return HIDDEN
        return "\n".join(self._lines(self._shown, self._desk.clock.now()))

    def _lines(self, referral_id: UUID, now: datetime) -> Iterator[str]:
        store = self._desk.store
        found = store.dangers_of(referral_id)
        for one in found.seen_to if found is not None else ():
            yield f"▲ {one.words}"
        for decision in found.decided if found is not None else ():
            at = local_time(decision.at, now)
            yield f"{decision.kind.capitalize()} by {decision.clinician} {at}: {decision.reason}"
        for read in store.read_backs_of(referral_id):
            yield f"Read back by {read.read_by} {local_time(read.recorded_at, now)}, {read.channel}"
        yield text(brief_of(store, referral_id, now))
