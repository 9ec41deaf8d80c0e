"""The charts of the lead's page for a report: which, and each as a picture with its sentence."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import QSize

from console.charts.chart import Chart, ChartRoom
from console.charts.control import control
from console.charts.page import svg_of
from console.views.lead.pictures import Drawn, Pictures
from db.reports.document import Illustration

_SIZE: Final = QSize(680, 250)


def sources(pictures: Pictures) -> Iterator[Drawn]:
    """What is drawn, in the order in which it is read."""
    yield pictures.waits()
    yield pictures.demand()
    yield pictures.ends()
    if pictures.days() == 1:
        yield pictures.vans()
    for measure, _ in pictures.cards():
        series = pictures.over_time(measure.key)
        if series is not None:
            yield partial(control, series)


def illustration(source: Drawn) -> Illustration:
    """One of them, drawn in the colours of paper."""
    told: list[Chart] = []

    def kept(room: ChartRoom) -> Chart:
        told.append(source(room))
        return told[-1]

    svg = svg_of(kept, _SIZE)
    return Illustration(told[-1].name, svg, told[-1].sentence)
