"""What a typed line would do: the same commands as the pane's and the van's keys, said in words before they go.

Nothing is decided here that the record or the pane decides: a step is one of the referral's legal next steps, or
it is none. What needs more to be asked opens its sheet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from console.live.briefs import heads_up
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.joins import open_jobs
from console.live.reality import in_words, objections
from console.views.command.message_plans import MessagePlanner
from console.views.command.plan import LinePlan
from console.views.command.van_plans import VanPlanner
from console.views.command.when_taken import taken_at
from console.views.detail.orders import callsign_of, direct
from console.views.detail.view import view_of
from console.views.detail.words import why_no_van
from console.views.sheets import Order
from db import commands
from db.domain.clocks import minutes_in_words
from db.domain.command_reading import CommandMeaning, Other, World, said
from db.domain.command_verbs import ALLOCATE, MESSAGE, NOTE, SHOW, UNDO, VERBS, Verb, WordSlot
from db.domain.fleet import VanAction, fix_words, legal_actions, status_words
from db.domain.next_steps import Act, NextStep
from db.domain.ranking import RankedVan
from db.domain.reasons import ReasonTone
from db.domain.records import Assignment, Referral, Van
from db.domain.roles import may_dispatch, may_lead
from db.domain.texts import all_of, one_of

_REASONS = 3
_OF_VANS = frozenset({Act.STEP, Act.CONVEY, Act.STAND_DOWN})


class Planner:
    """Plans for one desk."""

    def __init__(self, desk: Desk, etas: Etas, undone_words: Callable[[], str] = lambda: "") -> None:
        self._desk, self._etas, self._undone_words = desk, etas, undone_words
        self._vans, self._messages = VanPlanner(desk), MessagePlanner(desk)

    def plan(self, reading: CommandMeaning, world: World, ranked: Sequence[RankedVan] | None = None) -> LinePlan:
        """What a reading comes to now.

        Args:
            reading: what was typed.
            world: what it may name.
            ranked: the vans for its referral, best first, as far as they are ranked.
        """
        verb, role = VERBS[reading.verb], self._desk.me.role
        if verb.is_for_leads and not may_lead(role):
            return LinePlan(problem=f"“{verb.words}” is for a shift lead.")
        if reading.verb == SHOW:
            return self._show(reading, world)
        if reading.verb == UNDO:
            what = self._undone_words()
            nothing = LinePlan(problem="Nothing of yours is to be taken back here now.")
            return LinePlan(f"undo: {what}", desk=UNDO) if what else nothing
        if not verb.act and reading.verb not in {NOTE, MESSAGE} and verb.van is None:
            return LinePlan(f"{verb.words}: {verb.does}", desk=verb.words)
        if not may_dispatch(role):
            return LinePlan(problem="A viewer changes nothing.")
        if verb.van is not None:
            return self._vans.plan(reading, verb, world)
        return self._of_referral(reading, verb, world, ranked)

    def referral_of(self, reading: CommandMeaning, world: World) -> UUID | None:
        """The referral that a reading is about: the named one, that of its van, or the selected one."""
        verb = VERBS[reading.verb]
        # A message is about what is named: what is told to the room by the way would stand in somebody's story.
        if reading.referral is not None or verb.words in {SHOW, MESSAGE} or WordSlot.REFERRAL not in verb.slots:
            return reading.referral
        jobs = [self._desk.store.job_of(key) for key in reading.vans] if verb.words != ALLOCATE else []
        return next((job.referral_id for job in jobs if job is not None), world.selected)

    # --- going somewhere ---

    def _show(self, reading: CommandMeaning, world: World) -> LinePlan:
        called = [world.called(key) for key in (reading.referral, *reading.vans) if key is not None]
        if not called:
            return LinePlan(problem="Name a referral or a van.")
        van = reading.vans[0] if reading.vans else None
        return LinePlan(
            f"go to {self._told(reading.referral, world) or called[0]}", (), None, reading.referral, van, desk=SHOW
        )

    def _told(self, key: UUID | None, world: World) -> str:
        """A referral by its name and town."""
        one = next((one for one in world.referrals if one.id == key), None)
        if one is None:
            return ""
        return f"{one.name}{' · ' if ' ' in one.name else ' '}{one.told}" if one.told else one.name

    # --- a referral ---

    def _of_referral(
        self, reading: CommandMeaning, verb: Verb, world: World, ranked: Sequence[RankedVan] | None
    ) -> LinePlan:
        key = self.referral_of(reading, world)
        referral = self._desk.store.referral(key) if key is not None else None
        if reading.verb == MESSAGE:
            told = self._told(referral.id, world) if referral is not None else ""
            return self._messages.plan(reading.note, referral, told)
        if referral is None:
            of_job = verb.act in _OF_VANS and verb.words != ALLOCATE
            if of_job and (idle := self._idle(reading.vans)):
                return LinePlan(problem=idle)
            asked = self._jobs_for(verb) if of_job else ()
            return LinePlan(problem="Which referral? Type its number, or select it.", others=asked)
        if reading.verb == NOTE:
            return self._note(reading, referral, world)
        steps = self._steps(referral)
        if verb.words == ALLOCATE:
            plan = self._allocate(reading, referral, steps, world, ranked)
        elif verb.act in _OF_VANS:
            plan = self._van_steps(reading, verb, referral, steps, world)
        else:
            plan = self._act(reading, verb, referral, steps, world)
        return self._weighed(plan)

    def _steps(self, referral: Referral) -> tuple[NextStep, ...]:
        return view_of(self._desk, self._etas, referral, [], None, private=False).steps()

    def _note(self, reading: CommandMeaning, referral: Referral, world: World) -> LinePlan:
        if not reading.note:
            return LinePlan(problem="A note needs words.", referral=referral.id)
        words = f"note on {self._told(referral.id, world)}: “{reading.note}”"
        return LinePlan(words, (self._note_order(referral, reading.note),), referral=referral.id)

    @staticmethod
    def _note_order(referral: Referral, words: str) -> Order:
        return Order(commands.AddNote(referral_id=referral.id, words=words), f"Note · {referral.reference}")

    # --- allocating ---

    def _allocate(
        self,
        reading: CommandMeaning,
        referral: Referral,
        steps: Sequence[NextStep],
        world: World,
        ranked: Sequence[RankedVan] | None,
    ) -> LinePlan:
        step = next((one for one in steps if one.act is Act.ALLOCATE), None)
        others = _ranked_lines(reading, referral, world, ranked or ())
        if step is None:
            return LinePlan(problem=" ".join(why_no_van(self._desk.store, referral)), referral=referral.id)
        about = heads_up(self._desk.store, referral.id, world.now).replace("\n", " · ")
        to = self._told(referral.id, world)
        if not reading.vans:
            words = f"allocate a van to {to}"
            return LinePlan(words, (), step, referral.id, missing="which van", beware=about, others=others)
        vans = [van for key in reading.vans if (van := self._desk.store.van(key)) is not None]
        by_id = {one.van_id: one for one in ranked or ()}
        for van in vans:
            why = self._why_not(van, by_id.get(van.id))
            if why:
                return LinePlan(problem=why, referral=referral.id, others=others)
        beside = open_jobs(self._desk.store, referral.id)
        orders: list[Order] = []
        for van in vans:
            sent = commands.Allocate(referral_id=referral.id, van_id=van.id, beside=beside)
            orders.append(Order(sent, f"Allocate {van.callsign} to {referral.reference}"))
            beside = (*beside, sent.assignment_id)
        there = all_of([callsign_of(self._desk, job) for job in open_jobs(self._desk.store, referral.id)])
        there = f"beside {there}" if there else ""
        about = " · ".join(filter(None, (there, about, *(_weighs(by_id.get(van.id)) for van in vans))))
        names = all_of([self._with_minutes(van, by_id.get(van.id)) for van in vans])
        words = f"allocate {names} to {to}"
        return self._noted(
            LinePlan(words, tuple(orders), referral=referral.id, beware=about, others=others), reading
        )

    def _why_not(self, van: Van, ranked: RankedVan | None) -> str:
        facts = self._vans.facts(van)
        if VanAction.ALLOCATE in legal_actions(facts, self._desk.me.role):
            return ""
        why = ranked.excluded if ranked is not None and ranked.excluded else status_words(facts)
        return f"{van.callsign} cannot be sent: {why}."

    def _with_minutes(self, van: Van, ranked: RankedVan | None) -> str:
        fix = fix_words(self._desk.store.position(van.id), self._desk.clock.now())
        minutes = [minutes_in_words(ranked.minutes)] if ranked is not None and ranked.minutes is not None else []
        return f"{van.callsign} ({', '.join([*minutes, fix])})"

    # --- steps of vans ---

    def _van_steps(
        self, reading: CommandMeaning, verb: Verb, referral: Referral, steps: Sequence[NextStep], world: World
    ) -> LinePlan:
        jobs = self._jobs_meant(reading, referral, verb, steps)
        if isinstance(jobs, str):
            return LinePlan(problem=jobs, referral=referral.id)
        if len(jobs) > 1 and not reading.vans:
            named = [self._van_name(job.van_id) for job in jobs]
            lines = [said(replace(reading, vans=(job.van_id,)), world) for job in jobs]
            others = tuple(Other(line, name) for line, name in zip(lines, named, strict=True))
            return LinePlan(problem=f"Which van: {one_of(named)}?", referral=referral.id, others=others)
        found: list[NextStep] = []
        for job in jobs:
            step = next((one for one in self._steps_of(job, verb)), None)
            if step is None:
                return LinePlan(problem=self._not_now(job, verb), referral=referral.id)
            found.append(step)
        named_reading = replace(reading, vans=tuple(job.van_id for job in jobs))
        return self._taken(named_reading, verb, jobs, found, world)

    def _steps_of(self, job: Assignment, verb: Verb) -> list[NextStep]:
        referral = self._desk.store.referral(job.referral_id)
        steps = self._steps(referral) if referral is not None else ()
        return [one for one in steps if one.act is verb.act and one.target == job.id and _leads(one, verb)]

    def _jobs_meant(
        self, reading: CommandMeaning, referral: Referral, verb: Verb, steps: Sequence[NextStep]
    ) -> list[Assignment] | str:
        store = self._desk.store
        if not reading.vans:
            targets = [one.target for one in steps if one.act is verb.act and _leads(one, verb)]
            jobs = [job for job in store.assignments_of(referral.id) if job.id in targets]
            if jobs:
                return jobs
            on_it = [job for job in store.assignments_of(referral.id) if job.is_open]
            return self._not_now(on_it[0], verb) if len(on_it) == 1 else "No van on it could do that now."
        if idle := self._idle(reading.vans):
            return idle
        found = []
        for job in filter(None, map(store.job_of, reading.vans)):
            if reading.referral is not None and job.referral_id != reading.referral:
                on = store.referral(job.referral_id)
                return f"{self._van_name(job.van_id)} is on {on.reference if on else 'another referral'}."
            found.append(job)
        return found

    def _idle(self, vans: Iterable[UUID]) -> str:
        """That the first of them without a job has none; empty where each has one."""
        idle = next((key for key in vans if self._desk.store.job_of(key) is None), None)
        return f"{self._van_name(idle)} is on no referral." if idle is not None else ""

    def _taken(
        self,
        reading: CommandMeaning,
        verb: Verb,
        jobs: Sequence[Assignment],
        found: Sequence[NextStep],
        world: World,
    ) -> LinePlan:
        orders = []
        for job, step in zip(jobs, found, strict=True):
            on = self._desk.store.referral(job.referral_id)
            order = direct(on, step) if on is not None else None
            if order is not None:
                order, wrong = taken_at(self._desk, order, reading, world)
                if wrong:
                    return LinePlan(problem=wrong, referral=job.referral_id)
                orders.append(order)
        first = jobs[0].referral_id
        words = said(replace(reading, note="", referral=None), world)
        towards = all_of(list(dict.fromkeys(self._told(job.referral_id, world) for job in jobs)))
        words = f"{words} · {towards}"
        if not orders:
            return self._asks(LinePlan(words, (), found[0], first), reading, verb, world)
        return self._noted(LinePlan(words, tuple(orders), referral=first), reading)

    def _not_now(self, job: Assignment, verb: Verb) -> str:
        stopped = self._stopped(job.referral_id)
        return f"{self._van_name(job.van_id)} is {job.state}: no “{verb.words}” now.{stopped}"

    def _stopped(self, referral_id: UUID) -> str:
        """What stands against the next step, where something does."""
        dangers = self._desk.store.dangers_of(referral_id)
        if dangers is None or not dangers.seen_to:
            return ""
        is_new = any(one.kind == "unscreened" for one in dangers.seen_to)
        return f" {'It is not screened yet' if is_new else 'Something stands against it'}: see to it in the pane."

    def _jobs_for(self, verb: Verb) -> tuple[Other, ...]:
        """The vans that could do it now, wherever they are."""
        store = self._desk.store
        named = [(van, job) for van in store.vans() if (job := store.job_of(van.id)) is not None]
        fit = [van for van, job in named if self._steps_of(job, verb)]
        return tuple(Other(f"{van.callsign} {verb.words}", van.callsign) for van in fit)

    def _van_name(self, key: UUID) -> str:
        van = self._desk.store.van(key)
        return van.callsign if van is not None else "The van"

    # --- everything else about a referral ---

    def _act(
        self, reading: CommandMeaning, verb: Verb, referral: Referral, steps: Sequence[NextStep], world: World
    ) -> LinePlan:
        jobs = [job.id for key in reading.vans if (job := self._desk.store.job_of(key)) is not None]
        found = [one for one in steps if one.act is verb.act and _leads(one, verb)]
        found = [one for one in found if not reading.vans or one.target in jobs]
        told = self._told(referral.id, world)
        if not found:
            state = "on hold" if referral.on_hold(world.now) else referral.state
            problem = f"{told} is {state}: no “{verb.words}” now.{self._stopped(referral.id)}"
            return LinePlan(problem=problem, referral=referral.id)
        if len(found) > 1:
            labels = one_of(list(dict.fromkeys(one.label for one in found)))
            return LinePlan(problem=f"That may be {labels}: choose it in the pane.", referral=referral.id)
        words = said(replace(reading, note="", referral=referral.id), world)
        words = words.replace(world.called(referral.id), told, 1)
        order = direct(referral, found[0])
        if order is not None:
            order, wrong = taken_at(self._desk, order, reading, world)
            if wrong:
                return LinePlan(problem=wrong, referral=referral.id)
            return self._noted(LinePlan(words, (order,), referral=referral.id), reading)
        return self._asks(LinePlan(words, (), found[0], referral.id), reading, verb, world)

    def _asks(self, plan: LinePlan, reading: CommandMeaning, verb: Verb, world: World) -> LinePlan:
        """What its sheet would still ask."""
        wanted = {
            "until when": WordSlot.COMING in verb.slots and reading.at is None,
            "why": WordSlot.REASON in verb.slots and not reading.reason,
            "where to": WordSlot.PLACE in verb.slots and not reading.place and not reading.note,
        }
        missing = all_of([words for words, is_missing in wanted.items() if is_missing])
        rest = "" if verb.whole else "the rest"
        words = plan.words
        if reading.note:
            is_place = WordSlot.PLACE in verb.slots and not reading.place
            words += f" to “{reading.note}”" if is_place else f", “{reading.note}”"
        return replace(plan, words=words, missing=missing or rest, others=self._answers(reading, verb, world))

    def _answers(self, reading: CommandMeaning, verb: Verb, world: World) -> tuple[Other, ...]:
        """The reasons or places that are still to be chosen from, each as the line that says it."""
        if WordSlot.REASON in verb.slots and not reading.reason:
            reasons = world.reasons.get(verb.reasons, ())
            return tuple(Other(said(replace(reading, reason=one.code), world), one.label) for one in reasons)
        if WordSlot.PLACE in verb.slots and not reading.place and not reading.note:
            names = dict.fromkeys(one.code for one in world.places)
            return tuple(Other(said(replace(reading, place=name), world), name) for name in names)
        return ()

    # --- what goes with it ---

    def _noted(self, plan: LinePlan, reading: CommandMeaning) -> LinePlan:
        """With the note that was typed behind, on each referral that it is about."""
        if not reading.note:
            return plan
        keys = dict.fromkeys(_referral_of(order, self._desk) or plan.referral for order in plan.orders)
        found = [one for key in keys if key is not None and (one := self._desk.store.referral(key)) is not None]
        notes = tuple(self._note_order(one, reading.note) for one in found)
        return replace(plan, words=f"{plan.words}, note “{reading.note}”", orders=(*plan.orders, *notes))

    def _weighed(self, plan: LinePlan) -> LinePlan:
        store, now = self._desk.store, self._desk.clock.now()
        found = [in_words(objections(store, order.command, now)) for order in plan.orders]
        return replace(plan, against="; ".join(dict.fromkeys(words for words in found if words)))


def _leads(step: NextStep, verb: Verb) -> bool:
    return verb.act is Act.CONVEY or verb.to is None or step.to == verb.to


def _weighs(ranked: RankedVan | None) -> str:
    """What speaks against a van, as it is said in the ranked list."""
    found = [one.text for one in ranked.reasons if one.tone is ReasonTone.WARN] if ranked is not None else []
    return f"{ranked.callsign}: {', '.join(found[:_REASONS])}" if ranked is not None and found else ""


def _referral_of(order: Order, desk: Desk) -> UUID | None:
    command = order.command
    if isinstance(command, commands.Step):
        job = desk.store.assignment(command.assignment_id)
        return job.referral_id if job is not None else None
    return getattr(command, "referral_id", None)


def _ranked_lines(
    reading: CommandMeaning, referral: Referral, world: World, ranked: Sequence[RankedVan]
) -> tuple[Other, ...]:
    """The vans that can go, the best first, each as the line that sends it."""
    can = [one for one in ranked if not one.excluded and one.van_id not in reading.vans]
    meant = replace(reading, referral=referral.id)
    return tuple(
        Other(
            said(replace(meant, vans=(one.van_id,)), world),
            f"{one.callsign} {minutes_in_words(one.minutes)}" if one.minutes is not None else one.callsign,
        )
        for one in can
    )
