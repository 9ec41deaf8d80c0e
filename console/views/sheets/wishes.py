"""Whether what a person asked for was kept: thing by thing, and of what was not, or only in part, also why."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from console.views.form.choice import Option
from console.views.sheets.fields import Choose, SheetField, Write, WriteLines
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain import about
from db.domain.about import AboutItem, Topic
from db.domain.brief import labels_of
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.domain.texts import told
from db.errors import Invalid

if TYPE_CHECKING:
    from uuid import UUID

_KEPT: Final = (Option("yes", "Yes", "Y"), Option("partly", "Partly", "P"), Option("no", "No", "N"))
_MOST: Final = 9
"""More than anybody goes through at the end of a visit."""
THE_CREW: Final = "the crew"


def asked_words(item: AboutItem, topics: Mapping[str, Topic], reference: ReferenceData) -> str:
    """What was asked for, as its topic and words."""
    topic = topics.get(item.topic)
    label, labels = (topic.label, labels_of(topic, reference)) if topic else (item.topic, {})
    return f"{label}: {told(about.rendered(item.said, labels))}"


def wish_fields(items: Sequence[AboutItem], reference: ReferenceData, before: str = "") -> list[SheetField]:
    """A question a thing, and behind it why, where it was not kept.

    Args:
        items: what was asked for, or promised.
        reference: configured data.
        before: words before each question, where others stand around it.
    """
    topics = {one.key: one for one in reference.topics}
    fields: list[SheetField] = []
    for item in items[:_MOST]:
        kept = Choose(str(item.id), f"{before}{asked_words(item, topics, reference)}", _KEPT, "")
        why = Write(_why(item), "Why, or why only in part", "such as the side door was locked", "Say why.")
        kept.row.edited.connect(partial(_ask_why, kept, why))
        _ask_why(kept, why)
        fields += [kept, why]
    return fields


def _why(item: AboutItem) -> str:
    return f"why {item.id}"


def _ask_why(kept: Choose, why: Write) -> None:
    why.setVisible(kept.value() in {"partly", "no"})


def wish_orders(
    referral: Referral, items: Sequence[AboutItem], given: Mapping[str, str], said_by: str, words: str = ""
) -> list[Order]:
    """What was answered, as an order; none where nothing was.

    Args:
        referral: whose wishes.
        items: as :func:`wish_fields` asked.
        given: the answers, by the fields' names.
        said_by: who says so.
        words: of all of it.
    """
    kept: list[tuple[UUID, str]] = [
        (item.id, given[str(item.id)]) for item in items[:_MOST] if given[str(item.id)]
    ]
    if not kept:
        return []
    # What was typed before the answer became *yes* stays in its field, out of sight, and is not said.
    whys = tuple((item.id, given[_why(item)]) for item in items[:_MOST] if given[str(item.id)] in {"partly", "no"})
    command = commands.ReportWishes(
        referral_id=referral.id, kept=tuple(kept), said_by=said_by, words=words, whys=whys
    )
    return [Order(command, f"Wishes kept · {referral.reference}")]


def wishes(referral: Referral, items: Sequence[AboutItem], reference: ReferenceData) -> Sheet:
    """Of each wish and promise: was it kept, and who says so."""
    by = Write("said_by", "Said by", "the person, a daughter, the crew …", "Say who says so.")
    by.edit.setText(about.THE_PERSON)
    fields = [*wish_fields(items, reference), by, WriteLines("words", "In their words (may stay empty)")]

    def make(given: Mapping[str, str]) -> list[Order]:
        orders = wish_orders(referral, items, given, given["said_by"], given["words"])
        if not orders:
            raise Invalid("Nothing was answered.", "Say of one wish whether it was kept.")
        return orders

    return Sheet(f"Wishes and promises: {referral.reference}", fields, make, "Record")
