"""The panels of the lead's page that hold charts."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.charts.card import ChartCard


def in_a_row(*widgets: QWidget) -> QWidget:
    """Side by side, in one widget."""
    row = QWidget(widgets[0].parentWidget())
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        across.addWidget(widget)
    return row


def chart_cards(parent: QWidget) -> dict[str, ChartCard]:
    """The panels, with the least that each can be read in, in pixels at 100 % text."""
    return {
        "waits": ChartCard("Minutes from received to with patient", QSize(330, 150), parent),
        "demand": ChartCard("Demand by hour against vans on duty", QSize(330, 150), parent),
        "ends": ChartCard("How it ended", QSize(300, 150), parent),
        "vans": ChartCard("The vans' day", QSize(420, 170), parent),
        "weeks": ChartCard("Week by week", QSize(380, 150), parent),
    }
