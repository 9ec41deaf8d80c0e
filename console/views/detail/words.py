"""Sentences of the pane: who holds the patient and until when, a reference to read aloud."""

from datetime import datetime

from console.live.store import Store
from console.look.widgets import Held
from console.views.detail.rich import plain, strong, toned
from db.domain.clocks import in_words, local_time
from db.domain.foreseen import record_words, release_words
from db.domain.holding import Holding, PredictedRelease
from db.domain.party import Party, short
from db.domain.records import Handover, Referral
from db.domain.reference import ReferenceData
from db.domain.ringing import NO_NUMBER
from db.domain.situation import Phase, Situation, late_words
from db.domain.states import HandoverState, ReferralState
from db.domain.texts import needles

_EMPTY = """No referral is chosen.<br><br>Choose one on the board with the arrow keys (F2),
or take a new one with Ctrl N.<br>Its next step is then always one key away: ⏎."""
# Whoever else waits has no colour of their own, so that the four that matter keep theirs.
_ROLES = {kind: "neutral" if kind in {Party.OTHER, Party.NOBODY} else kind.value for kind in Party}


def read_aloud(reference: str) -> str:
    """A reference as it is read to somebody: digit by digit."""
    letters, _, rest = reference.partition("-")
    day, _, number = rest.partition("-")
    return f"{letters}, {' '.join(day)}, {' '.join(number)}"


def held(now_is: Situation, now: datetime) -> list[Held]:
    """The holders as stretches of a bar; whoever is expected next stands at the end."""
    bars = [part for one in now_is.chain for part in _stretches(one, now)]
    links = now_is.facts.handovers
    coming = [link for link in links if link.state in {HandoverState.EXPECTED, HandoverState.STARTED}]
    # Whoever is expected is no holder yet: a stretch of no length, in the colour of what is still to come.
    if coming and now_is.holder is not None:
        bars.append(Held(short(coming[0].to_kind, coming[0].to_party), 0, "track"))
    return bars


def _stretches(one: Holding, now: datetime) -> list[Held]:
    end, name, role = one.end or now, short(one.party, one.name), _ROLES[one.party]
    length = in_words(end - one.start)
    if one.handing_since is None or one.handing_since <= one.start:
        return [Held(f"{name} {length}", (end - one.start).total_seconds(), role)]
    before = (one.handing_since - one.start).total_seconds()
    handing = (end - one.handing_since).total_seconds()
    label = "handing" if one.end is None else "handover"
    return [Held(f"{name} {length}", before, role), Held(label, handing, role, hatched=True)]


def who_holds(now_is: Situation, now: datetime) -> str:
    """One sentence: who has the person now."""
    holder = now_is.holder
    if holder is not None:
        return f"{holder.name} holds the patient, since {local_time(holder.start, now)}."
    # Present is not holding: only a handover says who is responsible.
    if now_is.police_present:
        return "Police are with the person; no handover says who holds the patient."
    last = now_is.chain[-1] if now_is.chain else None
    if last is None or last.end is None:
        # Said in words: an empty line would be taken for somebody being there.
        return "No crew is known to be with the person."
    return f"{last.name} was the last to hold the patient, until {local_time(last.end, now)}."


def crew_free(crew: Handover, release: PredictedRelease | None, now: datetime) -> str:
    """When the waiting crew is likely to be free, or why nobody can say."""
    name = short(crew.from_kind, crew.from_party)
    if release is None:
        return f"{name} free: not known until a van is on its way."
    return f"{name} free{' ' if release.few is None else ': '}{release_words(release, now)}"


def how_sure(release: PredictedRelease | None) -> str:
    """How often such a prediction was right; empty where nothing is told from the past."""
    return record_words(release.band) if release is not None and release.band is not None else ""


def subtitle(referral: Referral, reference: ReferenceData, *, private: bool) -> str:
    """Source · crew · caller · call-back; what only says again what stands before it is left out."""
    parts = [reference.source_label(referral.source), referral.ems_callsign or referral.waiting_party]
    parts += [] if private else [referral.caller, referral.call_back]
    told: list[str] = []
    for part in parts:
        # "EMAS A1187" is nobody else than A1187 of the EMAS crew.
        if not set(needles(part)) <= {word for one in told for word in needles(one)}:
            told.append(part)
    return " · ".join(told)


def state_words(now_is: Situation, reference: ReferenceData, now: datetime) -> str:
    """The state, with what makes it special."""
    referral, call = now_is.facts.referral, now_is.facts.call
    if now_is.facts.open_call is not None and call is not None:
        without = "" if call.call_back_at is None or referral.call_back else f", {NO_NUMBER}"
        return f"{call.words(reference.who(call.taken_by), now)}{without}"
    if call is not None and call.is_no_referral:
        return f"no referral: {reference.reason_label('call', call.ended_how)}"
    if referral.entered_in_error_at is not None:
        return f"entered in error: {referral.entered_in_error_reason}"
    if referral.on_hold(now) and referral.hold_until is not None:
        why = reference.reason_label("hold", referral.hold_reason)
        return f"on hold until {local_time(referral.hold_until, now)}: {why}"
    if referral.is_open:
        return str(referral.state)  # an outcome from before a reopening says nothing about now
    if referral.outcome:
        return f"{referral.state}: {reference.outcome_label(referral.outcome)}"
    if referral.end_reason:
        kind = "decline" if referral.state is ReferralState.DECLINED else "cancel"
        return f"{referral.state}: {reference.reason_label(kind, referral.end_reason)}"
    return str(referral.state)


def clock_words(now_is: Situation, now: datetime, eta: datetime | None = None) -> str:
    """The response clock as rich text, with the arrival that will miss it."""
    late = now_is.late_by(eta)
    told = _clock_words(now_is, now)
    return f"{told}, {toned(late_words(late), 'late')}" if late is not None else told


def _clock_words(now_is: Situation, now: datetime) -> str:
    clock, phase, call = now_is.clock, now_is.phase, now_is.facts.open_call
    if call is not None:
        return toned(f"telephone answered {local_time(call.answered_at, now)}", "dim")
    if clock.stopped is not None:
        met = f"with patient after {in_words(clock.stopped - clock.started)}"
        return plain(met if phase in {Phase.REACHED, Phase.ENDED} else f"{phase}, {met}")
    if phase is Phase.ENDED:
        return toned("our crew did not meet them", "dim")
    share = clock.share(now)
    if share >= 1:
        return toned(f"{in_words(clock.left(now))} late", "late")
    return toned(f"{in_words(clock.left(now))} left", "warn" if share >= now_is.rules.due_soon else "dim")


def why_none(referral: Referral | None, *, chosen: bool) -> str:
    """Why the pane shows no referral, as rich text."""
    if referral is not None:
        return strong(f"{referral.reference} cannot be shown.") + plain(" Read it in the record itself.")
    return toned("This referral is no longer on the board.", "dim") if chosen else _EMPTY


def why_no_van(store: Store, referral: Referral | None) -> tuple[str, str]:
    """Why no van can be allocated now, and what to do."""
    if referral is None:
        return "Choose a referral first.", "Then allocate a van to it."
    dangers = store.dangers_of(referral.id)
    waits = referral.is_open and referral.state is not ReferralState.RECEIVED
    if waits and dangers is not None and dangers.seen_to:
        return f"Something stands against a van for {referral.reference}.", "See to it in the pane first."
    return f"{referral.reference} is {referral.state}.", "A van goes to an accepted referral."
