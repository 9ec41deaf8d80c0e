"""A chart for a page: the same painting as on the screen, as SVG, in the colours of paper."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from console.charts.chart import Chart
from console.charts.painting import ChartSource, Plot, draw_chart, laid_out
from console.look.palette import LIGHT

_DOTS_PER_INCH: Final = 96
_FINE: Final = 2


def svg_of(source: ChartSource, size: QSize) -> bytes:
    """A chart as SVG, with its name and its sentence in it for whoever cannot see it.

    Args:
        source: lays the chart out.
        size: in pixels of 1/96 inch.
    """
    chart, plot = laid_out(source, _room(size))
    kept = QByteArray()
    target = QBuffer(kept)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(target)
    generator.setSize(size)
    generator.setViewBox(_room(size))
    generator.setResolution(_DOTS_PER_INCH)
    generator.setTitle(chart.name)
    generator.setDescription(chart.sentence)
    _paint(generator, size, chart, plot)
    return bytes(kept.data())


def image_of(source: ChartSource, size: QSize) -> QImage:
    """A chart as points, twice as many a side as its size says."""
    chart, plot = laid_out(source, _room(size))
    image = QImage(size * _FINE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_FINE)
    image.fill(QColor(LIGHT.panel))
    _paint(image, size, chart, plot)
    return image


def _room(size: QSize) -> QRectF:
    return QRectF(0, 0, size.width(), size.height())


def _paint(target: QPaintDevice, size: QSize, chart: Chart, plot: Plot) -> None:
    with QPainter(target) as painter:
        draw_chart(painter, _room(size), chart, plot, LIGHT)
