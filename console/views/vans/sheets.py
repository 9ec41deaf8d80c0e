"""Small sheets inside the van panel: a crew goes on duty, has its meal, or its van goes out of service."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.live.reality import Insistence, bare
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.layouts import nest
from console.look.number_box import NumberBox
from console.look.style import mark, px
from console.look.tabbing import walk
from console.look.van_keys import VAN_SHEET
from console.look.widgets import ActionButton, MessageBar
from console.views.form.when import TypedMoment, WhatItBelongsTo
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.ticks import TickList
from db import commands
from db.commands.base import Command
from db.domain.fleet import rounded
from db.domain.records import StaffMember
from db.domain.reference import Choice
from db.domain.resolving import Belongs, Limit, reading_words
from db.domain.rota import PlannedShift
from db.domain.rules import DEFAULTS, Rules
from db.domain.suiting import too_few
from db.errors import Invalid, RecordError

# What the fields are filled in with: proposals, to be typed over.
_SHIFT = timedelta(hours=10)
_TO_MEAL = timedelta(hours=5)
_MEAL_MINUTES = 30
_NARROW = 520
"""Pixels, at 100 % text."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The van that a sheet is about, and the moment at which it was opened (UTC)."""

    van_id: UUID
    callsign: str
    now: datetime


@guarded
class VanSheet(QFrame):
    """A form of a few fields. What was typed stays until the record has answered."""

    sent = Signal(object, str)
    """A command, and its label in words."""
    closed = Signal()
    """Put away without sending."""

    about: Hashable
    """What another sheet of its kind goes on with what was typed for: a van, a shift. None: it is not kept."""
    fields: dict[str, QWidget]
    """By name."""

    def __init__(self, title: str, button: str, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="section")
        self.subject = subject
        self.about: Hashable = None
        self.fields: dict[str, QWidget] = {}
        self.form = QFormLayout()
        self.message = MessageBar(self)
        self._hands = Hands(VAN_SHEET, {"go": self.submit, "leave": self.closed.emit})
        self.send = ActionButton(button, VAN_SHEET.key("go"), "primary", self)
        cancel = ActionButton("Close", VAN_SHEET.key("leave"), "quiet", self)
        heading = QLabel(f"{subject.callsign}: {title}", self)
        mark(heading, role="strong")
        row = QHBoxLayout()
        row.addWidget(self.send)
        row.addWidget(cancel)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(8), px(12), px(8))
        column.addWidget(heading)
        nest(column, self.form)
        column.addWidget(self.message)
        nest(column, row)
        self.setAccessibleName(heading.text())
        self.send.clicked.connect(self.submit)
        cancel.clicked.connect(self.closed)

    def submit(self) -> None:
        """Send what the fields say, or say what is wrong with them. Nothing while it is on its way."""
        # Enter comes here too, and does not ask the button.
        if not self.send.isEnabled():
            return
        try:
            command, label = self.command()
        except RecordError as error:
            self.refuse(error)
            return
        self.message.clear()
        self.send.setEnabled(False)
        self.sent.emit(command, label)

    def command(self) -> tuple[Command, str]:
        """What the fields say.

        Raises:
            Invalid: a field says nothing that can be sent.
        """
        raise NotImplementedError

    def refuse(self, error: RecordError) -> None:
        """Say why it was not done; everything stays as it was typed."""
        self.send.setEnabled(True)
        self.message.say("late", error.sentence, error.next_step)

    def field(self, name: str, widget: QWidget) -> None:
        """Add a named field."""
        widget.setAccessibleName(name)
        self.fields[name] = widget
        label = QLabel(name, self)
        label.setBuddy(widget)
        self.form.addRow(label, widget)

    def when(self, name: str, at: datetime, belongs: WhatItBelongsTo) -> tuple[QLineEdit, TypedMoment]:
        """Add a field for a time, filled in, with its full reading below it."""
        line, reading = QLineEdit(self), QLabel(self)
        moment = TypedMoment(line, name, belongs, self)
        mark(reading, role="small")
        reading.setWordWrap(True)

        def show() -> None:
            reading.setText(moment.words)
            mark(reading, tone="late" if moment.is_wrong else "dim")
            line.setAccessibleDescription(moment.words)

        moment.changed.connect(show)
        self.field(name, line)
        self.form.addRow("", reading)
        self.form.addRow("", moment.row)
        moment.fill(at)
        show()
        return line, moment

    def take_up(self, subject: Subject) -> None:
        """Go on with what was typed, at another moment."""
        self.subject = subject
        self.message.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow panel a field stands below its name, and has the whole width for names and reasons."""
        super().resizeEvent(event)
        wrap = QFormLayout.RowWrapPolicy
        self.form.setRowWrapPolicy(wrap.WrapAllRows if self.width() < px(_NARROW) else wrap.DontWrapRows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends, Escape puts the sheet away, and no other key goes further."""
        self._hands.take(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the sheet."""
        return walk(self, forward=forward)


class OnDutySheet(VanSheet):
    """Who rides in the van, until when, and when they eat."""

    def __init__(
        self,
        subject: Subject,
        staff: Sequence[StaffMember],
        parent: QWidget | None = None,
        *,
        rules: Rules = DEFAULTS,
        plan: PlannedShift | None = None,
    ) -> None:
        super().__init__("on duty", "Go on duty", subject, parent)
        self._plan = plan
        self._rules = rules
        self._known: dict[UUID, StaffMember] = {}
        self._insistence = Insistence()
        self.crew = TickList(self)
        self.offer(staff)
        if plan is not None:
            # What the rota says is ticked and filled in; whoever comes instead is ticked instead.
            self.crew.tick(plan.riding_at(max(subject.now, plan.starts_at)))
        self.field("Crew (a digit or Space ticks)", self.crew)
        # Filled in as moments: what is left as it is means just these, whatever the clocks do tonight.
        self.ends, self._end = self.when("Shift ends", self._planned_end(), self._belongs_end)
        self.meal, self._meal = self.when("Meal due", rounded(subject.now + _TO_MEAL), self._belongs_meal)
        # A meal lies within the shift: another end may make it right or wrong.
        self._end.changed.connect(self._meal.read_again)
        self.setFocusProxy(self.crew)

    def offer(self, staff: Sequence[StaffMember]) -> None:
        """List who is free now; those who were ticked and still are stay so."""
        self._known = {member.id: member for member in staff}
        self.crew.offer([(f"{member.name} · {member.profession}", member.id) for member in staff])

    def take_up(self, subject: Subject) -> None:
        """Times that nobody typed move on with the clock."""
        super().take_up(subject)
        meal = rounded(subject.now + _TO_MEAL)
        for line, moment, at in ((self.ends, self._end, self._planned_end()), (self.meal, self._meal, meal)):
            # Qt takes the mark of typing away again whenever a field is filled in by the program.
            if not line.isModified():
                moment.fill(at)
            else:
                moment.read_again()

    def _planned_end(self) -> datetime:
        return self._plan.ends_at if self._plan is not None else rounded(self.subject.now + _SHIFT)

    def command(self) -> tuple[Command, str]:
        """The crew that is ticked, and the two times."""
        ticked = self.crew.ticked()
        if not ticked:
            raise Invalid(f"{self.subject.callsign} needs a crew.", "Tick who rides in it.")
        command = commands.GoOnDuty(
            van_id=self.subject.van_id,
            staff_ids=ticked,
            planned_end=self._read(self._end, "The end of the shift"),
            meal_due=self._read(self._meal, "The meal") if self.meal.text().strip() else None,
        )
        return self._weighed(command), f"{self.subject.callsign} on duty"

    def _weighed(self, command: "commands.GoOnDuty") -> Command:
        """As it is, or with what speaks against the crew once somebody insists; asked once."""
        words = too_few([self._known[key] for key in command.staff_ids if key in self._known], self._rules)
        # Asked here, as the pane's sheets are by their host.
        if words and not self._insistence.insists(bare(command)):
            self._insistence.ask(bare(command))
            raise Invalid(f"{self.subject.callsign} has {words}.", "Once more: it is so.")
        return replace(command, insisted=words)

    def _belongs_end(self) -> Belongs:
        return Belongs(self.subject.now, to_come=True)

    def _belongs_meal(self) -> Belongs:
        end = self._end.at
        return Belongs(
            self.subject.now, to_come=True, not_after=Limit(end, "the end of the shift") if end else None
        )

    def _read(self, moment: TypedMoment, what: str) -> datetime:
        if moment.at is not None:
            return moment.at
        # The row is there in the doubled hour only: then the choice of the zone is what is missing.
        asked = moment.row if moment.row.isVisibleTo(self) else moment.line
        asked.setFocus()
        sentence, step = moment.problem
        raise Invalid(f"{what}: {sentence}" if sentence else f"{what} is missing.", step or "Type it like 07:30.")


class MealSheet(VanSheet):
    """How long the crew rests."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__("meal break", "Start the break", subject, parent)
        self.minutes = NumberBox(5, 120, _MEAL_MINUTES, self)
        self.minutes.setSingleStep(5)
        self.minutes.setSuffix(" min")
        self.field("How long", self.minutes)
        self.reading = QLabel(self)
        mark(self.reading, role="small", tone="dim")
        self.reading.setWordWrap(True)
        self.form.addRow("", self.reading)
        self.minutes.valueChanged.connect(self._show)
        self._show()
        self.setFocusProxy(self.minutes)

    @property
    def until(self) -> datetime:
        """The end of a break that begins when the sheet was opened."""
        return self.subject.now + timedelta(minutes=self.minutes.value())

    def take_up(self, subject: Subject) -> None:
        """The same length, from now on."""
        super().take_up(subject)
        self._show()

    def _show(self) -> None:
        self.reading.setText(f"until {reading_words(self.until, self.subject.now)}")

    def command(self) -> tuple[Command, str]:
        """A break from when the sheet was opened."""
        return commands.StartMealBreak(
            van_id=self.subject.van_id, until=self.until
        ), f"{self.subject.callsign} meal break"


class OutOfServiceSheet(VanSheet):
    """Why the van cannot be sent."""

    def __init__(self, subject: Subject, reasons: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__("out of service", "Take out of service", subject, parent)
        self.reason = PickList("Reason", [Row(choice.code, choice.label) for choice in reasons], self)
        self.reason.picked.connect(self.submit)
        self.field("Reason", self.reason)
        self.setFocusProxy(self.reason)

    def command(self) -> tuple[Command, str]:
        """The reason that is chosen."""
        code = self.reason.value()
        if not code:
            raise Invalid("Out of service needs a reason.", "Choose one.")
        command = commands.TakeOutOfService(van_id=self.subject.van_id, reason=code)
        return command, f"{self.subject.callsign} out of service"
