"""The sections of the pane. Each shows a view in place: nothing is rebuilt that did not change."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.look.key_table import PANE
from console.look.layouts import nest, widgets_in
from console.look.style import mark, px
from console.look.widgets import ActionButton, HoldingBar, PriorityBadge
from console.running.faults import went_well
from console.views.detail import words
from console.views.detail.rich import RichLabel, plain, strong, toned
from console.views.detail.view import View
from db.domain.danger import still_asks
from db.domain.ems_line import line_for_ems
from db.domain.person_words import born_words, number_words, said_times
from db.domain.reference import unsigned_words
from db.domain.roles import may_dispatch
from db.domain.screening import Gate, SecondLook, second_looks, weighed


class DetailSection(QFrame):
    """A small heading and what is below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="section")
        self._usual_title, self._failed = title, False
        self._title = QLabel(title, self)
        self._title.setWordWrap(True)
        mark(self._title, role="heading")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(12), px(10), px(12), px(10))
        self._column.setSpacing(px(6))
        self._column.addWidget(self._title)
        self.setAccessibleName(title)

    def tell(self, view: View) -> None:
        """Show a view. What cannot be shown is said in the place of what was shown before."""
        if self._failed:
            self._show_parts(shown=True)
            self.set_title(self._usual_title)
        self._failed = not went_well("a part of the selected referral", self.show_view, view)
        if self._failed:
            # What stands there is of the view before, which may be of another person.
            self._show_parts(shown=False)
            self.set_title(f"▲ {self._usual_title}: cannot be shown")
            self.show()

    def show_view(self, view: View) -> None:
        """Show what the section is about."""
        raise NotImplementedError

    def _show_parts(self, *, shown: bool) -> None:
        for widget in widgets_in(self._column)[1:]:
            widget.setVisible(shown)

    def set_title(self, title: str) -> None:
        """Show another heading."""
        self._title.setText(title)
        self.setAccessibleName(title)


class Header(QWidget):
    """Priority, reference, where, from whom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = PriorityBadge("", 0, self)
        self._reference = QLabel(self)
        mark(self._reference, role="title")
        self._place, self._from, self._state = RichLabel(self), RichLabel(self), RichLabel(self)
        self._details = QWidget(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(12))
        row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        self._column, self._inner = QVBoxLayout(), QVBoxLayout(self._details)
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.addWidget(self._place)
        self._inner.addWidget(self._from)
        self._column.addWidget(self._reference)
        self._column.addWidget(self._details)
        self._column.addWidget(self._state)
        for column in (self._column, self._inner):
            column.setSpacing(px(1))
        nest(row, self._column, 1)

    def lend_details(self, to: QVBoxLayout | None) -> None:
        """Show where and from whom on top of another column, such as one that scrolls; None takes it back."""
        if to is not None:
            self._inner.setContentsMargins(px(12), px(4), px(12), px(8))
            to.insertWidget(0, self._details)
        else:
            self._inner.setContentsMargins(0, 0, 0, 0)
            self._column.insertWidget(1, self._details)

    def tell(self, view: View) -> None:
        """Show a referral, or that its head cannot be shown."""
        if not went_well("the head of the selected referral", self.show_view, view):
            self._reference.setText(view.referral.reference)
            for words in (self._place, self._from):
                words.clear()
            self._state.show_markup(toned("▲ This cannot be shown.", "warn"))

    def show_view(self, view: View) -> None:
        """Show a referral."""
        referral, reference = view.referral, view.desk.store.reference
        self._badge.set_priority(referral.priority, view.now_is.standing)
        self._reference.setText(referral.reference)
        self._reference.setAccessibleName(words.read_aloud(referral.reference))
        where = referral.location
        # The first half of a postcode names a district and no address.
        place = where.postcode.partition(" ")[0] if view.private else f"{where.text} {where.postcode}"
        off_map = "" if where.on_map or view.private else " " + toned("not on map", "warn")
        self._place.show_markup(plain(place.strip()) + off_map)
        self._from.show_markup(toned(words.subtitle(referral, reference, private=view.private), "dim"))
        state = words.state_words(view.now_is, reference, view.now)
        self._state.show_markup(f"{strong(state)} · {words.clock_words(view.now_is, view.now, view.eta)}")


class HoldingSection(DetailSection):
    """Who holds the patient: a bar, a sentence, and the line for EMAS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Who holds the patient", parent)
        self._bar = HoldingBar(self)
        self._words = RichLabel(self)
        self._copy = ActionButton("Copy for EMAS", PANE.key("copy"), "quiet", self)
        self._copy.clicked.connect(self.copy)
        self._line = ""
        self._column.addWidget(self._bar)
        self._column.addWidget(self._words)
        # Not beside the heading: the two have no room side by side with large text.
        self._column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: View) -> None:
        """Show the chain."""
        now_is, crew = view.now_is, view.now_is.crew
        self._bar.set_held(words.held(now_is, view.now))
        told = [plain(words.who_holds(now_is, view.now))]
        if crew is not None:
            release = view.release
            told.append(strong(words.crew_free(crew, release, view.now)))
            told += [toned(sure, "dim") for sure in [words.how_sure(release)] if sure]
        self._words.show_markup("<br>".join(told))
        self._line = line_for_ems(now_is, view.eta, view.release, view.now)
        # Also after the end: that is when EMAS ask what became of it.
        wanted = may_dispatch(view.desk.me.role)
        self._copy.setVisible(wanted)
        self._copy.setToolTip(self._line)

    def copy(self) -> None:
        """Put the line for EMAS on the clipboard."""
        QGuiApplication.clipboard().setText(self._line)


