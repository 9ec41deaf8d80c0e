"""A month's report: read, drawn, made into each kind of file; beside it the PDF library on an empty page."""

import argparse
import time

import asyncpg
import pytest
import typst
from PySide6.QtWidgets import QApplication

from console.start import report_charts
from db.engine import connect
from db.reports.cli import report_on
from db.reports.making import FORMATS, files_of
from tests.bench.table import ms, row
from tests.cluster import Record
from tests.gui.months import months

pytestmark = pytest.mark.bench
WEEKS, A_WEEK = 27, 150


def bare() -> float:
    began = time.perf_counter()
    typst.compile(b'#set document(title: "x")\n#set text(lang: "en")\nx', format="pdf", pdf_standards="ua-1")
    return time.perf_counter() - began


async def test_month(record: Record, qapp: QApplication) -> None:
    owner = await asyncpg.connect(**record.owner_kwargs)
    await months(owner, WEEKS, A_WEEK)
    await owner.close()
    engine = connect(record.url("l.lead"), answer_within=60)
    bare()
    given = argparse.Namespace(kind="month", month=None)
    await report_on(engine, given, report_charts.drawn)
    began = time.perf_counter()
    document, stem = await report_on(engine, given, report_charts.drawn)
    read = time.perf_counter() - began
    took = {}
    for kind in FORMATS:
        began = time.perf_counter()
        files_of(document, stem, kind)
        took[kind] = time.perf_counter() - began
    parts = ", ".join(f"{kind} {ms(spent)}" for kind, spent in took.items())
    row(
        f"month's report of {WEEKS * A_WEEK:,} referrals: read and drawn, PDF; and each kind of file",
        f"{ms(read + took['pdf'])} ({ms(read)} read and drawn, {parts})",
        "≤ 3 s with its PDF",
        f"{ms(bare())} one empty page",
    )
    await engine.dispose()
