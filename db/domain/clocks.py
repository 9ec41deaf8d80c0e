"""Clocks: the time left to reach a patient, ages in words, and local time for the screen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ResponseClock:
    """The clock from *received* to *with patient*.

    Attributes:
        started: when the referral was received, UTC.
        due: when a crew must be with the patient, UTC.
        stopped: when a crew was with the patient, UTC, or None while it runs.
    """

    started: datetime
    due: datetime
    stopped: datetime | None = None

    def left(self, now: datetime) -> timedelta:
        """Time left until due; negative when late."""
        return self.due - (self.stopped or now)

    def share(self, now: datetime) -> float:
        """The used share of the allowed time: 0 at the start, 1 when due, more when late."""
        allowed = (self.due - self.started).total_seconds()
        used = ((self.stopped or now) - self.started).total_seconds()
        # Nothing allowed is late at once; never below zero, where a clock that was set back puts the
        # start ahead of now.
        return max(0.0, used / allowed) if allowed > 0 else 1.0


def response_clock(received: datetime, within_minutes: int, with_patient: datetime | None) -> ResponseClock:
    """The response clock of a referral (docs/record.md, Priorities)."""
    return ResponseClock(received, shifted(received, timedelta(minutes=within_minutes)), with_patient)


def in_words(span: timedelta) -> str:
    """A length of time as people say it: ``under 1 min``, ``12 min``, ``3 h 02``. In one way everywhere.

    As :func:`figure_in_words`; of what has lasted for seconds nobody says that it lasted for none. The sign is
    dropped: the words around it say which way. :func:`age_in_words` is the same with seconds for what is young,
    and :func:`allowance_in_words` for what a rule allows.
    """
    return "under 1 min" if abs(span) < timedelta(minutes=1) else figure_in_words(span)


def figure_in_words(span: timedelta) -> str:
    """A length of time as a number, on an axis or among measures, where none at all is one too: ``0 min``.

    Whole minutes, rounded down, up to 99 of them, since waits are compared with targets told in minutes ("75 of
    60"); from 100 on hours with two digits of minutes; from a day on days and hours; from ten days on days. The
    sign is dropped.
    """
    minutes = int(abs(span.total_seconds()) // 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest:02d}"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days < 10 else f"{days} d"


def age_in_words(span: timedelta) -> str:
    """An age: seconds under two minutes, then as :func:`in_words`."""
    seconds = max(0, int(span.total_seconds()))
    return f"{seconds} s" if seconds < 120 else in_words(span)


def elapsed_words(span: timedelta) -> str:
    """How far a typed time lies away, to the minute: a slip is seen. ``24 h 10 min``, from 72 h on ``3 d 4 h``.

    Empty under a minute. The sign is dropped.
    """
    minutes = int(abs(span.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 72:
        return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
    said = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest else [])
    return " ".join(said)


def minutes_in_words(minutes: float) -> str:
    """A length of time in minutes, as a way or a wait is worked out, to the minute: ``9 min``."""
    return in_words(timedelta(minutes=round(minutes)))


def allowance_in_words(minutes: int) -> str:
    """What a rule allows: ``60 min``, ``4 h``, ``24 h``, ``2 h 30``. Full hours stay hours, as they are named."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h" if hours > 1 and not rest else figure_in_words(timedelta(minutes=minutes))


def span_allowed(span: timedelta) -> str:
    """The same of a length of time, to the minute."""
    return allowance_in_words(round(span / timedelta(minutes=1)))


def hours_in_words(hours: float) -> str:
    """A sum of working time to a tenth, as a rota tells it: ``12.5 h``."""
    return f"{hours:.1f} h"


def days_in_words(days: int) -> str:
    """A number of whole days: ``1 day``, ``28 days``."""
    return "1 day" if days == 1 else f"{days} days"


def local(moment: datetime) -> datetime:
    """The moment on a clock in Northamptonshire; within hours of the calendar's ends, the nearest that it has."""
    try:
        return moment.astimezone(LONDON)
    except OverflowError:
        return moment.replace(tzinfo=LONDON)


def shifted(moment: datetime, by: timedelta) -> datetime:
    """The moment plus a length of time, held within the calendar (the years 1 to 9999)."""
    try:
        return moment + by
    except OverflowError:
        return (LATEST if by > timedelta(0) else EARLIEST).replace(tzinfo=moment.tzinfo)


def local_time(moment: datetime, now: datetime, *, seconds: bool = False) -> str:
    """Local time of day, with its date when it is not today and with its zone in the doubled autumn hour."""
    there, here = local(moment), local(now)
    text = wall_time(moment, seconds=seconds)
    if there.date() != here.date():
        text += there.strftime(" %a %d %b")
    return text


def wall_time(moment: datetime, *, seconds: bool = False) -> str:
    """Local time of day, with its zone in the hour that comes twice: ``03:12``, ``01:30 BST``."""
    there = local(moment)
    text = f"{there:%H:%M:%S}" if seconds else f"{there:%H:%M}"
    return f"{text} {there:%Z}" if is_ambiguous(moment) else text


def dated_time(moment: datetime) -> str:
    """A moment of any year: ``26 Nov 2026 07:30``."""
    return f"{local(moment):%d %b %Y} {wall_time(moment)}"


def near_time(moment: datetime, now: datetime) -> str:
    """As :func:`local_time`, for where there is little room: ``06:15 Thu`` within a week, its day telling it."""
    days = (local(moment).date() - local(now).date()).days
    told = local_time(moment, now)
    return told.rsplit(" ", 2)[0] if 0 < abs(days) < 7 else told


def is_ambiguous(moment: datetime) -> bool:
    """Whether the local clock shows this time of day twice: the hour in which summer time ends."""
    there = local(moment)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def shift_date(moment: datetime) -> date:
    """The local calendar day, which numbers the references."""
    return local(moment).date()
