"""Referrals as lanes of the handover timelines."""

from datetime import datetime, timedelta
from math import inf
from operator import itemgetter

from console.live.joins import referral_facts
from console.live.store import Store
from console.look.palette import Tone
from console.running.faults import attempt
from console.timeline.lanes import Kind, Lane, Mark, Segment
from db.domain.clocks import in_words, local_time
from db.domain.holding import Holding, predicted_release
from db.domain.names import number_today
from db.domain.party import Party
from db.domain.records import Referral
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
_Place = tuple[int, float, str]
_SHOWN_AFTER = frozenset({ReferralState.CLOSED, ReferralState.DECLINED})
_LATE, _WAITING, _OTHERS, _ENDED = range(4)


def lanes(store: Store, eta_of: EtaOf, now: datetime) -> list[Lane]:
    """One lane a referral that is not on hold.

    First who waits and is or will be late, then who else waits, by the time left; then who is with somebody; last
    those that ended lately.
    """
    found = [
        attempt("a lane of the timelines", _placed, store, referral, eta_of, now) or _unreadable(referral, now)
        for referral in store.referrals()
    ]
    return [shown for _, shown in sorted(found, key=itemgetter(0)) if shown is not None]


def _placed(store: Store, referral: Referral, eta_of: EtaOf, now: datetime) -> tuple[_Place, Lane | None]:
    ended = (_ENDED, referral.received_at.timestamp(), referral.reference)
    if not _belongs(referral, now, store.reference.rules):
        return ended, None
    facts = referral_facts(store, referral.id) or Facts(referral)
    now_is = situation(facts, store.reference)
    # Declined, a person has a lane only as long as somebody else is still with them.
    if referral.state is ReferralState.DECLINED and not now_is.stays_with_others(now):
        return ended, None
    place = _place(now_is, eta_of, now) if referral.is_open else ended
    return place, lane(now_is, eta_of, now)


def _place(now_is: Situation, eta_of: EtaOf, now: datetime) -> _Place:
    """In a low panel only the first lanes are in sight: who waits for us comes before who is cared for."""
    referral, due = now_is.facts.referral, now_is.clock.due
    if now_is.phase is not Phase.WAITING:
        return _OTHERS, referral.received_at.timestamp(), referral.reference
    late = due <= now or now_is.late_by(now_is.arrival(eta_of)) is not None
    return _LATE if late else _WAITING, due.timestamp(), referral.reference


def _unreadable(referral: Referral, now: datetime) -> tuple[_Place, Lane | None]:
    """On top, as long as anybody has to act on it."""
    shown = Lane(str(referral.id), number_today(referral.reference, now), "cannot be shown", "late")
    return (_LATE, -inf, referral.reference), shown if referral.is_open else None


def _belongs(referral: Referral, now: datetime, rules: Rules) -> bool:
    if referral.entered_in_error_at is not None or referral.on_hold(now):
        return False
    ended = referral.times.get("closed")
    return ended is None or (referral.state in _SHOWN_AFTER and now - ended < rules.ended_lanes)


def lane(now_is: Situation, eta_of: EtaOf, now: datetime) -> Lane:
    """The line of one referral."""
    referral = now_is.facts.referral
    subtitle, tone = _who(now_is)
    segments = [*_before(now_is), *(part for held in now_is.chain for part in _held(held, now))]
    if referral.is_open:
        segments += _ahead(now_is, now_is.arrival(eta_of), now)
    marks = (Mark(referral.received_at, "received"), *(Mark(at, str(Phase.REACHED)) for at, _ in now_is.stretches))
    return Lane(str(referral.id), number_today(referral.reference, now), subtitle, tone, tuple(segments), marks)


def _who(now_is: Situation) -> tuple[str, Tone]:
    facts = now_is.facts
    if now_is.jobs:
        return " ".join(facts.callsign(job) for job in facts.assignments if job.is_open), "dim"
    if now_is.phase is Phase.ENDED:
        past = [facts.callsign(job) for job in facts.assignments]
        return f"{past[-1] if past else ''} {facts.referral.state}".strip(), "dim"
    if now_is.needs_van:
        return "no van", "late" if now_is.standing == 0 else "warn"
    return str(now_is.phase), "dim"


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


def _ahead(now_is: Situation, eta: datetime | None, now: datetime) -> list[Segment]:
    facts = now_is.facts
    release = predicted_release(facts.handovers, facts.assignments, eta, now, now_is.rules.assumed_handover)
    if eta is not None and eta > now:
        # The same test as on the row and the map, so that no two of them disagree.
        late = now_is.late_by(eta)
        label = f"ETA {in_words(eta - now)}"
        label = f"{label}, {late_words(late)}" if late is not None else label
        return [
            Segment(now, eta, "predicted", label, late=late is not None, shorter=_beginnings(label)),
            *_free(release.at if release else None, eta),
        ]
    if release is not None and release.at > now:
        return _free(release.at, now)
    due = now_is.clock.due
    # Without a van nothing can be predicted but the time by which one has to be there.
    if now_is.needs_van and due > now and due - now < timedelta(hours=4):
        words = f"due {local_time(due, now)}"
        return [Segment(now, due, "predicted", words, late=now_is.standing == 0, shorter=(words,))]
    return []


def _free(at: datetime | None, after: datetime) -> list[Segment]:
    free = Segment(after, at, "predicted", "crew free", shorter=("free",))
    return [free] if at is not None and at > after else []


def _beginnings(label: str) -> tuple[str, ...]:
    return label.partition(",")[0], label.partition(",")[0].removeprefix("ETA ")
