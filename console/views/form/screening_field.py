"""Screening: the questions, and the typed observations that answer one of them."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.hints import hint
from console.look.key_table import QUESTIONS
from console.look.layouts import nest
from console.look.style import mark, px
from console.views.form.choice import ChoiceRow, Option
from console.views.form.screening_grid import ScreeningGrid
from console.views.form.unmeasured import UnmeasuredLine
from db.domain import observations
from db.domain.answered import how_answered
from db.domain.branches import branches_of, opened
from db.domain.intake import (
    Draft,
    rest_of_section,
    weighed,
    why_not_measured,
    with_rest_no,
)
from db.domain.reference import ScreeningTool, unsigned_words
from db.domain.screening import OBSERVATIONS_KEY, Answer, SecondLook, second_looks


class ScreeningField(QWidget):
    """Holds the answers, how they came about, and the observations."""

    edited = Signal()
    moved = Signal(QRect)
    """Where the next question is, in the grid's coordinates."""

    def __init__(self, tool: ScreeningTool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool = tool
        self._draft = Draft()
        self._looks: list[SecondLook] = []
        self.grid = ScreeningGrid()
        self.grid.setObjectName("answers")
        self.grid.set_tool(tool)
        self._hint = QLabel()
        self._notice = QLabel(unsigned_words(tool), self)
        self._spoken = QLabel(self)
        self.unmeasured = UnmeasuredLine(self)
        self._by_hand: frozenset[str] = frozenset()
        self._years: int | None = None
        self._legal = ""
        self.branches = ChoiceRow("Also ask", _branch_options(tool), self, many=True)
        self.branches.setObjectName("branches")
        self._also = QLabel("Also ask, where it is so or may be so", self)
        self.rest = ActionButton("Rest of the section: no", QUESTIONS.key("rest"), "quiet")
        # The keyboard stays on the questions, so that a second press is still about them.
        self.rest.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._weighed = QLabel()
        self._values = {one.key: self._value_line(one) for one in observations.TYPED}
        self._lay_out()
        self.grid.answered.connect(self._answer)
        self.grid.rest_no.connect(self._rest_no)
        self.grid.asked_rest.connect(self._ask_rest)
        self.grid.moved.connect(self.moved)
        self.grid.asks.connect(self._say_question)
        self.unmeasured.line.textEdited.connect(self._type_reason)
        self.branches.edited.connect(self._open_by_hand)
        self.rest.clicked.connect(self._press_rest)
        self._ask_rest("")

    def _value_line(self, one: observations.Observation) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(f"observation_{one.key}")
        outside = observations.limit_words(one, self._tool)
        line.setAccessibleName(f"{one.label} in {one.unit}; outside is {outside}" if outside else one.label)
        hint(line, observations.EXAMPLES.get(one.key, one.unit))
        line.textEdited.connect(self._type_value)
        return line

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        for label in (self._hint, self._weighed, self._notice, self._spoken, self._also):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            mark(label, role="small")
        mark(self._notice, tone="warn")
        mark(self._spoken, role="")
        self._notice.setVisible(bool(self._notice.text()))
        measured = QGridLayout()
        measured.setHorizontalSpacing(px(8))
        measured.setVerticalSpacing(px(2))
        for place, one in enumerate(observations.TYPED):
            label = QLabel(one.label)
            mark(label, role="small")
            measured.addWidget(label, 0, place)
            measured.addWidget(self._values[one.key], 1, place)
        above = QHBoxLayout()
        above.addWidget(self._hint, 1)
        above.addWidget(self.rest, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._notice)
        nest(column, above)
        column.addWidget(self._spoken)
        column.addWidget(self.grid)
        for widget in (self._also, self.branches):
            widget.setVisible(bool(self.branches.options))
            column.addWidget(widget)
        nest(column, measured)
        column.addWidget(self.unmeasured)
        column.addWidget(self._weighed)

    # --- as a field ---

    def values(self) -> dict[str, Any]:
        """Answers, how they came about, and observations."""
        names = ("answers", "together", "changed", "not_measured", "branches", "observations")
        return {name: getattr(self._draft, name) for name in names}

    def show_draft(self, draft: Draft) -> None:
        """Show answers and observations; begin at the first open question."""
        answered = {item.branch for item in self._tool.items if item.key in draft.answers}
        self._by_hand = (frozenset(draft.branches) | answered) & frozenset(branches_of(self._tool))
        self._by_hand -= self._open_by_itself(draft)
        self._draft = self._branched(draft)
        for key, line in self._values.items():
            line.setText(draft.observations.get(key, ""))
        self.unmeasured.line.setText(draft.not_measured)
        self.grid.begin()
        self._renew()
        self.grid.begin()

    def editors(self) -> dict[str, QWidget]:
        """The grid, the values, and why there are none."""
        lines = (*self._values.values(), self.unmeasured.line)
        also = {"branches": self.branches} if self.branches.options else {}
        return {"answers": self.grid, **also} | {line.objectName(): line for line in lines}

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Name values that cannot be read."""
        if name == "observations":
            # The same line: what cannot be read goes before what the values come to.
            self._weighed.setText(sentence or self._weigh_words())
            mark(self._weighed, tone="late" if wrong else "warn" if sentence else self._weigh_tone())

    def set_narrative(self, text: str) -> None:
        """Look in the narrative for words that do not fit; see ``looks``."""
        if text != self._draft.narrative:
            self._draft = replace(self._draft, narrative=text)
            self._renew()

    def set_person(self, years: int | None, legal: str) -> None:
        """Ask what belongs to somebody of that age and legal status; what is not known opens nothing."""
        if (years, legal) != (self._years, self._legal):
            self._years, self._legal = years, legal
            self._draft = self._branched(self._draft)
            self._renew()

    def _open_by_itself(self, draft: Draft) -> frozenset[str]:
        return opened(self._tool, draft.answers, self._years, self._legal)

    def _branched(self, draft: Draft) -> Draft:
        """The draft with the branches that are open now, by themselves or by hand."""
        now = self._open_by_itself(draft) | self._by_hand
        return replace(draft, branches=tuple(one for one in branches_of(self._tool) if one in now))

    @property
    def looks(self) -> list[SecondLook]:
        """Words of the narrative that do not fit the answers."""
        return self._looks

    # --- hands ---

    def _answer(self, key: str, answer: str) -> None:
        answers = {name: value for name, value in self._draft.answers.items() if name != key}
        if answer:
            answers[key] = answer
        # An answer of its own is no longer one of a group.
        together = tuple(one for one in self._draft.together if one != key)
        self._take(replace(self._draft, answers=answers, together=together))

    def _rest_no(self, section: str) -> None:
        self._take(with_rest_no(self._draft, self._tool, section))

    def _open_by_hand(self) -> None:
        self._by_hand = frozenset(self.branches.chosen()) - self._open_by_itself(self._draft)
        self._take(self._draft)

    def _press_rest(self) -> None:
        self.grid.setFocus(Qt.FocusReason.MouseFocusReason)
        self.grid.ask_or_say_rest()

    def _type_value(self) -> None:
        typed = {key: line.text() for key, line in self._values.items() if line.text().strip()}
        before = observations.weigh(self._draft.observations, self._tool).answer
        answers = dict(self._draft.answers)
        # An answer that came from values goes when the values go.
        if (
            before
            and observations.weigh(typed, self._tool).answer is None
            and answers.get("observations") == before
        ):
            del answers["observations"]
        self._take(replace(self._draft, observations=typed, answers=answers))

    def _type_reason(self, text: str) -> None:
        answers = dict(self._draft.answers)
        # Without the reason the answer that it stood for has nothing to stand on.
        if why_not_measured(self._draft) and not text.strip():
            del answers[OBSERVATIONS_KEY]
        self._take(replace(self._draft, not_measured=text, answers=answers))

    def _take(self, draft: Draft) -> None:
        self._draft = self._branched(weighed(draft, self._tool) if _has_observations(self._tool) else draft)
        self._renew()
        self.edited.emit()

    def _ask_rest(self, section: str) -> None:
        count = len(rest_of_section(self._draft, self._tool, section)) if section else 0
        self._hint.setText(
            f"Read every open question of “{section}” aloud first. All {count} answered no? Press it again."
            if section
            else "Y yes · N no · ? not known · arrows move"
        )
        self.rest.setText("All of them: no" if section else "Rest of the section: no")
        mark(self._hint, tone="warn" if section else "dim")

    # --- eyes ---

    def _renew(self) -> None:
        draft, tool = self._draft, self._tool
        self._looks = second_looks(tool, draft.answers, draft.narrative)
        lit = {look.item.key: look.word for look in self._looks}
        unmeasured = bool(draft.not_measured.strip())
        self.grid.set_answers(
            draft.answers, how_answered(draft, tool), lit, unmeasured=unmeasured, branches=draft.branches
        )
        self.branches.choose(draft.branches)
        self.unmeasured.tell(tool, unmeasured=unmeasured)
        self.say("observations", "", wrong=False)

    def _say_question(self) -> None:
        """The question under the hand as it is asked."""
        item = self.grid.question
        self._spoken.setText(f"Ask: “{item.spoken}”" if item is not None and item.spoken else "")
        self._spoken.setVisible(bool(self._spoken.text()))

    def _weigh_words(self) -> str:
        reading = observations.weigh(self._draft.observations, self._tool)
        words = observations.reading_words(reading, self._tool)
        return words or "Values typed here answer the question about observations."

    def _weigh_tone(self) -> str:
        answer = observations.weigh(self._draft.observations, self._tool).answer
        return "late" if answer == Answer.YES else "dim"


def _branch_options(tool: ScreeningTool) -> list[Option]:
    titles = {one.key: one.title for one in tool.branches}
    return [Option(key, titles.get(key) or key, str(place)) for place, key in enumerate(branches_of(tool), 1)]


def _has_observations(tool: ScreeningTool) -> bool:
    return any(item.key == OBSERVATIONS_KEY for item in tool.items)
