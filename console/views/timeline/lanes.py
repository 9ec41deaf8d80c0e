"""Referrals as lanes of the handover timelines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from operator import itemgetter
from uuid import UUID

from console.live.joins import referral_facts
from console.live.store import Store
from console.look.palette import Tone
from console.running.faults import attempt
from console.timeline.lanes import Kind, Lane, Segment
from console.views.detail.story import StoryLine
from console.views.timeline.marks import holds, marks_of, noted, shift_ends
from db.domain import foreseen
from db.domain.clocks import in_words, local_time, wall_time
from db.domain.foreseen import record_words, release_words
from db.domain.holding import Holding, PredictedRelease
from db.domain.names import number_today
from db.domain.party import Party
from db.domain.records import Referral, Shift
from db.domain.rules import Rules
from db.domain.situation import EtaOf, Facts, Phase, Situation, late_words, situation
from db.domain.states import ReferralState

_KINDS: dict[Party, Kind] = {
    Party.EMS: "ems",
    Party.POLICE: "police",
    Party.CRU: "cru",
    Party.DESTINATION: "destination",
    Party.OTHER: "wait",
    Party.NOBODY: "wait",
}
Place = tuple[int, float, str]
"""Sorts the lanes: which of them first, a moment, the reference."""
_SHOWN_AFTER = frozenset({ReferralState.CLOSED, ReferralState.DECLINED})
_LATE, _WAITING, _OTHERS, _HELD, _ENDED = range(5)
Foresee = Callable[[Facts, datetime | None], PredictedRelease | None]
"""When the waiting crew of a referral is likely to be free, from when the first van is expected."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a lane is drawn from, beside the rows of its referral.

    Attributes:
        eta_of: when a van is expected.
        now: aware UTC.
        foresee: when a crew is free; None to go by the rule.
        lines: what the events told of it.
        shifts: the open shift of each van.
    """

    eta_of: EtaOf
    now: datetime
    foresee: Foresee | None = None
    lines: Sequence[StoryLine] = ()
    shifts: Mapping[UUID, Shift] = field(default_factory=dict)


def lanes(store: Store, eta_of: EtaOf, now: datetime) -> list[Lane]:
    """One lane a referral: those that are open, and those that ended lately, in their order."""
    found = [
        attempt("a lane of the timelines", _placed, store, referral, eta_of, now)
        or (first(referral), unreadable(referral, now))
        for referral in store.referrals()
        if belongs(referral, now, store.reference.rules)
    ]
    return [shown for _, shown in sorted(found, key=itemgetter(0)) if shown is not None]


def _placed(store: Store, referral: Referral, eta_of: EtaOf, now: datetime) -> tuple[Place, Lane | None]:
    now_is = standing(store, referral)
    return place(now_is, eta_of, now), lane(now_is, eta_of, now) if shows(now_is, now) else None


def standing(store: Store, referral: Referral) -> Situation:
    """Where a referral stands; raises what comes of contradictory rows."""
    return situation(referral_facts(store, referral.id) or Facts(referral), store.reference)


def shows(now_is: Situation, now: datetime) -> bool:
    """Whether it has a lane: declined, a person has one only as long as somebody else is still with them."""
    return now_is.facts.referral.state is not ReferralState.DECLINED or now_is.stays_with_others(now)


def first(referral: Referral) -> Place:
    """Where one that cannot be worked out stands: on top, as long as anybody has to act on it."""
    return _LATE, -inf, referral.reference


def place(now_is: Situation, eta_of: EtaOf, now: datetime) -> Place:
    """First who waits and is or will be late, then who else waits, by the time left; then who is with somebody.

    In a low panel only the first lanes are in sight: who waits for us comes before who is cared for, and before
    who is on hold; last those that ended.
    """
    referral, due = now_is.facts.referral, now_is.clock.due
    received = referral.received_at.timestamp()
    if not referral.is_open:
        return _ENDED, received, referral.reference
    if referral.on_hold(now):
        return _HELD, received, referral.reference
    if now_is.phase is not Phase.WAITING:
        return _OTHERS, received, referral.reference
    late = due <= now or now_is.late_by(now_is.arrival(eta_of)) is not None
    return _LATE if late else _WAITING, due.timestamp(), referral.reference


def unreadable(referral: Referral, now: datetime) -> Lane | None:
    """The lane of one that cannot be worked out, while it is open."""
    shown = Lane(str(referral.id), number_today(referral.reference, now), "cannot be shown", "late")
    return shown if referral.is_open else None


def belongs(referral: Referral, now: datetime, rules: Rules) -> bool:
    """Whether it is open, or ended lately; what was entered in error has no lane."""
    if referral.entered_in_error_at is not None:
        return False
    ended = referral.times.get("closed")
    return ended is None or (referral.state in _SHOWN_AFTER and now - ended < rules.ended_lanes)


def lane(now_is: Situation, eta_of: EtaOf, now: datetime) -> Lane:
    """The line of one referral, from its rows alone."""
    return lane_of(now_is, Around(eta_of, now))


def bare_lane(now_is: Situation, now: datetime) -> Lane:
    """A lane by its name alone, until what is drawn in it is worked out."""
    referral = now_is.facts.referral
    return Lane(str(referral.id), number_today(referral.reference, now), *_who(now_is, now))


def lane_of(now_is: Situation, around: Around) -> Lane:
    """The line of one referral."""
    referral, now = now_is.facts.referral, around.now
    subtitle, tone = _who(now_is, now)
    segments = [*_before(now_is), *(part for held in now_is.chain for part in _held(held, now))]
    if referral.is_open:
        segments += _ahead(now_is, around)
    marks = (*marks_of(now_is, around.lines), *shift_ends(now_is.facts, around.shifts))
    return Lane(
        str(referral.id),
        number_today(referral.reference, now),
        subtitle,
        tone,
        noted(segments, around.lines),
        marks,
        tuple(holds(now_is, around.lines, now)),
    )


def _who(now_is: Situation, now: datetime) -> tuple[str, Tone]:
    facts = now_is.facts
    if facts.referral.on_hold(now) and facts.referral.hold_until is not None:
        return f"on hold until {local_time(facts.referral.hold_until, now)}", "warn"
    if now_is.jobs:
        return " ".join(facts.callsign(job) for job in facts.assignments if job.is_open), "dim"
    if now_is.phase is Phase.ENDED:
        past = [facts.callsign(job) for job in facts.assignments]
        return f"{past[-1] if past else ''} {facts.referral.state}".strip(), "dim"
    if now_is.needs_van:
        return "no van", "late" if now_is.standing == 0 else "warn"
    return now_is.phase_words, "dim"


def _before(now_is: Situation) -> list[Segment]:
    referral, chain = now_is.facts.referral, now_is.chain
    # Somebody was with the person before we heard of them: there is no wait to draw.
    if chain and chain[0].start <= referral.received_at:
        return []
    until = chain[0].start if chain else referral.times.get("closed")
    words = "police present" if now_is.police_present else "no crew with the person"
    short = "police" if now_is.police_present else "no crew"
    return [Segment(referral.received_at, until, "wait", words, shorter=(short,))]


def _held(held: Holding, now: datetime) -> list[Segment]:
    kind, end = _KINDS[held.party], held.end
    # A handover that began with the holding itself leaves no stretch before it.
    if held.handing_since is None or held.handing_since <= held.start:
        return [_bar(held, kind, held.start, end, now)]
    return [
        _bar(held, kind, held.start, held.handing_since, now),
        Segment(held.handing_since, end, "handover", "handover", shorter=("h/o",)),
    ]


def _bar(held: Holding, kind: Kind, start: datetime, end: datetime | None, now: datetime) -> Segment:
    length = in_words((end or now) - start)
    who = {Party.EMS: "EMAS", Party.POLICE: "Police"}.get(held.party, held.name)
    return Segment(start, end, kind, f"{_verb(held)} {length}", shorter=(f"{who} {length}", length))


def _verb(held: Holding) -> str:
    return {Party.EMS: "EMAS on scene", Party.POLICE: "Police waiting"}.get(held.party, held.name)


def _ahead(now_is: Situation, around: Around) -> list[Segment]:
    now, eta = around.now, now_is.arrival(around.eta_of)
    release = _release(now_is, around, eta)
    if eta is not None and eta > now:
        # The same test as on the row and the map, so that no two of them disagree.
        late = now_is.late_by(eta)
        label = f"ETA {in_words(eta - now)}"
        label = f"{label}, {late_words(late)}" if late is not None else label
        return [
            Segment(now, eta, "predicted", label, late=late is not None, shorter=_beginnings(label)),
            *_free(release, eta, now),
        ]
    if release is not None and release.at > now:
        return _free(release, now, now)
    due = now_is.clock.due
    # Without a van nothing can be predicted but the time by which one has to be there.
    if now_is.needs_van and due > now and due - now < timedelta(hours=4):
        # After midnight the day goes first where there is little room: the axis says it.
        shorter = (f"due {wall_time(due)}", wall_time(due))
        # Loud and not late: no panel says of somebody with time left that they are, or will be.
        loud = now_is.standing == 0
        return [Segment(now, due, "predicted", f"due {local_time(due, now)}", shorter=shorter, loud=loud)]
    return []


def _release(now_is: Situation, around: Around, eta: datetime | None) -> PredictedRelease | None:
    facts = now_is.facts
    if around.foresee is not None:
        return around.foresee(facts, eta)
    return foreseen.release(facts.handovers, facts.assignments, eta, around.now, None, now_is.rules)


def _free(release: PredictedRelease | None, after: datetime, now: datetime) -> list[Segment]:
    if release is None or release.at <= after:
        return []
    return [foreseen_segment(release, after, now, "crew free")]


def foreseen_segment(found: PredictedRelease, after: datetime, now: datetime, what: str) -> Segment:
    """A predicted length with how late it may become; what it is from, and how often it was right, in its note."""
    last = found.band.last if found.band is not None else None
    at = local_time(found.at, now)
    label = what if found.band is None else f"{what} about {at}"
    note = "\n".join(
        part
        for part in (release_words(found, now), record_words(found.band) if found.band is not None else "")
        if part
    )
    clock = wall_time(found.at)
    shorter = (f"{what} {at}", f"{what} {clock}", clock, "free") if found.band is not None else ("free",)
    return Segment(after, found.at, "predicted", label, shorter=shorter, until=last, note=note)


def _beginnings(label: str) -> tuple[str, ...]:
    return label.partition(",")[0], label.partition(",")[0].removeprefix("ETA ")
