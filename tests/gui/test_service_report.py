"""A shift's and a month's report: the record's numbers in each kind of file, charts in words, and nobody named."""

import argparse
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from console.start import report_charts
from db import commands as do
from db import queries
from db.domain.measures import Figure, Unit
from db.domain.records import Van
from db.domain.roles import Role
from db.engine import connect, transaction
from db.errors import Invalid, NotAllowed
from db.exercise.history.filling import OwnerInPlace, put_in
from db.exercise.history.month import Month
from db.exercise.history.played import Service, played
from db.exercise.record import Login
from db.exercise.referrals import ReferralGenerator
from db.exercise.run import set_clock
from db.exercise.scenario import CountyPostcodes, load_scenario, read_waypoints
from db.geo.roads.times import travel_times
from db.measures import measured
from db.reports.cli import report_on
from db.reports.csv_file import csv_files
from db.reports.document import Document, Illustration, shown
from db.reports.pdf_file import pdf
from db.reports.periods import period_of
from db.reports.xlsx_file import workbook
from tests.cluster import Cluster, Record, run

UNTIL = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
LOGINS = dict.fromkeys(Login, "a.shah") | dict.fromkeys((Login.LEAD, Login.LEAD_TOO), "l.lead")


def asked(kind: str, **more: object) -> argparse.Namespace:
    return argparse.Namespace(kind=kind, **{"night": None, "month": None} | more)


async def fill(record: Record, cache: Path) -> None:
    """A day and a half of a service, and the clock where they end."""
    scenario = load_scenario()
    postcodes = CountyPostcodes(scenario, cache)
    owner = connect(record.owner_url, answer_within=None)
    try:
        async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            vans = await vans_of(owner)
            reference = await queries.reference_data(connection)
            waypoints = await read_waypoints(connection, vans, scenario, postcodes)
            service = Service(vans, reference, waypoints, travel_times(None))
            month = Month(UNTIL, 1, 5)
            deeds = played(month, scenario, ReferralGenerator(5, scenario, postcodes), service).deeds
            filled = await put_in(OwnerInPlace(connection, LOGINS), deeds, month)
            assert filled.refused == []
            await set_clock(connection, UNTIL - timedelta(minutes=1), 0)
    finally:
        await owner.dispose()


async def vans_of(engine: AsyncEngine) -> list[Van]:
    async with transaction(engine) as connection:
        found = await queries.snapshot(connection, Role.DISPATCHER)
    return sorted((one for one in found["van"] if isinstance(one, Van)), key=lambda one: one.callsign)


@dataclass(frozen=True)
class Reported:
    record: Record
    shift: Document
    month: Document
    shift_stem: str


@pytest.fixture(scope="module")
def reported(
    cluster: Cluster, template: str, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reported]:
    made = cluster.create_record()
    run(fill(made, tmp_path_factory.mktemp("postcodes")))
    run(say_afterwards(made))
    shift, stem = run(reported_on(made, "l.lead", asked("shift")))
    month, _ = run(reported_on(made, "l.lead", asked("month")))
    yield Reported(made, shift, month, stem)
    cluster.drop_record(made)


_QUOTED = "{name} was not rung back on 07700 900987, and lives at NN1 4LP: please ring."
_TEAM_ONLY, _NOT_ASKED = "Zebra was the word for it.", "Quokka was the other word."


