"""About me in the form: every topic, asked in any order, nothing mandatory; who is telling is said once."""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.look.hints import hint as show_hint
from console.look.layouts import nest
from console.look.style import mark, px
from console.views.form.choice import Option, keyed
from console.views.form.topics import (
    ANSWERS,
    SAFER,
    TopicChoice,
    TopicEditor,
    TopicLanguages,
    TopicLine,
    TopicToggles,
    is_wide,
)
from db.domain import about
from db.domain.about import Said, Topic, TopicKind
from db.domain.intake import Draft
from db.domain.reference import ReferenceData

SPEAKER = "about_by"
_A_ROW = 3


class AboutField(QWidget):
    """The topics as rows of editors. It holds the draft's ``about``."""

    edited = Signal()

    def __init__(self, reference: ReferenceData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = "about"
        self._topics = tuple(one for one in reference.topics if one.offered and one.kind is not TopicKind.NOTICE)
        self._notices = tuple(one for one in reference.topics if one.offered and one.kind is TopicKind.NOTICE)
        self._unshown: tuple[Said, ...] = ()
        self.speaker = QLineEdit()
        self.speaker.setObjectName(SPEAKER)
        self.speaker.setAccessibleName("Who is telling now")
        show_hint(self.speaker, f"{about.THE_PERSON}; else type who: daughter, GP, EMAS crew …")
        self.topics = {topic.key: self._made(topic, reference) for topic in self._topics}
        self._editor_of = {name: editor for editor in self.topics.values() for name in editor.editors()}
        self._lay_out()
        self.speaker.textEdited.connect(lambda _text: self.edited.emit())
        for editor in self.topics.values():
            editor.edited.connect(self.edited)

    def _made(self, topic: Topic, reference: ReferenceData) -> TopicEditor:
        if topic.kind is TopicKind.LANGUAGE:
            return TopicLanguages(topic, self.who, reference.languages)
        if topic.kind is TopicKind.ANSWER:
            return TopicChoice(topic, self.who, ANSWERS)
        if topic.kind is TopicKind.SAFER:
            return TopicChoice(topic, self.who, SAFER)
        if topic.kind is TopicKind.WISH:
            return TopicToggles(topic, self.who, _numbered(reference.wishes), by_code=False)
        if topic.kind is TopicKind.MOBILITY:
            options = [
                Option(one.code, one.label, key)
                for one, key in keyed([one for one in reference.mobility if one.offered])
            ]
            return TopicToggles(topic, self.who, options, by_code=True)
        return TopicLine(topic, self.who)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        label = QLabel("Who is telling now", self)
        mark(label, role="small")
        column.addWidget(label)
        column.addWidget(self.speaker)
        for row in self._rows():
            line = QHBoxLayout()
            line.setSpacing(px(10))
            for editor in row:
                line.addWidget(editor, 1)
            nest(column, line)
        for topic in self._notices:
            words = QLabel(f"{topic.label}: {topic.question}", self)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            mark(words, role="small", tone="dim")
            column.addWidget(words)

    def _rows(self) -> Iterator[Sequence[TopicEditor]]:
        row: list[TopicEditor] = []
        for editor in self.topics.values():
            if is_wide(editor.topic):
                if row:
                    yield row
                yield [editor]
                row = []
                continue
            row.append(editor)
            if len(row) == _A_ROW:
                yield row
                row = []
        if row:
            yield row

    def who(self) -> str:
        """Who is telling now; the person, unless somebody else is named."""
        return self.speaker.text().strip() or about.THE_PERSON

    # --- in and out ---

    def values(self) -> dict[str, Any]:
        """What is said, in an order of its own."""
        found = {said for editor in self.topics.values() for said in editor.said()}
        answered = self.topics.get(about.INTERPRETER)
        if answered is not None and not answered.is_blank():
            # What somebody chose goes before what the words about the language hold.
            found = {one for one in found if one.topic != about.INTERPRETER} | set(answered.said())
        return {"about": tuple(sorted(found | set(self._unshown)))}

    def show_draft(self, draft: Draft) -> None:
        """Show what a draft says, and nothing of the one before; nobody is telling yet."""
        self.speaker.setText("")
        for key, editor in self.topics.items():
            editor.show_said(about.of_topic(draft.about, key))
        # Of a topic that is no longer offered nothing is lost.
        self._unshown = tuple(one for one in draft.about if one.topic not in self.topics)

    def put(self, said: Sequence[Said]) -> None:
        """Add what somebody took of the narrative, beside all that is said already; who is telling stays."""
        speaker = self.speaker.text()
        self.show_draft(Draft(about=tuple(sorted({*self.values()["about"], *said}))))
        self.speaker.setText(speaker)
        self.edited.emit()

    def editors(self) -> dict[str, QWidget]:
        """Who is telling, then every topic."""
        return {SPEAKER: self.speaker} | {
            name: widget for editor in self.topics.values() for name, widget in editor.editors().items()
        }

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Put a sentence below a topic."""
        if (editor := self._editor_of.get(name)) is not None:
            editor.say(name, sentence, wrong=wrong)


def _numbered(words: Sequence[str]) -> list[Option]:
    return [Option(word, word, key) for word, key in keyed(words)]
