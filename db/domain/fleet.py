"""The vans as a row each: what a van does, how old its fix is, and what may be done with it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID

from db.domain.cautions import Flag
from db.domain.clocks import age_in_words, local_time, near_time
from db.domain.names import number_today
from db.domain.read_back import CrewWord
from db.domain.records import Assignment, Position, Referral, Shift, StaffMember, Van
from db.domain.reference import ReferenceData
from db.domain.roles import Role, may_dispatch, may_lead
from db.domain.rota import PlannedShift
from db.domain.rules import DEFAULTS, Rules
from db.domain.states import DUTY_MOVES, DutyStatus
from db.domain.texts import told
from db.domain.towns import titled, whereabouts
from db.domain.welfare import Silence, Welfare, welfare

_EARLY = timedelta(hours=1)
"""How long before its planned start a crew may come on duty as planned."""
FixAge = Literal["fresh", "stale", "doubtful", "none"]


class VanAction(StrEnum):
    """What a person may do with a van, in the words of a button."""

    ALLOCATE = "Allocate"
    ON_DUTY = "On duty"
    BACK = "Back available"
    MEAL = "Meal break"
    OUT = "Out of service"
    OFF_DUTY = "Off duty"
    EMERGENCY = "Emergency"
    CLEAR_EMERGENCY = "Clear emergency"
    WELL = "Crew well"
    WELL_OTHERWISE = "Heard otherwise"


@dataclass(frozen=True, slots=True)
class VanFacts:
    """Everything about one van that its row is made of.

    Attributes:
        words: those of its crew, and of others on its referral, that all is well.
        flags: of the person and the address of its referral.
    """

    van: Van
    shift: Shift | None = None
    job: Assignment | None = None
    referral: Referral | None = None
    position: Position | None = None
    crew: Sequence[StaffMember] = ()
    words: Sequence[CrewWord] = ()
    flags: Sequence[Flag] = ()

    @property
    def is_free(self) -> bool:
        """Whether it can be sent."""
        available = self.van.duty_status is DutyStatus.AVAILABLE
        return available and self.job is None and self.van.emergency_at is None


def status_words(facts: VanFacts) -> str:
    """What the van does: an emergency over its job over what its crew said."""
    if facts.van.emergency_at is not None:
        return "EMERGENCY"
    return facts.job.state.value if facts.job else facts.van.duty_status.value


@dataclass(frozen=True, slots=True)
class Task:
    """What a van is about.

    Attributes:
        words: the job and its place, or where the van stands and until when.
        must: the words of it that stay whole however little room there is.
    """

    words: str
    must: str


def task(facts: VanFacts, reference: ReferenceData, now: datetime, *, private: bool = False) -> Task:
    """The job and its place, or where it stands and until when; ``private`` leaves out a job's place."""
    van, shift = facts.van, facts.shift
    if facts.referral is not None:
        where = whereabouts(facts.referral.location)
        name = number_today(facts.referral.reference, now)
        words, must = name, name
        if not private:
            words, must = titled(name, where, where.full), titled(name, where, where.town)
        found = well(facts, reference.rules)
        if found is None:
            return Task(words, must)
        if now < found.due_at:
            return Task(f"{words} · word {near_time(found.due_at, now)}", must)
        silent = "word due" if found.silence(now) is Silence.DUE else "SILENT"
        return Task(f"{silent} · {words}", f"{silent} · {must}")
    if van.duty_status is DutyStatus.MEAL_BREAK and shift and shift.meal_until_at:
        words = "until" if shift.meal_until_at > now else "was due back"
        return _whole(f"{words} {local_time(shift.meal_until_at, now)}")
    if van.duty_status is DutyStatus.OUT_OF_SERVICE:
        return _whole(reference.reason_label("out_of_service", van.duty_reason))
    base = told(van.base)
    if shift is None:
        return Task(base, "")
    ends = f"ends {near_time(shift.planned_end_at, now)}"
    return Task(f"{base} · {ends}", ends)


def _whole(words: str) -> Task:
    return Task(words, words)


def fix_age(position: Position | None, now: datetime, rules: Rules = DEFAULTS) -> FixAge:
    """How much a fix can be trusted by its age."""
    if position is None:
        return "none"
    age = now - position.fixed_at
    if age > rules.lost_van:
        return "doubtful"
    return "stale" if age > rules.stale_fix else "fresh"


