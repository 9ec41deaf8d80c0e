"""A chart for a page: the same painting as on the screen, as SVG, in the colours of paper."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from console.charts.painting import ChartSource, draw_chart, laid_out
from console.look.palette import LIGHT

_DOTS_PER_INCH: Final = 96


def svg_of(source: ChartSource, size: QSize) -> bytes:
    """A chart as SVG, with its name and its sentence in it for whoever cannot see it.

    Args:
        source: lays the chart out.
        size: in pixels of 1/96 inch.
    """
    room = QRectF(0, 0, size.width(), size.height())
    chart, plot = laid_out(source, room)
    kept = QByteArray()
    target = QBuffer(kept)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(target)
    generator.setSize(size)
    generator.setViewBox(room)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setTitle(chart.name)
    generator.setDescription(chart.sentence)
    painter = QPainter(generator)
    try:
        draw_chart(painter, room, chart, plot, LIGHT)
    finally:
        painter.end()
    return bytes(kept.data())
