"""How a referral ends: with whom the person is or who looks for them, who told whom, on what legal ground."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from console.views.form.choice import Option, keyed
from console.views.form.ending import (
    NOT,
    TOLD_AT,
    EndingQuestion,
    ending_questions,
    read_ending,
    telling,
    told_within,
)
from console.views.sheets.care import Now, SpokenFields, ahead, at_of
from console.views.sheets.fields import Choose, Pick, SheetField, Write
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Order, Sheet
from console.views.sheets.when import When
from db import commands
from db.domain.board_line import why_ended
from db.domain.care import CONSENT, DIED, EndingRule, HowItEnded
from db.domain.clocks import allowance_in_words
from db.domain.records import Referral, YesNo
from db.domain.reference import Choice, ReferenceData
from db.errors import Invalid

ANSWERS: Final = (Option("yes", "Yes", "Y"), Option("no", "No", "N"), Option("unknown", "Unknown", "U"))
_KEYS: Final = "1234567890QWERTYUIOP"
# The record refuses what lies further ahead; here it is said while it is typed.
_LOOKS_FURTHEST = timedelta(days=30)
_WITH_THEM: Final = "With the person, or responsible next"
_LOOKS: Final = "Who was told to look for them"
_FORCE: Final = "Was force used, by anybody?"


def force_question() -> Choose:
    """Whether force was used: of every end that somebody was there at, and of each against the person's wishes."""
    return Choose("force", f"{_FORCE} (may stay empty)", ANSWERS, "")


class EndingFields:
    """What is asked of an end. Which of it is in sight is decided by the end under the hand.

    Nothing of it must be answered at once, since an emergency goes first; what is open stays on a list.
    """

    def __init__(
        self,
        now: Now,
        since: datetime,
        grounds: Sequence[Choice],
        ending: HowItEnded | None = None,
        force: Choose | None = None,
    ) -> None:
        """Make the questions.

        Args:
            now: the record's clock.
            since: when the referral was received.
            grounds: legal grounds to choose from.
            ending: what was said of it already.
            force: the sheet's own question for force, where it asks that of every end.
        """
        self._fields = {one.name: _field(one, now, since) for one in ending_questions(ending)}
        self._looks = When("looks_until", "Until when they look", ahead(now, _LOOKS_FURTHEST), "such as 0415")
        draft = " (a draft, signed by nobody)" if any(one.is_draft for one in grounds) else ""
        options = [Option(one.code, one.label, key) for one, key in keyed(grounds, _KEYS)]
        said = ending.ground if ending else ""
        self._ground = Choose("ground", f"With their consent, or on what legal ground{draft}", options, "", said)
        self._by = Write("ground_by", "Who decided it", "such as PC 4471, or the AMHP's name")
        self._by.edit.setText(ending.ground_by if ending else "")
        self._rights = Write("told_rights", "Told their rights by", f"a name, or {NOT} why")
        self._asks_rights = ending is None or not ending.rights.is_said
        self._own_force = force is None
        # With a ground it was said whether force was used: that is not asked again.
        self._asks_force = ending is None or ending.ground in {"", CONSENT}
        self._force = force or force_question()
        self._ground.row.edited.connect(self._show_ground)
        self._rule = EndingRule()
        self.hidden: set[str] = set()

    def __iter__(self) -> Iterator[SheetField]:
        """Top to bottom. Force is left out where the sheet asks that of every end."""
        order = dict(self._fields)
        yield order.pop("holder")
        yield order.pop("holder_name")
        yield self._looks
        yield from (self._ground, self._by, self._rights)
        if self._own_force:
            yield self._force
        yield from order.values()

    def ask(self, rule: EndingRule, code: str) -> None:
        """Show what an end asks for; before the first time nothing is decided."""
        self._rule = rule
        self._fields["holder"].relabel(_LOOKS if rule.asks_search else _WITH_THEM)
        self._see(self._looks, rule.asks_search)
        if "told_person" in self._fields:
            self._see(self._fields["told_person"], not rule.asks_search and code != DIED)
        self._see(self._ground, rule.asks_ground)
        self._show_ground()

    @property
    def _against_wishes(self) -> bool:
        return self._rule.asks_ground and self._ground.value() not in {"", CONSENT}

    def _show_ground(self) -> None:
        self._force.relabel(_FORCE if self._against_wishes else f"{_FORCE} (may stay empty)")
        self._see(self._by, self._against_wishes)
        self._see(self._rights, self._against_wishes and self._asks_rights)
        if self._own_force:
            self._see(self._force, self._against_wishes and self._asks_force)

    def _see(self, field: SheetField, is_asked: bool) -> None:
        if not is_asked:
            self.hidden.add(field.name)
            field.hide()
        elif field.name in self.hidden:
            # One that was never hidden comes with its sheet: shown now, it would be a window of its own.
            self.hidden.discard(field.name)
            field.show()

    def read(self, given: Mapping[str, str]) -> "commands.Responsible":
        """What was said of it; what is out of sight is not said.

        Raises:
            Invalid: half of something is said, or force is left out of an end against the person's wishes.
        """
        seen = {name: "" if name in self.hidden else value for name, value in given.items()}
        said = replace(read_ending(seen), looks_until=at_of(seen, "looks_until"))
        if said.looks_until is not None and said.kind is None:
            raise Invalid("Who looks for them until then?", "Say who was told to look.", "holder")
        return replace(said, ground=self._read_ground(seen)) if seen.get("ground") else said

    def _read_ground(self, given: Mapping[str, str]) -> "commands.LegalGround":
        if not self._against_wishes:
            return commands.LegalGround(given["ground"])
        if self._asks_force and not given["force"]:
            raise Invalid("It was against their wishes: was force used, by anybody?", "Choose an answer.", "force")
        force = YesNo(given["force"]) if given["force"] else None
        rights = telling(given["told_rights"], None, "told_rights", "Why were they not told their rights?")
        return commands.LegalGround(given["ground"], given["ground_by"], rights, force)


