"""The form asks why the referral is declined, and what every end asks: with whom the person is, who told whom."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.key_table import IN_FORM
from console.look.layouts import nest
from console.look.style import px
from console.views.form.choice import Option
from console.views.form.ending import TOLD_AT, EndingQuestion, ending_questions, read_ending, told_within
from console.views.form.fields import ChoiceField, LineField, TimeField
from console.views.form.limits import too_long
from console.views.form.open_draft import OpenDraft
from db.domain.reference import Choice
from db.domain.resolving import Belongs
from db.domain.shown import said
from db.domain.typed_times import NO_TIME, TypedTime
from db.errors import Invalid
from db.tables.bounds import most

REASON = "decline_reason"
_MOST = {"holder_name": most("ending", "holder_name")}
_MOST_TOLD = most("ending", "person_told_by")


def told_to(open_draft: OpenDraft, desk: Desk) -> Belongs:
    """When somebody can have been told of the end of what is in the form."""
    referral = desk.store.referral(open_draft.referral_id)
    return told_within(desk.clock.now(), referral.received_at if referral else open_draft.begun)


class Declining(QWidget):
    """Hidden until it is asked for. What is typed is kept with the draft at once, so closing it loses nothing."""

    decided = Signal(str, object)
    """The reason's code, and what is said of the end: a :class:`db.commands.Responsible`."""

    def __init__(
        self, reasons: Sequence[Choice], told: Callable[[], Belongs], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        options = [Option(one.code, one.label, str(number)) for number, one in enumerate(reasons, start=1)]
        self._why = ChoiceField(REASON, "Reason for declining", options)
        self.reasons = self._why.row
        self.now = ActionButton("Decline for this reason", IN_FORM.key("go"), "danger")
        self._typed: dict[str, TypedTime | str] = {}
        self._fields: dict[str, ChoiceField | LineField | TimeField] = {REASON: self._why}
        self._fields |= {one.name: _field(one, told) for one in ending_questions()}
        self._lay_out()
        for name, field in self._fields.items():
            field.edited.connect(lambda name=name: self._keep(name))
        self.now.clicked.connect(self.decide)
        self.show_typed({})

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        first = QHBoxLayout()
        first.addWidget(self._why, 1)
        first.addWidget(self.now, 0, Qt.AlignmentFlag.AlignBottom)
        lines = QHBoxLayout()
        lines.setSpacing(px(10))
        for name, field in self._fields.items():
            if isinstance(field, LineField | TimeField):
                lines.addWidget(field, 5 if name == TOLD_AT else 4)
        nest(column, first)
        column.addWidget(self._fields["holder"])
        nest(column, lines)

    # --- what is typed ---

    def show_typed(self, typed: dict[str, TypedTime | str]) -> None:
        """Show what was typed for a draft, and keep there what will be."""
        self._typed = typed
        for name, field in self._fields.items():
            held = typed.get(name, NO_TIME if isinstance(field, TimeField) else "")
            if isinstance(field, TimeField) and isinstance(held, TypedTime):
                field.moment.show_text(held.text, held.at)
            elif isinstance(field, ChoiceField):
                field.row.choose((str(held),))
            elif isinstance(field, LineField):
                field.line.setText(str(held))
            field.say(name, "", wrong=False)
        self.now.setEnabled(bool(self.reasons.chosen()))

    def _keep(self, name: str) -> None:
        field = self._fields[name]
        self._typed.update(field.values())
        field.say(name, "", wrong=False)
        self.now.setEnabled(bool(self.reasons.chosen()))

    def _value(self, name: str) -> str:
        held = self._fields[name].values()[name]
        if isinstance(held, TypedTime):
            return held.at.isoformat() if held.at is not None else ""
        return said(str(held))

    # --- what is asked for ---

    def ask(self) -> None:
        """Ask why."""
        self.show()
        self.reasons.setFocus()

    def decide(self) -> None:
        """Decline for the reason that is chosen."""
        chosen = self.reasons.chosen()
        if chosen:
            self.decide_for(chosen[0])

    def decide_for(self, reason: str) -> None:
        """Say why, and what is said of the end; or what is wrong with that, at its field."""
        try:
            said = read_ending({name: self._checked(name) for name in self._fields})
        except Invalid as wrong:
            self.show()
            self._fields[wrong.field].say(wrong.field, f"{wrong.sentence} {wrong.next_step}".strip(), wrong=True)
            self._fields[wrong.field].editor.setFocus()
        else:
            self.decided.emit(reason, said)

    def _checked(self, name: str) -> str:
        field, value = self._fields[name], self._value(name)
        problem = field.values()[name].problem if isinstance(field, TimeField) else ""
        problem = problem or too_long("This", value, _MOST.get(name, _MOST_TOLD))
        if problem:
            raise Invalid(problem, "", name)
        return value


def _field(question: EndingQuestion, told: Callable[[], Belongs]) -> ChoiceField | LineField | TimeField:
    if question.options:
        return ChoiceField(question.name, question.label, question.options)
    if question.name == TOLD_AT:
        return TimeField(question.name, question.label, told)
    return LineField(question.name, question.label, question.hint)
