"""What is typed or chosen about the person, a topic each. What nobody touched stays as it was, and whose."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from console.look.hints import hint as show_hint
from console.views.form.choice import ChoiceRow, Option
from console.views.form.fields import Labelled
from db.domain import about, languages
from db.domain.about import Said, Topic, TopicKind
from db.domain.languages import Languages

Speaker = Callable[[], str]
"""Who is telling now."""
ANSWERS: Final = (Option("yes", "yes", "Y"), Option("no", "no", "N"), Option("not known", "not known", "K"))
SAFER: Final = (Option("woman", "a woman", "W"), Option("man", "a man", "M"), Option("either", "either", "E"))


def name_of(topic: str) -> str:
    """The name of a topic's editor."""
    return f"about_{topic}"


class TopicEditor(Labelled):
    """One topic. ``said`` is what it says now."""

    def __init__(self, topic: Topic, editor: QWidget, speaker: Speaker) -> None:
        super().__init__(name_of(topic.key), topic.label, editor)
        self.topic = topic
        self.setToolTip(topic.question)
        self._speaker = speaker
        self._shown: tuple[Said, ...] = ()
        self._by = ""

    def show_said(self, said: Sequence[Said]) -> None:
        """Show what was said on the topic, and nothing of what was shown before."""
        self._shown = tuple(said)
        self._by = said[0].said_by if said else ""
        self.show_values(said)
        self._tell_by()

    def said(self) -> tuple[Said, ...]:
        """What is said: as it was while nobody touched it, else what is here now."""
        return self._shown if self.is_untouched() else self.said_now()

    def show_values(self, said: Sequence[Said]) -> None:
        """Fill the editor."""
        raise NotImplementedError

    def is_untouched(self) -> bool:
        """Whether it says what was shown."""
        raise NotImplementedError

    def said_now(self) -> tuple[Said, ...]:
        """What the editor says."""
        raise NotImplementedError

    def is_blank(self) -> bool:
        """Whether nothing is typed or chosen."""
        raise NotImplementedError

    def follow(self) -> None:
        """Whoever is telling as it is begun said it; a slip that is mended later stays theirs."""
        if self.is_blank():
            self._by = ""
        elif not self._by:
            self._by = self._speaker()
        self._tell_by()
        self.edited.emit()

    @property
    def by(self) -> str:
        """Who said it."""
        return self._by or self._speaker()

    def _tell_by(self) -> None:
        # While nobody touched it several may have said it; what is typed over has one speaker.
        names = list(dict.fromkeys(one.said_by for one in self._shown)) if self.is_untouched() else [self._by]
        told = [name for name in names if name and name != about.THE_PERSON]
        self.remark(f"said by {' and '.join(told)}" if told else "")


class TopicLine(TopicEditor):
    """Words on a topic."""

    def __init__(self, topic: Topic, speaker: Speaker) -> None:
        self.line = QLineEdit()
        super().__init__(topic, self.line, speaker)
        self._text = ""
        self.line.textEdited.connect(lambda _text: self.follow())

    def show_values(self, said: Sequence[Said]) -> None:
        """One line, whoever said it."""
        self._text = about.words_of(said, self.topic.key)
        # As a new line, so that nobody takes back into it what was said of another person.
        self.line.setText(self._text)

    def is_untouched(self) -> bool:
        """Whether the words are the same."""
        return self.line.text().strip() == self._text

    def is_blank(self) -> bool:
        """Whether nothing is typed."""
        return not self.line.text().strip()

    def said_now(self) -> tuple[Said, ...]:
        """The words."""
        words = self.line.text().strip()
        return (Said(self.topic.key, "", words, self.by),) if words else ()


class TopicLanguages(TopicLine):
    """Languages, read by code where that is certain; the reading is told below."""

    def __init__(self, topic: Topic, speaker: Speaker, known: Languages) -> None:
        self._known = known
        super().__init__(topic, speaker)
        show_hint(self.line, "Polish, no English")

    def show_values(self, said: Sequence[Said]) -> None:
        """The languages by their names."""
        self._text = ", ".join(one.words or self._known.label(one.code) for one in said)
        self.line.setText(self._text)

    def said_now(self) -> tuple[Said, ...]:
        """Languages, and an answer about an interpreter where the words hold one."""
        return languages.read(self.line.text(), self._known, self.by)

    def _tell_by(self) -> None:
        super()._tell_by()
        said = self.said()
        if said and not any(one.code for one in said):
            self.remark("kept as words: vans are not matched by it")
        elif said and not self.is_untouched():
            names = [self._known.label(code) for code in about.codes(said, about.LANGUAGE)]
            answers = about.codes(said, about.INTERPRETER)
            needs = {"yes": ["needs an interpreter"], "no": ["no interpreter"]}.get("".join(answers), [])
            self.remark(" · ".join([*names, *needs]))


