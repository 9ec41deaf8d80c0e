"""What the mirror knows that may speak against a command, before it is sent; see :mod:`db.domain.objections`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from console.live.joins import referral_facts
from console.live.store import Store
from console.running.faults import attempt
from db.commands import Close, Command, MoveHandover, Step
from db.domain.fixes import CLOCKS_DIFFER
from db.domain.objections import Known, LastSeen, Objection, about_closing, about_handover, about_step
from db.domain.records import Assignment
from db.domain.situation import situation
from db.domain.states import AssignmentState
from db.geo.earth import Point, metres


def objections(store: Store, command: Command, now: datetime) -> tuple[Objection, ...]:
    """What speaks against a command, as far as this console knows; empty for most.

    What cannot be worked out speaks against nothing: a fault here must not keep a step from being recorded.

    Args:
        store: the mirror.
        command: what is about to be asked of the record.
        now: the record's time, for a step that says none of its own; UTC.
    """
    return attempt("what speaks against a step", _objections, store, command, now) or ()


def _objections(store: Store, command: Command, now: datetime) -> tuple[Objection, ...]:
    if isinstance(command, Step):
        job = store.assignment(command.assignment_id)
        known = _known(store, job.referral_id, command.at or now) if job is not None else None
        if job is None or known is None:
            return ()
        return about_step(job, command.to, _seeing(store, known, [job] if _is_at_scene(command.to) else []))
    if isinstance(command, MoveHandover):
        link = store.handover(command.handover_id)
        known = _known(store, link.referral_id, command.at or now) if link is not None else None
        if known is None:
            return ()
        there = [job for job in known.now_is.jobs if job.is_at_scene]
        return about_handover(command.to, there, _seeing(store, known, there))
    if isinstance(command, Close):
        known = _known(store, command.referral_id, now)
        return about_closing(known) if known is not None else ()
    return ()


def _is_at_scene(to: AssignmentState) -> bool:
    """Whether the step is about the place of the referral; where a destination lies is not in the record."""
    return to is not AssignmentState.AT_DESTINATION


def _known(store: Store, referral_id: UUID, at: datetime) -> Known | None:
    facts = referral_facts(store, referral_id)
    return Known(situation(facts, store.reference), at) if facts is not None else None


def _seeing(store: Store, known: Known, jobs: Iterable[Assignment]) -> Known:
    """The same with the sighting of the van that was nearest to the scene."""
    where = known.now_is.facts.referral.location
    if where.lat is None or where.lon is None or not where.on_map:
        return known
    scene = (where.lat, where.lon)
    seen = [found for job in jobs if (found := _sighting(store, job, scene, known.at)) is not None]
    nearest = min(seen, key=lambda one: one.metres, default=None)
    return Known(known.now_is, known.at, nearest)


def _sighting(store: Store, job: Assignment, scene: Point, at: datetime) -> LastSeen | None:
    fix = store.position(job.van_id)
    # A step that is written down late is not weighed against where the van went afterwards.
    if fix is None or not fix.on_map or fix.fixed_at > at + CLOCKS_DIFFER:
        return None
    return LastSeen(metres((fix.lat, fix.lon), scene), fix.fixed_at, fix.accuracy or 0.0)
