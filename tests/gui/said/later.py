"""Answers to what windows beside the desk ask for: what was written, said, measured and handed over."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from db.domain.feedback import Feedback, Improvement
from db.domain.found import FoundLine
from db.domain.measures import Better, Dot, Figure, HourOfDay, Measure, PastFigure, Unit, VanDay, VanJob
from db.domain.periods import Cut, Period
from db.domain.person_requests import Keeping, PersonRequest, RequestKind, RequestState
from db.domain.raised import RaisedAlarm
from db.domain.review import ToReview
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.lead_page import EndedSo, LeadRead
from db.measures import Measured
from db.person_queries import PersonRead, SaidOfThem, TheirReferral
from db.reports.document import Column, Document, Table
from db.room_queries import HandedOver
from db.voice_queries import Voices
from tests.gui.said.reference import id_of
from tests.gui.said.rows import NAMES, rows
from tests.unit.board_records import NOW, ago

_ON_WAY = "CRU-20261122-0046"


def log() -> list[LogEntry]:
    """Newest first, with one that has left the mirror."""
    old = LogEntry(
        *(id_of("entry old"), 1, ago(900), "Keys were left at Campbell House.", id_of("past one"), None),
        *(False, None, "b.okafor", ago(899), "CRU-20261112-0009"),
    )
    return [*(one for one in reversed(rows()["shift_log"]) if isinstance(one, LogEntry)), old]


def found() -> list[FoundLine]:
    """A referral that is live, one that is not, one in error, and an entry of the log."""
    return [
        FoundLine(
            *(id_of("on_way"), id_of("on_way"), False, ago(21), _ON_WAY, "Aleksandra Wojciechowska"),
            *(date(1987, 3, 4), "Brackley", "allocated", False, "Has not slept", ("name", "narrative")),
        ),
        FoundLine(
            id_of("past one"),
            id_of("past one"),
            False,
            ago(14_400),
            "CRU-20261112-0009",
            state="closed",
            place="Corby",
        ),
        FoundLine(id_of("error"), id_of("error"), False, ago(80), "CRU-20261122-0056", in_error=True),
        FoundLine(id_of("entry 1"), None, True, ago(50), words="Lift at Berrywood out of order."),
    ]


def document() -> Document:
    """Something to read."""
    columns = (Column("When", "time"), Column("What"), Column("How many", "number"))
    told = ((ago(21), "received", 1), (ago(18), "accepted", 2))
    table = Table(key="story", title="What happened", columns=columns, rows=told, note="A note.")
    return Document(
        title="Referral",
        service="Northamptonshire",
        subject=_ON_WAY,
        made_at=NOW,
        made_by="L. Lead",
        confidential=True,
        parts=(table,),
        definitions=(("received", "when somebody first heard of it"),),
    )


def past_alarms() -> list[RaisedAlarm]:
    """Two that are over, and one that nobody saw."""

    def alarm(number: int, kind: str, minutes: float, **given: Any) -> RaisedAlarm:
        fields: dict[str, Any] = {"raised_at": ago(minutes), "reference": _ON_WAY, "closed_at": ago(minutes - 9)}
        about = (f"{kind} {number}", kind, number, f"{kind} of somebody", id_of("on_way"), None, ago(minutes))
        return RaisedAlarm(id_of(f"past alarm {number}"), 1, *about, **fields | given)

    return [
        alarm(1, "late", 200, acknowledged_at=ago(198), acknowledged_by="a.shah"),
        alarm(2, "due_soon", 300),
        alarm(3, "handover", 400, shelved_by="l.lead", shelved_until=ago(350), shelved_reason="They know"),
    ]


def handed_over() -> list[HandedOver]:
    """The one that was taken this morning."""
    taken = ShiftHandover(
        *(id_of("taken"), 1, ago(1500), "All quiet.", "l.lead", ago(730), "b.okafor", ago(720), "", None)
    )
    items = (
        HandedItem(
            *(id_of("item taken"), 1, taken.id, 1, "person", "0031 waits", id_of("past one"), None, ago(700)),
            *(False, "b.okafor", ago(725), "rang her"),
        ),
    )
    withdrawn = ShiftHandover(
        *(id_of("withdrawn"), 1, ago(1500), "", "l.lead", ago(760), "", None, "l.lead", ago(755))
    )
    return [HandedOver(taken, items), HandedOver(withdrawn, ())]


def voices() -> Voices:
    """Three that spoke, and what became of two."""
    said = (
        ("1", "on_way", "person", "thanks", "They sat down with me.", "may be quoted", ("who came",)),
        ("2", "", "carer", "complaint", "Two hours without a word.", "team only", ()),
        ("3", "past one", "EMAS crew", "idea", "Tell us when you leave.", "not asked", ("how long it took",)),
    )
    heard = tuple(
        Feedback(
            *(id_of(f"feedback {number}"), 1, id_of(about) if about else None, by, kind, words, consent),
            *(themes, "a.shah", ago(60 * int(number))),
        )
        for number, about, by, kind, words, consent, themes in said
    )
    made = (
        Improvement(
            *(id_of("improvement 1"), 1, id_of("feedback 2"), "Ring every hour", "carer", "R. Silva"),
            *(date(2026, 11, 20), "doing", "", "l.lead", ago(100), ago(90)),
        ),
        Improvement(
            *(id_of("improvement 2"), 1, None, "A ramp", "team", "", None, "open", "", "l.lead", ago(80), ago(80)),
        ),
        Improvement(
            *(id_of("improvement 3"), 1, None, "Blankets", "team", "R. Silva", date(2026, 11, 1), "done"),
            *("Two in each van", "l.lead", ago(9000), ago(900)),
        ),
    )
    return Voices(heard, made, {id_of("on_way"): _ON_WAY, id_of("past one"): "CRU-20261112-0009"})


def to_review() -> list[ToReview]:
    """One of several kinds, one that was seen."""
    seen: dict[str, Any] = {"reviewed_by": "l.lead", "reviewed_at": ago(5), "line": "Right so"}
    return [
        ToReview("late", "a", id_of("on_way"), _ON_WAY, ago(90), "met after 75 min", "a.shah"),
        ToReview("refused", "b", id_of("conveying"), "CRU-20261122-0049", ago(108), "not safe", "EMAS"),
        ToReview("feedback", "c", None, "", ago(60), "Two hours without a word.", "carer"),
        ToReview(
            "overridden", "d", id_of("past one"), "CRU-20261112-0009", ago(500), "Dr Example", "a.shah", **seen
        ),
    ]


def _request(*given: Any) -> PersonRequest:
    return PersonRequest(**dict(zip((one.name for one in fields(PersonRequest)), given, strict=False)))


def requests() -> tuple[PersonRequest, ...]:
    """What waits for an answer, and one that has it."""
    return (
        _request(
            *(id_of("request 1"), id_of("no_van"), "CRU-20261122-0044", RequestKind.CORRECTION, "narrative"),
            *("her solicitor", "Nobody shouted.", "A. Shah", ago(5000), RequestState.OPEN),
        ),
        _request(
            *(
                id_of("request 2"),
                id_of("on_way"),
                _ON_WAY,
                RequestKind.COPY,
                "",
                "the person",
                "All of it",
                "A. Shah",
            ),
            *(ago(60_000), RequestState.OPEN),
        ),
    )


def person() -> PersonRead:
    """Somebody with two referrals."""
    columns = {"patient_name": "Aleksandra Wojciechowska", "narrative": "Has not slept"}
    theirs = tuple(
        TheirReferral(
            *(id_of(name), reference, ago(minutes), state, "Aleksandra Wojciechowska", date(1987, 3, 4)),
            *("9434765919", columns),
        )
        for name, reference, minutes, state in (
            ("no_van", "CRU-20261122-0044", 52, "accepted"),
            ("past one", "CRU-20261112-0009", 14_400, "closed"),
        )
    )
    answered = _request(
        *(id_of("request 3"), id_of("no_van"), "CRU-20261122-0044", RequestKind.ERASING, "", "the person"),
        *("Away with it", "A. Shah", ago(90_000), RequestState.REFUSED, "It is needed.", "She disagrees."),
        *("L. Lead", ago(80_000)),
    )
    return PersonRead(
        theirs,
        Keeping(ago(52), NOW + timedelta(days=7300), False, True, 20, "l.lead", date(2026, 1, 1)),
        (*requests()[:1], answered),
        (SaidOfThem(id_of("said 1"), id_of("no_van"), "said", "Helps", "Music", "the person"),),
        ((ago(10), "L. Lead", "CRU-20261122-0044", ""), (ago(99), "A. Shah", "CRU-20261112-0009", "copy")),
        ((ago(40), "A. Shah", "CRU-20261122-0044", "CRU-20261112-0009", True, True),),
    )


# --- measured ---

_MEASURES: tuple[tuple[str, Unit, float | None, dict[str, Any]], ...] = (
    (
        "response",
        Unit.MINUTES,
        41.0,
        {"target": 45.0, "within": 60.0, "clock_start": "received", "clock_stop": "met"},
    ),
    ("wait", Unit.MINUTES, 22.0, {"balance": "response", "on_wall": True}),
    ("release", Unit.MINUTES, 15.0, {"on_wall": True}),
    ("received", Unit.COUNT, 14.0, {"better": Better.NEITHER, "on_wall": True}),
    ("never_met", Unit.SHARE, 0.1, {"assumes": "94 min"}),
    ("ems_given_back", Unit.MINUTES, None, {"better": Better.HIGHER}),
)


def _measure(key: str, unit: Unit, given: dict[str, Any]) -> Measure:
    fields: dict[str, Any] = {"better": Better.LOWER, "balance": "", "source": "the record", "author": "A. Lead"}
    return Measure(
        key=key,
        title=f"Title of {key}",
        definition=f"What {key} means.",
        unit=unit,
        dated=date(2026, 1, 2),
        **fields | given,
    )


def measured(period: Period, cut: Cut, weeks: int = 8) -> Measured:
    """A few measures, one of which says nothing."""
    figures = {}
    for key, unit, value, _ in _MEASURES:
        past = tuple(
            PastFigure(
                value=None if value is None else value * (1 + (n % 4 - 2) / 10),
                n=9 + n,
                period=Period(period.start - n * timedelta(days=7), period.end - n * timedelta(days=7)),
            )
            for n in range(1, weeks)
        )
        figures[key] = Figure(
            key=key,
            unit=unit,
            value=value,
            n=14,
            missing=2,
            part=12,
            total=14,
            mean=value,
            ninth=66.0,
            longest=81.0,
            past=past,
        )
    return Measured(period, cut, tuple(_measure(key, unit, given) for key, unit, _, given in _MEASURES), figures)


def dots(minutes: float = 60) -> list[Dot]:
    """A referral each, of several priorities, sources and towns."""
    return [
        Dot(
            id_of(name),
            f"CRU-20261122-{at + 41:04}",
            NOW - timedelta(minutes=minutes + 37 * at),
            ("P1", "P2", "P3")[at % 3],
            ("ems_crew", "hub", "police")[at % 3],
            ("Corby", "Kettering")[at % 2],
            id_of("CRU1") if at % 2 else None,
            None if at == 5 else 20.0 + 7 * at,
        )
        for at, name in enumerate(NAMES)
    ]


def _van_day(name: str) -> VanDay:
    start = NOW - timedelta(hours=8)
    steps = {"allocated": start + timedelta(hours=1), "mobile": start + timedelta(hours=1, minutes=3)}
    steps |= {"on scene": start + timedelta(hours=2), "with patient": start + timedelta(hours=2, minutes=5)}
    done = VanJob(id_of("closed"), "CRU-20261122-0053", steps, start + timedelta(hours=3), stood_down=False)
    away = VanJob(
        id_of("on_way"),
        _ON_WAY,
        {"allocated": start + timedelta(hours=4)},
        start + timedelta(hours=4.5),
        stood_down=True,
    )
    meals = ((start + timedelta(hours=5), start + timedelta(hours=5.5)),)
    return VanDay(id_of(name), name, ((start, None),), meals, (done, away) if name == "CRU1" else ())


def lead(period: Period, cut: Cut) -> LeadRead:
    """All that the lead's page shows."""
    whole = measured(period, cut)
    return LeadRead(
        measured=whole,
        weeks=measured(Period.days(7, NOW), cut, 14),
        days=None,
        received=tuple(dots()),
        waits=tuple(dots()),
        hours=tuple(
            HourOfDay(hour, hour % 4, 1.5 if hour % 5 else None, 3.0, 1.0 + hour % 2, 1.0) for hour in range(24)
        ),
        ends=(
            EndedSo("Supported at home with a safety plan", (id_of("closed"), id_of("past one"))),
            EndedSo("Person not found", (id_of("cancelled"),)),
        ),
        vans=(_van_day("CRU1"), _van_day("CRU2")),
        areas=("Corby", "Kettering"),
        baselines={},
        before={key: one.past for key, one in whole.figures.items()},
    )
