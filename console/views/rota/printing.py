"""The week of the rota as a page to print or to pin up: a PDF, with who rides and where vans are missing.

Why somebody fell out, and what is noted at a shift, is nobody's business on a wall: neither is on the page.
"""

import asyncio
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, Qt
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from console.live.desk import Desk
from console.look.panel import MessageBar
from console.look.style import text_font
from console.running.tasks import spawn
from db.domain.clocks import local, local_time, wall_time
from db.domain.rota import DAYS, gaps
from db.domain.rota_view import Block, BlockState, RotaLane, Week, by_van
from db.domain.texts import told

_FILES: Final = "PDF (*.pdf)"
_POINTS: Final = 8
_MARGIN_MM: Final = 10
_STYLE: Final = (
    "h1 {font-size: 14pt; margin: 0} p {margin: 2px 0 6px 0} table {border-collapse: collapse}"
    " th, td {border: 1px solid #777; padding: 3px; vertical-align: top}"
    " th {background: #e8e8e8; text-align: left}"
    " .less {color: #555} .short {font-weight: bold}"
)


def week_page(week: Week, service: str, by: str) -> str:
    """The page as HTML: a row a van, a column a day, and below them the hours in which vans are missing.

    Args:
        week: as it was read.
        service: whose rota it is.
        by: who prints it.
    """
    days = [week.monday + timedelta(days=number) for number in range(DAYS)]
    heads = "".join(f"<th width='12%'>{day:%a} {day.day} {day:%b}</th>" for day in days)
    rows = "".join(_row(lane, days) for lane in by_van(week))
    short = "".join(f"<td>{_short_on(week, day)}</td>" for day in days)
    now, first = local(week.now), week.monday
    made = f"Printed {now.day} {now:%b %Y} {local_time(week.now, week.now)} by {escape(by)}"
    return (
        f"<style>{_STYLE}</style>"
        f"<h1>{escape(told(service))}: rota of the week of {first:%a} {first.day} {first:%b %Y}</h1>"
        f"<p class='less'>{made}. What changes afterwards is in the console.</p>"
        f"<table width='100%'><tr><th>Van</th>{heads}</tr>{rows}<tr><th>Vans missing</th>{short}</tr></table>"
    )


def _row(lane: RotaLane, days: list[date]) -> str:
    cells = "".join(
        "<td>" + "<br>".join(_shift(one) for one in lane.blocks if local(one.start).date() == day) + "</td>"
        for day in days
    )
    return f"<tr><th>{escape(lane.title)}<br><span class='less'>{escape(lane.subtitle)}</span></th>{cells}</tr>"


def _shift(block: Block) -> str:
    words = block.words
    if block.standing is BlockState.SHORT:
        # What stands first is why; the page says only that somebody is wanted.
        words = " · ".join(["somebody is wanted", *words.split(" · ")[1:]])
    later = "" if block.is_published else " <i>not published</i>"
    return f"<b>{_clock(block.start)}–{_clock(block.end)}</b> {escape(words)}{later}"


def _clock(at: datetime) -> str:
    return wall_time(at)


def _short_on(week: Week, day: date) -> str:
    # Day by day: a gap over several days is one of each of them.
    found = gaps([one for one in week.cover() if local(one.hour).date() == day])
    return "<br>".join(
        f"<span class='short'>{_clock(one.start)}–{_clock(one.end)}: {one.short}</span>" for one in found
    )


def pdf_of(html: str) -> bytes:
    """The page as a PDF, A4 across; a long week goes on to the next page."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(*[_MARGIN_MM] * 4), QPageLayout.Unit.Millimeter)
    writer.setTitle("Rota")
    page = QTextDocument()
    font = QFont(text_font(1.0))
    font.setPointSizeF(_POINTS)
    page.setDefaultFont(font)
    page.setHtml(html)
    page.print_(writer)
    del writer
    buffer.close()
    return bytes(kept.data())


class Printing:
    """Asks where the page goes, beside the live desk, and writes it."""

    def __init__(self, desk: Desk, window: QWidget, message: MessageBar) -> None:
        self._desk, self._window, self._message = desk, window, message

    def ask(self, week: Week | None) -> None:
        """Ask for the file. Its name has the week and nobody's."""
        if week is None:
            return
        dialog = QFileDialog(self._window, "CRU console · Print", f"rota-{week.monday.isoformat()}.pdf", _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAccessibleName("Where the page goes")
        dialog.fileSelected.connect(lambda path: self.write(week, Path(path)))
        dialog.open()

    def write(self, week: Week, file: Path) -> None:
        """Write the page of a week."""
        desk = self._desk
        page = pdf_of(week_page(week, desk.store.reference.service, desk.me.display_name))
        spawn(self._write(page, file), "write the rota's page", self._window)

    async def _write(self, page: bytes, file: Path) -> None:
        try:
            await asyncio.to_thread(file.write_bytes, page)
        except OSError as error:
            self._message.say("late", f"The page was not written: {error.strerror}.", "Choose another folder.")
            return
        self._message.say("info", "The page is written.", "Open it to print it.")
