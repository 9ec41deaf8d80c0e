"""Sections of the pane: what was said while the person waits, and who is with them after the end."""

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtWidgets import QWidget

from console.views.detail.rich import RichLabel, plain, strong, toned
from console.views.detail.sections import DetailSection
from console.views.detail.view import View
from console.views.sheets.destinations import places_words
from db.domain.calls import call_due, hold_is_silent, last_heard
from db.domain.care import CONSENT, ENDED, TOLD, Contact, HowItEnded, LateLink
from db.domain.clocks import in_words, local_time
from db.domain.opening import open_words
from db.domain.party import called
from db.domain.roles import may_dispatch
from db.domain.states import AssignmentState
from db.domain.texts import told

_MOST = 4
"""Calls that are listed; the timeline has them all."""


class WaitingSection(DetailSection):
    """When the person is called next, what was said last, what was promised."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Calls", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show it; nothing where nobody is called and nobody was."""
        lines = [*self._due(view), *self._calls(view)]
        self.setVisible(may_dispatch(view.desk.me.role) and bool(lines))
        self._words.show_markup("<br>".join(lines))

    @staticmethod
    def _due(view: View) -> Iterator[str]:
        facts, now = view.now_is.facts, view.now
        due, heard = call_due(view.now_is, view.desk.store.reference), last_heard(facts.contacts)
        if hold_is_silent(facts, view.now_is.clock.due):
            at = local_time(view.now_is.clock.due, now)
            yield toned(
                f"▲ The hold passes {at}, by when a crew is due, and the person did not agree to it.", "late"
            )
        if due is None:
            return
        last = f"Called {local_time(heard.made_at, now)}. " if heard is not None else "Not called yet. "
        when = local_time(due, now)
        late = toned(f"▲ Next call was due {when}, {in_words(now - due)} ago.", "late")
        yield plain(last) + (late if due <= now else strong(f"Next call {when}."))

    @staticmethod
    def _calls(view: View) -> Iterator[str]:
        contacts = view.now_is.facts.contacts
        for one in [*reversed(contacts)][:_MOST]:
            yield _call(one, view)


def _call(one: Contact, view: View) -> str:
    who, at = view.desk.store.reference.who(one.made_by), local_time(one.made_at, view.now)
    if one.spoke_with == "nobody":
        why = "" if view.private else f": {told(one.why_not)}"
        return toned(f"{at} nobody reached{why} · {told(who)}", "dim")
    name = "" if view.private else f" {told(one.with_name)}"
    kind = {"person": "", "carer": " (family or carer)", "other": " (somebody else)"}[one.spoke_with]
    # That somebody was spoken to is not personal; with whom, and what they said, is.
    said = "" if view.private or not one.said else f": {told(one.said)}"
    waits = f" · agreed to wait until {local_time(one.agreed_until, view.now)}" if one.agreed_until else ""
    waits += ", which holds no more: it changed since" if one.agreed_ended_at else ""
    line = plain(f"{at} spoke with{name}{kind}{said}{waits}") + toned(f" · {told(who)}", "dim")
    return line + (f"<br>{_promise(one, view)}" if one.promised and not view.private else "")


def _promise(one: Contact, view: View) -> str:
    by = f", by {local_time(one.promise_due_at, view.now)}" if one.promise_due_at is not None else ""
    words, who = f"promised{by}: {told(one.promised)}", told(view.desk.store.reference.who(one.promise_closed_by))
    if one.promise_outcome == "kept":
        return toned(f"✓ {words} · kept, says {who}", "good")
    if one.promise_outcome == ENDED:
        return toned(f"{words} · ended: {told(one.promise_note)}", "dim")
    if one.promise_outcome:
        note = f": {told(one.promise_note)}" if one.promise_note else ""
        return toned(f"✗ {words} · not kept{note}, says {who}", "warn")
    overdue = one.promise_due_at is not None and one.promise_due_at <= view.now
    return toned(f"▲ {words} · due" if overdue else f"◆ {words}", "late" if overdue else "warn")


