"""The sections about vans and about what happened."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.look.palette import Tone
from console.running.faults import attempt
from console.views.detail.rich import RichLabel, plain, rows, strong, toned
from console.views.detail.sections import DetailSection
from console.views.detail.story import StoryLine
from console.views.detail.view import View
from console.views.sheets.row_layout import Row
from db.domain.clocks import age_in_words, local_time, minutes_in_words
from db.domain.ranking import RankedVan
from db.domain.reasons import Reason, ReasonTone
from db.domain.records import Assignment
from db.domain.states import ASSIGNMENT_ORDER, AssignmentState

_INKS: dict[ReasonTone, Tone] = {ReasonTone.GOOD: "good", ReasonTone.WARN: "warn", ReasonTone.NEUTRAL: "dim"}
_SHOWN = 3
"""Vans that are told with their reasons; the others are named."""
_UNREADABLE = "▲", "cannot be shown"


class JobsSection(DetailSection):
    """The vans on this referral and their times."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Vans on it", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show every van that was sent."""
        self.setVisible(bool(view.jobs))
        self._words.show_markup(
            rows([attempt("a van of a referral", self._line, view, job) or _UNREADABLE for job in view.jobs])
        )

    def _line(self, view: View, job: Assignment) -> tuple[str, str]:
        return strong(view.callsign(job.van_id)), self._told(view, job)

    def _told(self, view: View, job: Assignment) -> str:
        eta = view.etas.of(job.id)
        lead = strong(str(job.state)) if job.is_open else toned(str(job.state), "dim")
        if job.destination:
            lead += plain(f" to {job.destination}")
        if eta is not None:
            lead += " · " + strong(f"ETA {local_time(eta, view.now)}")
        if job.stand_down_reason:
            reason = view.desk.store.reference.reason_label("stand_down", job.stand_down_reason)
            lead += " · " + plain(reason)
        # By the steps and not by their times: one that was skipped or amended is seen where it belongs.
        order = (*ASSIGNMENT_ORDER, AssignmentState.STOOD_DOWN)
        times = [f"{state} {local_time(job.times[state], view.now)}" for state in order if state in job.times]
        return f"{lead}{self._fix(view, job)}<br>{toned(' · '.join(times), 'dim')}"

    @staticmethod
    def _fix(view: View, job: Assignment) -> str:
        position = view.desk.store.position(job.van_id)
        if position is None or not job.is_open:
            return ""
        age = view.now - position.fixed_at
        old = age > view.desk.store.reference.rules.stale_fix
        return " · " + toned(f"fix {age_in_words(age)}", "warn" if old else "dim")


class RankSection(DetailSection):
    """Who can get there first, and why; only while a van is needed."""

    van_chosen = Signal(str)
    """A van's id: somebody clicked its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Vans, ranked", parent)
        self.wanted = False
        self._words = RichLabel(self)
        # The link is a van's id: Qt would hand it to the browser.
        self._words.setOpenExternalLinks(False)
        self._words.linkActivated.connect(self.van_chosen)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show the best three with their reasons, and who is left out; nothing unless it is ``wanted``."""
        self.setVisible(self.wanted)
        if not self.wanted:
            return
        if view.ranked is None:
            self._words.show_markup(toned("Working out travel times…", "dim"))
            return
        free = [one for one in view.ranked if not one.excluded]
        lines = [(self._name(one), self._why(one)) for one in free[:_SHOWN]]
        lines += (
            [(toned("more", "dim"), plain(", ".join(one.callsign for one in free[_SHOWN:])))]
            if free[_SHOWN:]
            else []
        )
        # Whoever looks for a van that is not listed has to read why.
        out = ", ".join(f"{one.callsign} {one.excluded}" for one in view.ranked if one.excluded)
        text = rows(lines) if lines else toned("No van can be sent now.", "late")
        self._words.show_markup(text + (f"<p>{toned(f'Left out: {out}', 'dim')}</p>" if out else ""))

    @staticmethod
    def _name(one: RankedVan) -> str:
        return f'<a href="{one.van_id}" style="text-decoration:none"><b>{plain(one.callsign)}</b></a>'

    @staticmethod
    def _why(one: RankedVan) -> str:
        reasons = ", ".join(_reason(reason) for reason in one.reasons)
        return f"{strong(minutes_words(one))} · {reasons}"


def _reason(reason: Reason) -> str:
    sign = {ReasonTone.GOOD: "✓ ", ReasonTone.WARN: "! ", ReasonTone.NEUTRAL: ""}[reason.tone]
    return toned(sign + reason.text, _INKS[reason.tone])


def minutes_words(one: RankedVan) -> str:
    """``9 min`` along the roads, ``about 9 min`` when estimated from the distance."""
    if one.minutes is None:
        return "time not known"
    return f"{'about ' if one.method == 'estimate' else ''}{minutes_in_words(one.minutes)}"


def ranked_rows(ranked: list[RankedVan]) -> list[Row]:
    """The list of the allocate sheet."""
    return [
        Row(
            str(one.van_id),
            one.callsign,
            "" if one.excluded else minutes_words(one),
            # By its parts: one long text would be cut where the parts of it go over two lines.
            tuple((part, "dim") for part in one.excluded.split(", "))
            if one.excluded
            else tuple((r.text, _INKS[r.tone]) for r in one.reasons),
            not one.excluded,
        )
        for one in ranked
    ]


class TimelineSection(DetailSection):
    """What happened, oldest first, and who looked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Timeline", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Tell the story."""
        lines = [
            attempt("a line of the story", self._line, line, view) or _UNREADABLE for line in view.story.lines
        ]
        self.setVisible(bool(lines))
        looked = view.story.looked
        by = f"<p>{toned('Record opened by ' + ', '.join(looked), 'dim')}</p>" if looked else ""
        self._words.show_markup(rows(lines) + by)

    def _line(self, line: StoryLine, view: View) -> tuple[str, str]:
        return self._time(line, view), self._told(line, view)

    @staticmethod
    def _time(line: StoryLine, view: View) -> str:
        old = "".join(f"<s>{toned(local_time(past.was, view.now), 'dim')}</s><br>" for past in line.amended)
        return old + plain(local_time(line.at, view.now))

    @staticmethod
    def _told(line: StoryLine, view: View) -> str:
        # What happened is told in any case; only what somebody wrote about the person is left out.
        said = "" if line.personal and view.private else line.said
        about = [line.who, line.source]
        if line.written_at is not None:
            about.append(f"written {local_time(line.written_at, view.now)}")
        parts = [strong(line.what) if line.personal and said else plain(line.what)]
        parts += [plain(f" · {said}")] if said else []
        if line.undone:
            parts = ["<s>", *parts, "</s>"]
        parts.append(toned(" · " + " · ".join(part for part in about if part), "dim"))
        if line.undone:
            parts.append(f"<br>{toned(line.undone, 'warn')}")
        if line.insisted:
            parts.append(f"<br>{toned(f'although: {line.insisted}', 'warn')}")
        for past in line.amended:
            parts.append(f"<br>{toned(f'amended by {past.who}: {past.reason}', 'warn')}")
        return "".join(parts)
