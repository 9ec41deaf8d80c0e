"""The sheets of steps about people who wait, endings, and what comes later."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from console.live.desk import Desk
from console.live.joins import referral_facts
from console.views.sheets import Sheet, care, ending
from console.views.sheets.make import place_rows
from db.domain.calls import call_due
from db.domain.next_steps import Act, NextStep
from db.domain.records import Referral
from db.domain.ringing import ring_words
from db.domain.situation import Facts, situation


def due_of(desk: Desk, referral: Referral) -> datetime:
    """By when a crew must be with the person, UTC."""
    return situation(_facts(desk, referral), desk.store.reference).clock.due


def _facts(desk: Desk, referral: Referral) -> Facts:
    return referral_facts(desk.store, referral.id) or Facts(referral)


def whom_to_ring_now(desk: Desk, referral: Referral) -> str:
    """Whom to ring, as the record has it now: a sheet that is kept outlives what it was opened with."""
    return ring_words(desk.store.referral(referral.id) or referral)


def care_sheet(desk: Desk, referral: Referral, step: NextStep) -> Callable[[], Sheet] | None:
    """What makes the sheet of such a step; None for another step, or for what is no longer there."""
    now, reference = desk.clock.now, desk.store.reference
    match step.act:
        case Act.CONTACT:
            due = call_due(situation(_facts(desk, referral), reference), reference)
            return partial(care.contact, referral, due, now, partial(whom_to_ring_now, desk, referral))
        case Act.DECLINE:
            return partial(ending.decline, referral, reference, now, step.label)
        case Act.CANCEL:
            return partial(ending.cancel, referral, reference, now, step.label)
        case Act.PLAN_FOLLOW_UP:
            return partial(care.plan_follow_up, referral, now)
        case Act.LINK_LATE:
            return partial(care.link_late, referral, now)
        case Act.PLACES:
            return partial(care.places_free, place_rows(reference, now()), now)
        case _:
            return _of_target(desk, referral, step)


def _of_target(desk: Desk, referral: Referral, step: NextStep) -> Callable[[], Sheet] | None:
    store, now = desk.store, desk.clock.now
    if step.act is Act.NAME_NEXT:
        ended = store.ending_of(referral.id)
        return partial(ending.name_next, referral, ended, now, store.reference) if ended is not None else None
    if step.act is Act.AMEND_END:
        ended = store.ending_of(referral.id)
        return partial(ending.put_right, referral, ended, store.reference, now) if ended is not None else None
    if step.act is Act.PROMISE:
        call = next((one for one in store.contacts_of(referral.id) if one.id == step.target), None)
        return partial(care.promise, referral, call.id, call.promised) if call is not None else None
    if step.act is Act.DO_FOLLOW_UP:
        item = next((one for one in store.follow_ups_of(referral.id) if one.id == step.target), None)
        return partial(care.do_follow_up, referral, item.id, item.what_for) if item is not None else None
    return None
