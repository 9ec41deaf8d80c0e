"""What this login may still take back: the last thing that it did, for a minute of the record's clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.actions import Action
from console.live.desk import Desk
from console.live.store import Link, LinkState
from console.running.faults import attempt
from console.running.tasks import spawn
from db import commands
from db.domain.names import number_today
from db.domain.roles import may_dispatch
from db.domain.taken_back import PastAct
from db.domain.towns import titled, whereabouts
from db.errors import RecordError

ASK_AGAIN = timedelta(seconds=5)
"""The record's clock between two questions that only what others did gave rise to."""


class LastAct(QObject):
    """Asks the record after each act of this console, and whenever something about the last one changed.

    The record decides: it knows what was built on since, and who did it. So an act of the same login at another
    desk is found as well, some seconds later: the mirror is not told who did what.
    """

    changed = Signal()
    """Another act may be taken back, or none."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._act: PastAct | None = None
        self._before: tuple[PastAct, ...] = ()
        self._link = desk.store.link.state
        self._reading = self._again = self._elsewhere = self._ended = self._waits = False
        self._asked = desk.clock.now()
        desk.actions.done.connect(self._done)
        desk.actions.changed.connect(self._await)
        desk.store.events_changed.connect(self._look)
        desk.store.link_changed.connect(self._linked)
        # A desk that opens asks when its board is there, and holds it up by nothing.
        if self._link is LinkState.LIVE:
            self._ask()

    @property
    def act(self) -> PastAct | None:
        """The last act, while its minute lasts; None when there is nothing to take back, or ``waits``.

        What was done before it by the same press goes with it, and may be what stands in its way.
        """
        return None if self._waits else self._act

    @property
    def waits(self) -> bool:
        """Whether something was asked for here of which it is not known yet what became of it.

        Until then the one before it is nothing to take back: whoever presses the key means what they did last.
        """
        return self._waits

    def left(self) -> timedelta:
        """How long it may still be taken back."""
        return self._act.left(self._desk.clock.now()) if self._act is not None else timedelta(0)

    def what(self) -> str:
        """What was done: ``CRU1 clear``; by one press ``CRU1 allocated, note``."""
        callsigns = {van.id: van.callsign for van in self._desk.store.vans()}
        acts = (*reversed(self._before), *filter(None, (self._act,)))
        return ", ".join(act.title(callsigns) for act in acts)

    def whose(self, now: datetime, *, private: bool = False) -> str:
        """The referral that it was done to, on the board or not: ``0042 Corby``; empty for a van's or nobody's.

        Args:
            now: aware; what is of another day says so.
            private: leave the town out.
        """
        if self._act is None or not self._act.reference:
            return ""
        number = number_today(self._act.reference, now)
        referral = self._desk.store.referral(self._act.referral_id) if self._act.referral_id else None
        if referral is None or private:
            return number
        where = whereabouts(referral.location)
        return titled(number, where, where.town)

    def title(self, now: datetime) -> str:
        """What was done, and to which referral: ``CRU1 clear · 0042``."""
        return " · ".join(part for part in (self.what(), self.whose(now, private=True)) if part)

    def tick(self) -> None:
        """Let the minute pass."""
        if self._act is not None and self.left() <= timedelta(0):
            self._show(None)
        self._ask_elsewhere()

    def take_back(self, then: Callable[[Action], None]) -> None:
        """Ask the record to take it back; ``then`` hears the answer."""
        act = self.act
        if act is None:
            return
        label = f"Take back {self.title(self._desk.clock.now())}"
        also = tuple(one.act_id for one in self._before)
        command = commands.TakeBack(act_id=act.act_id, referral_id=act.referral_id, van_id=act.van_id, also=also)
        self._desk.actions.submit(command, label, then)

    def end(self) -> None:
        """Ask no more: at sign-out the link is lost, and to ask then would open a connection again."""
        self._ended = True

    # --- asking the record ---

    def _done(self, action: Action) -> None:
        if _is_act(action):
            self._ask()

    def _await(self) -> None:
        if self._is_asked():
            self._say_waits(waits=True)
        elif self._waits and not self._reading:
            # Refused, or taken back before it was sent.
            self._ask()

    def _is_asked(self) -> bool:
        return any(map(_is_act, self._desk.actions.pending))

    def _say_waits(self, *, waits: bool) -> None:
        if waits != self._waits:
            self._waits = waits
            attempt("what may be taken back", self.changed.emit)

    def _look(self, ids: frozenset[UUID]) -> None:
        if self._act is not None and self._act.referral_id in ids:
            self._ask()
        else:
            self._elsewhere = True  # somebody did something, and it may have been this login
            self._ask_elsewhere()

    def _ask_elsewhere(self) -> None:
        if self._elsewhere and self._desk.clock.now() - self._asked >= ASK_AGAIN:
            self._ask()

    def _linked(self, link: Link) -> None:
        # Each beat of the record is told as well, once a second: that is no news.
        before, self._link = self._link, link.state
        if link.state is not before:
            self._ask()

    def _ask(self) -> None:
        self._again = True
        if not self._reading and not self._ended and may_dispatch(self._desk.me.role):
            self._reading = True
            spawn(self._read(), "read what may be taken back", self)

    async def _read(self) -> None:
        try:
            # One read at a time; what was asked for during it is read after it, once.
            while self._again:
                self._again = self._elsewhere = False
                self._asked = self._desk.clock.now()
                act = await self._desk.reads.my_last_act()
                self._show(act, await self._pressed_with(act) if act is not None else ())
        except RecordError:
            self._show(None)  # without the record nothing can be taken back
        finally:
            self._reading = False
            self._say_waits(waits=self._is_asked())

    async def _pressed_with(self, act: PastAct) -> tuple[PastAct, ...]:
        """What of its referral was done before it by the same press and stands, the newest first."""
        together = self._desk.actions.pressed_with(act.act_id) - {act.act_id}
        if not together or act.referral_id is None:
            return ()
        acts = (await self._desk.reads.acts_of(act.referral_id)).values()
        found = (one for one in acts if one.act_id in together)
        return tuple(sorted(found, key=lambda one: one.event_id, reverse=True))

    def _show(self, act: PastAct | None, before: tuple[PastAct, ...] = ()) -> None:
        if act is not None and before:
            # All of it or nothing: what is refused of one is refused of all, and the oldest is over first.
            blocked = next((one.blocked for one in (act, *before) if one.blocked), "")
            act = replace(act, blocked=blocked, done_at=min(one.done_at for one in (act, *before)))
        if (act, before) != (self._act, self._before):
            self._act, self._before = act, before
            attempt("what may be taken back", self.changed.emit)


def _is_act(action: Action) -> bool:
    # To look at a record is an event and nothing that could be taken back: the last act stays what it was.
    return not isinstance(action.command, commands.OpenRecord)
