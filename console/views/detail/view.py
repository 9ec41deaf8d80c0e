"""What the sections of the pane are shown: one referral at one moment, read from the mirror."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.live.briefs import asked_of, brief_of, said_of
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.joins import crew_of, referral_facts
from console.running.faults import attempt
from console.views.detail.story import Story, story
from db.domain.about import Said, wishes_of
from db.domain.brief import BriefLine, changed_since, last_read
from db.domain.call_steps import call_steps
from db.domain.care_steps import with_care
from db.domain.cautions import Flag
from db.domain.detention import Detention, detention, said_at
from db.domain.holding import PredictedRelease
from db.domain.known import NOTHING_KNOWN, KnownHere
from db.domain.next_steps import Case, NextStep, next_steps
from db.domain.person_steps import AboutThem, joined, person_steps
from db.domain.ranking import RankedVan
from db.domain.read_back import Booking, ReadBack
from db.domain.records import Assignment, Event, Handover, Referral, Screening, StaffMember
from db.domain.reference import ScreeningTool
from db.domain.situation import Facts, Situation, situation
from db.domain.suiting import Asked


@dataclass(frozen=True, slots=True)
class View:
    """A referral and what hangs on it. ``private`` means that nothing personal may be drawn.

    Made for one look and thrown away: what is not kept in it is read from the mirror whenever it is asked for.
    """

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
    known: KnownHere = NOTHING_KNOWN
    held: Detention | None = None

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
        return self.desk.foresight.release(self.desk.store, self.links, self.jobs, self.eta, self.now)

    def callsign(self, van_id: UUID) -> str:
        """A van's name as people say it."""
        van = self.desk.store.van(van_id)
        return van.callsign if van is not None else "a van"

    def crew(self, van_id: UUID) -> list[StaffMember]:
        """Who rides in a van now."""
        return crew_of(self.desk.store, van_id)

    @property
    def said(self) -> tuple[Said, ...]:
        """What was said about the person."""
        return said_of(self.desk.store, self.referral.id)

    @property
    def asked(self) -> Asked:
        """What of the person matters for the choice of a van."""
        return asked_of(self.desk.store, self.referral.id, self.now)

    @property
    def flags(self) -> list[Flag]:
        """The flags of the person and the address, those past their review too."""
        return self.desk.store.flags_of(self.referral.id)

    @property
    def bookings(self) -> list[Booking]:
        """The interpreters that were booked."""
        return self.desk.store.bookings_of(self.referral.id)

    @property
    def read_backs(self) -> list[ReadBack]:
        """The briefs that crews read back."""
        return self.desk.store.read_backs_of(self.referral.id)

    @property
    def brief(self) -> tuple[BriefLine, ...]:
        """The brief as it stands."""
        return brief_of(self.desk.store, self.referral.id, self.now)

    def steps(self) -> tuple[NextStep, ...]:
        """What may happen next; nothing for a referral of which that cannot be told."""
        return attempt("the next steps of a referral", self._steps) or ()

    def _steps(self) -> tuple[NextStep, ...]:
        call, me = self.now_is.facts.open_call, self.desk.me
        if call is not None:
            return call_steps(call, me.login, self.desk.store.reference.who(call.taken_by), me.role)
        names = {job.van_id: self.callsign(job.van_id) for job in self.jobs}
        dangers = self.now_is.facts.dangers
        case = Case(self.referral, self.screening, self.tool, self.jobs, self.links, names, dangers)
        # Apart from the others: whatever is wrong with what was said, the next step must not go missing.
        more = attempt("the steps about a person", person_steps, case, self._them(), self.desk.me.role) or ()
        role, reference = self.desk.me.role, self.desk.store.reference
        steps = with_care(next_steps(case, role, self.now), self.now_is, reference, role, self.now)
        return joined(steps, more)

    def _them(self) -> AboutThem:
        lines, reads = self.brief, self.read_backs
        # A brief that has changed since counts as not read back.
        read = {
            job.id for job in self.open_jobs if (one := last_read(reads, job.id)) and not changed_since(lines, one)
        }
        need = self.asked.need
        return AboutThem(
            read_back=read,
            flags=bool(self.flags),
            others=bool(self.known.about_whom),
            kept=bool(self.known.kept),
            said=bool(wishes_of(self.said)),
            interpreter=bool(need.wanted) or need.is_open,
        )


def view_of(
    desk: Desk,
    etas: Etas,
    referral: Referral,
    events: list[Event],
    ranked: list[RankedVan] | None,
    *,
    private: bool,
    known: KnownHere = NOTHING_KNOWN,
) -> View:
    """Read the mirror."""
    store = desk.store
    screening = store.screening_of(referral.id)
    tools = store.reference.tools
    # Answers are read by the questions that were asked, though another version is in force by now.
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
        known,
        detention(referral.legal_status, said_at(events, referral.received_at)),
    )
