"""The charts of the lead's page for paper: the same painting as on the screen, with no screen."""

import os
from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from console.charts.chart import Chart, ChartRoom
from console.charts.control import control
from console.charts.page import svg_of
from console.views.lead.pictures import Drawn, Pictures
from db.domain.records import Van
from db.domain.reference import ReferenceData
from db.reports.document import Illustration
from db.reports.service_report import ServiceRead

_SIZE = QSize(680, 250)
# Qt's application lives as long as the program.
_kept: list[QApplication] = []


def drawn(found: ServiceRead, reference: ReferenceData, vans: Sequence[Van]) -> list[Illustration]:
    """The charts of what was read."""
    if QApplication.instance() is None:
        # A scheduler has no screen.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QApplication(["cru-report"]))
    pictures = Pictures(found.read, reference, found.now, {van.id: van.callsign for van in vans})
    return [_illustration(source) for source in _sources(pictures)]


def _sources(pictures: Pictures) -> Iterator[Drawn]:
    yield pictures.waits()
    yield pictures.demand()
    yield pictures.ends()
    if pictures.days() == 1:
        yield pictures.vans()
    for measure, _ in pictures.cards():
        series = pictures.over_time(measure.key)
        if series is not None:
            yield partial(control, series)


def _illustration(source: Drawn) -> Illustration:
    told: list[Chart] = []

    def kept(room: ChartRoom) -> Chart:
        told.append(source(room))
        return told[-1]

    svg = svg_of(kept, _SIZE)
    return Illustration(told[-1].name, svg, told[-1].sentence)
