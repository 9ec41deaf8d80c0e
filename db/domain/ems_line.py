"""The line for EMAS: what their control wants to know, to read out or paste, without the patient's name. Pure."""

from collections.abc import Iterator
from datetime import datetime

from db.domain.clocks import local_time
from db.domain.foreseen import release_words
from db.domain.holding import PredictedRelease
from db.domain.party import CREWS, Party, short
from db.domain.records import Handover
from db.domain.situation import Phase, Situation
from db.domain.states import AssignmentState, HandoverState, ReferralState

_ENDED = {
    ReferralState.DECLINED: "not taken on by us",
    ReferralState.CANCELLED: "cancelled",
    ReferralState.CLOSED: "closed",
}


def line_for_ems(now_is: Situation, eta: datetime | None, release: PredictedRelease | None, now: datetime) -> str:
    """One line that is right whatever stands: no van, one or several, a swap, a hold, handed over, back to EMAS.

    Args:
        now_is: where the referral stands.
        eta: when the first van on its way is expected on scene.
        release: when the crew that waits is likely to be free.
        now: for the days of times.
    """
    referral = now_is.facts.referral
    parts = [referral.reference]
    if referral.ems_incident:
        parts.append(f"your incident {referral.ems_incident}")
    if referral.ems_callsign:
        parts.append(f"crew {referral.ems_callsign}")
    parts += _ended(now_is, now) if not referral.is_open else _open(now_is, eta, now)
    parts += _crew(now_is, release, now)
    return ", ".join(parts) + "."


def _ended(now_is: Situation, now: datetime) -> Iterator[str]:
    referral = now_is.facts.referral
    if referral.entered_in_error_at is not None:
        yield "entered in error"
        return
    at = referral.times.get("closed")
    yield _ENDED.get(referral.state, str(referral.state)) + (f" {local_time(at, now)}" if at else "")
    if now_is.holder is not None and now_is.holder.party is not Party.CRU:
        yield f"{now_is.holder.name} keeps the patient"


def _open(now_is: Situation, eta: datetime | None, now: datetime) -> Iterator[str]:
    referral = now_is.facts.referral
    if referral.on_hold(now) and referral.hold_until is not None:
        yield f"on hold until {local_time(referral.hold_until, now)}"
    yield from _our_crew(now_is, eta, now)
    refused = _refused(now_is)
    if refused is not None:
        at = refused.times.get(HandoverState.REFUSED)
        yield f"handover refused{f' {local_time(at, now)}' if at else ''}, {_whose(refused)} keeps the patient"


def _our_crew(now_is: Situation, eta: datetime | None, now: datetime) -> Iterator[str]:
    """The crew that is furthest on first; then who else comes: to take over, or to help."""
    facts = now_is.facts
    if now_is.phase is Phase.CLEAR:
        yield "our crew has left"
        return
    if now_is.phase is Phase.HANDED_ON and now_is.holder is not None:
        yield f"{now_is.holder.name} has the patient since {local_time(now_is.holder.start, now)}"
        return
    coming = [facts.callsign(job) for job in now_is.jobs if job.id in now_is.coming]
    there = [job for job in now_is.jobs if job.id not in now_is.coming]
    if not now_is.jobs:
        yield "no van sent yet"
        return
    if there:
        since, name = now_is.reached_at, facts.callsign(there[0])
        on_scene = there[0].times.get(AssignmentState.ON_SCENE)
        if since is not None:
            yield f"{name} with the patient since {local_time(since, now)}"
        else:
            yield f"{name} on scene" + (f" since {local_time(on_scene, now)}" if on_scene else "")
    if coming:
        yield f"{' and '.join(coming)} {'on the way as well' if there else 'sent'}"
        if eta is not None and eta > now:
            yield f"{'first ' if len(coming) > 1 else ''}expected on scene {local_time(eta, now)}"


def _refused(now_is: Situation) -> Handover | None:
    """The handover that was refused, while whoever came with the patient still has them."""
    links, holder = now_is.facts.handovers, now_is.holder
    last = links[-1] if links else None
    if last is None or last.state is not HandoverState.REFUSED or last.from_kind not in CREWS:
        return None
    return last if holder is not None and holder.party is last.from_kind else None


def _crew(now_is: Situation, release: PredictedRelease | None, now: datetime) -> Iterator[str]:
    crew = now_is.crew
    if crew is not None:
        taken = crew.times.get(HandoverState.ACCEPTED)
        if taken is not None:
            yield f"{_whose(crew)} handed over {local_time(taken, now)}"
        if release is not None:
            yield f"{_whose(crew)} free{' ' if release.few is None else ': '}{release_words(release, now)}"
        return
    done = [link for link in now_is.facts.handovers if HandoverState.RELEASED in link.times]
    for link in (one for one in done[-1:] if one.from_kind in CREWS):
        yield f"{_whose(link)} released {local_time(link.times[HandoverState.RELEASED], now)}"


def _whose(link: Handover) -> str:
    return "your crew" if link.from_kind is Party.EMS else short(link.from_kind, link.from_party).lower()
