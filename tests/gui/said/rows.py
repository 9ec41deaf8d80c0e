"""The rows of one night, written by hand: every state of a referral and of a van, and all that may hang on one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from db.domain.about import AboutItem, Said
from db.domain.ages import AgeSaid
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink, Telling
from db.domain.cautions import Flag
from db.domain.dangers import Danger, Dangers, Decision
from db.domain.intake_call import IntakeCall
from db.domain.messages import Message, Presence
from db.domain.party import Party
from db.domain.raised import RaisedAlarm
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import (
    Assignment,
    Handover,
    Location,
    Patient,
    Position,
    Record,
    Referral,
    Screening,
    Shift,
    Van,
    YesNo,
)
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from tests.gui.said.reference import IN_FORCE, id_of, reference
from tests.unit.board_records import NOW, ago

STORY = (
    "Has not slept for four nights and walks up and down the landing. Partner is frightened and has taken the "
    "children to a neighbour. Says tablets are still in the kitchen; denies having taken any. Asks for a woman."
)
WHO = Patient("Aleksandra Wojciechowska", date(1987, 3, 4), "9434765919")
Job, Link = AssignmentState, HandoverState
# The vans by callsign: what each is on, its crew, seconds since its last fix.
VANS = ("CRU1", "CRU2", "CRU3", "CRU4", "CRU5", "CRU6", "CRU 10")
CREWS: Mapping[str, tuple[str, ...]] = {
    "CRU1": ("Amara Example", "Ben Sample"),
    "CRU2": ("Carys Specimen", "Dev Placeholder"),
    "CRU3": ("Ewa Template", "Femi Example"),
    "CRU4": ("Grace Sample", "Hana Specimen"),
    "CRU 10": ("Imran Placeholder",),
}
NAMES = (
    *("received", "calling", "unsafe", "no_van", "sent", "on_way", "arrived", "with_patient", "conveying"),
    *("handing", "held", "overdue", "closed", "declined", "cancelled", "error"),
)
REFERRALS: Mapping[str, UUID] = {name: id_of(name) for name in NAMES}
_PLACES: Mapping[str, Location] = {
    "no_van": Location("Rear flat, 114 Upper Bakehouse Hill, Wellingborough", "NN8 4AA", 52.302, -0.694, "Knock"),
    "sent": Location("Ground-floor flat, Corby", "NN18 9ND", 52.480, -0.690),
    "on_way": Location("The Old Rectory Nursing Home, Brackley", "NN13 7XY", 52.028, -1.144, "Ring twice"),
    "with_patient": Location("Hostel, Kettering", "NN15 5DJ", 52.396, -0.720),
    "handing": Location("Abington Street, Northampton", "NN1 4LP", 52.2405, -0.8901),
    "held": Location("Somewhere off the A43"),
    "calling": Location(""),
}


def rows() -> dict[str, list[Record]]:
    """Everything live, by table."""
    return {
        "van": [_van(name) for name in VANS],
        "shift": [_shift(name, crew) for name, crew in CREWS.items()],
        "position": [_position(name) for name in VANS if name not in {"CRU5", "CRU6"}],
        "referral": [_referral(name) for name in NAMES],
        "screening": [_screening(name) for name in NAMES if name not in {"received", "calling", "held"}],
        "danger": _dangers(),
        "intake_call": [_call()],
        "assignment": _jobs(),
        "handover": _links(),
        **_of_care(),
        **_of_person(),
        **_of_room(),
    }


def _van(name: str) -> Van:
    status = {
        "CRU4": DutyStatus.MEAL_BREAK,
        "CRU5": DutyStatus.OUT_OF_SERVICE,
        "CRU6": DutyStatus.OFF_DUTY,
    }.get(name, DutyStatus.AVAILABLE)
    return Van(
        id=id_of(name),
        version=1,
        callsign=name,
        registration=f"EX0{VANS.index(name) + 1} CRU",
        base="Berrywood" if name != "CRU3" else "",
        livery="unmarked" if name != "CRU2" else "marked",
        seats=5,
        equipment=("soft lighting", "wheelchair step") if name == "CRU1" else (),
        duty_status=status,
        duty_reason="fault" if name == "CRU5" else "",
        duty_since=ago(200 if name != "CRU4" else 12),
        emergency_at=ago(2) if name == "CRU3" else None,
    )


def _shift(name: str, crew: tuple[str, ...]) -> Shift:
    staff = tuple(id_of(one) for one in crew)
    ends = NOW + timedelta(minutes={"CRU1": 20, "CRU2": -10}.get(name, 300))
    meal, until = {"CRU2": (ago(-20), None), "CRU4": (None, ago(-18))}.get(name, (None, None))
    return Shift(id_of(f"shift {name}"), 1, id_of(name), staff, ago(300), ends, meal, until)


def _position(name: str) -> Position:
    at = ago({"CRU2": 12, "CRU3": 4}.get(name, 0.2))
    lat, lon = 52.2 + 0.03 * VANS.index(name), -0.9 + 0.02 * VANS.index(name)
    return Position(id_of(name), 1, at, at, lat, lon, 10, 48 if name == "CRU1" else 0, 90, "device")


def _referral(name: str) -> Referral:
    given = _REFERRALS[name]
    times = {"received": ago(given["minutes"])} | {key: ago(at) for key, at in given.get("times", {}).items()}
    number = NAMES.index(name) + 41
    return Referral(
        id=id_of(name),
        version=3,
        reference=f"CRU-20261122-{number:04d}",
        location=_PLACES.get(name, Location(f"{number} Wellington Street", "NN1 3AS", 52.24 + number / 1e3, -0.9)),
        times=times,
        **{
            "source": "ems_crew",
            "state": ReferralState.ACCEPTED,
            "priority": "P1",
            "triage_scale": "",
            "caller": "Ward manager, Campbell House",
            "call_back": "07700 900123",
            "ems_incident": f"EM-8883{number}",
            "ems_callsign": f"A11{number}",
            "waiting_party": "EMAS",
            "patient": WHO,
            "narrative": STORY,
            **given.get("fields", {}),
        },
    )


_HUB: Mapping[str, Any] = {
    "source": "hub",
    "priority": "P2",
    "waiting_party": "",
    "ems_callsign": "",
    "ems_incident": "",
}
_REFERRALS: Mapping[str, Mapping[str, Any]] = {
    "received": {
        "minutes": 3,
        "fields": {**_HUB, "state": ReferralState.RECEIVED, "triage_scale": "B", "patient": Patient()},
    },
    "calling": {
        "minutes": 1,
        "fields": {
            **_HUB,
            "state": ReferralState.RECEIVED,
            "narrative": "",
            "patient": Patient(age=AgeSaid(34, 34, date(2026, 11, 22))),
            "caller": "",
            "call_back": "",
        },
    },
    "unsafe": {
        "minutes": 9,
        "fields": {
            "state": ReferralState.RECEIVED,
            "police": "asked to attend",
            "patient": Patient("Tom", born_said="about forty"),
        },
    },
    "no_van": {"minutes": 52, "times": {"accepted": 48, "acknowledged": 51, "ems_on_scene": 70}},
    "sent": {
        "minutes": 31,
        "fields": {**_HUB, "state": ReferralState.ALLOCATED, "priority": "P3", "patient": Patient("Sam Roe")},
    },
    "on_way": {
        "minutes": 21,
        "times": {"call_connected": 25, "sent": 23, "acknowledged": 20, "screened": 19, "accepted": 18},
        "fields": {"state": ReferralState.ALLOCATED, "legal_status": "informal", "police": "not involved"},
    },
    "arrived": {"minutes": 66, "fields": {"state": ReferralState.ATTENDING, "priority": "P2"}},
    "with_patient": {
        "minutes": 95,
        "fields": {
            **_HUB,
            "source": "police",
            "waiting_party": "RT21",
            "state": ReferralState.ATTENDING,
            "legal_status": "section 136",
        },
    },
    "conveying": {"minutes": 140, "fields": {**_HUB, "state": ReferralState.ATTENDING}},
    "handing": {"minutes": 50, "fields": {"state": ReferralState.ATTENDING}},
    "held": {
        "minutes": 200,
        "fields": {**_HUB, "priority": "P3", "hold_until": ago(-90), "hold_reason": "call_back"},
    },
    "overdue": {
        "minutes": 300,
        "fields": {**_HUB, "hold_until": ago(4), "hold_reason": "day_visit", "said": {"received": "before tea"}},
    },
    "closed": {
        "minutes": 340,
        "times": {"closed": 60},
        "fields": {
            "state": ReferralState.CLOSED,
            "outcome": "home_safety_plan",
            "ae_avoided": YesNo.YES,
            "ems_released": YesNo.NO,
            "police_avoided": YesNo.UNKNOWN,
        },
    },
    "declined": {
        "minutes": 400,
        "times": {"closed": 380},
        "fields": {**_HUB, "state": ReferralState.DECLINED, "end_reason": "ems_physical"},
    },
    "cancelled": {
        "minutes": 280,
        "times": {"closed": 250},
        "fields": {"state": ReferralState.CANCELLED, "end_reason": "not_found"},
    },
    "error": {
        "minutes": 80,
        "fields": {**_HUB, "entered_in_error_at": ago(70), "entered_in_error_reason": "Typed twice"},
    },
}


def _screening(name: str) -> Screening:
    tool = reference_tool()
    answers = {item.key: "no" for item in tool.items if not item.branch}
    if name == "unsafe":
        first, second = list(answers)[:2]
        answers |= {first: "yes", second: "not known"}
    given: dict[str, Any] = {"how": dict.fromkeys(answers, "group") | {next(iter(answers)): "asked"}}
    if name == "on_way":
        given |= {
            "override_clinician": "Dr Example",
            "override_reason": "Seen by the GP at noon",
            "override_by": "l.lead",
            "override_at": ago(18.5),
            "not_measured": "by telephone",
        }
    return Screening(
        id_of(f"screening {name}"), 1, id_of(name), IN_FORCE, answers, "Calm now", ago(19), "a.shah", **given
    )


def reference_tool() -> Any:
    """The version that is asked."""
    return reference().current_tool


def _dangers() -> list[Record]:
    key = next(iter(reference_tool().items)).key
    stands = (
        Danger(f"yes {key}", "yes", key, "Not breathing normally: yes", hard=True),
        Danger("words tablets", "words", "", "“tablets are still in the kitchen”"),
        Danger("flag", "flag", "", "Staff safety: dog", until=ago(-600)),
    )
    decided = (Decision("looked at", "Dr Example", "asked about", "a.shah", ago(17), ("words tablets",)),)
    return [
        Dangers(id_of("unsafe"), 1, stands, (), ago(8)),
        Dangers(id_of("received"), 1, (Danger("unscreened", "unscreened", "", "Not screened yet"),), (), ago(3)),
        Dangers(id_of("on_way"), 1, (), decided),
    ]


def _call() -> IntakeCall:
    typed = {"location": {"text": "A call box in Rushden"}, "narrative": "Crying, hard to hear."}
    return IntakeCall(id_of("calling"), 2, ago(1.4), "b.okafor", ago(1.4), typed, ago(0.3))


def _jobs() -> list[Record]:
    def job(
        referral: str, van: str, state: Job, destination: str = "", reason: str = "", **at: float
    ) -> Assignment:
        times = {Job(name.replace("_", " ")): ago(minutes) for name, minutes in at.items()}
        name = id_of(f"job {referral} {van}")
        return Assignment(name, 2, id_of(referral), id_of(van), state, times, reason, destination)

    return [
        job("sent", "CRU2", Job.ACKNOWLEDGED, allocated=9, acknowledged=8),
        job("on_way", "CRU 10", Job.STOOD_DOWN, "", "nearer_van", allocated=16, stood_down=14),
        job("on_way", "CRU1", Job.MOBILE, allocated=13, acknowledged=12, mobile=11),
        job("with_patient", "CRU3", Job.WITH_PATIENT, allocated=80, mobile=78, on_scene=60, with_patient=55),
        job(
            *("conveying", "CRU 10", Job.CONVEYING, "Northampton Crisis House"),
            allocated=130,
            on_scene=110,
            with_patient=105,
            conveying=15,
        ),
        job("closed", "CRU4", Job.CLEAR, allocated=320, mobile=318, on_scene=290, with_patient=280, clear=70),
    ]


def _links() -> list[Record]:
    def link(referral: str, at: int, state: Link, given: str, taken: str, **times: float) -> Handover:
        kind = {"CRU": Party.CRU, "RT21": Party.POLICE}
        sides = (given, kind.get(given, Party.EMS), taken, kind.get(taken, Party.DESTINATION))
        moments = {Link(name): ago(minutes) for name, minutes in times.items()}
        name = id_of(f"link {referral} {at}")
        refused = "not_safe" if state is Link.REFUSED else ""
        return Handover(name, 1, id_of(referral), at, *sides, state, moments, refused)

    return [
        link("no_van", 1, Link.EXPECTED, "EMAS A1144", "CRU", expected=48),
        link("on_way", 1, Link.EXPECTED, "EMAS A1146", "CRU", expected=18),
        link("with_patient", 1, Link.RELEASED, "RT21", "CRU", expected=90, started=55, accepted=50, released=48),
        link("handing", 1, Link.STARTED, "EMAS N1420", "CRU", expected=45, started=22),
        link("conveying", 1, Link.REFUSED, "EMAS A7", "CRU", expected=120, refused=108),
        link("conveying", 2, Link.EXPECTED, "CRU", "Northampton Crisis House", expected=15),
        link(
            "closed", 1, Link.RELEASED, "EMAS A1153", "CRU", expected=300, started=288, accepted=284, released=280
        ),
    ]


def _of_care() -> dict[str, list[Record]]:
    def contact(referral: str, number: int, **given: Any) -> Contact:
        fields: dict[str, Any] = {
            "about": "waiting",
            "due_at": ago(30),
            "made_at": ago(28),
            "made_by": "a.shah",
            "spoke_with": "person",
            "with_name": "Ottoline",
            "channel": "phone",
            "said": "Still pacing, wants company",
        }
        return Contact(id_of(f"contact {number}"), 1, id_of(referral), **fields | given)

    def ended(referral: str, state: str, reason: str, minutes: float, **given: Any) -> HowItEnded:
        return HowItEnded(id_of(f"ending {referral}"), 1, id_of(referral), state, reason, ago(minutes), **given)

    told, untold = Telling("a.shah", ago(58)), Telling(not_told="asleep")
    return {
        "contact": [
            contact("no_van", 1, promised="ring again at four", promise_due_at=ago(-20)),
            contact("no_van", 2, spoke_with="nobody", with_name="", said="", why_not="no answer", made_at=ago(5)),
            contact("held", 3, about="hold", agreed_until=ago(-90)),
            contact(
                *("overdue", 4),
                promised="a visit",
                promise_due_at=ago(50),
                promise_outcome="not kept",
                promise_note="No van",
                promise_closed_at=ago(40),
                promise_closed_by="l.lead",
            ),
        ],
        "ending": [
            ended(
                *("closed", "closed", "home_safety_plan", 60),
                holder_kind=Party.OTHER,
                holder_name="Home treatment team",
                named_by="a.shah",
                named_at=ago(60),
                person=told,
                caller=untold,
                referrer=told,
            ),
            ended("declined", "declined", "ems_physical", 380, person=untold),
            ended("cancelled", "cancelled", "not_found", 250, asks_search=True, looks_until=ago(-60)),
        ],
        "follow_up": [
            FollowUp(id_of("follow 1"), 1, id_of("closed"), ago(-1380), "A call next day", ago(60), "a.shah"),
            FollowUp(id_of("follow 2"), 1, id_of("cancelled"), ago(10), "Look again", ago(250), "a.shah"),
            FollowUp(
                *(id_of("follow 3"), 1, id_of("declined"), ago(100), "Ring the GP", ago(380), "l.lead"),
                *(ago(90), "l.lead", "GP has rung her"),
            ),
        ],
        "late_link": [
            LateLink(id_of("late 1"), 1, id_of("conveying"), "police", "NP-77", "RT4", ago(100), ago(98), "a.shah")
        ],
    }


_SAID: tuple[tuple[str, str, Said], ...] = (
    ("on_way", "1", Said("call_me", words="Ola")),
    ("on_way", "2", Said("arrive", words="Knock gently")),
    ("on_way", "3", Said("wish", words="no uniforms")),
    ("on_way", "4", Said("safer_with", "woman")),
    ("on_way", "5", Said("language", "pol")),
    ("on_way", "6", Said("interpreter", "yes")),
    ("on_way", "7", Said("mobility", "walks")),
    ("on_way", "8", Said("helps", words="Talking about the allotment", said_by="her sister")),
    ("on_way", "9", Said("avoid", words="Torches, raised voices")),
    ("on_way", "10", Said("keep", "yes")),
    ("on_way", "11", Said("consent_share", "no")),
    ("no_van", "12", Said("language", "pol")),
    ("no_van", "13", Said("interpreter", "yes")),
)


def _of_person() -> dict[str, list[Record]]:
    job = id_of("job on_way CRU1")

    def flag(number: int, kind: str, reason: str, days: float, *of: str, danger: bool = False) -> Flag:
        subject = "address" if kind in {"access", "staff safety"} else "person"
        applies = tuple(id_of(one) for one in of)
        ends = NOW + timedelta(days=days)
        name = id_of(f"flag {number}")
        return Flag(name, 1, applies[0], subject, kind, reason, ends, "l.lead", ago(4000), applies, danger)

    return {
        "about_me": [
            AboutItem(id_of(f"item {number}"), 1, id_of(referral), said, "a.shah", ago(19 - int(number) / 10))
            for referral, number, said in _SAID
        ],
        "flag": [
            flag(1, "what helps", "Her sister Maria on 07700 900456", 20, "on_way", "no_van"),
            flag(2, "access", "Loose step", -2, "on_way"),
            flag(3, "staff safety", "Dog in the kitchen", 30, "on_way", "unsafe", danger=True),
        ],
        "read_back": [
            ReadBack(id_of("back"), id_of("on_way"), job, "Ben Sample", "radio", "brief", "a.shah", ago(10))
        ],
        "crew_word": [
            CrewWord(
                *(id_of("word"), id_of("with_patient"), id_of("job with_patient CRU3"), "radio", "Ewa"),
                *("all well", "a.shah", ago(42)),
            )
        ],
        "interpreter": [
            Booking(id_of("book"), id_of("on_way"), "pol", "Language Line", "LL-4", ago(-15), "a.shah", ago(9))
        ],
    }


def _of_room() -> dict[str, list[Record]]:
    on_way, van = id_of("on_way"), id_of("CRU3")

    def entry(number: int, words: str, minutes: float, **given: Any) -> LogEntry:
        fields: dict[str, Any] = {"referral_id": None, "van_id": None, "pass_on": False, "corrects": None}
        who = {"written_by": "a.shah", "written_at": ago(minutes - 1)}
        return LogEntry(id_of(f"entry {number}"), 1, ago(minutes), words, **fields | given, **who)

    def alarm(kind: str, of: str, minutes: float, **given: Any) -> RaisedAlarm:
        about: tuple[UUID | None, UUID | None] = (None, van) if of == "CRU3" else (id_of(of), None)
        name = f"{kind} {id_of(of)}".replace("_", " ")
        words = f"{kind} of {of}"
        return RaisedAlarm(
            id_of(f"alarm {kind} {of}"), 1, name, kind, 1, words, *about, ago(minutes), ago(minutes), **given
        )

    def message(number: int, words: str, minutes: float, **given: Any) -> Message:
        fields: dict[str, Any] = {"referral_id": None, "to_login": "", "written_by": "b.okafor"}
        return Message(id_of(f"message {number}"), 1, words=words, written_at=ago(minutes), **fields | given)

    offered = ShiftHandover(
        id_of("offer"), 1, ago(720), "Quiet until two.", "b.okafor", ago(20), "", None, "", None
    )
    return {
        "shift_log": [
            entry(1, "Lift at Berrywood out of order, use the ramp.", 50, pass_on=True),
            entry(2, "Spoke to her sister.", 30, referral_id=on_way),
            entry(3, "CRU3 has a new tyre.", 26, van_id=van),
            entry(4, "Lift mended.", 10, corrects=id_of("entry 1")),
        ],
        "shift_handover": [offered],
        "shift_handover_item": [
            HandedItem(
                *(id_of("handed 1"), 1, offered.id, 1, "person", "0044 waits for a van", id_of("no_van"), None),
                *(ago(-8), True, "", None, ""),
            ),
            HandedItem(
                *(id_of("handed 2"), 1, offered.id, 2, "van", "CRU5 has a fault", None, id_of("CRU5")),
                *(None, False, "l.lead", ago(12), "seen"),
            ),
        ],
        "alarm": [
            alarm("emergency", "CRU3", 2),
            alarm("no_van", "no_van", 30, acknowledged_at=ago(20), acknowledged_by="a.shah"),
            alarm(
                *("handover", "handing", 7),
                shelved_by="b.okafor",
                shelved_until=ago(-9),
                shelved_reason="They know",
            ),
        ],
        "message": [
            message(1, "Her sister is on her way with the key.", 9, referral_id=id_of("no_van")),
            message(2, "Can you take the next one?", 6, to_login="l.lead"),
            message(3, "Yes", 5, written_by="l.lead", to_login="b.okafor", seen_by=("b.okafor",)),
        ],
        "presence": [
            Presence(id_of("console b"), "b.okafor", on_way, typing=True),
            Presence(id_of("console c"), "a.shah", id_of("no_van"), typing=False),
        ],
    }
