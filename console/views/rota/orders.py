"""What is asked for on the week itself: a shift moved, copied or cancelled, a week copied."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from console.live.desk import Desk
from console.look.once_more import OnceMore
from console.look.panel import MessageBar
from console.views.rota.canvas import Cursor, WeekCanvas
from console.views.rota.sending import send
from console.views.vans.sheets import Subject
from db.commands import CancelPlan, Command, CopyWeek, PlannedSeat, PublishRota, SetPlan
from db.domain.rota import DAYS, PlannedShift, same_clock
from db.domain.rota_view import Block, Week, when_words
from db.domain.texts import told


class RotaOrders:
    """Sends what is wanted. What harms if done by mistake is asked once more, by the same key."""

    def __init__(
        self, desk: Desk, canvas: WeekCanvas, message: MessageBar, week: Callable[[], Week | None]
    ) -> None:
        self._desk, self._canvas, self._message, self._week = desk, canvas, message, week
        self._once_more = OnceMore(message)
        self._ring: Cursor | None = None
        self.then: Callable[[], None] = lambda: None

    def disarm(self) -> None:
        """What was asked is asked no more, once the ring is on something else or its shift is another."""
        if self._canvas.cursor_at != self._ring:
            self._ring = self._canvas.cursor_at
            self._once_more.let_go()

    def block(self) -> Block | None:
        """The shift that the ring is on."""
        at = self._canvas.cursor_at
        return at.block if at is not None else None

    def plan(self) -> PlannedShift | None:
        """The shift to come that the ring is on, or says why there is none."""
        block, week = self.block(), self._week()
        if block is None or week is None:
            step = "Move to one with the arrows, or press N for a new one."
            self._message.say("info", "No shift is chosen.", step, so=self._while_there())
        elif block.duty is not None or block.plan is None or block.end <= week.now:
            step = "Enter changes the crew of one on duty."
            self._message.say("info", "That shift has begun, or is over.", step, so=self._while_there())
        else:
            return block.plan
        return None

    def _while_there(self) -> Callable[[], bool]:
        """Whether the ring is still on the same shift, or on none, to be asked later."""
        block = self.block()
        return lambda: self.block() == block

    def subject(self, van_id: UUID) -> Subject:
        """A van, by its name in this week, and the record's now."""
        week = self._week()
        vans = week.vans if week is not None else ()
        callsign = next((told(van.callsign) for van in vans if van.id == van_id), "")
        return Subject(van_id, callsign, self._desk.clock.now())

    def send(self, command: Command, label: str) -> None:
        """Ask for something; a refusal stands over the week."""
        send(self._desk, command, label, self._message, self.then)

    def _send_plan(self, plan: PlannedShift, van_id: UUID, start: datetime, end: datetime) -> None:
        by = start - plan.starts_at
        whole = end - start == plan.ends_at - plan.starts_at
        seats = tuple(
            PlannedSeat(
                one.staff_id,
                _moved(one.from_at, by if whole else None),
                _moved(one.until_at, by if whole else None),
            )
            for one in plan.crew
        )
        given = {"van_id": van_id, "starts_at": start, "ends_at": end, "crew": seats, "note": plan.note}
        command = SetPlan(**given, version=plan.version, planned_shift_id=plan.id)  # type: ignore[arg-type]
        self.send(command, f"{self.subject(van_id).callsign}, {when_words(start)}")

    def move(self, by: timedelta) -> None:
        """Earlier or later, as long as it was."""
        plan = self.plan()
        if plan is not None:
            self._send_plan(plan, plan.van_id, plan.starts_at + by, plan.ends_at + by)

    def lift(self, by: int) -> None:
        """To the van above (-1) or below (1)."""
        lane = self._canvas.neighbour(by)
        plan = None if lane is None else self.plan()
        if plan is not None and lane is not None:
            self._send_plan(plan, lane.id, plan.starts_at, plan.ends_at)

    def drop(self, was: Block, now: Block) -> None:
        """To where the mouse let it go."""
        if was.plan is not None:
            start, end = was.plan.starts_at + (now.start - was.start), was.plan.ends_at + (now.end - was.end)
            self._send_plan(was.plan, now.lane, start, end)

    def copy_on(self) -> None:
        """The same van, crew and times a day later."""
        block = self.block()
        plan = block.plan if block is not None else None
        if plan is None:
            step = "Move to one with the arrows."
            self._message.say("info", "No planned shift is chosen.", step, so=self._while_there())
            return
        crew = tuple(
            PlannedSeat(one.staff_id) for one in plan.crew if one.from_at is None and one.until_at is None
        )
        start, end = same_clock(plan.starts_at, 1), same_clock(plan.ends_at, 1)
        command = SetPlan(van_id=plan.van_id, starts_at=start, ends_at=end, crew=crew, note=plan.note)
        self.send(command, f"{self.subject(plan.van_id).callsign}, {when_words(start)}")

    def cancel(self) -> None:
        """Ask; the same key once more does it."""
        plan = self.plan()
        if plan is None:
            return
        what = f"{self.subject(plan.van_id).callsign}, {when_words(plan.starts_at, plan.ends_at)}"
        if self._once_more.is_meant((plan.id, plan.version), f"Cancel {what}?", "Delete once more cancels it."):
            self.send(CancelPlan(planned_shift_id=plan.id, version=plan.version), f"{what} cancelled")

    def publish(self) -> None:
        """Tell those who ride what is planned in this week, as it is shown."""
        week = self._week()
        changed = week.to_publish() if week is not None else []
        if not changed:
            nothing = "Nothing is to be published in this week."
            self._message.say("info", nothing, so=lambda: self._week() is week)
            return
        shifts = tuple((one.id, one.version) for one in changed)
        self.send(PublishRota(shifts=shifts), "Rota published")

    def copy_week(self, monday: date) -> None:
        """Ask; the same key once more plans the week after as this one."""
        to = monday + timedelta(days=DAYS)
        words = f"the week of {to:%a} {to.day} {to:%b}"
        if self._once_more.is_meant(to, f"Plan {words} as this one?", "Ctrl+D once more does it."):
            self.send(CopyWeek(monday=monday, to=to), f"{words} planned")


def _moved(moment: datetime | None, by: timedelta | None) -> datetime | None:
    return moment + by if moment is not None and by is not None else moment
