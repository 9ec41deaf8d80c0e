"""The sections about the person: what is known from before, flags, what they said, and the brief for the crew."""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.live.briefs import arrival_of
from console.look.buttons import ActionButton
from console.look.flow import FlowLayout
from console.look.key_table import PANE
from console.look.widgets import Chip
from console.views.detail.rich import RichLabel, plain, strong, toned
from console.views.detail.sections import DetailSection
from console.views.detail.view import View
from db.domain import about
from db.domain.about import Said, Topic, TopicKind
from db.domain.alike import PAST_LEFT_OUT
from db.domain.brief import BriefLine, changed_since, labels_of, last_read
from db.domain.cautions import Flag, end_words
from db.domain.clocks import local_time
from db.domain.known import KnownReferral, since_words
from db.domain.records import Assignment
from db.domain.roles import may_dispatch
from db.domain.states import ON_THE_WAY
from db.domain.suiting import kept

_FEW: Final = 3
"""So many contacts and questions are told one by one."""
_CHIPS = frozenset({TopicKind.WISH, TopicKind.LANGUAGE, TopicKind.MOBILITY, TopicKind.SAFER})


class KnownSection(DetailSection):
    """Known here: other contacts of this person and address, what was kept, and of whom somebody has to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Known here", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show who the person may be, or nothing for somebody who is new."""
        known = view.known
        self.setVisible((bool(known.referrals) or known.past_left_out) and not view.private)
        lines = [
            *self._contacts(known.same, view),
            *self._kept(view),
            *self._at_address(known.of_address, view),
            *(self._question(one, view) for one in known.open_questions[:_FEW]),
            *([toned(PAST_LEFT_OUT, "dim")] if known.past_left_out else []),
        ]
        self._words.show_markup("<br>".join(lines))

    @staticmethod
    def _contacts(same: Sequence[KnownReferral], view: View) -> Iterator[str]:
        if not same:
            return
        contacts = "1 other contact" if len(same) == 1 else f"{len(same)} other contacts"
        yield f"{strong(contacts)} {plain(f'since {since_words(min(one.received_at for one in same), view.now)}')}"
        for one in same[:_FEW]:
            yield plain(f"{one.reference}, {since_words(one.received_at, view.now)}: {_ended(one, view)}")

    @staticmethod
    def _kept(view: View) -> Iterator[str]:
        """What was said then and kept with consent: to be asked again, and nothing that anybody says now."""
        if not (kept := view.known.kept):
            return
        things = "1 thing" if len(kept) == 1 else f"{len(kept)} things"
        reference, said = view.desk.store.reference, [one.said for one in kept]
        for topic in reference.topics:
            labels = labels_of(topic, reference)
            if words := [about.rendered(one, labels) for one in about.of_topic(said, topic.key)]:
                yield f"{toned(f'Then, {topic.label}:', 'dim')} {plain(' · '.join(words))}"
        yield toned(f"{things} kept for next time: ask, then More actions, Take over.", "link")

    @staticmethod
    def _at_address(there: Sequence[KnownReferral], view: View) -> Iterator[str]:
        # Of somebody else perhaps: that there were contacts, and nothing of anybody.
        if there:
            contacts = "1 other contact" if len(there) == 1 else f"{len(there)} other contacts"
            last = there[0]
            at = f"at this address, the last {last.reference}, {since_words(last.received_at, view.now)}"
            yield plain(f"{contacts} {at}{', open' if last.is_open else ''}.")

    @staticmethod
    def _question(one: KnownReferral, view: View) -> str:
        at = since_words(one.received_at, view.now)
        return (
            toned(f"◆ May be {one.reference}, {at}{', open' if one.is_open else ''}", "warn")
            + plain(f": {one.found_by}. ")
            + toned("Say whether it is the same person.", "dim")
        )


def _ended(one: KnownReferral, view: View) -> str:
    if one.is_open:
        return "open"
    return view.desk.store.reference.outcome_label(one.outcome) if one.outcome else "ended"


class FlagsSection(DetailSection):
    """Flags of the person and the address: what helps first, what is past its review last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Flags", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show the flags, or nothing when there are none."""
        # A stable sort: what helps stays first among those that count.
        flags = sorted(view.flags, key=lambda one: not one.is_active(view.now))
        self.setVisible(bool(flags))
        self._words.show_markup("<br>".join(self._line(one, view) for one in flags))

    @staticmethod
    def _line(one: Flag, view: View) -> str:
        reference = view.desk.store.reference
        said = "" if view.private else plain(one.reason)
        about_it = f"{one.subject}, {reference.who(one.added_by)}, {end_words(one.review_at, view.now)}"
        if not one.is_active(view.now):
            return f"{toned(f'{one.label}:', 'dim')} {said} {toned(about_it, 'dim')}"
        mark = toned(f"✓ {one.label}:", "good") if one.helps else toned(f"▲ {one.label}:", "warn")
        return f"{mark} {said} {toned(about_it, 'dim')}"


