"""The ``report`` command with the charts of the lead's page, drawn without a screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from db.reports import cli

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from db.domain.records import Van
    from db.domain.reference import ReferenceData
    from db.reports.document import Illustration
    from db.reports.service_report import ServiceRead


def add_report_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``report`` with its charts."""
    cli.add_report_parser(subparsers, _drawn)


def _drawn(found: ServiceRead, reference: ReferenceData, vans: Sequence[Van]) -> Sequence[Illustration]:
    # What draws takes longer to load than the words of the command to be read.
    made: Sequence[Illustration] = import_module("console.start.report_charts").drawn(found, reference, vans)
    return made