class AfterwardsSection(DetailSection):
    """Who is with the person after the end, who was told, what is to be done later, who came into it later."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("With the person next", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show it; nothing where nothing of it is known."""
        facts = view.now_is.facts
        lines = [*self._ending(view, facts.ending), *self._later(view), *self._places(view)]
        lines += [_late_link(one, view.now) for one in facts.late_links]
        self.set_title("With the person next" if facts.ending is not None else "Later")
        self.setVisible(may_dispatch(view.desk.me.role) and bool(lines))
        self._words.show_markup("<br>".join(lines))

    @staticmethod
    def _ending(view: View, ending: HowItEnded | None) -> Iterator[str]:
        # Reopened, the end did not stand: somebody of ours is responsible again.
        if ending is None or view.referral.is_open:
            return
        if ending.died_known_at is not None:
            yield strong(f"Has died, known since {local_time(ending.died_known_at, view.now)}")
        if ending.is_named:
            named = told(view.desk.store.reference.who(ending.named_by))
            looks = " looks for them" if ending.asks_search else ""
            yield strong(f"{told(ending.holder_name)}{looks}") + toned(f"{_until(ending, view)} · {named}", "dim")
        elif ending.asks_search:
            yield toned("▲ Nobody is named who looks for the person.", "late")
        else:
            yield toned("▲ Nobody is named who is with the person or responsible next.", "late")
        yield from _ground(ending, view)
        for who in TOLD:
            one = ending.telling(who)
            if one.by and one.at is not None:
                yield plain(f"{who.capitalize()} told by {told(one.by)}, {local_time(one.at, view.now)}")
            elif one.not_told:
                yield plain(f"{who.capitalize()} not told: {told(one.not_told)}")
            else:
                yield toned(f"{who.capitalize()}: nobody says who told them", "warn")

    @staticmethod
    def _later(view: View) -> Iterator[str]:
        for one in view.now_is.facts.follow_ups:
            at, what = local_time(one.due_at, view.now), "" if view.private else f": {told(one.what_for)}"
            if not one.is_open:
                yield toned(f"✓ follow-up of {at}{what} · {told(one.outcome)}", "dim")
            elif one.due_at <= view.now:
                yield toned(f"▲ follow-up was due {at}{what}", "late")
            else:
                yield plain(f"◆ follow-up due {at}{what}")

    @staticmethod
    def _places(view: View) -> Iterator[str]:
        """The place where a van takes the person: open now, and whether it has room."""
        for job in view.open_jobs:
            place = view.desk.store.reference.places.get(job.destination)
            if place is not None and job.state in {AssignmentState.CONVEYING, AssignmentState.AT_DESTINATION}:
                said = f"{told(place.name)}: {open_words(place.hours, view.now)}, {places_words(place, view.now)}"
                yield plain(said)


def _until(ending: HowItEnded, view: View) -> str:
    """Until when somebody who was not found is looked for."""
    if not ending.asks_search:
        return ""
    if ending.looks_until is None:
        return " · not said until when"
    return f" until {local_time(ending.looks_until, view.now)}"


def _ground(ending: HowItEnded, view: View) -> Iterator[str]:
    """Whether it was with their consent; if not, who decided it, and who told them their rights."""
    if not ending.asks_ground:
        return
    if not ending.ground:
        yield toned("Nobody says whether it was with their consent", "warn")
        return
    label = told(view.desk.store.reference.reason_label("ground", ending.ground))
    if ending.ground == CONSENT:
        yield plain(label)
        return
    yield plain(f"Not with their consent: {label}")
    by = f"Decided by {told(ending.ground_by)}" if ending.ground_by else ""
    yield plain(by) if by else toned("Nobody says who decided it", "warn")
    if ending.rights.by:
        yield plain(f"Told their rights by {told(ending.rights.by)}")
    elif ending.rights.not_told:
        yield plain(f"Not told their rights: {told(ending.rights.not_told)}")
    else:
        yield toned("Nobody says who told them their rights", "warn")


def _late_link(one: LateLink, now: datetime) -> str:
    who = "EMAS" if one.service == "ems" else "Police"
    incident = f", incident {told(one.incident)}" if one.incident else ""
    at = local_time(one.came_at or one.made_at, now)
    return plain(f"{called(who, told(one.crew))} came into it {at}{incident}")