def fix_words(position: Position | None, now: datetime) -> str:
    """The age of the fix: ``fix 4 s``."""
    return f"fix {age_in_words(now - position.fixed_at)}" if position else "no fix"


def crew_words(facts: VanFacts, now: datetime, rules: Rules = DEFAULTS) -> str:
    """Who rides in it and what it is: crew, when it is to be heard, livery, languages, seats, its meal."""
    van, parts = facts.van, []
    if facts.crew:
        parts.append(", ".join(f"{told(one.name)} ({told(one.profession)})" for one in facts.crew))
    if (found := well(facts, rules)) is not None:
        parts.append(found.sentence(now))
    spoken = dict.fromkeys(language for one in facts.crew for language in one.languages)
    parts += [told(van.livery), f"{van.seats} seats"]
    if spoken:
        parts.append(", ".join(map(told, spoken)))
    if facts.shift and facts.shift.meal_due_at and van.duty_status is not DutyStatus.MEAL_BREAK:
        late = "overdue since" if facts.shift.meal_due_at < now else "due"
        parts.append(f"meal {late} {local_time(facts.shift.meal_due_at, now)}")
    return " · ".join(part for part in parts if part)


def well(facts: VanFacts, rules: Rules) -> Welfare | None:
    """How it stands with a crew that is with somebody; None with any other."""
    return welfare(facts.job, facts.words, facts.flags, len(facts.crew), rules) if facts.job is not None else None


def legal_actions(facts: VanFacts, role: Role) -> tuple[VanAction, ...]:
    """What the role may do with the van now, the likely one first."""
    if not may_dispatch(role):
        return ()
    found = _duty_actions(facts) if facts.job is None else _on_a_job(facts.job)
    if facts.van.emergency_at is None:
        return (*found, VanAction.EMERGENCY)
    found = [action for action in found if action is not VanAction.ALLOCATE]
    return (VanAction.CLEAR_EMERGENCY, *found) if may_lead(role) else tuple(found)


def _on_a_job(job: Assignment) -> list[VanAction]:
    return [VanAction.WELL, VanAction.WELL_OTHERWISE] if job.is_at_scene else []


def _duty_actions(facts: VanFacts) -> list[VanAction]:
    status = facts.van.duty_status
    moves = DUTY_MOVES[status]
    wanted = {
        VanAction.ALLOCATE: facts.is_free,
        VanAction.ON_DUTY: status is DutyStatus.OFF_DUTY,
        # Out of service without a crew comes back by way of off duty.
        VanAction.BACK: facts.shift is not None
        and status is not DutyStatus.OFF_DUTY
        and DutyStatus.AVAILABLE in moves,
        VanAction.MEAL: DutyStatus.MEAL_BREAK in moves,
        VanAction.OUT: DutyStatus.OUT_OF_SERVICE in moves,
        VanAction.OFF_DUTY: DutyStatus.OFF_DUTY in moves,
    }
    return [action for action, legal in wanted.items() if legal]


def free_staff(reference: ReferenceData, shifts: Sequence[Shift]) -> list[StaffMember]:
    """Who is on none of these open shifts, by name."""
    busy = {member for shift in shifts for member in shift.staff_ids}
    free = (one for one in reference.staff.values() if one.active and one.id not in busy)
    return sorted(free, key=lambda one: one.name)


def planned_for(reference: ReferenceData, van_id: UUID, now: datetime) -> PlannedShift | None:
    """The shift that the rota has for a van now, or begins soon."""
    soon = [
        plan for plan in reference.plans if plan.van_id == van_id and plan.starts_at - _EARLY <= now < plan.ends_at
    ]
    return min(soon, key=lambda plan: plan.starts_at, default=None)


def rounded(moment: datetime, minutes: int = 15) -> datetime:
    """The moment, rounded to the next full quarter of an hour or other step."""
    # In whole seconds: what is a microsecond short of 20:45 would be shown as 20:44.
    whole = moment.replace(microsecond=0) + timedelta(seconds=moment.microsecond > 0)
    return whole + timedelta(seconds=-int(whole.timestamp()) % (minutes * 60))
