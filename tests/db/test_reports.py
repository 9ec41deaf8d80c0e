"""One referral's record as files: all of it, the same in each kind, safe to open, and put down."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtPdf import QPdfDocument
from python_calamine import CalamineWorkbook
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.domain.about import Said
from db.domain.records import Location, Patient
from db.engine import connect, transaction
from db.errors import Invalid, NotAllowed
from db.reports.cli import give_out, write
from db.reports.csv_file import csv_files, guarded, written
from db.reports.document import Column, Document, Illustration, Table, moment_words, shown
from db.reports.event_words import detail_words
from db.reports.letters import lacking
from db.reports.pdf_file import pdf
from db.reports.referral_parts import PARTS
from db.reports.xlsx_file import workbook
from db.tables import Base
from tests.cluster import Record
from tests.db.desk import take
from tests.db.psql import Psql

AT = datetime(2026, 10, 25, 0, 30, 5, 123456, tzinfo=UTC)
# In the hour that comes twice: an hour later the clock on the wall says the same.
LATER = AT + timedelta(hours=1)
NASTY = (
    '=HYPERLINK("http://example.org","x")',
    "+44 7700 900123",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\uff1d1+1",
    "ما بها خير",
)
# The second four are as wide as a Chinese letter, and some programs take them for the first.
_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>'


def document(*parts: Table | Illustration) -> Document:
    return Document(
        title="Practice report",
        service="EXERCISE Northamptonshire",
        subject="Numbers that are none",
        made_at=AT,
        made_by="L. Lead",
        parts=parts,
        definitions=(("Response", "From received to with patient."),),
    )


def everything() -> Table:
    columns = (
        Column("Words", wide=3),
        Column("Number", "number"),
        Column("Share", "number"),
        Column("When", "moment", wide=2),
        Column("Day", "day"),
    )
    rows = [
        (said, number, -number / 8, AT if number % 2 else LATER, date(2026, 3, 29))
        for number, said in enumerate(NASTY)
    ]
    return Table("all", "All kinds", columns, [*rows, ("", None, None, None, None)], "Before it is read.")


# --- the kinds of file ---


def of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_quoted_marked_and_says_the_offset_of_a_doubled_hour() -> None:
    files = csv_files(document(everything()), "practice")
    assert sorted(files) == ["practice-all.csv", "practice-definitions.csv"]
    content = files["practice-all.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    assert all(
        line.startswith('"') and line.endswith('"') for line in content.decode("utf-8-sig").split("\r\n") if line
    )
    rows = of_csv(content)
    assert [row[3] for row in rows[1:3]] == ["2026-10-25T01:30:05+00:00", "2026-10-25T01:30:05+01:00"]
    assert [row[1] for row in rows[1:]] == ["0", "1", "2", "3", "4", "5", "6", ""]
    assert rows[3][2] == "-0.25"
    assert rows[1][4] == "2026-03-29"


@pytest.mark.parametrize("said", NASTY[:-1])
def test_what_begins_as_a_formula_does_not_any_more(said: str) -> None:
    assert guarded(said) == f"'{said}"


@pytest.mark.parametrize(
    "said",
    ["tea = fine", "3-4", "'quoted", "A+B", "a@b", "", "−5 to 3", "Ann", "– no", "x\n=1"],
)
def test_other_words_stay_as_they_are(said: str) -> None:
    assert guarded(said) == said


@pytest.mark.hazard("H-088")
@given(
    st.text(max_size=12)
    | st.sampled_from([f"{before}{sign}1" for before in ("", " ", "\u00a0", "\ufeff") for sign in _SIGNS])
)
def test_no_text_becomes_a_formula(said: str) -> None:
    seen = written(said).lstrip(" \u00a0\u200b\ufeff")
    assert not seen.startswith((*_SIGNS, "\t", "\r", "\n", "\0"))


@given(st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6, allow_nan=False))
def test_a_number_stays_a_number(number: float) -> None:
    assert float(written(number)) == pytest.approx(number, rel=1e-9)


@pytest.mark.hazard("H-088")
def test_a_workbook_has_real_dates_numbers_and_words_and_no_formula() -> None:
    content = workbook(document(everything()))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["All kinds", "Definitions"]
    rows = book.get_sheet_by_name("All kinds").to_python()
    assert rows[0] == ["Words", "Number", "Share", "When (London)", "Day"]
    assert [row[0] for row in rows[1:8]] == list(NASTY)
    # On the clock on the wall: the workbook knows no zones.
    assert rows[1][3] == rows[2][3] == datetime.fromisoformat("2026-10-25T01:30:05")
    assert rows[1][4] == date(2026, 3, 29)
    assert [row[1] for row in rows[1:8]] == list(range(7))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert ["Response", "From received to with patient."] in book.get_sheet_by_name("Definitions").to_python()


def tags(root: pikepdf.Object) -> list[pikepdf.Object]:
    """Every element of the tree that a screen reader reads."""
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary):
            found += [one] if "/S" in one else []
            waiting += _kids(one)
    return found


def _kids(one: pikepdf.Object) -> Iterable[pikepdf.Object]:
    kids = one.get("/K")
    return list(kids) if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]


def test_a_pdf_is_tagged_names_its_language_and_tells_what_figures_show() -> None:
    says = "A square, and nothing else"
    content = pdf(document(everything(), Illustration("A figure", SQUARE, says)))
    with pikepdf.open(io.BytesIO(content)) as made:
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "en-GB"
        assert made.Root.ViewerPreferences.DisplayDocTitle
        assert str(made.docinfo["/Title"]) == "Practice report"
        assert "2026" in str(made.docinfo["/CreationDate"])
        with made.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
        elements = tags(made.Root.StructTreeRoot)
        figures = [one for one in elements if one.S == "/Figure"]
        assert [str(one.Alt) for one in figures] == [says]
        kinds = [str(one.S) for one in elements]
    assert kinds.count("/TH") == 5 + 2
    assert kinds.count("/Table") == 2
    assert {"/H1", "/H2"} <= set(kinds)


def test_a_letter_that_no_font_has_is_told_by_its_number() -> None:
    said = "\u4f60\u597d Łukasz, Ελένη, Иван, \u0645\u0631\u062d\u0628\u0627, 5 ≥ 3 \U0001f600"
    gone = lacking(said)
    assert {"\u4f60", "\u597d", "\U0001f600"} <= gone
    assert gone.isdisjoint("Łukasz, Ελένη, 5 ≥ 3 – … £ é ’")
    table = Table("words", "Words", (Column("Said"),), [(said,)])
    assert "[U+4F60][U+597D] Łukasz" in words_of(pdf(document(table)))


def opened(content: bytes) -> tuple[QPdfDocument, QBuffer]:
    """The file as a reader has it, and what it is read from, for as long as it is."""
    made = QPdfDocument()
    buffer = QBuffer(made)
    buffer.setData(QByteArray(content))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    made.load(buffer)
    return made, buffer


def words_of(content: bytes) -> str:
    """What a reader of the file finds in it."""
    made, _buffer = opened(content)
    return " ".join(made.getAllText(page).text() for page in range(made.pageCount())).replace("\r\n", " ")


def test_a_pdf_a_workbook_and_csv_say_the_same() -> None:
    table = replace(everything(), rows=[row for row in everything().rows if str(row[0]).isascii()])
    words = words_of(pdf(document(table)))
    for row, kept in zip(table.rows, of_csv(csv_files(document(table), "x")["x-all.csv"])[1:], strict=True):
        assert [written(cell) for cell in row] == kept
        for cell in row[1:]:
            assert shown(cell) in words
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document(table)))).get_sheet_by_name("All kinds")
    for row, kept in zip(table.rows, sheet.to_python()[1:], strict=False):
        assert [str(row[1]), f"{row[2]:.10g}"] == [f"{kept[1]:.10g}", f"{kept[2]:.10g}"]


@pytest.mark.parametrize(
    "code", ["CRU-20261127-0001", "9434765919" * 2, "ida.plover.featherstonehaugh@example.org"]
)
def test_what_has_no_syllables_is_broken_too_and_lies_over_no_other_column(code: str) -> None:
    columns = tuple(Column(f"c{number}") for number in range(8))
    content = pdf(document(Table("codes", "Codes", columns, [(code, *["next"] * 7)])))
    # Nothing is put in between that a search would stumble over, be it broken or not.
    assert code in words_of(content).replace(" ", "")
    assert code in words_of(pdf(document(Table("codes", "Codes", columns[:1], [(code,)]))))
    made, _buffer = opened(content)
    text = made.getAllText(0).text()
    first, after = text.index(code[:4], text.index("c7")), text.index("next")
    ends = max(box.boundingRect().right() for box in made.getSelectionAtIndex(0, first, after - first).bounds())
    assert ends <= made.getSelectionAtIndex(0, after, 4).bounds()[0].boundingRect().left()


def test_a_figure_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Illustration("A figure", SQUARE, "  ")


def test_a_time_in_the_doubled_hour_names_its_zone() -> None:
    assert [moment_words(at) for at in (AT, LATER)] == ["25 Oct 2026 01:30:05 BST", "25 Oct 2026 01:30:05 GMT"]
    assert moment_words(datetime(2026, 6, 1, 12, tzinfo=UTC)) == "1 Jun 2026 13:00:00"


def test_what_an_event_keeps_is_told_in_words() -> None:
    told = detail_words(
        {
            "contact": "d4dddd62-2586-4447-8278-12c75ab0bd09",
            "answers": {"weapon": "no"},
            "agreed_until": "2026-07-01T09:00:00+00:00",
            "holder_name": {"from": "", "to": "Night nurse"},
            "ages": [18, 30],
            "ward": None,
        }
    )
    assert told == "agreed until: 1 Jul 2026 10:00:00; holder name: – → Night nurse; ages: 18, 30"


# --- one referral's record ---

# Which keep no word about the person of their own: copies, marks and what other tables say in full.
# Alarms and words from crews are the room's and the crew's own: what was done about them stands among the events.
# So does every message; who looked at it in passing is kept nowhere.
_NOT_SHOWN = {
    "alarm",
    "message",
    "opened",
    "presence",
    "crew_word",
    "act_part",
    "reading",
    "danger",
    "same_person",
    "referral_fact",
    "job_fact",
    "fact_due",
}


def test_every_table_about_a_referral_is_in_its_record() -> None:
    about = {table.name for table in Base.metadata.tables.values() if "referral_id" in table.columns}
    read = set(re.findall(r"cru\.(\w+)(?= t\b)", " ".join(part.source for part in PARTS)))
    assert about - read == _NOT_SHOWN & about


async def rich(engine: AsyncEngine) -> str:
    """A referral with words that spreadsheets and typesetters might take for something else."""
    taken = await take(
        engine,
        narrative='=cmd|calc!A0 #strong[not bold] *nor this* "quoted"',
        patient=Patient("@Ann Practice", date(1980, 2, 3), None),
        location=Location("1 Test Street", "NN1 4LP", access_note="-2 steps down"),
    )
    says = (Said("helps", "", "+44 is how she rings her sister", "the person"),)
    await do.execute(engine, do.TellAbout(referral_id=taken.referral_id, says=says))
    await do.execute(engine, do.AddNote(referral_id=taken.referral_id, words="=1+1 was on the wall"))
    await do.execute(engine, do.Decline(referral_id=taken.referral_id, reason="out_of_area"))
    async with transaction(engine) as connection:
        row = await connection.exec_driver_sql("SELECT reference FROM cru.referral")
        return str(row.scalar_one())


@pytest.fixture
async def lead(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("l.lead"))
    yield engine
    await engine.dispose()


async def test_what_was_let_on_is_told_in_words_and_by_no_mark(psql: Psql) -> None:
    referral = await psql.take()
    mark, item = "0f" * 16, "chest_pain"
    covers = [
        f"words {item} {mark}",
        f"yes {referral} seizure",
        f"not known {referral} {item}",
        "scale 7",
        "scale A",
    ]
    covers += [f"flag {referral}", "unanswered weapon", "unread"]
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute(
        "INSERT INTO cru.decision (id, referral_id, kind, clinician, reason, covers, decided_by)"
        " VALUES ($1, $1, 'looked at', 'x', 'y', $2, 'l.lead')",
        referral,
        covers,
    )
    part = next(one for one in PARTS if one.key == "decisions")
    (row,) = await psql.owner.fetch(part.query.replace(":ids", "$1"), [referral])
    told = str(row[1 + [title for title, _, _ in part.shown].index("About")]).split("; ")
    texts = dict(
        await psql.owner.fetch(
            "SELECT DISTINCT ON (key) key, text FROM cru.screening_item ORDER BY key, tool_version DESC"
        )
    )
    assert sorted(told) == sorted(
        [
            *(f"{how}: {texts[item]}" for how in ("words", "not known")),
            *("a caution", "unread", "scale A", "scale A earlier"),
            f"yes: {texts['seizure']}",
            f"not asked: {texts['weapon']}",
        ]
    )


@pytest.mark.hazard("H-088")
async def test_a_record_is_given_out_whole_and_that_is_put_down(
    record: Record, psql: Psql, lead: AsyncEngine, tmp_path: Path
) -> None:
    reference = await rich(lead)
    with pytest.raises(Invalid, match="reason"):
        await give_out(lead, reference, " ", ("pdf",))
    with pytest.raises(Invalid, match="not in the record"):
        await give_out(lead, "CRU-19990101-0001", "a review", ("pdf",))
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'record opened'") == 0
    made = await give_out(lead, f" {reference.lower()} ", "subject access request", ("pdf", "csv"))
    told = await psql.owner.fetchrow("SELECT * FROM cru.event WHERE kind = 'record opened'")
    assert (told["recorded_by"], told["words"]) == ("l.lead", "Given out: PDF, CSV, subject access request")
    files = write(made, reference.lower(), tmp_path / "new", ("pdf", "xlsx", "csv"))
    assert all("practice" not in file.name and "ann" not in file.name for file in files)
    events = of_csv((tmp_path / "new" / f"{reference.lower()}-events.csv").read_bytes())
    kept = await psql.owner.fetchval("SELECT count(*) FROM cru.event WHERE referral_id IS NOT NULL")
    assert len(events) - 1 == kept
    assert any("Given out: PDF, CSV" in cell for row in events for cell in row)
    details = dict(of_csv((tmp_path / "new" / f"{reference.lower()}-details.csv").read_bytes())[1:])
    assert details["Patient's name"] == "'@Ann Practice"
    assert "EMAS crew on scene" in details["Source"]
    book = CalamineWorkbook.from_path(tmp_path / "new" / f"{reference.lower()}.xlsx")
    ended = of_csv((tmp_path / "new" / f"{reference.lower()}-endings.csv").read_bytes())
    assert [row[:2] for row in ended[1:]] == [["declined", "Outside the area"]]
    sheet = dict(book.get_sheet_by_name("What was written down").to_python()[1:])
    assert (sheet["Patient's name"], sheet["Note on access"]) == ("@Ann Practice", "-2 steps down")


@pytest.mark.hazard("H-088")
async def test_a_dispatcher_gives_out_nothing_and_nothing_is_put_down(
    record: Record, psql: Psql, lead: AsyncEngine
) -> None:
    reference = await rich(lead)
    engine = connect(record.url("a.shah"))
    try:
        with pytest.raises(NotAllowed, match="shift lead"):
            await give_out(engine, reference, "a review", ("pdf",))
    finally:
        await engine.dispose()
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.event WHERE kind = 'record opened'") == 0
