"""The sheets of the steps about a person."""

from collections.abc import Callable
from functools import partial

from console.live.briefs import brief_of, said_of
from console.live.desk import Desk
from console.live.joins import crew_of
from console.views.sheets import Sheet, person, wishes
from db.domain.about import AboutItem, wishes_of
from db.domain.brief import text
from db.domain.known import KnownHere
from db.domain.languages import need_of
from db.domain.next_steps import Act, NextStep
from db.domain.records import Referral


def person_sheet(desk: Desk, referral: Referral, step: NextStep, known: KnownHere) -> Callable[[], Sheet] | None:
    """What makes the sheet of a step about the person; None for another step."""
    store, reference, now = desk.store, desk.store.reference, desk.clock.now
    match step.act:
        case Act.ABOUT:
            return lambda: person.tell(referral, reference, said_of(store, referral.id))
        case Act.TAKE_OVER:
            return partial(person.take_over, referral, known, reference)
        case Act.WHO_IS_IT:
            return partial(person.who_is_it, referral, known, now)
        case Act.INTERPRETER:
            wanted = need_of(said_of(store, referral.id)).wanted
            return partial(person.interpreter, referral, reference, wanted, now)
        case Act.FLAG:
            return partial(person.flag, referral, now)
        case Act.LOOK_AT_FLAG:
            return partial(person.look_at_flag, referral, partial(store.flags_of, referral.id), now)
        case Act.WISHES:
            return partial(wishes.wishes, referral, asked_for(desk, referral), reference)
        case Act.READ_BACK:
            return _read_back(desk, referral, step)
        case _:
            return None


def asked_for(desk: Desk, referral: Referral) -> list[AboutItem]:
    """What was asked for or promised, of which somebody may say whether it was kept."""
    return [one for one in desk.store.about_of(referral.id) if wishes_of((one.said,))]


def _read_back(desk: Desk, referral: Referral, step: NextStep) -> Callable[[], Sheet] | None:
    store = desk.store
    job = store.assignment(step.target) if step.target is not None else None
    van = store.van(job.van_id) if job is not None else None
    if job is None or van is None:
        return None
    crew = [member.name for member in crew_of(store, van.id)]
    return partial(
        person.read_back,
        referral,
        job.id,
        van.callsign,
        crew,
        lambda: text(brief_of(store, referral.id, desk.clock.now())),
    )
