"""The form's seven sections, in the order in which a caller speaks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.buttons import ActionButton
from console.look.key_table import FORM
from console.look.layouts import nest
from console.look.style import mark, px
from console.look.widgets import KeyHint
from console.views.form.about_field import SPEAKER, AboutField
from console.views.form.choice import Option
from console.views.form.fields import (
    ChoiceField,
    FormField,
    LineField,
    Now,
    SwitchField,
    TimeField,
)
from console.views.form.narrative import NarrativeField
from console.views.form.needs_row import NeedsRow
from console.views.form.place_box import Finder, PlaceBox
from console.views.form.priority_field import PriorityField
from console.views.form.read_field import BirthField, call_back_field, nhs_number_field
from console.views.form.screening_field import ScreeningField
from db.domain.clocks import local
from db.domain.detention import HELD
from db.domain.intake import Draft, Problem, default_priority
from db.domain.party import Party
from db.domain.reference import ReferenceData, Source
from db.domain.resolving import Belongs, Limit
from db.domain.typed_births import read_birth

AGE_EVERY_MS = 10_000
"""Milliseconds between two looks at how long ago the typed times are."""
_SHOWN_AT = {"place_warning": "place"}
"""The editor of what has none of its own."""
_LEGAL = ("none", "s136", "s135")
_POLICE = ("present", "asked for", "avoided")
# The UK Mental Health Triage Scale's own words.
_SCALE = {
    "A": "emergency",
    "B": "very urgent",
    "C": "urgent",
    "D": "semi-urgent",
    "E": "non-urgent",
    "F": "other service",
    "G": "advice",
}


class FormSection(QFrame):
    """A numbered section: title, the key that jumps to it, and rows of fields."""

    def __init__(self, number: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="section")
        self.setAccessibleName(f"{number} {title}")
        heading = QLabel(f"{number}  {title}")
        mark(heading, role="heading")
        self._top = QHBoxLayout()
        self._top.addWidget(heading)
        self._top.addStretch(1)
        # The table of the form begins with its sections.
        self._top.addWidget(KeyHint(FORM.keys[number - 1].names[0]))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(14), px(8), px(14), px(12))
        column.setSpacing(px(6))
        nest(column, self._top)
        self._rows = column

    def add_row(self, *cells: tuple[QWidget, int]) -> None:
        """Add fields side by side, each with its share of the width; hidden ones leave theirs to the others."""
        row = QHBoxLayout()
        row.setSpacing(px(10))
        for widget, share in cells:
            row.addWidget(widget, share)
        nest(self._rows, row)


class FormPage(QWidget):
    """Every field of a draft."""

    edited = Signal()
    left = Signal()
    """A person went on from a line of text, which may be judged now."""

    def __init__(self, reference: ReferenceData, finder: Finder, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._now = now
        self.pick_on_map = ActionButton("Pick on map", FORM.key("pick"))
        self._received: Callable[[], datetime | None] = lambda: None
        self._make_fields(finder)
        # Over the page: suggestions must not push down what somebody is about to type into.
        self.place.float_over(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(12))
        column.setSpacing(0)
        for section in self._make_sections():
            column.addWidget(section)
        column.addStretch(1)
        for field in self.fields():
            field.edited.connect(self._follow)
        for editor in self.editors().values():
            # What is not said of a field while it has the keyboard is said when somebody goes on.
            if isinstance(editor, QLineEdit):
                editor.editingFinished.connect(self.left)
        self._showing = False
        self.show_draft(Draft())
        self._ageing = QTimer(self)
        self._ageing.setInterval(AGE_EVERY_MS)
        self._ageing.timeout.connect(self._grow_old)
        self._ageing.start()

    # --- made of ---

    def _make_fields(self, finder: Finder) -> None:
        reference, now = self._reference, self._now
        self.place = PlaceBox(finder)
        self.access = LineField("access_note", "Access: gate code, which door, dogs, where to park")
        self.source = ChoiceField("source", "Who refers", _source_options(reference.sources.values()))
        self.caller = LineField("caller", "Caller")
        self.call_back = call_back_field()
        self.incident = LineField("ems_incident", "EMAS incident")
        self.crew = LineField("ems_callsign", "EMAS crew")
        self.waiting = LineField("waiting_party", "Police unit")
        self.on_scene = TimeField("ems_on_scene", "EMAS on scene since", lambda: Belongs(now()))
        self.connected = TimeField("call_connected", "Call connected", self._belongs_connected)
        self.sent = TimeField("sent", "Referral sent", self._belongs_sent)
        self.unknown = SwitchField("patient_unknown", "Not known")
        self.name = LineField("name", "Name")
        self.born = BirthField(lambda: local(now()).date())
        self.number = nhs_number_field()
        self.narrative = NarrativeField()
        self.screening = ScreeningField(reference.current_tool)
        self.about = AboutField(reference)
        self.needs = NeedsRow(reference, self.about.speaker.text)
        self.needs.taken.connect(self.about.put)
        self.legal = ChoiceField("legal", "Detained (nothing chosen: not known)", _numbered(_LEGAL))
        self.legal_detail = LineField("legal_detail", "Place, and since when")
        self.police = ChoiceField("police", "Police (nothing chosen: not known)", _numbered(_POLICE))
        self.scale = ChoiceField(
            "triage_scale", "Triage scale", [Option(letter, words, letter) for letter, words in _SCALE.items()]
        )
        self.priority = PriorityField(reference.priorities)

    def _make_sections(self) -> Iterator[FormSection]:
        yield self._section(1, "Where", ((self.place, 12),), ((self.access, 9), (self._map_cell(), 3)))
        yield self._section(
            2,
            "Who refers",
            ((self.source, 12),),
            ((self.caller, 4), (self.call_back, 4), (self.incident, 4)),
            ((self.crew, 4), (self.waiting, 4), (self.on_scene, 3), (self.connected, 3), (self.sent, 3)),
        )
        yield self._section(3, "Patient", ((self.unknown, 2), (self.name, 4), (self.born, 3), (self.number, 3)))
        yield self._section(4, "Narrative", ((self.narrative, 12),), ((self.needs, 12),))
        yield self._section(5, "Screening", ((self.screening, 12),))
        yield self._section(6, "About me", ((self.about, 12),))
        yield self._section(
            7,
            "Legal and priority",
            ((self.legal, 6), (self.legal_detail, 6)),
            ((self.police, 12),),
            ((self.scale, 7), (self.priority, 5)),
        )

    def _section(self, number: int, title: str, *rows: Sequence[tuple[QWidget, int]]) -> FormSection:
        section = FormSection(number, title)
        for row in rows:
            section.add_row(*row)
        return section

    def _map_cell(self) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addWidget(self.pick_on_map)
        return cell

    def fields(self) -> tuple[FormField, ...]:
        """Every field, in voice order."""
        return (
            *(self.place, self.access, self.source, self.caller, self.call_back, self.incident, self.crew),
            *(self.waiting, self.on_scene, self.connected, self.sent, self.unknown, self.name, self.born),
            *(self.number, self.narrative, self.screening, self.about, self.legal),
            *(self.legal_detail, self.police, self.scale, self.priority),
        )

    def editors(self) -> dict[str, QWidget]:
        """Every widget that takes the focus, by name, in voice order."""
        return {name: widget for field in self.fields() for name, widget in field.editors().items()}

    def start_of(self, section: int) -> str:
        """The name of the editor with which section 1 to 7 begins: one that takes what is typed on at once."""
        return ("place", "source", "name", "narrative", "answers", SPEAKER, "legal")[section - 1]

    def set_received(self, at: Callable[[], datetime | None]) -> None:
        """Where to learn when the response clock began; None for a referral of which nothing is typed yet."""
        self._received = at

    # --- in and out ---

    def show_draft(self, draft: Draft) -> None:
        """Show a draft and nothing of the one before."""
        self._showing = True
        for field in self.fields():
            field.show_draft(draft)
            for name in field.editors():
                field.say(name, "", wrong=False)
        self._showing = False
        self._dress(draft)

    def draft(self) -> Draft:
        """What is typed."""
        values = {name: value for field in self.fields() for name, value in field.values().items()}
        return Draft(**values)

    def lock_times(self, draft: Draft) -> None:
        """Times that the record has are amended there with a reason, so they are only shown here."""
        for field in self._times():
            # A blank draft is a new referral: the record has none of its times yet.
            field.lock(locked=field.values()[field.name].at is not None and draft != Draft())

    def _times(self) -> tuple[TimeField, ...]:
        return self.on_scene, self.connected, self.sent

    def _belongs_connected(self) -> Belongs:
        return Belongs(self._now(), not_after=_limit(self.sent.at, "sent") or _limit(self._received(), "received"))

    def _belongs_sent(self) -> Belongs:
        before = _limit(self.connected.at, "call connected")
        return Belongs(self._now(), not_before=before, not_after=_limit(self._received(), "received"))

    def _grow_old(self) -> None:
        for field in self._times():
            field.tell_age()

    # --- what follows from what ---

    def _follow(self) -> None:
        if self._showing:
            return
        # Whoever types a name knows it by now.
        if self.unknown.box.isChecked() and self.sender() in {self.name, self.born, self.number}:
            self.unknown.box.setChecked(False)
        self._dress(self.draft())
        self.edited.emit()

    def _dress(self, draft: Draft) -> None:
        now = self._now()
        self.priority.follow(default_priority(draft, self._reference), self._received() or now, now)
        self._dress_source(draft)
        self.legal_detail.setVisible(draft.legal in HELD or bool(draft.legal_detail))
        self.screening.set_narrative(draft.narrative)
        self.needs.follow(draft)
        self.narrative.set_looks(self.screening.looks, draft.answers)
        today = local(now).date()
        years = None if draft.patient_unknown else read_birth(draft.born, today, draft.born_on).years(today)
        self.screening.set_person(years, draft.legal)
        for field in (self.born, self.number):
            field.be_silent(silent=draft.patient_unknown)

    def _dress_source(self, draft: Draft) -> None:
        source = self._reference.sources.get(draft.source)
        waits, kind = (source.waits, source.waits_kind) if source else ("", Party.NOBODY)
        ems = source is None or kind is Party.EMS or "EMAS" in source.label
        # What was typed is never hidden.
        self.crew.setVisible(ems or bool(draft.ems_callsign))
        self.on_scene.setVisible(ems or bool(draft.ems_on_scene.text))
        self.waiting.setVisible(bool(source and kind is not Party.EMS) or bool(draft.waiting_party))
        self.waiting.set_label(f"{waits} unit" if waits and kind is not Party.EMS else "Who waits with the person")

    def tell(self, problems: Sequence[Problem], *, tried: bool) -> None:
        """Put each problem below its field.

        Args:
            problems: as from :func:`db.domain.intake.problems`.
            tried: somebody tried to save, so that what is missing counts as wrong.
        """
        found: dict[str, list[Problem]] = {}
        for problem in problems:
            found.setdefault(_SHOWN_AT.get(problem.field, problem.field), []).append(problem)
        for field in self.fields():
            # Observations are one sentence below several editors, none of which has that name.
            for name in {*field.editors(), "observations"} - self._spoken_for(found):
                here = [one for one in found.get(name, []) if tried or not self._too_early(one)]
                words = " ".join(one.sentence for one in here)
                field.say(name, words, wrong=any(one.blocks for one in here))

    @staticmethod
    def _spoken_for(found: Mapping[str, Sequence[Problem]]) -> set[str]:
        """The narrative says itself which of its words to ask about, unless there is something to mend."""
        return set() if "narrative" in found else {"narrative"}

    def _too_early(self, problem: Problem) -> bool:
        """Whether the person is still at it: a half-typed number is no mistake, nor is an empty form."""
        editor = self.editors().get(problem.field)
        missing = problem.field in {"source", "priority"} or (problem.field == "place" and problem.blocks)
        return missing or bool(editor and editor.hasFocus())


def _source_options(sources: Iterable[Source]) -> list[Option]:
    return [Option(source.code, source.label, str(number)) for number, source in enumerate(sources, start=1)]


def _numbered(words: Sequence[str]) -> list[Option]:
    return [Option(word, word, str(number) if number < 10 else "") for number, word in enumerate(words, start=1)]


def _limit(at: datetime | None, words: str) -> Limit | None:
    return Limit(at, words) if at else None
