"""The second line of a board row: who waits and how long, then the vans and their state, in as few words as do.

It is worked out in several lengths, fullest first, because a row is as wide as its panel: what is cut is the
detail, never the state. What the short words leave out is told by tooltips and screen readers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.domain.care import HowItEnded
from db.domain.clocks import in_words
from db.domain.intake_call import HUNG_UP, IntakeCall
from db.domain.party import Party, short
from db.domain.records import Assignment, Handover, Referral
from db.domain.reference import ReferenceData
from db.domain.ringing import NO_NUMBER
from db.domain.situation import Phase, Situation
from db.domain.states import AssignmentState, HandoverState, ReferralState
from db.domain.texts import told

Piece = tuple[str, datetime | None]
"""Some words, and the moment whose age follows them."""
Pieces = tuple[Piece, ...]
NO_VAN: Final = "no van"
DANGER: Final = "▲ "
"""Before what was told and stops the next step."""


@dataclass(frozen=True, slots=True)
class Line:
    """The second line at any moment.

    Attributes:
        full: everything, in whole words.
        lengths: what may stand in the row, fullest first.
        state: the words that must be seen whatever the room.
    """

    full: Pieces
    lengths: tuple[Pieces, ...]
    state: str


def line(now_is: Situation, reference: ReferenceData) -> Line:
    """Work out the second line of a referral."""
    referral = now_is.facts.referral
    if not referral.is_open:
        return _ended(now_is, reference)
    if now_is.facts.open_call is not None:
        return _on_the_phone(now_is, now_is.facts.open_call, reference)
    plain = _plain(now_is, reference)
    told = now_is.facts.told_since
    if not told or now_is.facts.dangers is None:
        return plain
    called, died = f"{DANGER}{now_is.facts.dangers.called}", now_is.facts.died
    said = f"{DANGER}{died.words}" if died is not None else f"{called} · {told[0].words}"
    whole, brief = (said, None), (called, None)
    lengths = [(whole, *plain.lengths[0]), (brief, *plain.lengths[0]), (whole,)]
    lengths += [(brief, *pieces) for pieces in plain.lengths[1:]]
    return Line((whole, *plain.full), (*dict.fromkeys(lengths), (brief,)), called)


def _on_the_phone(now_is: Situation, call: IntakeCall, reference: ReferenceData) -> Line:
    """A referral that is still being taken: by whom, and what was said so far of who refers."""
    who = told(reference.who(call.taken_by))
    if call.call_back_at is not None:
        state, whole = HUNG_UP, f"{HUNG_UP}, {who} calls back"
    else:
        state, whole = "being taken", f"being taken by {who}"
    referral = now_is.facts.referral
    rest: Pieces = ((told(reference.source_label(referral.source)), None),) if referral.source else ()
    # That nobody can be rung is said; on which number is nobody's business who looks at a board.
    if call.call_back_at is not None and not referral.call_back:
        rest = ((NO_NUMBER, None), *rest)
    first, brief = (whole, None), (state, None)
    lengths = [(first, *rest), (first,), (brief,)]
    if call.call_back_at is not None and not referral.call_back:
        # Who calls back stands in the pane, and that they cannot nowhere else that everybody sees.
        lengths[1:1] = [(first, rest[0]), (brief, rest[0])]
    return Line((first, *rest), tuple(dict.fromkeys(lengths)), state)


def _plain(now_is: Situation, reference: ReferenceData) -> Line:
    """The line of a referral against which nothing stands."""
    referral = now_is.facts.referral
    vans, state = _vans(now_is)
    if not now_is.facts.handovers:
        # Nobody waits with the person: what is still to do comes first, where it is not cut off.
        beside = "police present" if now_is.police_present else reference.source_label(referral.source)
        accept = _to_accept(now_is)
        rest = (*accept, (told(beside), None))
        beside_vans: tuple[Pieces, ...] = ((vans, *rest), (vans, *accept), (vans,), ((state, None),))
        return Line((_all_vans(now_is), *rest), tuple(dict.fromkeys(beside_vans)), state)
    whole, brief = _link(now_is)
    accept = _to_accept(now_is)
    ageless = (brief[0], None) if brief[1] is not None and now_is.phase is not Phase.WAITING else brief
    # Which van it is outlasts who waits; that stands in the pane, and on the lane.
    lengths = ((brief, vans, *accept), (brief, vans), (ageless, vans), (vans,), ((state, None),))
    return Line((whole, _all_vans(now_is), *accept), tuple(dict.fromkeys(lengths)), state)


def words(pieces: Pieces, now: datetime) -> str:
    """Pieces at one moment: ``EMAS 34 min · NO VAN``.

    In its first minute a state has no length: "not released under 1 min" reads as the contrary of itself.
    """
    young = timedelta(minutes=1)
    return " · ".join(
        text if since is None or abs(now - since) < young else f"{text} {in_words(now - since)}"
        for text, since in pieces
    )


def _ended(now_is: Situation, reference: ReferenceData) -> Line:
    referral, holder, ending = now_is.facts.referral, now_is.holder, now_is.facts.ending
    call = now_is.facts.call
    if call is not None and call.is_no_referral:
        why = ("no referral", None), (told(reference.reason_label("call", call.ended_how)), None)
        return Line(why, (why, why[:1]), "no referral")
    if referral.entered_in_error_at is not None:
        return Line((("entered in error", None),), ((("entered in error", None),),), "entered in error")
    state = referral.state.value
    label = why_ended(referral, reference)
    pieces: Pieces = ((state, None), (told(label), None)) if label else ((state, None),)
    if holder is not None:
        after: Pieces = ((f"with {told(holder.name)}", None),)
    elif ending is not None and ending.asks_search:
        after = ((_looked_for(ending), None),)
    else:
        after = (("nobody named", None),) if ending is not None and not ending.is_named else ()
    lengths = ((*pieces, *after), (pieces[0], *after), pieces)
    return Line((*pieces, *after), tuple(dict.fromkeys(lengths)), state)


def _looked_for(ending: HowItEnded) -> str:
    """Of somebody who was not found: who looks for them."""
    return f"{told(ending.holder_name)} looks for them" if ending.is_named else "nobody looks for them"


def why_ended(referral: Referral, reference: ReferenceData) -> str:
    """The words for the outcome, or the reason, with which it ended."""
    if referral.outcome:
        return reference.outcome_label(referral.outcome)
    kind = "decline" if referral.state is ReferralState.DECLINED else "cancel"
    return reference.reason_label(kind, referral.end_reason)


def _to_accept(now_is: Situation) -> Pieces:
    """What is still to do beside sending a van."""
    received = now_is.facts.referral.state is ReferralState.RECEIVED
    return (("not accepted", None),) if received else ()


# --- the vans ---


def _vans(now_is: Situation) -> tuple[Piece, str]:
    """The van that is furthest on with its state, how many more there are, and the state alone."""
    if not now_is.jobs:
        state = _without_van(now_is)
        return (state, None), state
    first, more = now_is.jobs[0], len(now_is.jobs) - 1
    name = told(now_is.facts.callsign(first))
    behind = f" +{more}" if more else ""
    if now_is.phase is Phase.REACHED and first.state is AssignmentState.WITH_PATIENT:
        return (f"{name}{behind}", None), ""  # the words on the right say so already
    return (f"{name} {first.state.value}{behind}", None), first.state.value


def _without_van(now_is: Situation) -> str:
    if now_is.phase is Phase.CLEAR:
        return "clear, not closed"
    if not now_is.needs_van:
        return NO_VAN
    return NO_VAN.upper() if now_is.standing == 0 else NO_VAN


def _all_vans(now_is: Situation) -> Piece:
    if not now_is.jobs:
        return (_without_van(now_is), None)
    return (", ".join(_van_state(now_is, job) for job in now_is.jobs), None)


def _van_state(now_is: Situation, job: Assignment) -> str:
    return f"{told(now_is.facts.callsign(job))} {job.state.value}"


# --- who waits, or hands over ---


def _link(now_is: Situation) -> tuple[Piece, Piece]:
    """The link that matters now, in whole words and in short: the crew that waits, the next one, or the last."""
    links = now_is.facts.handovers
    running = (link for link in links if link.state in {HandoverState.EXPECTED, HandoverState.STARTED})
    # The crew that waits goes first, also when it has handed over and is only not released: somebody
    # needs it elsewhere.
    link = now_is.crew or next(running, None)
    if link is None:
        return _last_link(links[-1])
    whole, brief = told(link.from_party), told(short(link.from_kind, link.from_party))
    if link.from_kind is Party.CRU:
        started, to = link.times.get(HandoverState.STARTED), told(link.to_party)
        piece = (f"handing over to {to}" if started else f"{to} next", started)
        return piece, piece
    if link.state is HandoverState.EXPECTED:
        # An ambulance crew whose arrival was put down is at the scene; of another nobody knows more than
        # that it waits.
        there = link.from_kind is Party.EMS and "ems_on_scene" in now_is.facts.referral.times
        since = now_is.holder.start if now_is.holder is not None else now_is.facts.referral.received_at
        return (f"{whole} {'on scene' if there else 'waiting'}", since), (brief, since)
    if link.state is HandoverState.STARTED:
        since_start = link.times.get(HandoverState.STARTED)
        return (f"{whole} handing over", since_start), (f"{brief} handing over", since_start)
    accepted = link.times.get(HandoverState.ACCEPTED)
    return (f"handed over, {whole} not released", accepted), (f"{brief} not released", accepted)


def _last_link(link: Handover) -> tuple[Piece, Piece]:
    whole, brief = told(link.from_party), told(short(link.from_kind, link.from_party))
    if link.state is HandoverState.REFUSED:
        since = link.times.get(HandoverState.REFUSED)
        return (f"{whole} keeps the person", since), (f"{brief} keeps them", since)
    if link.from_kind is Party.CRU:
        piece = (f"handed over to {told(link.to_party)}", link.times.get(HandoverState.ACCEPTED))
        return piece, piece
    return (f"{whole} released", None), (f"{brief} released", None)
