"""What this login may still take back: the last thing that it did, for a minute of the record's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.actions import Action
from console.live.desk import Desk
from console.running.faults import attempt
from console.running.tasks import spawn
from db.commands import OpenRecord, TakeBack
from db.domain.names import number_today
from db.domain.roles import may_dispatch
from db.domain.taken_back import PastAct
from db.errors import RecordError


class LastAct(QObject):
    """Asks the record after each act of this console, and whenever something about the last one changed.

    The record decides: it knows what was built on since, and who did it. So an act of the same login at another
    desk is found as well.
    """

    changed = Signal()
    """Another act may be taken back, or none."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._act: PastAct | None = None
        self._reading = self._again = False
        desk.actions.done.connect(self._done)
        desk.store.events_changed.connect(self._look)
        desk.store.link_changed.connect(lambda _link: self._ask())

    @property
    def act(self) -> PastAct | None:
        """The last act, while its minute lasts; None when there is nothing to take back."""
        return self._act

    def left(self) -> timedelta:
        """How long it may still be taken back."""
        return self._act.left(self._desk.clock.now()) if self._act is not None else timedelta(0)

    def title(self, now: datetime) -> str:
        """What was done, and to which referral: ``CRU1 clear · 0042``."""
        if self._act is None:
            return ""
        store = self._desk.store
        callsigns = {van.id: van.callsign for van in store.vans()}
        told = self._act.title(callsigns)
        referral = store.referral(self._act.referral_id) if self._act.referral_id is not None else None
        return f"{told} · {number_today(referral.reference, now)}" if referral is not None else told

    def tick(self) -> None:
        """Let the minute pass."""
        if self._act is not None and self.left() <= timedelta(0):
            self._show(None)

    def take_back(self, then: Callable[[Action], None]) -> None:
        """Ask the record to take it back; ``then`` hears the answer."""
        act = self._act
        if act is None:
            return
        label = f"Take back {self.title(self._desk.clock.now())}"
        command = TakeBack(act_id=act.act_id, referral_id=act.referral_id, van_id=act.van_id)
        self._desk.actions.submit(command, label, then)

    # --- asking the record ---

    def _done(self, action: Action) -> None:
        # To look at a record is an event and nothing that could be taken back: the last act stays what it was.
        if not isinstance(action.command, OpenRecord):
            self._ask()

    def _look(self, ids: frozenset[UUID]) -> None:
        if self._act is not None and self._act.referral_id in ids:
            self._ask()

    def _ask(self) -> None:
        self._again = True
        if not self._reading and may_dispatch(self._desk.me.role):
            self._reading = True
            spawn(self._read(), "read what may be taken back", self)

    async def _read(self) -> None:
        try:
            # One read at a time; what was asked for during it is read after it, once.
            while self._again:
                self._again = False
                self._show(await self._desk.reads.my_last_act())
        except RecordError:
            self._show(None)  # without the record nothing can be taken back
        finally:
            self._reading = False

    def _show(self, act: PastAct | None) -> None:
        if act != self._act:
            self._act = act
            attempt("what may be taken back", self.changed.emit)
