"""Taking back from the pane: one's own last act by a key, and a shift lead's choice of what did not happen."""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.live.actions import Action
from console.live.again import say_unread
from console.live.desk import Desk
from console.live.undo import LastAct
from console.look.panel import MessageBar
from console.running.tasks import spawn
from console.views.sheets import Order, Sheet
from console.views.sheets.fields import Pick, Write
from console.views.sheets.row_layout import Row
from db import commands
from db.domain.clocks import local_time
from db.domain.records import Referral
from db.domain.roles import may_lead
from db.domain.taken_back import PastAct
from db.errors import RecordError


def rows_of(acts: Mapping[int, PastAct], desk: Desk) -> list[Row]:
    """One row an act, the newest first; those that nobody can take back say why."""
    now = desk.clock.now()
    callsigns = {van.id: van.callsign for van in desk.store.vans()}
    found = []
    for _, act in sorted(acts.items(), reverse=True):
        who = desk.store.reference.who(act.done_by)
        told = f"{local_time(act.done_at, now)} · {who}"
        if act.blocked:
            told = f"{told} · {act.blocked}"
        found.append(Row(str(act.act_id), act.title(callsigns), told, enabled=not act.blocked))
    return found


async def take_back_sheet(desk: Desk, referral: Referral) -> Sheet:
    """Read what may be taken back, and ask which and why.

    Raises:
        RecordError: the record does not answer.
    """
    rows = rows_of(await desk.reads.acts_of(referral.id), desk)
    names = {row.value: row.text for row in rows}

    def make(given: Mapping[str, str]) -> list[Order]:
        act = given["act"]
        command = commands.TakeBack(act_id=UUID(act), referral_id=referral.id, reason=given["reason"])
        return [Order(command, f"Take back {names.get(act, 'an act')} · {referral.reference}")]

    fields = [
        Pick("act", "What did not happen", rows, "Choose what did not happen."),
        Write("reason", "Why it is taken back", missing="Say why it is taken back."),
    ]
    return Sheet(f"Did not happen: {referral.reference}", fields, make, "Take back")


class TakingBack(QObject):
    """What the pane's key and line for undo do, and the lead's menu line."""

    asked = Signal(object, object)
    """A referral's id, and the :class:`Sheet` that asks what of it did not happen."""

    def __init__(self, desk: Desk, message: MessageBar, parent: QObject) -> None:
        """Take nothing back yet.

        Args:
            desk: of the signed-in.
            message: the pane's, where it is said why nothing is taken back.
            parent: owner.
        """
        super().__init__(parent)
        self._desk, self._message = desk, message
        self.last = LastAct(desk, self)

    def undo(self, then: Callable[[Action], None]) -> None:
        """Take back the last thing that this login did, if its minute is not over."""
        act = self.last.act
        if self.last.waits:
            yet = "What you asked for last has no answer yet."
            self._message.say("info", yet, "Then it can be taken back.", so=lambda: self.last.waits)
        elif act is None:
            nothing = "Nothing of yours can be taken back now."
            leads = may_lead(self._desk.me.role)
            later = "Later “Did not happen …” does it." if leads else "Later a shift lead can."
            self._message.say("info", nothing, later, so=lambda: self.last.act is None and not self.last.waits)
        elif act.blocked:
            self._message.say("warn", act.blocked, so=lambda: self.last.act == act)
        else:
            self.last.take_back(then)

    def ask(self, referral: Referral) -> None:
        """Ask a shift lead what of a referral did not happen."""
        spawn(self._ask(referral), "read what may be taken back", self)

    async def _ask(self, referral: Referral) -> None:
        try:
            sheet = await take_back_sheet(self._desk, referral)
        except RecordError as error:
            say_unread(self._message, error)
            return
        self.asked.emit(referral.id, sheet)