def _field(asked: EndingQuestion, now: Now, since: datetime) -> SheetField:
    if asked.options:
        return Choose(asked.name, asked.label, asked.options, "", asked.answer)
    if asked.name == TOLD_AT:
        return When(asked.name, asked.label, lambda: told_within(now(), since), asked.hint)
    line = Write(asked.name, asked.label, asked.hint)
    line.edit.setText(asked.answer)
    return line


def name_next(referral: Referral, ending: HowItEnded, now: Now, reference: ReferenceData) -> Sheet:
    """Say afterwards what was left open at the end, that the person has died since, or lives after all."""
    title = f"{_title(ending)}: {referral.reference}"
    asked = EndingFields(now, referral.received_at, reference.reasons.get("ground", ()), ending)
    rule = EndingRule(asks_search=ending.asks_search, asks_ground=ending.asks_ground)
    asked.ask(rule, ending.reason)
    yes = (Option("yes", "Yes, they died", "D"),)
    has_died = Choose("died", "Have they died since? (may stay empty)", yes, "")
    lives = Write("lives", "That they died was said in error, because (a shift lead)", "may stay empty")
    if ending.reason == DIED or ending.died_known_at is not None:
        has_died.hide()
    if ending.died_known_at is None:
        lives.hide()

    def make(given: Mapping[str, str]) -> list[Order]:
        said = replace(asked.read(given), died=given["died"] == "yes", lives=given["lives"])
        if said.is_empty:
            raise Invalid("Nothing is said.", "Say who is with the person or responsible next.", "holder")
        command = commands.NameResponsible(referral_id=referral.id, said=said, was=ending.holder_name)
        return [Order(command, title)]

    return Sheet(title, [*asked, has_died, lives], make, "Say so")


_KINDS: Final = {"closed": "outcome", "declined": "decline", "cancelled": "cancel"}


def put_right(referral: Referral, ending: HowItEnded, reference: ReferenceData, now: Now) -> Sheet:
    """Another end than was said, with a reason; what the new one asks for is asked next."""
    title = f"Put right how it ended: {referral.reference}"
    kind = _KINDS[ending.state]
    rows = [row for row in ending_rows(reference, kind) if row.value != ending.reason]
    ends = Pick("end", f"Not “{why_ended(referral, reference)}”, but", rows)
    spoken = SpokenAtEnd(ends, kind, referral, reference, now)
    why = Write("why", "Why it is put right", missing="Say why.")

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.AmendEnd(
            referral_id=referral.id,
            was=ending.reason,
            end=given["end"],
            reason=given["why"],
            spoken=spoken.read(given),
        )
        return [Order(command, title)]

    return Sheet(title, [ends, *spoken.fields.every, why], make, "Put it right")