class TopicChoice(TopicEditor):
    """One answer by its code, and words beside it once there is one."""

    def __init__(self, topic: Topic, speaker: Speaker, options: Sequence[Option]) -> None:
        self.row = ChoiceRow(topic.question or topic.label, options)
        super().__init__(topic, self.row, speaker)
        self._label.setText(topic.question or topic.label)
        # What was shown, to tell whether anybody touched it.
        self._code = self._words = ""
        self.line = QLineEdit()
        self.line.setObjectName(f"{self.name}_words")
        self.line.setAccessibleName(f"{topic.label}: in words")
        show_hint(self.line, "in their words")
        self._column.insertWidget(2, self.line)
        self.row.edited.connect(self.follow)
        self.line.textEdited.connect(lambda _text: self.follow())

    def editors(self) -> dict[str, QWidget]:
        """The answer, and what is said beside it."""
        return {self.name: self.row, self.line.objectName(): self.line}

    def follow(self) -> None:
        """Words are asked for beside an answer."""
        self.line.setVisible(not self.is_blank() or bool(self.line.text()))
        super().follow()

    def show_values(self, said: Sequence[Said]) -> None:
        """The first answer."""
        first = next((one for one in said if one.code), Said(self.topic.key))
        self._code, self._words = first.code, first.words
        self.row.choose((self._code,))
        self.line.setText(self._words)
        self.line.setVisible(not self.is_blank())

    def is_untouched(self) -> bool:
        """Whether the answer is the same."""
        return self._answer() == self._code and self.line.text().strip() == self._words

    def _answer(self) -> str:
        return next(iter(self.row.chosen()), "")

    def is_blank(self) -> bool:
        """Whether there is no answer."""
        return not self.row.chosen()

    def said_now(self) -> tuple[Said, ...]:
        """The answer; words that stood by themselves stay."""
        # The row shows one answer: what was said in words only has no place in it, and must not be lost by that.
        words = tuple(one for one in self._shown if not one.code)
        beside = self.line.text().strip()
        return (*words, *(Said(self.topic.key, code, beside, self.by) for code in self.row.chosen()))


class TopicToggles(TopicEditor):
    """Several, each by whoever said it. ``by_code``: what is chosen is a code, else words."""

    def __init__(self, topic: Topic, speaker: Speaker, options: Sequence[Option], *, by_code: bool) -> None:
        self.row = ChoiceRow(topic.question or topic.label, options, many=True)
        super().__init__(topic, self.row, speaker)
        self._label.setText(topic.question or topic.label)
        self._by_code = by_code
        self._said: dict[str, Said] = {}
        self.row.edited.connect(self._take)

    def _key(self, said: Said) -> str:
        return (said.code or said.words) if self._by_code else said.words

    def _take(self) -> None:
        for value in self.row.chosen():
            code, words = (value, "") if self._by_code else ("", value)
            # Kept when it is taken away again: chosen once more it is still the word of whoever said it.
            self._said.setdefault(value, Said(self.topic.key, code, words, self._speaker()))
        self.follow()

    def show_values(self, said: Sequence[Said]) -> None:
        """Those that were said, also such as are not offered."""
        # By what is chosen, so that each keeps whose word it is.
        self._said = {self._key(one): one for one in said}
        self.row.choose(tuple(self._said))

    def is_untouched(self) -> bool:
        """Whether the same are chosen."""
        return set(self.row.chosen()) == {self._key(one) for one in self._shown}

    def is_blank(self) -> bool:
        """Whether none is chosen."""
        return not self.row.chosen()

    def said_now(self) -> tuple[Said, ...]:
        """Each that is chosen."""
        return tuple(self._said[value] for value in self.row.chosen())


def is_wide(topic: Topic) -> bool:
    """Whether its choices want a row of their own."""
    return topic.kind in {TopicKind.WISH, TopicKind.MOBILITY}
