"""The sheets by which somebody named decides about what stands against the next step."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QLabel

from console.views.sheets.fields import Write
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain.records import Danger, Referral

Standing = Callable[[], Sequence[Danger]]
"""What stands against the referral at the moment."""


def let_on(referral: Referral, standing: Standing) -> Sheet:
    """A named clinician lets on what stands there when the sheet is opened, and nothing that comes later."""
    title = f"Decision by a clinician: {referral.reference}"
    covers = tuple(one for one in standing() if not one.hard)

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.LetOn(
            referral_id=referral.id,
            clinician=given["clinician"],
            reason=given["reason"],
            covers=tuple(one.what for one in covers),
        )
        return [Order(command, title)]

    fields = [
        _above(f"It lets on: {_listed(covers)}.", "clinician", "Clinician's name", "Type the clinician's name."),
        Write("reason", "Why it is safe to go on", missing="Type the clinician's reason."),
    ]
    return Sheet(title, fields, make, "Let it on")


def looked_at(referral: Referral, standing: Standing) -> Sheet:
    """Words that the reader found were looked at by a named person."""
    title = f"Looked at: {referral.reference}"
    covers = tuple(one for one in standing() if one.kind == "words")

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.LookedAt(
            referral_id=referral.id,
            clinician=given["clinician"],
            reason=given["reason"],
            covers=tuple(one.what for one in covers),
        )
        return [Order(command, title)]

    fields = [
        _above(f"The text {_listed(covers)}.", "clinician", "Who looked", "Type the name of who looked."),
        Write("reason", "No danger, because", missing="Say why it is no danger."),
    ]
    return Sheet(title, fields, make, "No danger")


def _listed(some: Sequence[Danger]) -> str:
    return "; ".join(one.words for one in some)


def _above(told: str, name: str, label: str, missing: str) -> Write:
    """A line to type in, with what it is about above its label."""
    field = Write(name, f"{told}\n{label}", missing=missing)
    for above in field.findChildren(QLabel):
        above.setWordWrap(True)
    return field
