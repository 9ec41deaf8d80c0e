"""What the sections of the pane are shown: one referral at one moment, read from the mirror."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.joins import referral_facts
from console.running.faults import attempt
from console.views.detail.story import Story, story
from db.domain.care_steps import with_care
from db.domain.holding import PredictedRelease, predicted_release
from db.domain.next_steps import Case, NextStep, next_steps
from db.domain.ranking import RankedVan
from db.domain.records import Assignment, Event, Handover, Referral, Screening, StaffMember
from db.domain.reference import ScreeningTool
from db.domain.situation import Facts, Situation, situation


@dataclass(frozen=True, slots=True)
class View:
    """A referral and what hangs on it. ``private`` means that nothing personal may be drawn."""

    desk: Desk
    referral: Referral
    now: datetime
    private: bool
    screening: Screening | None
    tool: ScreeningTool
    now_is: Situation
    etas: Etas
    story: Story
    ranked: list[RankedVan] | None

    @property
    def jobs(self) -> Sequence[Assignment]:
        """Every assignment, in the order of allocation."""
        return self.now_is.facts.assignments

    @property
    def links(self) -> Sequence[Handover]:
        """The handovers, first link first."""
        return self.now_is.facts.handovers

    @property
    def open_jobs(self) -> list[Assignment]:
        """The assignments of vans still committed, in the order of allocation."""
        return [job for job in self.jobs if job.is_open]

    @property
    def eta(self) -> datetime | None:
        """When the first van on its way is expected on scene."""
        return self.now_is.arrival(self.etas.of)

    @property
    def release(self) -> PredictedRelease | None:
        """When the waiting crew is likely to be free."""
        assumed = self.now_is.rules.assumed_handover
        return predicted_release(self.links, self.jobs, self.eta, self.now, assumed)

    def callsign(self, van_id: UUID) -> str:
        """A van's name as people say it."""
        van = self.desk.store.van(van_id)
        return van.callsign if van is not None else "a van"

    def crew(self, van_id: UUID) -> list[StaffMember]:
        """Who rides in a van now."""
        shift, staff = self.desk.store.shift_of(van_id), self.desk.store.reference.staff
        return [staff[key] for key in shift.staff_ids if key in staff] if shift is not None else []

    def steps(self) -> tuple[NextStep, ...]:
        """What may happen next; nothing for a referral of which that cannot be told."""
        return attempt("the next steps of a referral", self._steps) or ()

    def _steps(self) -> tuple[NextStep, ...]:
        names = {job.van_id: self.callsign(job.van_id) for job in self.jobs}
        facts = self.now_is.facts
        case = Case(self.referral, self.screening, self.tool, self.jobs, self.links, names, facts.dangers)
        steps = next_steps(case, self.desk.me.role, self.now)
        return with_care(steps, self.now_is, self.desk.store.reference, self.desk.me.role, self.now)


def view_of(
    desk: Desk,
    etas: Etas,
    referral: Referral,
    events: list[Event],
    ranked: list[RankedVan] | None,
    *,
    private: bool,
) -> View:
    """Read the mirror."""
    store = desk.store
    screening = store.screening_of(referral.id)
    tools = store.reference.tools
    tool = tools.get(screening.tool_version) if screening is not None else None
    facts = referral_facts(store, referral.id) or Facts(referral)

    def callsign(van_id: UUID) -> str:
        van = store.van(van_id)
        return van.callsign if van is not None else "A van"

    return View(
        desk,
        referral,
        desk.clock.now(),
        private,
        screening,
        tool or store.reference.current_tool,
        situation(facts, store.reference),
        etas,
        story(events, store.reference, callsign),
        ranked,
    )
