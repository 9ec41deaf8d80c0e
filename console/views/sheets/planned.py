"""Sheets of the room's list: a follow-up is put off, and how often people are called while they wait."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from console.views.form.choice import Option
from console.views.sheets.care import FOLLOW_UP_SOON, follow_up_due, when_due
from console.views.sheets.fields import Choose, Note, Pick, Write
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain.care import CallSchedule, FollowUp
from db.domain.clocks import local_time, span_allowed
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.errors import Invalid

Now = Callable[[], datetime]
_NUMBERS: Final = {
    "first": "First call, minutes after they were received",
    "every": "Then every so many minutes",
    "again": "Minutes until the next try when nobody answers",
}
_MOST: Final = 100_000
_CALLED: Final = (Option("yes", "called", "C"), Option("no", "not called", "N"))


def put_off(referral: Referral, item: FollowUp, now: Now, by: str) -> Sheet:
    """A follow-up is due later, and why; the events keep the day before, the reason and who put it off."""
    title = f"Put off the follow-up for {referral.reference}"
    fields = [
        Note("now", f"It is due {local_time(item.due_at, now())}. It is kept that {by} put it off."),
        Choose("in", "New time", FOLLOW_UP_SOON, ""),
        when_due(now),
        Write("reason", "Why", "such as she asked for Friday", "Say why it is put off."),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        due = follow_up_due(given, now)
        if due <= item.due_at:
            raise Invalid("Put off, it is due later than now.", "Choose a later time, or do it.", "due")
        command = commands.PutOffFollowUp(
            follow_up_id=item.id, due=due, reason=given["reason"], referral_id=referral.id
        )
        return [Order(command, title)]

    return Sheet(title, fields, make, "Put it off")


def schedule(reference: ReferenceData) -> Sheet:
    """How often people of a priority are called while they wait without a van; who set it, and on which day."""
    said = {code: schedule_words(reference.schedules.get(code), reference.who) for code in reference.priorities}
    rows = [Row(code, code, details=((words, "dim"),)) for code, words in said.items()]
    which = Pick("priority", "Priority", rows, "Choose the priority.")
    active = Choose("active", "While they wait they are", _CALLED, "Choose whether they are called.")
    numbers = {name: Write(name, label, "minutes", "Type how many minutes.") for name, label in _NUMBERS.items()}

    def show() -> None:
        for field in numbers.values():
            field.setVisible(active.value() == "yes")

    def aim(code: str) -> None:
        found = reference.schedules.get(code)
        active.row.choose(["yes" if found else "no"] if code else [])
        for name, field in numbers.items():
            field.edit.setText(_minutes(getattr(found, name)) if found else "")
        show()

    which.aimed.connect(aim)
    active.row.edited.connect(show)
    aim("")

    def make(given: Mapping[str, str]) -> list[Order]:
        found = reference.schedules.get(given["priority"])
        is_active = given["active"] == "yes"
        if not (is_active or found):
            raise Invalid(f"People of {given['priority']} are not called as it is.", "", "active")
        typed = {name: _number(name, given[name]) if is_active else _known(found, name) for name in _NUMBERS}
        command = commands.SetContactSchedule(
            priority=given["priority"],
            first=typed["first"],
            every=typed["every"],
            again=typed["again"],
            active=is_active,
        )
        return [Order(command, f"Schedule of calls: {given['priority']}")]

    return Sheet("Schedule of calls", [which, active, *numbers.values()], make, "Set it")


def schedule_words(found: CallSchedule | None, who: Callable[[str], str]) -> str:
    """How often, and who answers for it: ``first after 30 min, then every 60 min … L. Lead, 26 Nov 2026``."""
    if found is None:
        return "nobody is called"
    times = f"first after {span_allowed(found.first)}, then every {span_allowed(found.every)}"
    day = f", {found.dated:%d %b %Y}" if found.dated else ""
    return f"{times}, {span_allowed(found.again)} after no answer · {who(found.author) or 'nobody'}{day}"


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))


def _number(name: str, typed: str) -> int:
    if not typed.isdecimal() or not 1 <= int(typed) <= _MOST:
        raise Invalid("Minutes are a whole number, at least 1.", "Type it, such as 60.", name)
    return int(typed)


def _known(found: CallSchedule | None, name: str) -> int:
    return int(_minutes(getattr(found, name))) if found is not None else 1
