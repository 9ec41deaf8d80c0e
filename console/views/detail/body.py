"""The sections of the pane, one below the other, in an area that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.look.style import mark
from console.views.detail.about import AboutSection, BriefSection, FlagsSection, KnownSection
from console.views.detail.care_section import AfterwardsSection, WaitingSection
from console.views.detail.gate_section import DangerSection
from console.views.detail.happenings import JobsSection, RankSection, TimelineSection
from console.views.detail.sections import HoldingSection, PersonSection, ScreeningSection
from console.views.detail.talk_section import HereSection, MessagesSection
from console.views.detail.unfinished_section import UnfinishedSection
from console.views.detail.view import View


class Body(QScrollArea):
    """Who holds the patient, what a crew needs to know, which vans, what happened."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # A bar that comes and goes would make every line jump.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget(self)
        mark(page, role="page")
        self.danger, self.holding, self.brief = DangerSection(page), HoldingSection(page), BriefSection(page)
        self.known, self.flags, self.about = KnownSection(page), FlagsSection(page), AboutSection(page)
        self.screening, self.person = ScreeningSection(page), PersonSection(page)
        self.jobs, self.ranking, self.timeline = JobsSection(page), RankSection(page), TimelineSection(page)
        self.waiting, self.afterwards = WaitingSection(page), AfterwardsSection(page)
        self.unfinished = UnfinishedSection(page)
        self.here, self.messages = HereSection(page), MessagesSection(page)
        heard = (self.holding, self.waiting, self.afterwards, self.unfinished)
        person = (self.brief, self.known, self.flags, self.about)
        above = (self.danger, self.here, self.messages, *heard, *person, self.screening, self.person)
        self._told = (*above, self.jobs, self.timeline)
        column = self.column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section in (*above, self.ranking, self.jobs, self.timeline):
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(page)

    def tell(self, view: View) -> None:
        """Show a referral; the ranking is told apart, when it is known."""
        for section in self._told:
            section.tell(view)

    def to_top(self) -> None:
        """Begin at the beginning."""
        self.verticalScrollBar().setValue(0)

    def scroll_by(self, halves: int) -> None:
        """Go on by half a page, or back."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + halves * bar.pageStep() // 2)


def divider(parent: QWidget) -> QFrame:
    """A thin line between what is read and what is done."""
    line = QFrame(parent)
    mark(line, role="line")
    return line