class AboutSection(DetailSection):
    """About me: what was said, by whom, and whether the van that was sent can keep it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About me", parent)
        box = QWidget(self)
        self._flow = FlowLayout(box)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        # Or the column would give a row of chips that wraps the height of one line.
        policy.setHeightForWidth(True)
        box.setSizePolicy(policy)
        self._box = box
        self._chips: list[Chip] = []
        self._words = RichLabel(self)
        self._column.addWidget(box)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show what was said, or nothing when nobody said anything."""
        said = view.said
        self.setVisible(bool(said) and not view.private)
        by = about.said_by_words(said)
        kept = sum(item.from_id is not None for item in view.desk.store.about_of(view.referral.id))
        before = f", {kept} kept from before" if kept else ""
        self.set_title(f"About me — {by}{before}" if by else "About me")
        topics = view.desk.store.reference.topics
        # Whoever said most stands in the title, and the others at what they said.
        most = max((one.said_by for one in said), key=[one.said_by for one in said].count, default="")
        self._set_chips(list(self._wishes(view, topics)))
        lines = [line for topic in topics if (line := self._line(view, topic, most))]
        self.setToolTip("\n".join(self._notice(topic) for topic in topics if topic.kind is TopicKind.NOTICE))
        self._words.show_markup("<br>".join(lines))
        self._words.setVisible(bool(lines))

    @staticmethod
    def _line(view: View, topic: Topic, most: str) -> str:
        if topic.kind in _CHIPS:
            return ""
        parts = []
        for one in about.of_topic(view.said, topic.key):
            by = toned(f" ({one.said_by})", "dim") if one.said_by != most else ""
            parts.append(plain(about.rendered(one, labels_of(topic, view.desk.store.reference))) + by)
        if topic.key == about.INTERPRETER:
            parts += [plain(f"booked: {one.booked_with} {one.reference}".rstrip()) for one in view.bookings]
        return f"{toned(topic.label, 'dim')} {' · '.join(parts)}" if parts else ""

    @staticmethod
    def _notice(topic: Topic) -> str:
        return f"{topic.label}: {topic.question}"

    @staticmethod
    def _wishes(view: View, topics: Sequence[Topic]) -> Iterator[tuple[str, bool | None, str]]:
        # By the van that was sent first: a chip has room for one answer.
        van = view.desk.store.van(view.open_jobs[0].van_id) if view.open_jobs else None
        crew = view.crew(van.id) if van is not None else []
        for topic in (one for one in topics if one.kind in _CHIPS):
            for said in about.of_topic(view.said, topic.key):
                can = kept(view.asked, said, van, crew) if van is not None else None
                yield _chip_words(topic, said, view), can, van.callsign if van is not None else ""

    def _set_chips(self, wishes: Sequence[tuple[str, bool | None, str]]) -> None:
        # Chips are used again and hidden, never removed: nothing is built anew at each look.
        while len(self._chips) < len(wishes):
            chip = Chip("", parent=self._box)
            # A long wish wraps in a narrow pane.
            chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
            self._chips.append(chip)
            self._flow.addWidget(chip)
        for at, chip in enumerate(self._chips):
            chip.setVisible(at < len(wishes))
            if at < len(wishes):
                wish, can, van = wishes[at]
                sign = {True: f" ✓ {van}", False: f" ✗ not {van}", None: ""}[can]
                chip.set_text(wish + sign, {True: "good", False: "warn", None: None}[can])
        self._box.setVisible(bool(wishes))


def _chip_words(topic: Topic, said: Said, view: View) -> str:
    words = about.rendered(said, labels_of(topic, view.desk.store.reference))
    return f"safer with {words}" if topic.kind is TopicKind.SAFER else words


class BriefSection(DetailSection):
    """The brief for the crew that was sent, and whether they read it back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Brief", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)
        self._copy = ActionButton("Copy the arrival brief", PANE.key("brief"), "quiet", self)
        self._copy.clicked.connect(self.copy)
        self._view: View | None = None
        self._column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)

    def show_view(self, view: View) -> None:
        """Show the brief while a van is on it."""
        jobs, self._view = view.open_jobs, view
        self.setVisible(bool(jobs) and may_dispatch(view.desk.me.role))
        if not jobs:
            return
        self.set_title(" · ".join(self._title_of(view, job) for job in jobs))
        lines = view.brief
        self._words.show_markup(toned("Hidden.", "dim") if view.private else " ".join(map(self._line, lines)))

    def copy(self) -> None:
        """Put the arrival brief on the clipboard, also before a van is sent; nothing while it is hidden here."""
        view = self._view
        if view is not None and not view.private and may_dispatch(view.desk.me.role):
            QGuiApplication.clipboard().setText(
                arrival_of(view.desk.store, view.referral.id, view.desk.clock.now())
            )

    @staticmethod
    def _title_of(view: View, job: Assignment) -> str:
        name, read = f"Brief for {view.callsign(job.van_id)}", last_read(view.read_backs, job.id)
        if read is None:
            return f"{name} · not read back" if job.state in ON_THE_WAY else name
        when = f"read back by {read.read_by} {local_time(read.recorded_at, view.now)}"
        changed = job.state in ON_THE_WAY and changed_since(view.brief, read)
        return f"{name} · {'▲ changed since ' if changed else ''}{when}"

    @staticmethod
    def _line(line: BriefLine) -> str:
        if line.warns:
            return toned(line.text, "warn")
        return (
            f"{toned(line.label + ':', 'dim')} {plain(line.words.rstrip('.') + '.')}"
            if line.label
            else strong(line.text)
        )