async def say_afterwards(record: Record) -> None:
    """Words that name a person, of which some may be quoted; and what became of two things."""
    engine = connect(record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            query = (
                "SELECT id, patient_name FROM cru.referral WHERE patient_name <> '' ORDER BY received_at LIMIT 1"
            )
            row = (await connection.execute(text(query))).one()
        said = _QUOTED.format(name=row.patient_name.split()[0])
        first = do.AddFeedback(
            referral_id=row.id, said_by="carer", words=said, kind="complaint", consent="may be quoted",
            themes=("what came after", "working together"),
        )  # fmt: skip
        for command in (
            first,
            do.AddFeedback(said_by="EMAS crew", words=_TEAM_ONLY, consent="team only", themes=("who came",)),
            do.AddFeedback(said_by="EMAS crew", words=_NOT_ASKED, kind="idea"),
            do.SetImprovement(said="Ring back", raised_by="carer", owner="W. Amos", state="doing",
                              feedback_id=first.feedback_id),
            do.SetImprovement(said="A knock is too loud", raised_by="person", owner="W. Amos", state="done",
                              did=f"{row.patient_name} showed us how to text first."),
        ):  # fmt: skip
            await do.execute(engine, command)
    finally:
        await engine.dispose()
    owner = connect(record.owner_url)
    try:
        async with owner.begin() as connection:
            await set_clock(connection, UNTIL, 0)
    finally:
        await owner.dispose()


async def reported_on(record: Record, login: str, given: argparse.Namespace) -> tuple[Document, str]:
    engine = connect(record.url(login), answer_within=60)
    try:
        return await report_on(engine, given, report_charts.drawn)
    finally:
        await engine.dispose()


async def rows(record: Record, query: str) -> list[tuple[object, ...]]:
    engine = connect(record.url("l.lead"))
    try:
        async with transaction(engine) as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    finally:
        await engine.dispose()


def words_of(content: bytes) -> str:
    held = QByteArray(content)
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    made = QPdfDocument()
    made.load(buffer)
    return " ".join(made.getAllText(page).text() for page in range(made.pageCount()))


def plain(words: str) -> str:
    """Without what a line break does to words."""
    return re.sub(r"[\s\u00ad\u2010\x02\ufffe\uffff-]+", "", words)


def test_the_figures_are_those_of_the_record(reported: Reported) -> None:
    given = asked("shift")
    period, title, stem = period_of(given, UNTIL)
    assert (title, stem, reported.shift_stem) == ("Shift report", "shift-2026-11-21", "shift-2026-11-21")

    async def asked_for() -> dict[str, tuple[object, ...]]:
        engine = connect(reported.record.url("l.lead"), answer_within=60)
        try:
            async with transaction(engine) as connection:
                found = await measured(connection, period)
        finally:
            await engine.dispose()
        return {
            one.title: (told_as(figure), figure.n, figure.missing)
            for one in found.measures
            if (figure := found.figures.get(one.key)) is not None
        }

    figures = next(table for table in reported.shift.tables if table.key == "figures")
    known = run(asked_for())
    assert len(known) > 10
    assert {row[0]: (row[2], row[4], row[5]) for row in figures.rows} == known
    received = run(rows(reported.record, "SELECT count(*) FROM cru.referral WHERE entered_in_error_at IS NULL"))
    month = next(table for table in reported.month.tables if table.key == "hours")
    assert sum(int(str(row[1])) for row in month.rows) == received[0][0]


def told_as(figure: Figure) -> float | None:
    if figure.value is None:
        return None
    share = figure.unit in {Unit.SHARE, Unit.TIME}
    of = figure.n if figure.unit is Unit.SHARE else figure.total
    return round(100 * (figure.part or 0) / (of or 1), 1) if share else round(figure.value, 1)


@pytest.mark.parametrize("which", ["shift", "month"])
def test_pdf_workbook_and_csv_have_the_same_numbers(reported: Reported, which: str) -> None:
    document: Document = getattr(reported, which)
    words = plain(words_of(pdf(document)))
    files = csv_files(document, "x")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document)))
    for table in document.tables:
        kept = list(csv.reader(io.StringIO(files[f"x-{table.key}.csv"].decode("utf-8-sig"))))[1:]
        sheet = book.get_sheet_by_name(table.title[:31]).to_python()[1:]
        for row, of_csv, of_sheet in zip(table.rows, kept, sheet, strict=True):
            for cell, told, held in zip(row, of_csv, of_sheet, strict=True):
                assert plain(shown(cell)) in words or not table.printed
                if isinstance(cell, int | float):
                    assert float(told) == float(str(held)) == cell


def test_what_is_on_paper_is_read_there(reported: Reported) -> None:
    assert [table.key for table in reported.month.tables if not table.printed] == ["weeks", "days"]
    with pikepdf.open(io.BytesIO(pdf(reported.month))) as made:
        assert len(made.pages) < 14


