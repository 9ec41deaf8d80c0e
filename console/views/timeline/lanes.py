"""Referrals as lanes of the handover timelines."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from operator import itemgetter
from uuid import UUID

from console.live.store import Store
from console.look.palette import Tone
from console.running.faults import attempt
from console.timeline.lanes import Kind, Lane, Mark, Segment
from db.domain.clocks import in_words, local_time, response_clock
from db.domain.holding import Holding, holdings, predicted_release
from db.domain.party import Party
from db.domain.records import Assignment, Referral
from db.domain.rules import Rules
from db.domain.states import AssignmentState, ReferralState

_KINDS: dict[Party, Kind] = {
    Party.EMS: "ems",
    Party.POLICE: "police",
    Party.CRU: "cru",
    Party.DESTINATION: "destination",
    Party.OTHER: "wait",
    Party.NOBODY: "wait",
}
EtaOf = Callable[[UUID], datetime | None]
_Place = tuple[bool, float, str]


def lanes(store: Store, eta_of: EtaOf, now: datetime) -> list[Lane]:
    """One lane a referral: open ones that are not on hold, oldest first, then those that ended lately."""
    found = [
        attempt("a lane of the timelines", _placed, store, referral, eta_of, now) or _unreadable(referral)
        for referral in store.referrals()
    ]
    return [shown for _, shown in sorted(found, key=itemgetter(0)) if shown is not None]


def _placed(store: Store, referral: Referral, eta_of: EtaOf, now: datetime) -> tuple[_Place, Lane | None]:
    where = (not referral.is_open, referral.received_at.timestamp(), referral.reference)
    return where, lane(store, referral, eta_of, now) if _belongs(referral, now, store.reference.rules) else None


def _unreadable(referral: Referral) -> tuple[_Place, Lane | None]:
    """On top, as long as anybody has to act on it."""
    shown = Lane(str(referral.id), referral.short_reference, "cannot be shown", "late")
    return (False, -inf, referral.reference), shown if referral.is_open else None


def _belongs(referral: Referral, now: datetime, rules: Rules) -> bool:
    if referral.entered_in_error_at is not None or referral.on_hold(now):
        return False
    ended = referral.times.get("closed")
    return ended is None or (referral.state is ReferralState.CLOSED and now - ended < rules.ended_lanes)


def lane(store: Store, referral: Referral, eta_of: EtaOf, now: datetime) -> Lane:
    """The line of one referral."""
    jobs = store.assignments_of(referral.id)
    chain = holdings(referral, store.handovers_of(referral.id), jobs)
    subtitle, tone = _who(store, referral, jobs)
    segments = [*_before(referral, chain), *(part for held in chain for part in _held(held, now))]
    if referral.is_open:
        segments += _ahead(store, referral, jobs, eta_of, now)
    return Lane(
        str(referral.id), referral.short_reference, subtitle, tone, tuple(segments), _marks(referral, jobs)
    )


def _who(store: Store, referral: Referral, jobs: list[Assignment]) -> tuple[str, Tone]:
    names = [van.callsign for job in jobs if job.is_open and (van := store.van(job.van_id)) is not None]
    if names:
        return " ".join(names), "dim"
    if not referral.is_open:
        past = [van.callsign for job in jobs if (van := store.van(job.van_id)) is not None]
        return f"{past[-1] if past else ''} {referral.state}".strip(), "dim"
    return "no van", "late" if referral.priority == "P1" else "warn"


def _before(referral: Referral, chain: list[Holding]) -> list[Segment]:
    if chain and chain[0].start <= referral.received_at:
        return []
    until = chain[0].start if chain else referral.times.get("closed")
    return [Segment(referral.received_at, until, "wait", "no crew with the person")]


def _held(held: Holding, now: datetime) -> list[Segment]:
    kind, end = _KINDS[held.party], held.end
    length = in_words((end or now) - held.start)
    label = f"{_verb(held)} {length}"
    if held.handing_since is None or held.handing_since <= held.start:
        return [Segment(held.start, end, kind, label)]
    before = in_words(held.handing_since - held.start)
    return [
        Segment(held.start, held.handing_since, kind, f"{_verb(held)} {before}"),
        Segment(held.handing_since, end, "handover", "handover"),
    ]


def _verb(held: Holding) -> str:
    return {Party.EMS: "EMAS on scene", Party.POLICE: "Police waiting"}.get(held.party, held.name)


def _ahead(
    store: Store, referral: Referral, jobs: list[Assignment], eta_of: EtaOf, now: datetime
) -> list[Segment]:
    eta = next((eta for job in jobs if job.is_open and (eta := eta_of(job.id)) is not None), None)
    release = predicted_release(
        store.handovers_of(referral.id), jobs, eta, now, store.reference.rules.assumed_handover
    )
    if eta is not None and eta > now:
        minutes = in_words(eta - now)
        late = eta > _due(store, referral)
        return [
            Segment(now, eta, "predicted", f"ETA {minutes}", late=late),
            *_free(release.at if release else None, eta),
        ]
    if release is not None and release.at > now:
        return _free(release.at, now)
    due = _due(store, referral)
    if not any(job.is_open for job in jobs) and due > now and due - now < timedelta(hours=4):
        return [Segment(now, due, "predicted", f"due {local_time(due, now)}", late=referral.priority == "P1")]
    return []


def _free(at: datetime | None, after: datetime) -> list[Segment]:
    return [Segment(after, at, "predicted", "crew free")] if at is not None and at > after else []


def _due(store: Store, referral: Referral) -> datetime:
    priority = store.reference.priorities.get(referral.priority)
    return response_clock(referral.received_at, priority.within_minutes if priority else 1440, None).due


def _marks(referral: Referral, jobs: list[Assignment]) -> tuple[Mark, ...]:
    met = [at for job in jobs if (at := job.times.get(AssignmentState.WITH_PATIENT)) is not None]
    marks = [Mark(referral.received_at, "received")]
    return tuple(marks + [Mark(at, "with patient") for at in met[:1]])