class ScreeningSection(DetailSection):
    """The gate: version, counts, what blocks, who overrode, and words that call for a second look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Screening", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show the latest screening."""
        found = view.screening
        self.setVisible(may_dispatch(view.desk.me.role))
        if found is None:
            self.set_title("Screening")
            self._words.show_markup("<br>".join([*_notice(view), toned("Not screened yet.", "warn")]))
            return
        answers = list(found.answers.values())
        counts = [f"{answers.count(kind)} {kind}" for kind in ("yes", "no", "not known") if kind in answers]
        over = ", overridden" if found.is_overridden else ""
        self.set_title(f"Screening v{found.tool_version} — {' · '.join(counts)}{over}")
        verdict = weighed(view.tool, found)
        self._words.show_markup("<br>".join([*_notice(view), *self._lines(view, verdict)]))

    @staticmethod
    def _lines(view: View, verdict: Gate) -> list[str]:
        found = view.screening
        if found is None:
            return []
        lines = list(_blocking_lines(verdict, found.answers))
        if found.is_overridden:
            lines.append(f"Overridden by {strong(found.override_clinician)}: {plain(found.override_reason)}")
        # Worked out anew at each look: the narrative may have been edited since the screening.
        dangers = view.now_is.facts.dangers
        looks = second_looks(view.tool, found.answers, view.referral.narrative)
        # The tick never stands beside anything that speaks against it.
        if not (lines or looks or (dangers and dangers.seen_to)):
            lines.append(toned("✓ No concern reported.", "good"))
        if found.note and not view.private:
            lines.append(plain(found.note))
        if not view.private:
            said = {look.ask: look for look in looks}
            lines += [
                _look_line(look, open_=dangers is None or still_asks(dangers, look.item.key))
                for look in said.values()
            ]
        return lines


def _look_line(look: SecondLook, *, open_: bool) -> str:
    """What the narrative says; that somebody has looked at it stands above, with who it was."""
    said = f'Says "{look.word}"'
    return toned(f"▲ {said}: {look.ask}.", "warn") if open_ else toned(f"{said}: looked at.", "dim")


def _notice(view: View) -> list[str]:
    """That nobody has signed the questions."""
    words = unsigned_words(view.tool)
    return [toned(words, "warn")] if words else []


class PersonSection(DetailSection):
    """Who the person is and what was said about them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Person", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show what is known, or that it is hidden."""
        self.setVisible(may_dispatch(view.desk.me.role))
        self._words.show_markup(toned("Hidden.", "dim") if view.private else "<br>".join(self._lines(view)))

    def _lines(self, view: View) -> list[str]:
        referral, who = view.referral, view.referral.patient
        lines = [strong(who.name or "Name not known") + plain(born_words(who, view.now))]
        if who.nhs_number:
            lines.append(plain(number_words(who.nhs_number)))
        told = (
            ("Access", referral.location.access_note),
            ("Legal", referral.legal_status),
            ("Police", referral.police),
            ("EMAS incident", referral.ems_incident),
            *said_times(referral),
        )
        lines += [f"{toned(name + ':', 'dim')} {plain(text)}" for name, text in told if text]
        if view.held is not None and referral.is_open:
            words = f"Held: {view.held.words(view.now)}"
            lines.insert(1, toned(words, "warn" if view.held.is_pressing(view.now) else "dim"))
        if referral.narrative:
            lines.append(self._narrative(view))
        return lines

    @staticmethod
    def _narrative(view: View) -> str:
        text, answers = view.referral.narrative, view.screening.answers if view.screening else {}
        made, at = [], 0
        for look in second_looks(view.tool, answers, text):
            # Words that overlap are underlined once, and no letter of the text is written twice.
            if look.start >= at:
                made += [plain(text[at : look.start]), f"<u>{toned(look.word, 'warn')}</u>"]
                at = look.end
        return "".join([*made, plain(text[at:])])


def _blocking_lines(verdict: Gate, answers: Mapping[str, str]) -> Iterator[str]:
    """Each *yes* by itself, in the colour of danger; what is not known behind it, in one line."""
    yes = [item.text for item in verdict.blocking if answers.get(item.key) == "yes"]
    rest = [item.text for item in verdict.blocking if answers.get(item.key) != "yes"]
    yield from (toned(f"▲ yes: {text}", "late") for text in yes)
    if rest:
        yield toned(f"▲ not known ({len(rest)}): ", "warn") + plain(" · ".join(rest))
