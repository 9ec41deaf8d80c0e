"""When a waiting crew is free, and a van clear of its job: told from the service's own past, or assumed. Pure.

What is told is never written down: the record keeps what happened. Where the past says too little, the rules
``assumed_handover`` and ``assumed_visit`` stand in, and are said to be what the service allows.

* A crew's wait for its release begins when our first van comes to the scene, or when the handover began if that
  was before; a refused handover ends it in another way, so it is only known to have lasted until then.
* A visit begins with the patient (or on scene, where that is all that is known) and ends when the van is clear;
  one that goes on to a destination is compared with those first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from db.domain.clocks import in_words, local_time, shifted
from db.domain.holding import Band, PredictedRelease, left_at, predicted_release, waiting_crew
from db.domain.party import CREWS
from db.domain.prediction import NOTHING_TOLD, Lasted, Lengths, LengthsById, TrackRecord, measure
from db.domain.ranking import predicted_clear
from db.domain.records import Assignment, Handover
from db.domain.rules import DEFAULTS, Rules
from db.domain.states import AssignmentState, HandoverState

CONVEYED: Final = "conveyed"
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OwnPast:
    """What the record tells of the past, and how often it would have told right.

    Attributes:
        releases: of crews that waited.
        visits: of our crews.
        release_record: how often a release would have come as told.
        visit_record: likewise for vans that were clear.
    """

    releases: tuple[Lasted, ...] = ()
    visits: tuple[Lasted, ...] = ()
    release_record: TrackRecord = NOTHING_TOLD
    visit_record: TrackRecord = NOTHING_TOLD

    def measured(self, now: datetime) -> tuple[LengthsById, LengthsById]:
        """The lengths of both, once and for all: all of it was over when it was read."""
        return measure(self.releases, now), measure(self.visits, now)


@dataclass(frozen=True, slots=True)
class KnownPast:
    """What can be told from at a moment: the past, and what runs now."""

    releases: Lengths
    visits: Lengths
    release_record: TrackRecord = NOTHING_TOLD
    visit_record: TrackRecord = NOTHING_TOLD


# --- what lasted ---


def wait_of(link: Handover, jobs: Sequence[Assignment]) -> Lasted | None:
    """How long a crew waits for its release once we are there; None before that, and for who is no crew."""
    if link.from_kind not in CREWS:
        return None
    begun = _begun(link, jobs)
    if begun is None:
        return None
    released, refused = link.times.get(HandoverState.RELEASED), link.times.get(HandoverState.REFUSED)
    return Lasted(link.id, begun, released, str(link.from_kind), refused)


def _begun(link: Handover, jobs: Sequence[Assignment]) -> datetime | None:
    expected = link.times.get(HandoverState.EXPECTED)
    came = [
        at
        for job in jobs
        if (at := job.times.get(AssignmentState.ON_SCENE)) is not None
        and job.state is not AssignmentState.STOOD_DOWN
        # A van that was gone before this crew waited, on a referral that was taken up again, is no part of it.
        and (job.is_open or expected is None or left_at(job) > expected)
    ]
    began = link.times.get(HandoverState.STARTED)
    return min([*came, *([began] if began is not None else [])], default=None)


def visit_of(job: Assignment) -> Lasted | None:
    """How long a crew stays; None before it is there."""
    there = job.times.get(AssignmentState.WITH_PATIENT) or job.times.get(AssignmentState.ON_SCENE)
    if there is None or job.state is AssignmentState.STOOD_DOWN:
        return None
    moved = any(step in job.times for step in (AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION))
    return Lasted(job.id, there, job.times.get(AssignmentState.CLEAR), CONVEYED if moved else "")


def known_at(
    past: OwnPast,
    live: Iterable[tuple[Sequence[Handover], Sequence[Assignment]]],
    now: datetime,
    measured: tuple[LengthsById, LengthsById] | None = None,
) -> KnownPast:
    """Put the past and what runs now together.

    Args:
        past: what the record told.
        measured: the lengths of the past, where they were measured before.
        live: links and vans of each live referral; what they say goes before what the record told earlier.
        now: aware UTC.
    """
    ended = measured or past.measured(now)
    releases: list[Lasted] = []
    visits: list[Lasted] = []
    for links, jobs in live:
        releases += [one for link in links if (one := wait_of(link, jobs)) is not None]
        visits += [one for job in jobs if (one := visit_of(job)) is not None]
    told = Lengths(releases, now, ended[0]), Lengths(visits, now, ended[1])
    return KnownPast(*told, past.release_record, past.visit_record)


# --- what is told ---


def release(
    links: Sequence[Handover],
    jobs: Sequence[Assignment],
    eta: datetime | None,
    now: datetime,
    known: KnownPast | None,
    rules: Rules = DEFAULTS,
) -> PredictedRelease | None:
    """When the waiting crew is likely to be free; None where no crew waits, or none of ours is on its way.

    Args:
        links: the referral's handovers.
        jobs: its vans.
        eta: when the first van is expected on scene, UTC, if that is known.
        now: a prediction never lies before it.
        known: the service's own past; without it the rule stands in.
        rules: the trust's numbers.
    """
    assumed = predicted_release(links, jobs, eta, now, rules.assumed_handover)
    link = waiting_crew(links)
    if assumed is None or link is None or known is None:
        return assumed
    wait = wait_of(link, jobs)
    begun = wait.began if wait is not None else eta
    if begun is None:
        return assumed
    band = _band(known.releases, begun, now, str(link.from_kind), known.release_record, "handovers")
    if isinstance(band, int):
        return replace(assumed, few=band)
    return PredictedRelease(band[0], "", band[1])


def clear(
    job: Assignment, eta: datetime | None, now: datetime, known: KnownPast | None, rules: Rules = DEFAULTS
) -> PredictedRelease | None:
    """When a van is likely to be clear of its job; None if its arrival is not known. As :func:`release`."""
    at = predicted_clear(job, eta, now, rules.assumed_visit)
    if at is None:
        return None
    assumed = PredictedRelease(at, f"assumes {in_words(rules.assumed_visit)} for the visit")
    visit = visit_of(job)
    begun = visit.began if visit is not None else eta
    if known is None or begun is None:
        return assumed
    band = _band(known.visits, begun, now, visit.group if visit else "", known.visit_record, "visits")
    return replace(assumed, few=band) if isinstance(band, int) else PredictedRelease(band[0], "", band[1])


def _band(
    lengths: Lengths, begun: datetime, now: datetime, group: str, kept: TrackRecord, of: str
) -> tuple[datetime, Band] | int:
    """The moment and its band; only how many there are where those are too few."""
    waited = max(0.0, (now - begun) / _MINUTE)
    forecast = lengths.forecast(waited, group)
    if forecast is None:
        return lengths.count(waited)

    def moment(minutes: float) -> datetime:
        return max(shifted(begun, minutes * _MINUTE), now)

    last = moment(forecast.last) if forecast.last is not None else None
    band = Band(moment(forecast.first), last, forecast.n, forecast.is_banded, of, kept.right, kept.told)
    return moment(forecast.about), band


# --- in words ---


def release_words(found: PredictedRelease, now: datetime) -> str:
    """``about 03:51, 8 in 10 by 03:58, from 41 handovers``: as sure as the numbers are, and no surer."""
    at, band = local_time(found.at, now), found.band
    if band is None:
        if found.few is None:
            return f"about {at} ({found.assumption})"
        return f"too few to say ({found.few} so far); {at} by the service's target"
    return f"about {at}, {until_words(band, now)}, from {band.n} {band.of}"


def until_words(band: Band, now: datetime) -> str:
    """How sure it is: ``8 in 10 by 03:58``; of few between when and when."""
    if band.last is None:
        return "how late nobody can say, since some still go on"
    last = local_time(band.last, now)
    return f"8 in 10 by {last}" if band.is_banded else f"between {local_time(band.first, now)} and {last}"


def record_words(band: Band) -> str:
    """How often it was right: ``told like this, right 41 of the last 50``; empty where nothing was told yet."""
    if not band.told:
        return ""
    return f"told like this, right {band.right} of the last {band.told}"