def _title(ending: HowItEnded) -> str:
    return "Who looks for them" if ending.asks_search else "Who is with them now"


def decline(referral: Referral, reference: ReferenceData, now: Now, label: str) -> Sheet:
    """Why, and with whom the person stays."""
    title = f"{label}: {referral.reference}"
    reasons = Pick("reason", "", ending_rows(reference, "decline"))
    asked = asked_by_end(reasons, "decline", reference, now, referral)

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.Decline(referral_id=referral.id, reason=given["reason"], next=asked.read(given))
        return [Order(command, title)]

    return Sheet(title, [reasons, *asked], make, "Decline")


def cancel(referral: Referral, reference: ReferenceData, now: Now, label: str) -> Sheet:
    """Why; where the caller cancels, whether the person was spoken to; and who is with them next."""
    title = f"{label}: {referral.reference}"
    reasons = Pick("reason", "", ending_rows(reference, "cancel"))
    spoken = SpokenAtEnd(reasons, "cancel", referral, reference, now)
    asked = asked_by_end(reasons, "cancel", reference, now, referral)

    def make(given: Mapping[str, str]) -> list[Order]:
        said, after = spoken.read(given), asked.read(given)
        command = commands.Cancel(referral_id=referral.id, reason=given["reason"], spoken=said, next=after)
        return [Order(command, title)]

    return Sheet(title, [reasons, *spoken.fields.every, *asked], make, "Cancel the referral")


class SpokenAtEnd:
    """Whether the person was spoken to, asked of the ends that ask for it.

    A relative, a landlord or a frightened partner may call it off: then the person's own word is asked for.
    """

    def __init__(self, ends: Pick, kind: str, referral: Referral, reference: ReferenceData, now: Now) -> None:
        """Ask, as somebody moves through the ends of a kind."""
        self.fields = SpokenFields.ask(referral, now, must=False)
        self._ends, self._kind, self._reference = ends, kind, reference
        ends.aimed.connect(self._show)
        self._show(ends.value())

    def _asks(self, code: str) -> bool:
        return self._reference.ending_rule(self._kind, code).asks_person

    def _show(self, code: str) -> None:
        for field in self.fields.every:
            field.setVisible(self._asks(code))

    def read(self, given: Mapping[str, str]) -> "commands.Spoken":
        """What was said; nothing where nobody asks.

        Raises:
            Invalid: it is asked for, and neither said.
        """
        if not self._asks(given[self._ends.name]):
            return commands.Spoken()
        said = self.fields.read(given)
        if not (said.name or said.why_not):
            raise Invalid("Was the person spoken to?", "Type their name, or why not.", "spoken_name")
        return said


def asked_by_end(
    ends: Pick,
    kind: str,
    reference: ReferenceData,
    now: Now,
    referral: Referral,
    force: Choose | None = None,
    also: Callable[[str], None] = lambda _code: None,
) -> EndingFields:
    """What is asked of the end that is chosen in a list, as somebody moves through it."""
    asked = EndingFields(now, referral.received_at, reference.reasons.get("ground", ()), force=force)

    def show(code: str) -> None:
        asked.ask(reference.ending_rule(kind, code), code)
        also(code)

    ends.aimed.connect(show)
    show(ends.value())
    return asked


def ending_rows(reference: ReferenceData, kind: str) -> list[Row]:
    """The ways to end of a kind: outcome, decline or cancel; each with what it asks for."""
    choices = reference.outcomes if kind == "outcome" else reference.reasons.get(kind, ())
    return [_row(one, reference.ending_rule(kind, one.code)) for one in choices]


def _row(choice: Choice, rule: EndingRule) -> Row:
    if choice.code == DIED:
        return Row(choice.code, choice.label, details=(("calls, promises and follow-ups end", "dim"),))
    if rule.aftercare is not None:
        within = allowance_in_words(int(rule.aftercare.total_seconds() // 60))
        stays = f"the mental-health part stays open: follow-up within {within}"
        return Row(choice.code, choice.label, details=((stays, "dim"),))
    met = "only where somebody met them" if rule.needs_meeting else ""
    unmet = "only where nobody met them" if rule.only_unmet else ""
    return Row(choice.code, choice.label, details=((met or unmet, "dim"),) if met or unmet else ())
