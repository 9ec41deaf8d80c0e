"""What was read of a stretch of time, as charts and figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from console.charts.chart import Chart, ChartRoom
from console.charts.control import ControlSeries
from console.charts.demand import DemandHour, demand
from console.charts.distribution import WaitDot, WaitGroup, WaitTargets, distribution
from console.charts.outcomes import OutcomeCount, outcomes
from console.charts.van_day import VanLane, VanSpan, van_day
from console.live.store import Store
from db.domain.clocks import hours_in_words, local, local_time
from db.domain.measures import (
    Amount,
    Dot,
    Figure,
    Measure,
    Unit,
    VanDay,
    VanJob,
    known_past,
    minutes_in_words,
    share_in_words,
    usual_of,
)
from db.domain.names import number_today
from db.domain.party import Party
from db.domain.periods import Period
from db.domain.reference import Priority, ReferenceData
from db.domain.spc import Baseline, SpcPoint, judge
from db.domain.spc_words import SpcTelling
from db.domain.states import AssignmentState
from db.lead_page import LANES_OF, LeadRead
from db.measures import Measured

ON_CARDS: Final = ("response", "within", "ems_given_back", "ems_release", "called_in_time", "wishes_kept")
"""The figures that are seen first; all others stand in the table."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=6, hours=23)
"""Seven days; one in which the clocks go forward is an hour less."""
_PARTIES: Final = {Party.EMS: "EMAS", Party.POLICE: "police"}
_ALONE: Final = "alone"
_ORDER: Final = ("EMAS", "police", "other crew", _ALONE)
Drawn = Callable[[ChartRoom], Chart]


@dataclass(frozen=True, slots=True)
class BehindRow:
    """A referral behind a figure.

    Attributes:
        part: its value in the figure.
        town: hidden with names and addresses.
    """

    id: UUID
    received_at: datetime
    number: str
    received: str
    part: str
    priority: str
    source: str
    van: str
    town: str

    def cells(self) -> tuple[str, ...]:
        """In the order of the headings."""
        return (self.number, self.received, self.part, self.priority, self.source, self.van, self.town)


