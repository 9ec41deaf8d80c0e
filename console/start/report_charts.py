"""The charts of the lead's page for paper: the same painting as on the screen, with no screen."""

import os
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from console.views.lead.pictures import Pictures
from console.views.lead.printed import illustration, sources
from db.domain.records import Van
from db.domain.reference import ReferenceData
from db.reports.document import Illustration
from db.reports.service_report import ServiceRead

# Qt's application lives as long as the program.
_kept: list[QApplication] = []


def drawn(found: ServiceRead, reference: ReferenceData, vans: Sequence[Van]) -> list[Illustration]:
    """The charts of what was read."""
    if QApplication.instance() is None:
        # A scheduler has no screen.
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QApplication(["cru-report"]))
    pictures = Pictures(found.read, reference, found.now, {van.id: van.callsign for van in vans})
    return [illustration(source) for source in sources(pictures)]
