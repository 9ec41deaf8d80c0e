"""Reports from the lead's page: asked for in a sheet, made step by step beside the desk, given up at any time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from console.live.desk import Desk
from console.look.lead_keys import LEAD
from console.look.panel import MessageBar
from console.views.files.maker import FileMaker
from console.views.form.choice import Option
from console.views.lead.pictures import Pictures
from console.views.lead.printed import illustration, sources
from console.views.lead.ranges import RangeChoice, RangeKind, period_words
from console.views.sheets import Sheet, SheetHost
from console.views.sheets.fields import Choose, ChooseMany, Write
from console.views.sheets.sheet import Order
from db.commands import OpenRecord
from db.domain.clocks import local
from db.domain.periods import EVERYTHING, Cut, Period
from db.reports.making import FORMATS

if TYPE_CHECKING:
    from db.reports.document import Illustration

_NIGHTS: Final = frozenset({RangeKind.TONIGHT, RangeKind.TODAY})


@dataclass(frozen=True, slots=True)
class WantedReport:
    """What was asked for.

    Attributes:
        reference: of the referral whose record is given out; empty for a report on the days that are shown.
        why: what the record is given out for.
        formats: of :data:`db.reports.making.FORMATS`.
    """

    formats: tuple[str, ...]
    reference: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShownDays:
    """What the page shows.

    Attributes:
        cut_said: which referrals count, in words.
    """

    choice: RangeChoice
    period: Period
    cut: Cut
    cut_said: str

    @property
    def is_month(self) -> bool:
        """Whether it is a report on the service, and not on a shift."""
        return self.choice.kind not in _NIGHTS

    def title(self) -> str:
        """What stands on the first page."""
        return "Service report" if self.is_month else "Shift report"

    def stem(self) -> str:
        """How the names of its files begin."""
        first, last = local(self.period.start), local(self.period.end)
        if not self.is_month:
            return f"shift-{first:%Y-%m-%d}"
        return f"service-{first:%Y-%m-%d}-to-{last:%Y-%m-%d}"


class Reporting(FileMaker):
    """The reports of the lead's page."""

    def __init__(self, desk: Desk, window: QWidget, message: MessageBar, shown: Callable[[], ShownDays]) -> None:
        """Make nothing yet.

        Args:
            desk: of the signed-in lead.
            window: over which the sheet lies.
            message: says how it ended.
            shown: what the page shows when the report is asked for.
        """
        super().__init__(window, message, LEAD.key("leave"))
        self._desk, self._shown = desk, shown
        self.sheets = SheetHost(window, desk)

    @property
    def is_open(self) -> bool:
        """Whether there is something to leave before the window."""
        return self.is_making or self.sheets.current is not None

    def ask(self) -> None:
        """Ask which report, and in which kinds of file."""
        if self.refuses_another():
            return
        shown = self._shown()
        self.sheets.open(("report", shown.period.start), lambda: report_sheet(shown, self.ask_where))

    def leave(self) -> None:
        """Give up what is being made, or close the sheet."""
        if self.is_making:
            self.stop()
        else:
            self.sheets.close()

    def ask_where(self, wanted: WantedReport) -> None:
        """Ask for the folder, beside the live desk."""
        self.ask_folder(lambda folder: self.make(wanted, folder))

    def make(self, wanted: WantedReport, folder: Path) -> None:
        """Make it, and put it into a folder."""
        work = self._record(wanted, folder) if wanted.reference else self._service(wanted, folder)
        self.begin(work, folder)

    # --- a report on the service ---

    async def _service(self, wanted: WantedReport, folder: Path) -> int:
        from db.reports.service_report import service_report

        shown, reference = self._shown(), self._desk.store.reference
        self.line.tell("Reading the record", 0, 1)
        found = await self._desk.reads.service(shown.period, shown.cut, monthly=shown.is_month)
        drawn = list(sources(Pictures.of(found.read, self._desk.store, found.now)))
        steps = len(drawn) + len(wanted.formats) + 2
        pictures: list[Illustration] = []
        for number, source in enumerate(drawn, 1):
            self.line.tell(f"Drawing chart {number} of {len(drawn)}", number, steps)
            # One a turn: the desk goes on meanwhile.
            await asyncio.sleep(0)
            pictures.append(illustration(source))
        only = shown.cut_said if shown.cut != EVERYTHING else ""
        document = service_report(
            found, shown.title(), reference.service, self._desk.me.display_name, pictures, only=only
        )
        return await self.write(document, shown.stem(), wanted.formats, folder, (len(drawn) + 1, steps))

    # --- one referral's record ---

    async def _record(self, wanted: WantedReport, folder: Path) -> int:
        steps = len(wanted.formats) + 2
        self.line.tell("Reading the record", 0, steps)
        reads = self._desk.reads
        referral_id = await reads.referral_called(wanted.reference)
        said = f"{', '.join(one.upper() for one in wanted.formats)}, {wanted.why}"
        # Put down first: what then fails to be written was recorded once too often, and never not at all.
        await self._desk.actions.perform(OpenRecord(referral_id=referral_id, given_out=said), "record given out")
        document = await reads.record_of(referral_id, self._desk.me.display_name)
        return await self.write(document, wanted.reference.lower(), wanted.formats, folder, (1, steps))


def report_sheet(shown: ShownDays, go_on: Callable[[WantedReport], object]) -> Sheet:
    """Which report, and in which kinds of file."""
    days = Option("days", f"{shown.title()}: {period_words(shown.period)}", "1")
    one = Option("referral", "One referral's whole record", "2")
    what = Choose("what", "Which report", (days, one), value="days")
    which = Write("reference", "Referral", "such as CRU-20261122-0042", "Type its reference.")
    why = Write(
        "reason", "What it is given out for", "such as subject access request", "Say what it is given out for."
    )
    kinds = [Option(kind, kind.upper(), str(place)) for place, kind in enumerate(FORMATS, 1)]
    formats = ChooseMany("formats", "As (one or more)", kinds, ("pdf",), "Choose at least one.")

    def show() -> None:
        for field in (which, why):
            field.setVisible(what.value() == "referral")

    what.row.edited.connect(show)
    show()

    def make(given: Mapping[str, str]) -> list[Order]:
        formats = tuple(given["formats"].split("\n"))
        if given["what"] == "referral":
            go_on(WantedReport(formats, given["reference"].strip(), given["reason"].strip()))
        else:
            go_on(WantedReport(formats))
        return []

    return Sheet("A report as files", [what, which, why, formats], make, "Choose the folder")