def test_a_pdf_tells_each_chart_and_is_tagged(reported: Reported) -> None:
    pictures = [part for part in reported.shift.parts if isinstance(part, Illustration)]
    assert len(pictures) >= 6
    with pikepdf.open(io.BytesIO(pdf(reported.shift))) as made:
        assert made.Root.MarkInfo.Marked
        told = _alternatives(made.Root.StructTreeRoot)
    assert sorted(told) == sorted(one.says for one in pictures)


def _alternatives(root: pikepdf.Object) -> list[str]:
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            found += [str(one.Alt)] if one.get("/S") == "/Figure" else []
            waiting += [one["/K"]] if "/K" in one else []
    return found


@pytest.mark.hazard("H-088")
def test_nobody_is_named(reported: Reported) -> None:
    query = (
        "SELECT patient_name, nhs_number, call_back, location_text, reference, left(narrative, 40), ems_incident"
        " FROM cru.referral"
    )
    personal = {str(value) for row in run(rows(reported.record, query)) for value in row if value}
    assert len(personal) > 60
    for document in (reported.shift, reported.month):
        told = words_of(pdf(document)) + "".join(file.decode() for file in csv_files(document, "x").values())
        told += "".join(part.svg.decode() for part in document.parts if isinstance(part, Illustration))
        assert not [value for value in personal if value in told]


def table(document: Document, key: str) -> list[tuple[object, ...]]:
    return [tuple(row) for one in document.tables if one.key == key for row in one.rows]


def test_a_month_says_what_people_said_and_what_became_of_it(reported: Reported) -> None:
    counts = run(
        rows(
            reported.record,
            "SELECT said_by, count(*), count(*) FILTER (WHERE consent = 'may be quoted') FROM cru.feedback"
            " WHERE taken_back_at IS NULL GROUP BY 1",
        )
    )
    told = {row[0]: (row[-2], row[-1]) for row in table(reported.month, "heard")}
    known = {str(who).casefold(): (n, quoted) for who, n, quoted in counts}
    assert {str(who).casefold(): one for who, one in told.items() if one[0]} == known
    assert set(told) == {"EMAS crew", "Person", "Carer", "Other professional"}
    assert ("Ring back", "Carer", "", "doing", None) in table(reported.month, "you-said-we-did")
    assert dict(table(reported.month, "themes"))["what came after"] >= 1  # type: ignore[arg-type, operator] # rows of two
    assert not table(reported.shift, "heard")


def test_only_what_may_be_quoted_is_quoted_and_it_names_nobody(reported: Reported) -> None:
    quotes = [str(row[0]) for row in table(reported.month, "quotes")]
    assert "[left out] was not rung back on [left out], and lives at [left out]: please ring." in quotes
    assert len(quotes) == sum(int(str(row[-1])) for row in table(reported.month, "heard"))
    every = words_of(pdf(reported.month)) + "".join(
        file.decode() for file in csv_files(reported.month, "x").values()
    )
    assert not [word for word in ("Zebra", "Quokka", "Amos") if word in every]


def test_only_a_shift_lead_reports(reported: Reported) -> None:
    with pytest.raises(NotAllowed):
        run(reported_on(reported.record, "a.shah", asked("month")))


def test_a_night_and_a_month_by_name_end_with_now_and_lie_not_ahead() -> None:
    night, _, stem = period_of(asked("shift", night=date(2026, 10, 24)), UNTIL)
    assert (night.start, night.end) == (
        datetime(2026, 10, 24, 18, tzinfo=UTC),
        datetime(2026, 10, 25, 7, tzinfo=UTC),
    )
    assert stem == "shift-2026-10-24"
    whole, _, stem = period_of(asked("month", month=date(2026, 2, 1)), UNTIL)
    assert (whole.start, whole.end) == (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    assert stem == "service-2026-02"
    assert period_of(asked("month", month=date(2026, 11, 1)), UNTIL)[0].end == UNTIL
    with pytest.raises(Invalid, match="ahead"):
        period_of(asked("shift", night=date(2026, 11, 22)), UNTIL)
