"""Sheets about what people said afterwards: written down, sorted, and made into something that is seen to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, cast

from console.views.form.choice import Option
from console.views.sheets.fields import Choose, ChooseMany, SheetField, Write, WriteLines
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain.clocks import local
from db.domain.feedback import CONSENTS, FEEDBACK_KINDS, SPEAKERS, STATES, Feedback, Improvement
from db.domain.records import Referral
from db.domain.typed_dates import read_coming_date
from db.errors import Invalid

if TYPE_CHECKING:
    from db.commands.voices import Consent, FeedbackKind, Speaker

_WORDS: Final = {"person": "The person", "carer": "A carer", "other professional": "Other professional"}


def options(values: Sequence[str]) -> tuple[Option, ...]:
    """Choices, each with the digit of its place."""
    return tuple(Option(value, _WORDS.get(value, value), str(place)) for place, value in enumerate(values, 1))


SPOKEN_BY: Final = options(SPEAKERS)
"""Who says something afterwards."""


def _themes_row(themes: Sequence[str], chosen: Sequence[str]) -> ChooseMany:
    offered = [Option(theme, theme, str(place) if place < 10 else "") for place, theme in enumerate(themes, 1)]
    return ChooseMany("themes", "About (any number)", offered, chosen)


def sorting(themes: Sequence[str], found: Feedback | None = None) -> list[SheetField]:
    """Of which kind it is, what may be done with it, and what it is about."""
    kind, consent, chosen = (found.kind, found.consent, found.themes) if found else ("comment", "not asked", ())
    return [
        Choose("kind", "It is", options(FEEDBACK_KINDS), "Choose of which kind it is.", kind),
        Choose("consent", "They agreed to", options(CONSENTS), "Choose what they agreed to.", consent),
        _themes_row(themes, chosen),
    ]


def feedback(referral: Referral | None, themes: Sequence[str]) -> Sheet:
    """Who said what afterwards, word for word, and what may be done with it."""
    title = f"Feedback on {referral.reference}" if referral is not None else "Feedback about no one visit"
    fields = [
        Choose("said_by", "Said by", SPOKEN_BY, "Choose who said it."),
        WriteLines("feedback", "Word for word", "in their own words", "Type what was said."),
        *sorting(themes),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.AddFeedback(
            referral_id=referral.id if referral is not None else None,
            said_by=cast("Speaker", given["said_by"]),
            words=given["feedback"],
            kind=_kind(given),
            consent=_consent(given),
            themes=_themes(given),
        )
        return [Order(command, title)]

    return Sheet(title, fields, make, "Add feedback")


def sort(found: Feedback, themes: Sequence[str]) -> Sheet:
    """What it is about, and what may be done with it by now. The words stay."""
    # A theme that is offered no longer is still what it was sorted under.
    offered = [*themes, *(theme for theme in found.themes if theme not in themes)]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.SortFeedback(
            feedback_id=found.id,
            kind=_kind(given),
            consent=_consent(given),
            themes=_themes(given),
            version=found.version,
        )
        return [Order(command, "feedback sorted")]

    return Sheet("Sort this feedback", sorting(offered, found), make, "Sort")


def _kind(given: Mapping[str, str]) -> "FeedbackKind":
    return cast("FeedbackKind", given["kind"])


def _consent(given: Mapping[str, str]) -> "Consent":
    return cast("Consent", given["consent"])


def _themes(given: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(given["themes"].splitlines())


def improvement(item: Improvement | None, of: Feedback | None, now: Callable[[], datetime]) -> Sheet:
    """What was said, who sees to it by when, and at last what changed."""
    said = WriteLines(
        "said", "You said (no names)", "such as: a loud knock is the worst part", "Say what was said."
    )
    said.edit.setPlainText(item.said if item is not None else "")
    owner = Write("owner", "Who sees to it", "a name of the team")
    owner.edit.setText(item.owner if item is not None else "")
    due = Write("due", "By which day (may stay empty)", "such as 1 Dec")
    was_due = f"{item.due_on:%d %b %Y}" if item is not None and item.due_on is not None else ""
    due.edit.setText(was_due)
    did = WriteLines("did", "We did, or why not", "what changed")
    did.edit.setPlainText(item.did if item is not None else "")
    raised_by = of.said_by if of is not None else "team"
    fields = [
        said,
        owner,
        due,
        Choose(
            "state",
            "It is",
            options(STATES),
            "Choose where it stands.",
            item.state if item is not None else "open",
        ),
        did,
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        made = {} if item is None else {"improvement_id": item.id, "version": item.version}
        command = commands.SetImprovement(
            said=given["said"],
            raised_by=raised_by,  # type: ignore[arg-type] # one of the speakers, or the team
            owner=given["owner"],
            # Left as it was it stays, also where that day is over.
            due_on=item.due_on if item is not None and given["due"] == was_due else _day(given["due"], now),
            state=given["state"],  # type: ignore[arg-type] # one of the states that are offered
            did=given["did"],
            feedback_id=of.id if of is not None else None,
            **made,  # type: ignore[arg-type] # a key and a version
        )
        return [Order(command, "you said, we did")]

    return Sheet("You said, we did", fields, make, "Keep")


def _day(typed: str, now: Callable[[], datetime]) -> date | None:
    if not typed:
        return None
    found = read_coming_date(typed, local(now()).date())
    if found is None:
        raise Invalid(f'"{typed}" is no day.', "Type it such as 1 Dec.", "due")
    return found


def sign_off(what: str, send: "Callable[[str], commands.Command]") -> Sheet:
    """A line about something that was looked at."""
    line = Write("line", "What you saw", "such as: no van free, rota looked at", "Say it in a line.")

    def make(given: Mapping[str, str]) -> list[Order]:
        return [Order(send(given["line"]), "signed off")]

    return Sheet(f"Sign off: {what}", [line], make, "Sign off")
