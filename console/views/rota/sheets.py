"""Small sheets beside the week: a planned shift, who takes over from a time on, a crew on duty, vans wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from console.live.reality import Insistence, bare
from console.look.hints import hint as show_hint
from console.look.number_box import NumberBox
from console.look.style import mark
from console.views.form.when import TypedMoment
from console.views.vans.sheets import Subject, VanSheet
from console.views.vans.ticks import TickList
from db.commands import ChangeCrew, Command, ExtendShift, PlannedSeat, SetCover, SetPlan
from db.domain.clocks import local, wall_time
from db.domain.records import StaffMember
from db.domain.resolving import Belongs
from db.domain.rota import CoverWanted, Duty, PlannedShift, london, wanted_at
from db.domain.rota_view import when_words
from db.domain.rules import Rules
from db.domain.suiting import too_few
from db.domain.texts import told
from db.errors import Invalid

SPAN: Final = timedelta(hours=12)
_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
People = Sequence[StaffMember]


def _rows(people: People, busy: Mapping[UUID, str]) -> list[tuple[str, UUID]]:
    """Who can be ticked: those who are free first, and of each what they are and where they are."""
    order = sorted(people, key=lambda one: (one.id in busy, one.name))
    return [
        (" · ".join(part for part in (told(one.name), told(one.profession), busy.get(one.id, "")) if part), one.id)
        for one in order
    ]


class _RotaSheet(VanSheet):
    """A sheet whose times are told by the day of the shift."""

    def moment(self, name: str, at: datetime, day: datetime) -> TypedMoment:
        """Add a field for a time of a day, or of the one after; UTC."""
        line, reading = QLineEdit(self), QLabel(self)
        midnight = london(local(day).date())
        typed = TypedMoment(line, name, lambda: Belongs(midnight, to_come=True), self)
        mark(reading, role="small")

        def show() -> None:
            words = when_words(typed.at) if typed.at is not None else typed.words
            reading.setText(words)
            mark(reading, tone="late" if typed.is_wrong else "dim")
            line.setAccessibleDescription(words)

        typed.changed.connect(show)
        self.field(name, line)
        self.form.addRow("", reading)
        self.form.addRow("", typed.row)
        typed.fill(at)
        show()
        return typed

    def read(self, typed: TypedMoment, what: str) -> datetime:
        """The moment that is typed.

        Raises:
            Invalid: it means none.
        """
        if typed.at is not None:
            return typed.at
        typed.line.setFocus()
        sentence, step = typed.problem
        raise Invalid(f"{what}: {sentence}" if sentence else f"{what} is missing.", step or "Type it like 07:30.")


class PlanSheet(_RotaSheet):
    """A shift to come: from when until when, who rides, a note."""

    def __init__(
        self,
        subject: Subject,
        plan: PlannedShift | None,
        start: datetime,
        people: People,
        busy: Mapping[UUID, str],
        rules: Rules,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("shift to come" if plan else "new shift", "Save", subject, parent)
        self.plan, self._rules = plan, rules
        self.about = plan.id if plan else (subject.van_id, start)
        self._known = {one.id: one for one in people}
        self._insistence = Insistence()
        day = plan.starts_at if plan else start
        self._starts = self.moment("Starts", day, day)
        self._ends = self.moment("Ends", plan.ends_at if plan else start + min(SPAN, rules.shift_most), day)
        self.crew = TickList(self)
        self.crew.setMaximumHeight(self.crew.maximumHeight() * 2)
        aboard = [ride.staff_id for ride in plan.crew] if plan else []
        on = sorted((one for one in people if one.id in aboard), key=lambda one: one.name)
        self.crew.offer(_rows(on, {}) + _rows([one for one in people if one.id not in aboard], busy))
        self.crew.tick(aboard)
        self.field("Crew (a digit or Space ticks)", self.crew)
        self.why = QLineEdit(self)
        show_hint(self.why, "such as sick")
        self.field("Why somebody is taken off", self.why)
        self.note = QLineEdit(plan.note if plan else "", self)
        self.field("Note", self.note)
        self.setFocusProxy(self.crew)

    def command(self) -> tuple[Command, str]:
        """The shift as it is to be. Who keeps riding keeps their own times."""
        starts, ends = self.read(self._starts, "The start"), self.read(self._ends, "The end")
        if ends <= starts:
            raise Invalid("A shift ends after it starts.", "Check the times.")
        kept = self.plan.crew if self.plan else ()
        ticked = self.crew.ticked()
        seats = [
            PlannedSeat(ride.staff_id, ride.from_at, ride.until_at) for ride in kept if ride.staff_id in ticked
        ]
        there = {seat.staff_id for seat in seats}
        command = SetPlan(
            van_id=self.subject.van_id,
            starts_at=starts,
            ends_at=ends,
            crew=(*seats, *(PlannedSeat(one) for one in ticked if one not in there)),
            note=self.note.text().strip(),
            off_reason=self.why.text().strip(),
            version=self.plan.version if self.plan else None,
        )
        if self.plan:
            command = replace(command, planned_shift_id=self.plan.id)
        words = too_few([self._known[key] for key in ticked if key in self._known], self._rules) if ticked else ""
        if words and not self._insistence.insists(bare(command)):
            self._insistence.ask(bare(command))
            raise Invalid(f"{self.subject.callsign} has {words}.", "Once more: it is so.")
        return replace(command, insisted=words), f"{self.subject.callsign}, {when_words(starts)}"


class SwapSheet(_RotaSheet):
    """From a time on somebody else rides, in a shift to come."""

    def __init__(
        self,
        subject: Subject,
        plan: PlannedShift,
        people: People,
        busy: Mapping[UUID, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("somebody else from a time on", "Save", subject, parent)
        self.plan, self.about = plan, plan.id
        middle = plan.starts_at + (plan.ends_at - plan.starts_at) / 2
        self._at = self.moment("From", middle.replace(minute=0, second=0, microsecond=0), plan.starts_at)
        aboard = {ride.staff_id for ride in plan.crew}
        self.leaves, self.joins = TickList(self), TickList(self)
        self.leaves.offer(_rows([one for one in people if one.id in aboard], {}))
        self.joins.offer(_rows([one for one in people if one.id not in aboard], busy))
        self.field("Who leaves", self.leaves)
        self.field("Who joins", self.joins)
        self.setFocusProxy(self.leaves)

    def command(self) -> tuple[Command, str]:
        """Those who leave ride until then, those who join from then on."""
        at, plan = self.read(self._at, "The time"), self.plan
        leaves, joins = self.leaves.ticked(), self.joins.ticked()
        if not leaves and not joins:
            raise Invalid("Nobody leaves and nobody joins.", "Tick who does.")
        if not plan.starts_at < at < plan.ends_at:
            raise Invalid(f"The shift is {when_words(plan.starts_at, plan.ends_at)}.", "Choose a time in it.")
        seats = [
            PlannedSeat(one.staff_id, one.from_at, at if one.staff_id in leaves else one.until_at)
            for one in plan.crew
        ]
        command = SetPlan(
            van_id=plan.van_id,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            crew=(*seats, *(PlannedSeat(one, at) for one in joins)),
            note=plan.note,
            version=plan.version,
            planned_shift_id=plan.id,
        )
        return command, f"{self.subject.callsign}, swap at {wall_time(at)}"


class CrewSheet(_RotaSheet):
    """A van that is on duty: who rides from now on, and until when."""

    def __init__(
        self,
        subject: Subject,
        duty: Duty,
        people: People,
        busy: Mapping[UUID, str],
        job: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("on duty now", "Change", subject, parent)
        self.duty, self._job, self.about = duty, job, duty.id
        self._insistence = Insistence()
        self._aboard = tuple(dict.fromkeys(ride.staff_id for ride in duty.aboard))
        if job:
            doubt = QLabel(f"{subject.callsign} is {job}.", self)
            mark(doubt, tone="warn")
            doubt.setWordWrap(True)
            self.form.addRow(doubt)
        self.crew = TickList(self)
        self.crew.setMaximumHeight(self.crew.maximumHeight() * 2)
        on = [one for one in people if one.id in self._aboard]
        self.crew.offer(_rows(on, {}) + _rows([one for one in people if one.id not in self._aboard], busy))
        self.crew.tick(self._aboard)
        self.field("Crew from now on", self.crew)
        self.why = QLineEdit(self)
        show_hint(self.why, "such as sick")
        self.field("Why somebody leaves", self.why)
        self._ends = self.moment("Shift ends", duty.planned_end_at, subject.now)
        self.setFocusProxy(self.crew)

    def command(self) -> tuple[Command, str]:
        """The crew first; where it stays as it is, the end of the shift."""
        ticked = self.crew.ticked()
        joins = tuple(one for one in ticked if one not in self._aboard)
        leaves = tuple(one for one in self._aboard if one not in ticked)
        ends = self.read(self._ends, "The end of the shift")
        van = self.subject.callsign
        if not joins and not leaves:
            if ends == self.duty.planned_end_at:
                raise Invalid("Nothing is changed.", "Tick who rides from now on, or type another end.")
            return ExtendShift(
                van_id=self.subject.van_id, planned_end=ends
            ), f"{van}, shift until {wall_time(ends)}"
        if ends != self.duty.planned_end_at:
            raise Invalid("The crew and the end are changed one after the other.", "Change the crew first.")
        command = ChangeCrew(van_id=self.subject.van_id, join=joins, leave=leaves, reason=self.why.text().strip())
        if self._job and not self._insistence.insists(bare(command)):
            self._insistence.ask(bare(command))
            raise Invalid(f"{van} is {self._job}.", "Once more: change its crew all the same.")
        return replace(command, insisted=self._job and f"{van} is {self._job}"), f"{van}, crew changed"


class WantedSheet(_RotaSheet):
    """How many vans are wanted from an hour of a day of the week on."""

    def __init__(
        self, subject: Subject, at: datetime, wanted: Sequence[CoverWanted], parent: QWidget | None = None
    ) -> None:
        there = local(at)
        super().__init__(f"{_DAYS[there.weekday()]} from an hour on", "Save", subject, parent)
        self._weekday = self.about = there.isoweekday()
        self.hour = NumberBox(0, 23, there.hour, self)
        self.hour.setSuffix(":00")
        self.vans = NumberBox(0, 50, wanted_at(at, wanted), self)
        self.field("From", self.hour)
        self.field("Vans wanted", self.vans)
        self._shown = [one for one in wanted if one.weekday == self._weekday]
        rows = [f"from {one.from_hour:02}:00 {one.vans}" for one in self._shown]
        now = QLabel(f"Now: {', '.join(rows) or 'as the day before'}", self)
        mark(now, role="small")
        now.setWordWrap(True)
        self.form.addRow("", now)
        self.setFocusProxy(self.vans)

    def command(self) -> tuple[Command, str]:
        """The row of that hour."""
        hour = self.hour.value()
        before = next((one.vans for one in self._shown if one.from_hour == hour), None)
        command = SetCover(weekday=self._weekday, from_hour=hour, vans=self.vans.value(), before=before)
        return command, f"vans wanted, {_DAYS[self._weekday - 1]} from {self.hour.value():02}:00"