@dataclass(frozen=True, slots=True)
class Pictures:
    """One read of the page, with what is needed to name things.

    Attributes:
        now: by the record's clock: numbers of today have no day beside them.
        callsigns: of vans, by id.
    """

    read: LeadRead
    reference: ReferenceData
    now: datetime
    callsigns: dict[UUID, str]
    # Judged once: a figure, the table of all and the chart ask for the same series.
    _over_time: dict[str, ControlSeries | None] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, read: LeadRead, store: Store, now: datetime) -> "Pictures":
        """Name things as the mirror does."""
        return cls(read, store.reference, now, {van.id: van.callsign for van in store.vans()})

    @property
    def period(self) -> Period:
        """What was read."""
        return self.read.measured.period

    def number(self, dot: Dot) -> str:
        """A referral's short number."""
        return number_today(dot.reference, self.now)

    # --- how long people waited ---

    def priority(self) -> Priority | None:
        """The most urgent priority of those who were met: targets of two priorities fit no single line."""
        met = {dot.group for dot in self.read.waits}
        known = sorted(self.reference.priorities.values(), key=lambda one: one.rank)
        return next((one for one in known if one.code in met), None)

    def waits(self) -> Drawn:
        """A dot a referral, by who waited with the person."""
        urgent = self.priority()
        groups: dict[str, list[Dot]] = {}
        for dot in self.read.waits:
            if urgent is None or dot.group == urgent.code:
                groups.setdefault(self._party(dot), []).append(dot)
        code = urgent.code if urgent is not None else ""
        rows = [self._group(f"{code} {name}", groups[name]) for name in _ORDER if name in groups]
        targets = (
            WaitTargets(urgent.within_minutes, urgent.aim_minutes) if urgent is not None else WaitTargets(None)
        )
        return partial(_distribution, rows, targets, code)

    def _party(self, dot: Dot) -> str:
        source = self.reference.sources.get(dot.source)
        if source is None or source.waits_kind is Party.NOBODY:
            return _ALONE
        return _PARTIES.get(source.waits_kind, "other crew")

    def _group(self, label: str, dots: Sequence[Dot]) -> WaitGroup:
        known = (
            WaitDot(
                dot.minutes,
                dot.referral_id,
                self.number(dot),
                self.callsigns.get(dot.van_id, "") if dot.van_id is not None else "",
                local_time(dot.received_at, self.now),
            )
            for dot in dots
            if dot.minutes is not None
        )
        return WaitGroup(label.strip(), tuple(known), sum(dot.missing for dot in dots))

    # --- demand ---

    def days(self) -> int:
        """How many days stand behind each hour; a night or a day is one."""
        return max(1, round(self.period.length / _DAY))

    def demand(self) -> Drawn:
        """Referrals by hour against vans."""
        days = self.days()
        came: dict[int, list[UUID]] = {}
        for dot in self.read.received:
            came.setdefault(local(dot.received_at).hour, []).append(dot.referral_id)
        rows = [
            DemandHour(
                f"{one.hour:02}",
                one.received / days,
                None if one.usual is None else one.usual / days,
                one.staffed,
                tuple(came.get(one.hour, ())),
            )
            for one in self.read.hours
        ]
        return partial(_demand, rows, days)

    # --- vans ---

    def lanes_of(self) -> Period:
        """The part of the period that lanes show: a day, or they cannot be read."""
        return Period(max(self.period.start, self.period.end - LANES_OF), self.period.end)

    def vans(self) -> Drawn:
        """A lane a van."""
        part = self.lanes_of()
        rows = [VanLane(van.callsign, tuple(self._spans(van))) for van in self.read.vans]
        return partial(_van_day, rows, part)

    def _spans(self, van: VanDay) -> Iterator[VanSpan]:
        for start, end in van.duties:
            yield VanSpan(start, end or self.now, "duty")
        for start, end in van.meals:
            yield VanSpan(start, end or self.now, "meal")
        for job in van.jobs:
            yield from self._job(job)

    def _job(self, job: VanJob) -> Iterator[VanSpan]:
        label, end = number_today(job.reference, self.now), job.until or self.now
        sent = _first(job, AssignmentState.MOBILE, AssignmentState.ACKNOWLEDGED, AssignmentState.ALLOCATED)
        there = _first(job, AssignmentState.ON_SCENE, AssignmentState.WITH_PATIENT)
        about = "stood down" if job.stood_down else ""
        if sent is not None and sent < (there or end):
            yield VanSpan(sent, there or end, "travel", label, job.referral_id, about)
        if there is None:
            return
        _, taken = job.handed_over
        if taken is not None and there < taken <= end:
            yield VanSpan(there, taken, "handover", label, job.referral_id)
            there = taken
        yield VanSpan(there, end, "with patient", label, job.referral_id)

    # --- the referrals behind a figure or a mark ---

    def row(self, dot: Dot, unit: Unit | None = None) -> BehindRow:
        """A referral as it is listed; without a unit its part is not told."""
        source = self.reference.sources.get(dot.source)
        return BehindRow(
            dot.referral_id,
            dot.received_at,
            self.number(dot),
            local_time(dot.received_at, self.now),
            dot_in_words(dot, unit) if unit is not None else "",
            dot.group,
            source.label if source is not None else dot.source,
            self.callsigns.get(dot.van_id, "") if dot.van_id is not None else "",
            dot.area,
        )

    def rows(self, ids: Sequence[UUID]) -> list[BehindRow]:
        """The referrals behind a mark, with how long each waited where a crew met them."""
        waits = {dot.referral_id: dot for dot in self.read.waits}
        received = {dot.referral_id: dot for dot in self.read.received}
        jobs = {job.referral_id: job for van in self.read.vans for job in van.jobs}
        found = []
        for one in dict.fromkeys(ids):
            if one in waits:
                found.append(self.row(waits[one], Unit.MINUTES))
            elif one in received:
                found.append(self.row(received[one]))
            elif one in jobs:
                found.append(self._of_job(jobs[one]))
        return found

    def _of_job(self, job: VanJob) -> BehindRow:
        """One that was received before the period: of it only the job is known here."""
        at = min(job.steps.values(), default=self.now)
        number = number_today(job.reference, self.now)
        return BehindRow(job.referral_id, at, number, "before this time", "", "", "", "", "")

    # --- endings ---

    def ends(self) -> Drawn:
        """How it ended."""
        return partial(outcomes, [OutcomeCount(one.label, one.ids) for one in self.read.ends])

    # --- figures and their weeks ---

    def measures(self) -> list[tuple[Measure, Figure]]:
        """Every measure with its figure."""
        return _told(self.read.measured)

    def cards(self) -> list[tuple[Measure, Figure]]:
        """Those that are seen first."""
        known = {measure.key: (measure, figure) for measure, figure in self.measures()}
        return [known[key] for key in ON_CARDS if key in known]

    def over_time(self, key: str) -> ControlSeries | None:
        """A measure week by week, up to the period's end; day by day while too few weeks are known to judge by."""
        if key not in self._over_time:
            found, word = (self.read.weeks, "week") if self.read.days is None else (self.read.days, "day")
            self._over_time[key] = self._series(found, key, word)
        return self._over_time[key]

    def series(self, measure: Measure, figure: Figure) -> ControlSeries:
        """What a figure is judged by: the weeks, as they are drawn; of less than a week its hours of past ones."""
        weeks = self.over_time(measure.key) if self.period.length >= _WEEK else None
        # Nights are told by nights: the weeks on which somebody froze what is usual say nothing of them.
        usual = [replace(one, until=None) for one in self.read.baselines.get(measure.key, ())]
        return weeks or series_of(measure, figure, self.period, usual=usual)

    def _series(self, found: Measured, key: str, word: str) -> ControlSeries | None:
        known = {measure.key: (measure, figure) for measure, figure in _told(found)}
        if key not in known:
            return None
        measure, figure = known[key]
        earlier = self.read.before.get(key, ())
        series = series_of(
            measure,
            replace(figure, past=(*earlier, *figure.past)),
            found.period,
            word,
            self.read.baselines.get(key, ()),
        )
        # They say what is usual, and are not drawn.
        return replace(series, judged=series.judged[-1 - len(known_past(figure)) :])


