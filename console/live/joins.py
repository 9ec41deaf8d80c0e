"""Which referrals and vans a Delta concerns, and the records that belong together."""

from uuid import UUID

from console.live.store import Delta, Store
from console.running.faults import attempt
from db.domain.fleet import VanFacts
from db.domain.records import StaffMember
from db.domain.situation import Facts


def touched_referrals(delta: Delta, store: Store) -> set[UUID]:
    """Every referral of which something changed: itself, its vans, its chain of handovers, its calls."""
    jobs = (store.job_of(key) for key in delta.touched("van"))
    return {*delta.touched("referral"), *delta.referrals, *(job.referral_id for job in jobs if job)}


def touched_vans(delta: Delta, store: Store) -> set[UUID]:
    """Every van of which something changed: itself, its fix, its crew or its job."""
    # A flag or a word of its crew is about the van as well.
    beside = delta.referrals if delta.touched("flag") or delta.touched("crew_word") else ()
    named = (
        attempt("the vans of a referral", store.assignments_of, key) or ()
        for key in {*delta.touched("referral"), *beside}
    )
    jobs = (job for some in named for job in some)
    return {*delta.touched("van"), *delta.touched("position"), *delta.vans, *(job.van_id for job in jobs)}


def referral_facts(store: Store, key: UUID) -> Facts | None:
    """A live referral with its vans, handovers, calls and ending.

    Raises whatever comes of contradictory rows: attempt it.
    """
    referral = store.referral(key)
    if referral is None:
        return None
    jobs = store.assignments_of(key)
    callsigns = {van.id: van.callsign for job in jobs if (van := store.van(job.van_id)) is not None}
    return Facts(
        referral,
        jobs,
        store.handovers_of(key),
        callsigns,
        store.dangers_of(key),
        store.contacts_of(key),
        store.ending_of(key),
        store.follow_ups_of(key),
        store.late_links_of(key),
        store.flags_of(key),
        store.call_of(key),
    )


def open_jobs(store: Store, referral_id: UUID) -> tuple[UUID, ...]:
    """The assignments of whoever is sent to a referral now, in the order in which they were."""
    return tuple(job.id for job in store.assignments_of(referral_id) if job.is_open)


def crew_of(store: Store, van_id: UUID) -> list[StaffMember]:
    """Who rides in a van now."""
    shift, staff = store.shift_of(van_id), store.reference.staff
    return [staff[key] for key in shift.staff_ids if key in staff] if shift is not None else []


def van_facts(store: Store, key: UUID) -> VanFacts | None:
    """A van in use with its crew, job and fix. Raises as :func:`referral_facts` does."""
    van = store.van(key)
    if van is None:
        return None
    shift, job, crew = store.shift_of(key), store.job_of(key), crew_of(store, key)
    referral = store.referral(job.referral_id) if job else None
    words = store.crew_words_of(job.referral_id) if job else ()
    flags = store.flags_of(job.referral_id) if job else ()
    return VanFacts(van, shift, job, referral, store.position(key), tuple(crew), words, flags)
