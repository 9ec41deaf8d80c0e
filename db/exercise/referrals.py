"""Who refers, when, about whom, and how it will go. Pure: the same seed, the same referrals."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from db.commands import Details
from db.domain.clocks import local
from db.domain.nhs_number import is_valid
from db.domain.party import called
from db.domain.records import ApproachPlan, Location, Patient, Referral, YesNo
from db.exercise.people import Told, invent
from db.exercise.scenario import Caller, CallerNarrative, CountyPostcode, CountyPostcodes, Scenario, seeded_random
from db.geo.earth import Point

# Any will do as long as it stays: the ids of a seed are made from it.
_NAMESPACE = uuid.UUID("6d5f3f43-2f0e-4a55-9c0e-0d0c6a1f7b11")
SCALE = {"P1": "B", "P2": "B", "P3": "C"}
_PLAN_ODDS = 0.65
_BLOCKED_ODDS = 0.16


def minutes(value: float) -> timedelta:
    """A length of time in minutes."""
    return timedelta(minutes=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralCourse:
    """How one referral will go, as far as chance decides it. Lengths of time are of the exercise clock.

    Attributes:
        decide: from received to screened; from screened to the decision it is half a minute to two.
        answers: screening answers that are not a plain *no*.
        later: what a call back brings for *not known*: ``clear``, ``blocked`` or empty.
        acknowledge: from allocated to acknowledged by the crew.
        turnout: from acknowledged to mobile.
        doorstep: from on scene to with patient.
        brief: from on scene to the handover's start.
        accept: from the handover's start until it is accepted.
        release: from accepted until the waiting crew is released.
        support: from with patient until the crew is done there.
        refuses: whether the crew finds a physical need on scene.
        conveys_to: kind of destination the person is taken to; empty when nobody is conveyed.
        patience: from received until a caller who was given no van makes do without.
        outcome: code of the outcome.
        ae_avoided: one of the three answers at the end.
        police_avoided: another.
        feedback: who says what afterwards; the words may be empty.
        wrap_up: from the last van clear to closed.
    """

    decide: timedelta
    answers: Mapping[str, str]
    later: str
    acknowledge: timedelta
    turnout: timedelta
    doorstep: timedelta
    brief: timedelta
    accept: timedelta
    release: timedelta
    support: timedelta
    refuses: bool
    conveys_to: str
    patience: timedelta
    outcome: str
    ae_avoided: YesNo
    police_avoided: YesNo
    feedback: tuple[str, str]
    wrap_up: timedelta


@dataclass(frozen=True, slots=True)
class Arrival:
    """A referral that rings in.

    Attributes:
        id: the referral's id, the same for the same seed.
        at: when the call ends and the referral is received, UTC.
        details: what the call-taker writes down.
        course: how it will go.
        told: what is said about the person, and flagged.
    """

    id: UUID
    at: datetime
    details: Details
    course: ReferralCourse
    told: Told = field(default_factory=Told)


_CONVEYED = {
    "crisis_house": "crisis house",
    "informal_admission": "health-based place of safety",
    "hbpos": "health-based place of safety",
    "liaison_ed": "A&E",
}


class ReferralGenerator:
    """Makes the referrals that ring in.

    Args:
        seed: the shift's number.
        scenario: words, names and rates.
        postcodes: postcodes to ring from.
        intensity: multiplies the rates; 1 is a usual day.
    """

    def __init__(self, seed: int, scenario: Scenario, postcodes: CountyPostcodes, intensity: float = 1.0) -> None:
        self._seed = seed
        self._scenario = scenario
        self._postcodes = postcodes
        self._intensity = intensity

    def moments(self, start: datetime) -> Iterator[datetime]:
        """Times at which calls come in from ``start`` on (UTC), without end, by the rates of the local hour."""
        rng = seeded_random(self._seed, "moments")
        highest = max(self._scenario.rates)
        at = start
        while True:
            at += timedelta(hours=rng.expovariate(highest * self._intensity))
            # Thinning: calls at the highest rate of the day, of which each hour keeps its share.
            if rng.random() * highest < self._scenario.rates[local(at).hour]:
                yield at

    def arrivals(self, start: datetime) -> Iterator[Arrival]:
        """Referrals from ``start`` on, without end, oldest first."""
        for number, at in enumerate(self.moments(start)):
            yield self.arrival(f"{number}", at)

    def arrival(self, key: str, at: datetime, source: str = "", *, plain: bool = False) -> Arrival:
        """One referral.

        Args:
            key: tells it from every other of the same seed.
            at: when it is received, UTC.
            source: who refers; drawn when empty.
            plain: nothing blocks it, and the person is supported at home.
        """
        # One generator a referral: what is drawn for one changes no other.
        rng = seeded_random(self._seed, "arrival", key)
        caller = self._caller(rng, source)
        # The order of the draws counts: one put in between changes whatever is drawn behind it, for every seed.
        priority = rng.choices(list(caller.priorities), list(caller.priorities.values()))[0]
        blocked = not plain and rng.random() < _BLOCKED_ODDS
        fitting = [said for said in self._scenario.narratives if caller.code in said.sources]
        said = rng.choice([said for said in fitting if bool(said.answers) is blocked])
        details = self._details(rng, caller.code, priority, said, at)
        course = self._course(rng, caller.code, said, at_home=plain)
        # Drawn apart, so that what is said of somebody changes nothing else of the shift.
        own = seeded_random(self._seed, "person", key)
        told = invent(own, self._scenario.lists, details.patient, said.words, interpreter=said.interpreter)
        return Arrival(uuid.uuid5(_NAMESPACE, f"{self._seed}:{key}"), at, details, course, told)

    def improvise(self, reference: str, source: str) -> ReferralCourse:
        """The course of a referral that a person typed in; nothing blocks it."""
        rng = seeded_random(self._seed, "typed", reference)
        said = rng.choice([said for said in self._scenario.narratives if not said.answers])
        return self._course(rng, source, said, at_home=False)

    def somewhere(self, reference: str) -> CountyPostcode:
        """A place for a referral that is not on the map: the crew finds it, so must the simulation."""
        return self._postcodes.draw(seeded_random(self._seed, "somewhere", reference))

    def _caller(self, rng: Random, source: str) -> Caller:
        callers = self._scenario.callers
        if source:
            return next(caller for caller in callers if caller.code == source)
        return rng.choices(callers, [caller.weight for caller in callers])[0]

    def _one(self, rng: Random, name: str) -> str:
        return rng.choice(self._scenario.lists[name])

    def _details(self, rng: Random, source: str, priority: str, said: CallerNarrative, at: datetime) -> Details:
        by_ems, age = source in {"ems_crew", "ems_desk"}, rng.randint(*said.ages)
        crew = f"{rng.choice('ABDMN')}{rng.randrange(1001, 1999)}" if source == "ems_crew" else ""
        connected = at - minutes(rng.uniform(2, 6))
        return Details(
            source=source,
            priority=priority,
            triage_scale=said.scale or SCALE[priority],
            location=self._location(rng, said, age),
            caller=self._caller_name(rng, source, crew),
            # From the numbers that Ofcom keeps for plays: nobody is rung by mistake.
            call_back=f"07700 900{rng.randrange(1000):03d}",
            ems_incident=f"EM-{rng.randrange(100_000, 999_999)}" if by_ems else "",
            ems_callsign=crew,
            waiting_party=rng.choice(["two officers", "response car"]) if source == "police" else "",
            patient=self._patient(rng, at, age),
            narrative=said.words,
            plan=self._plan(rng, said),
            police=said.police,
            call_connected_at=connected,
            sent_at=connected + minutes(rng.uniform(0.5, 1.5)),
            ems_on_scene_at=at - minutes(rng.uniform(10, 40)) if source == "ems_crew" else None,
        )

    def _caller_name(self, rng: Random, source: str, crew: str) -> str:
        if source == "ems_crew":
            return called("EMAS", crew)
        if source == "ems_desk":
            return "EMAS clinical desk"
        if source == "hub":
            return "Integrated Response Hub"
        return self._one(rng, "police_callers" if source == "police" else "professionals")

    def _location(self, rng: Random, said: CallerNarrative, age: int) -> Location:
        place = self._postcodes.draw(rng)
        fitting = [home.words for home in self._scenario.homes if home.ages[0] <= age <= home.ages[1]]
        text = f"{said.home or rng.choice(fitting)}, {place.locality}"
        return Location(text, place.postcode, place.lat, place.lon, self._one(rng, "access_notes"))

    def _patient(self, rng: Random, at: datetime, age: int) -> Patient:
        name = f"{self._one(rng, 'first_names')} {self._one(rng, 'last_names')}"
        born = _born(rng, local(at).date(), age)
        number = _practice_nhs_number(rng)
        return Patient(
            name if rng.random() < 0.9 else None,
            born if rng.random() < 0.75 else None,
            number if rng.random() < 0.4 else None,
        )

    def _plan(self, rng: Random, said: CallerNarrative) -> ApproachPlan:
        wishes = [
            "quiet arrival",
            "no uniforms",
            "unmarked van",
            "park away from the door",
            "low light",
            "low noise",
        ]
        asked = rng.random() < _PLAN_ODDS or said.same_gender or said.interpreter
        chosen = rng.sample(wishes, rng.randrange(1, 4)) if asked else []
        language = self._one(rng, "languages")
        words = {name: self._one(rng, name) for name in ("communication", "helps", "makes_worse", "crisis_plans")}
        keep = [rng.random() < odds for odds in (0.3, 0.5, 0.4, 0.25)]
        if not asked:
            return ApproachPlan()
        return ApproachPlan(
            wishes=tuple(sorted(chosen)),
            language=language if said.interpreter else "",
            same_gender="female" if said.same_gender else "",
            communication=words["communication"] if keep[0] else "",
            helps=words["helps"] if keep[1] else "",
            makes_worse=words["makes_worse"] if keep[2] else "",
            crisis_plan=words["crisis_plans"] if keep[3] else "",
            said_by=rng.choice(["the person", "the person, by way of the crew", "a relative"]),
        )

    def _course(self, rng: Random, source: str, said: CallerNarrative, *, at_home: bool) -> ReferralCourse:
        odds = [0.6 / 2**place for place in range(len(said.outcomes))]
        outcome = "home_safety_plan" if at_home else rng.choices(said.outcomes, odds)[0]
        refuses = source == "ems_crew" and not at_home and rng.random() < 0.04
        conveys = "" if refuses else _CONVEYED.get(outcome, "")
        by_crew = source in {"ems_crew", "police"} and rng.random() < 0.5
        return ReferralCourse(
            decide=minutes(rng.uniform(1.5, 5)),
            answers=dict(said.answers),
            later=said.later,
            acknowledge=minutes(rng.uniform(0.4, 1.6)),
            turnout=minutes(rng.uniform(0.8, 3)),
            doorstep=minutes(rng.uniform(1, 5)),
            brief=minutes(rng.uniform(2, 6)),
            accept=minutes(rng.uniform(5, 14)),
            release=minutes(rng.uniform(2, 6)),
            support=minutes(rng.triangular(35, 120, 55)),
            refuses=refuses,
            conveys_to=conveys,
            patience=minutes(rng.uniform(100, 150)) if source in {"ems_crew", "police"} else timedelta(days=3),
            outcome="returned_ems" if refuses else outcome,
            ae_avoided=YesNo.NO if refuses or outcome == "liaison_ed" else YesNo.YES,
            police_avoided=rng.choice([YesNo.YES, YesNo.YES, YesNo.UNKNOWN]) if source != "police" else YesNo.NO,
            feedback=self._feedback(rng, by_crew=by_crew),
            wrap_up=minutes(rng.uniform(1.5, 6)),
        )

    def _feedback(self, rng: Random, *, by_crew: bool) -> tuple[str, str]:
        said_by, name = ("EMAS crew", "feedback_crew") if by_crew else ("person", "feedback_person")
        words = self._one(rng, name)
        return said_by, words if rng.random() < 0.6 else ""


def _born(rng: Random, today: date, age: int) -> date:
    """A birthday of somebody who is so many years old today."""
    # The 28th at most, since not every month of every year has a later day.
    last = date(today.year - age, today.month, min(today.day, 28))
    return last - timedelta(days=rng.randrange(365))


def _practice_nhs_number(rng: Random) -> str:
    # Numbers that begin with 999 are never given to anybody.
    while True:
        stem = f"999{rng.randrange(1_000_000):06d}"
        for check in "0123456789":
            if is_valid(stem + check):
                return stem + check


class ReferralCourses:
    """Which course belongs to which referral; one is improvised for a referral that a person typed in.

    Args:
        generator: where courses come from.
    """

    _known: dict[UUID, ReferralCourse]

    def __init__(self, generator: ReferralGenerator) -> None:
        self._generator = generator
        self._known = {}

    def add(self, arrival: Arrival) -> None:
        """Remember how an arrival will go."""
        self._known[arrival.id] = arrival.course

    def of(self, referral: Referral) -> ReferralCourse:
        """How this referral will go."""
        course = self._known.get(referral.id)
        if course is None:
            course = self._known[referral.id] = self._generator.improvise(referral.reference, referral.source)
        return course

    def scene(self, referral: Referral) -> Point:
        """Where a crew finds the person, (lat, lon); drawn where the record has no coordinates."""
        where = referral.location
        if where.lat is not None and where.lon is not None:
            return where.lat, where.lon
        place = self._generator.somewhere(referral.reference)
        return place.lat, place.lon
