"""What the lead's page shows of a night or a month, as a report: figures, and nothing that names a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.domain.clocks import local
from db.domain.measures import Amount, Figure, Measure, Unit, WishCount, known_past, usual_of
from db.domain.periods import Period
from db.lead_page import LeadRead
from db.measures import Measured
from db.reports.document import Cell, Column, Document, Illustration, Table, minute_words
from db.reports.voices_page import Heard, voices_page

_PER_CENT = frozenset({Unit.SHARE, Unit.TIME})
_UNITS = {Unit.MINUTES: "minutes", Unit.SHARE: "%", Unit.TIME: "%", Unit.HOURS: "hours"}
_DIGITS = 1
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRead:
    """What was read for it, in one picture.

    Attributes:
        read: as the lead's page has it.
        wishes: whether they were kept, wish by wish.
        heard: what people said, and what became of it; None where the report is not about that.
        now: by the record's clock.
    """

    read: LeadRead
    wishes: Sequence[WishCount]
    now: datetime
    heard: Heard | None = None

    @property
    def period(self) -> Period:
        """Of which stretch of time."""
        return self.read.measured.period


def service_report(
    found: ServiceRead,
    title: str,
    service: str,
    made_by: str,
    pictures: Iterable[Illustration] = (),
    *,
    only: str = "",
) -> Document:
    """Put it together.

    Args:
        found: what was read.
        title: such as ``Shift report``.
        service: whose it is.
        made_by: who asks for it.
        pictures: the charts of the lead's page.
        only: which referrals count, in words; empty for all.
    """
    period, counted = found.period, f" Only these count: {only}." if only else ""
    return Document(
        title=title,
        service=service,
        subject=f"Referrals received from {minute_words(period.start)} to {minute_words(period.end)}.{counted}",
        made_at=found.now,
        made_by=made_by,
        parts=(
            _figures(found.read),
            *pictures,
            _ends(found.read),
            _hours(found.read),
            _vans(found),
            _wishes(found.wishes),
            *(voices_page(found.heard) if found.heard is not None else ()),
            *_past(found.read),
        ),
        definitions=tuple(_definitions(found.read)),
    )


def number_of(one: Amount, unit: Unit) -> float | None:
    """A value as it is told: a share in per cent; to one digit behind the point."""
    if one.value is None:
        return None
    return round(one.value * (100 if unit in _PER_CENT else 1), _DIGITS)


def _told(read: LeadRead) -> list[tuple[Measure, Figure]]:
    figures = read.measured.figures
    return [(measure, figures[measure.key]) for measure in read.measured.measures if measure.key in figures]


def _figures(read: LeadRead) -> Table:
    aims = any(measure.target is not None for measure, _ in _told(read))
    columns = (
        Column("Measure", wide=2.2),
        Column("As told", wide=2.6),
        Column("Value", "number", 0.8),
        Column("Unit", wide=0.8),
        Column("n", "number", 0.5),
        Column("Missing", "number", 0.9),
        Column("Usual", "number", 0.8),
        *([Column("Target", "number", 0.8)] if aims else []),
    )
    rows = [
        (
            measure.title,
            figure.words(),
            number_of(figure, measure.unit),
            _UNITS.get(measure.unit, ""),
            figure.n,
            figure.missing,
            _usual(measure, figure),
            *([_target(measure)] if aims else []),
        )
        for measure, figure in _told(read)
    ]
    note = (
        "Of minutes the value is the median. Usual is the mean of the same hours of past weeks."
        " Neither high nor low is a grade."
    )
    return Table("figures", "Figures", columns, rows, note)


def _usual(measure: Measure, figure: Figure) -> float | None:
    usual = usual_of(figure)
    return None if usual is None else round(usual * (100 if measure.unit in _PER_CENT else 1), _DIGITS)


def _target(measure: Measure) -> float | None:
    if measure.target is None:
        return None
    return round(measure.target * (100 if measure.unit in _PER_CENT else 1), _DIGITS)


def _ends(read: LeadRead) -> Table:
    rows = sorted(((one.label, len(one.ids)) for one in read.ends), key=lambda row: (-row[1], row[0]))
    return Table("ends", "How referrals ended", (Column("End", wide=3), Column("Referrals", "number")), rows)


def _hours(read: LeadRead) -> Table:
    columns = (
        Column("Hour, London"),
        Column("Referrals", "number"),
        Column("Usual", "number"),
        Column("Vans on duty", "number"),
        Column("Vans on a job", "number"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one.hour:02}:00",
            one.received,
            None if one.usual is None else round(one.usual, _DIGITS),
            round(one.staffed, _DIGITS),
            round(one.committed, _DIGITS),
        )
        for one in read.hours
    ]
    note = "Vans are the mean over that hour of each day."
    return Table("hours", "Demand and vans by hour", columns, rows, note)


def _vans(found: ServiceRead) -> Table:
    columns = (
        Column("Van"),
        Column("Hours on duty", "number"),
        Column("Jobs", "number"),
        Column("Stood down", "number"),
    )
    rows = [
        (
            van.callsign,
            round(sum(_within(found, start, end) / _HOUR for start, end in van.duties), _DIGITS),
            len(van.jobs),
            sum(job.stood_down for job in van.jobs),
        )
        for van in found.read.vans
    ]
    return Table("vans", "Vans", columns, rows)


def _within(found: ServiceRead, start: datetime, end: datetime | None) -> timedelta:
    period = found.period
    return max(min(end or found.now, period.end) - max(start, period.start), timedelta())


def _wishes(wishes: Sequence[WishCount]) -> Table:
    columns = (
        Column("Asked for", wide=3),
        Column("Kept", "number"),
        Column("Partly", "number"),
        Column("Not kept", "number"),
        Column("Answered", "number"),
    )
    rows = [
        (one.wish or one.topic, one.kept, one.partly, one.said - one.kept - one.partly, one.said) for one in wishes
    ]
    return Table("wishes", "Whether what was asked for was kept", columns, rows)


def _past(read: LeadRead) -> Iterator[Table]:
    """What the control charts are drawn from."""
    note = "What lies before the record began is left out."
    yield _table_of(read.weeks, "weeks", "Week by week", f"Seven days each. {note}")
    if read.days is not None:
        yield _table_of(read.days, "days", "Day by day", f"To the end of the report. {note}")


def _table_of(read: Measured, key: str, title: str, note: str) -> Table:
    columns = (
        Column("Measure", wide=2.5),
        Column("From", wide=1.4),
        Column("Value", "number"),
        Column("Unit"),
        Column("n", "number"),
        Column("Missing", "number"),
    )
    # Of every measure: some forty pages, which nobody reads on paper. What is drawn of it is in the charts.
    return Table(key, title, columns, list(_past_rows(read)), note, printed=False)


def _past_rows(read: Measured) -> Iterator[tuple[Cell, ...]]:
    for measure in read.measures:
        figure = read.figures.get(measure.key)
        if figure is None:
            continue
        ends: list[tuple[Period, Amount]] = [(one.period, one) for one in known_past(figure)]
        for period, one in [*ends, (read.period, figure)]:
            day = local(period.start).date()
            value = number_of(one, measure.unit)
            yield measure.title, f"{day:%Y-%m-%d}", value, _UNITS.get(measure.unit, ""), one.n, one.missing


def _definitions(read: LeadRead) -> Iterator[tuple[str, str]]:
    measures = read.measured.measures
    worded = {f"{one.author}, {one.dated.day} {one.dated:%b %Y}" for one in measures}
    for measure in measures:
        clock = f" From {measure.clock()}." if measure.clock() else ""
        # Said once where all of them are of one day and one author.
        own = "" if len(worded) == 1 else f" ({measure.author}, {measure.dated.day} {measure.dated:%b %Y})"
        yield measure.title, f"{measure.definition}{clock}{own}"
    if len(worded) == 1:
        (once,) = worded
        yield "by whom, and when", f"{once[:1].upper()}{once[1:]}."
    yield (
        "n, missing",
        "Of how many a figure is told, and of how many more it is not recorded. A missing time is never invented.",
    )
    yield "week by week, day by day", "The past of every figure stands in the workbook and in CSV."
    yield "entered in error", "A referral that was entered in error counts nowhere."