def _distribution(rows: Sequence[WaitGroup], targets: WaitTargets, who: str, room: ChartRoom) -> Chart:
    return distribution(rows, targets, room, who)


def _demand(rows: Sequence[DemandHour], days: int, room: ChartRoom) -> Chart:
    return demand(rows, room, days=days)


def _van_day(rows: Sequence[VanLane], part: Period, room: ChartRoom) -> Chart:
    return van_day(rows, part.start, part.end, room)


def _first(job: VanJob, *states: AssignmentState) -> datetime | None:
    """When the first of these states began that anybody recorded."""
    return next((job.steps[state.value] for state in states if state.value in job.steps), None)


def _told(found: Measured) -> list[tuple[Measure, Figure]]:
    return [(one, found.figures[one.key]) for one in found.measures if one.key in found.figures]


# --- a figure ---


def series_of(
    measure: Measure, figure: Figure, period: Period, word: str = "", usual: Sequence[Baseline] = ()
) -> ControlSeries:
    """A figure and the same of past stretches, each called ``word``, as a series to judge by what is usual."""
    points = [SpcPoint(one.period.start, _shown(one, measure.unit), one.n) for one in known_past(figure)]
    points.append(SpcPoint(period.start, _shown(figure, measure.unit), figure.n))
    each = word or ("week" if period.weeks_apart == 1 else "stretch")
    telling = SpcTelling(partial(value_in_words, measure.unit), each, 0.0, _most(measure.unit))
    target = measure.target * _scale(measure.unit) if measure.target is not None else None
    return ControlSeries(measure.title, judge(points, usual), measure.better, telling, target)


def _scale(unit: Unit) -> float:
    return 100.0 if unit in {Unit.SHARE, Unit.TIME} else 1.0


def _most(unit: Unit) -> float:
    return 100.0 if unit in {Unit.SHARE, Unit.TIME} else float("inf")


def _shown(one: Amount, unit: Unit) -> float | None:
    return None if one.value is None else one.value * _scale(unit)


def value_in_words(unit: Unit, value: float) -> str:
    """A figure of a series: shares are told in per cent, since those of different weeks have different n."""
    if unit is Unit.MINUTES:
        return minutes_in_words(value)
    if unit is Unit.HOURS:
        return hours_in_words(value)
    return f"{value:.0f} %" if unit in {Unit.SHARE, Unit.TIME} else f"{value:.0f}"


def beside_value(figure: Figure) -> str:
    """What stands beside a value: ``n 14 · 1 missing · 90 % within 57 min``."""
    parts = [f"n {figure.n}", f"{figure.missing} missing"]
    if figure.unit is Unit.MINUTES and figure.ninth is not None:
        parts.append(f"90 % within {minutes_in_words(figure.ninth)}")
    return " · ".join(parts)


def shorter_beside(figure: Figure) -> tuple[str, ...]:
    """The same for less room: how many it is told of and how many are missing never go."""
    whole = beside_value(figure)
    return whole.replace(" within ", " in "), " · ".join(whole.split(" · ")[:2])


def usual_words(measure: Measure, figure: Figure) -> str:
    """What it was in the same hours of past weeks, on average."""
    usual = usual_of(figure)
    if usual is None:
        return "no past weeks to compare"
    return f"usual {value_in_words(measure.unit, usual * _scale(measure.unit))}"


def dot_in_words(dot: Dot, unit: Unit) -> str:
    """A referral's part in a figure."""
    if dot.value is None:
        return "not recorded"
    if unit is Unit.MINUTES or unit is Unit.TIME:
        return minutes_in_words(dot.value)
    if unit is Unit.SHARE:
        return share_in_words(round(dot.value), dot.of) if dot.of > 1 else ("yes" if dot.value else "no")
    return hours_in_words(dot.value) if unit is Unit.HOURS else f"{dot.value:g}"
