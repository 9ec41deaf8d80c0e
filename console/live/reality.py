"""What the mirror knows that may speak against a command, before it is sent; see :mod:`db.domain.objections`."""

import time
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from console.live.briefs import unread
from console.live.joins import crew_of, referral_facts
from console.live.store import Store
from console.running.faults import attempt
from db import commands
from db.commands.base import Command
from db.domain.brief import last_read
from db.domain.fixes import CLOCKS_DIFFER
from db.domain.objections import (
    Known,
    LastSeen,
    Objection,
    about_closing,
    about_crew,
    about_handover,
    about_step,
)
from db.domain.records import Assignment
from db.domain.situation import situation
from db.domain.states import AssignmentState
from db.domain.suiting import too_few
from db.geo.earth import Point, metres

_NO_ID = UUID(int=0)
ANSWER = "⏎ again: it is so · Esc: not yet"
READ_AFTER = 0.6
"""Seconds until the same key counts as an answer: several presses at once are one."""
STANDS_FOR = 60.0
"""Seconds for which a question stands: whoever comes back to the desk later answers no question of before."""


class Insistence:
    """Whether somebody who was asked once asks for the same again: a second press, not the same one going on."""

    def __init__(self) -> None:
        self._asked: object = None
        self._at = 0.0

    def ask(self, what: object) -> None:
        """This was asked about now."""
        # The same question again does not begin anew: its time is that of the first press.
        if not self.is_asked(what):
            self._asked, self._at = what, time.monotonic()

    def is_asked(self, what: object) -> bool:
        """Whether this is what was asked about, and the question still stands."""
        stands = self._asked is not None and time.monotonic() - self._at < STANDS_FOR
        return stands and what == self._asked

    def insists(self, what: object) -> bool:
        """Whether this was asked about, long enough ago to have been read."""
        return self.is_asked(what) and time.monotonic() - self._at >= READ_AFTER

    def forget(self) -> None:
        """Nothing is asked any more."""
        self._asked = None


def bare(command: Command) -> Command:
    """What a command is about, without what makes it one of its kind: two presses of one key are equal so."""
    drawn: dict[str, Any] = {one.name: _NO_ID for one in fields(command) if one.default_factory is uuid4}
    return replace(command, insisted="", **drawn)


def in_words(found: Iterable[Objection]) -> str:
    """What speaks against it, in one line."""
    return "; ".join(one.words for one in found)


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
    if isinstance(command, commands.Step):
        job = store.assignment(command.assignment_id)
        known = _known(store, job.referral_id, command.at or now) if job is not None else None
        if job is None or known is None:
            return ()
        # Asked at setting off, while the crew can still be told.
        told = replace(
            known, unread=_unread_words(store, job, now) if command.to is AssignmentState.MOBILE else ""
        )
        return about_step(job, command.to, _seeing(store, told, [job] if _is_at_scene(command.to) else []))
    if isinstance(command, commands.MoveHandover):
        link = store.handover(command.handover_id)
        known = _known(store, link.referral_id, command.at or now) if link is not None else None
        if known is None:
            return ()
        there = [job for job in known.now_is.jobs if job.is_at_scene]
        return about_handover(command.to, there, _seeing(store, known, there))
    if isinstance(command, commands.Allocate):
        return about_crew(_crew_words(store, command))
    if isinstance(command, commands.Close):
        known = _known(store, command.referral_id, now)
        return about_closing(known) if known is not None else ()
    return ()


def _unread_words(store: Store, job: Assignment, now: datetime) -> str:
    never = last_read(store.read_backs_of(job.referral_id), job.id) is None
    # As with the rule of a crew, the record refuses what nobody read back. It does not know what changed since.
    return "" if never and store.reference.rules.read_back_binds else unread(store, job, now)


def _crew_words(store: Store, command: "commands.Allocate") -> str:
    rules = store.reference.rules
    words = too_few(crew_of(store, command.van_id), rules)
    # Where the rule binds nobody can insist: the record refuses, and says so.
    return "" if rules.registered_binds or not words else f"{_name_of(store, command.van_id)} has {words}"


def _name_of(store: Store, van_id: UUID) -> str:
    van = store.van(van_id)
    return van.callsign if van is not None else "the van"


def _is_at_scene(to: AssignmentState) -> bool:
    """Whether the step is about the place of the referral; where a destination lies is not in the record."""
    return to is not AssignmentState.AT_DESTINATION


def _known(store: Store, referral_id: UUID, at: datetime) -> Known | None:
    facts = referral_facts(store, referral_id)
    return Known(situation(facts, store.reference), at) if facts is not None else None


def _seeing(store: Store, known: Known, jobs: Iterable[Assignment]) -> Known:
    """The same with the sighting of the van that was nearest to the scene."""
    scene = known.now_is.facts.referral.location.point
    if scene is None:
        return known
    seen = [found for job in jobs if (found := _sighting(store, job, scene, known.at)) is not None]
    # With two vans there the nearer one is enough to make the step believable.
    nearest = min(seen, key=lambda one: one.metres, default=None)
    return replace(known, seen=nearest)


def _sighting(store: Store, job: Assignment, scene: Point, at: datetime) -> LastSeen | None:
    fix = store.position(job.van_id)
    # A step that is written down late is not weighed against where the van went afterwards.
    if fix is None or not fix.on_map or fix.fixed_at > at + CLOCKS_DIFFER:
        return None
    return LastSeen(metres((fix.lat, fix.lon), scene), fix.fixed_at, fix.accuracy or 0.0)
