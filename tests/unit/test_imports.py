"""A rota and a list of staff as people keep them: files of any make, days and times as they write them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from db.domain.import_columns import UnreadableError, columns_of
from db.domain.import_times import both_times, read_day, read_end, read_moment
from db.domain.imports import ROTA_COLUMNS, answered_with, shift_lines, staff_lines
from db.domain.likely_names import likely_people
from db.domain.records import StaffMember
from db.errors import Invalid
from db.sheet_files import MOST_ROWS, column_name, rows_of

TODAY = date(2026, 11, 26)
VANS = {"CRU1": UUID(int=1), "Echo 12": UUID(int=12)}


def member(number: int, name: str, profession: str = "Nurse") -> StaffMember:
    return StaffMember(UUID(int=number), name, profession, "", ())


STAFF = [
    member(1, "Ann Other"),
    member(2, "Smith, Jo"),
    member(3, "Sam Twice"),
    member(4, "Sam Twice", "Social worker"),
]


def table(content: bytes | str, name: str = "rota.csv") -> list[tuple[int, tuple[str, ...]]]:
    given = content.encode() if isinstance(content, str) else content
    return [(row.number, row.cells) for row in rows_of(given, name)]


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"van,note\nCRU1,caf\xc3\xa9\n",
        b"\xef\xbb\xbfvan;note\r\nCRU1;caf\xc3\xa9\r\n",
        "van\tnote\nCRU1\tcafé\n".encode("utf-16"),
        b"van,note\nCRU1,caf\xe9\n",
        b'"van","note"\n"CRU1","caf\xc3\xa9"',
        workbook(("van", "note"), ("CRU1", "café")),
    ],
)
def test_a_file_of_any_make_is_read(content: bytes) -> None:
    assert table(content) == [(1, ("van", "note")), (2, ("CRU1", "café"))]


def test_rows_have_the_numbers_of_the_spreadsheet() -> None:
    found = table('van;"note; of it"\n\nCRU1;"two\nlines"\n;\nCRU2;x\n')
    assert found == [(1, ("van", "note; of it")), (3, ("CRU1", "two\nlines")), (5, ("CRU2", "x"))]
    assert [column_name(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_what_a_spreadsheet_keeps_is_said_as_people_type_it() -> None:
    there = datetime(2026, 11, 30)  # noqa: DTZ001 - as a spreadsheet has it
    found = table(workbook((there, time(7, 30), 700, 7.0, True, None, "x")))
    assert found[0][1] == ("2026-11-30", "07:30", "700", "7", "yes", "", "x")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"van,note\nCRU1,=1+1\n", "Row 2, column B: a formula"),
        (b"van,note\nCRU1,@SUM(A1)\n", "Row 2, column B: a formula"),
        (workbook(("van", "date"), ("CRU1", "=TODAY()")), "Row 2, column B: a formula"),
        (b'van,note\nCRU1,"open\n', "is no CSV"),
        (b"\x00\x01\x02\x00", "neither CSV nor XLSX"),
        (b"PK\x03\x04 and then nothing", "no XLSX that can be read"),
        (b"\n \n", "Nothing stands"),
        (b"van\n" + b"CRU1\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        table(content)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("30/11/2026", date(2026, 11, 30)),
        ("2026-12-01", date(2026, 12, 1)),
        ("Mon 30 Nov", date(2026, 11, 30)),
        ("3rd December 2026", date(2026, 12, 3)),
        ("4/1", date(2027, 1, 4)),
        ("05.12.26", date(2026, 12, 5)),
    ],
)
def test_days_as_people_write_them(said: str, day: date) -> None:
    assert read_day(said, TODAY) == day


@pytest.mark.parametrize("said", ["", "31/11/2026", "soon", "Tue 30 Nov", "Monday 1 December 2026"])
def test_a_day_that_is_none_or_another_is_asked(said: str) -> None:
    with pytest.raises(UnreadableError):
        read_day(said, TODAY)


def test_where_a_month_stands_first_no_day_is_told_by_its_numbers() -> None:
    said = ["12/31/2026", "01/12/2026", "2.1.27", "5/5/2026", "30/11/2026", "31/13/2026", "3 Dec 2026"]
    rows = table("van,date,start,end,crew\n" + "".join(f"CRU1,{day},07:00,19:00,Ann Other\n" for day in said))
    lines, wrong = shift_lines(rows, VANS, STAFF, TODAY)
    assert [one.row for one in lines] == [8]
    assert [(one.row, one.answers) for one in wrong] == [
        (2, ("31 Dec 2026",)),
        (3, ("1 Dec 2026", "12 Jan 2026")),
        (4, ("2 Jan 2027", "1 Feb 2027")),
        (5, ("5 May 2026",)),
        (6, ("30 Nov 2026",)),
        (7, ()),
    ]
    assert wrong[1].sentence == '"01/12/2026" may be 1 Dec 2026 or 12 Jan 2026.'
    settled = {(one.row, one.asked): one.answers[-1] for one in wrong if one.answers}
    lines, wrong = shift_lines(rows, VANS, STAFF, TODAY, settled)
    assert [(one.starts_at.month, one.starts_at.day) for one in lines if one.row in {2, 3, 4}] == [
        (12, 31),
        (1, 12),
        (2, 1),
    ]
    # Where none does, the day stands first, as people here write it.
    (line,), wrong = shift_lines([rows[0], *rows[2:3]], VANS, STAFF, TODAY)
    assert (wrong, line.starts_at.month) == ([], 12)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_times_end_on_the_next_day_where_they_must() -> None:
    day = date(2026, 12, 1)
    start = read_moment("1900", day)
    assert start == at(2026, 12, 1, 19)
    assert read_end("07:00", day, start) == at(2026, 12, 2, 7)
    assert read_end("24:00", day, start) == at(2026, 12, 2, 0)
    assert read_end("23:30", day, start) == at(2026, 12, 1, 23, 30)
    assert read_end("2026-12-02 03:00", day, start) == at(2026, 12, 2, 3)
    assert read_moment("7pm", day) == start


def test_an_end_that_says_it_is_the_next_day_s_is() -> None:
    day = date(2026, 12, 1)
    start = read_moment("0800", day)
    for said in ("20:00 +1", "20:00+1", "2000 (+1 day)", "8pm next day", "20.00 (following day)"):
        assert read_end(said, day, start) == at(2026, 12, 2, 20)
    with pytest.raises(UnreadableError):
        read_end("next day", day, start)


def test_a_list_of_several_pages_has_its_heading_on_each() -> None:
    page = "Van,Shift date,Start,End,Staff Name?\nCRU1,{0}/12/2026,07:00,19:00,Ann Other\n"
    lines, wrong = shift_lines(table(page.format(1) + page.format(2)), VANS, STAFF, TODAY)
    assert ([one.row for one in lines], wrong) == ([2, 4], [])


def test_languages_are_told_apart_however_they_are_listed() -> None:
    said = ["Polish and Urdu", "Polish & Urdu", "Polish/Urdu", "Polish + Urdu", "Polish;Urdu", "polish"]
    found, wrong = staff_lines(
        table("Name,Job,Languages\n" + "".join(f"N{n} X,Nurse,{one}\n" for n, one in enumerate(said)))
    )
    assert ([one.languages for one in found], wrong) == ([("Polish", "Urdu")] * 5 + [("polish",)], [])


def test_the_hours_that_the_clocks_change_are_asked() -> None:
    autumn, spring = date(2026, 10, 25), date(2027, 3, 28)
    with pytest.raises(UnreadableError, match="There are two 01:30"):
        read_moment("01:30", autumn)
    assert read_moment("01:30 BST", autumn) == at(2026, 10, 25, 0, 30)
    assert read_moment("01:30 GMT", autumn) == at(2026, 10, 25, 1, 30)
    with pytest.raises(UnreadableError, match="There is no 01:30"):
        read_moment("01:30", spring)
    # A night over the change is as long as it is.
    evening = read_moment("19:00", date(2026, 10, 24))
    assert (read_end("07:00", date(2026, 10, 24), evening) - evening).total_seconds() == 13 * 3600
    with pytest.raises(UnreadableError, match="There are two"):
        read_end("01:30", date(2026, 10, 24), evening)


def test_a_rota_is_read_row_by_row_and_each_refusal_has_its_place() -> None:
    rows = table(
        "Callsign;Day;From;To;Crew 1;Crew 2;Notes\n"
        "cru1;30/11/2026;07:00;19:00;ann  other;Smith, Jo;early\n"
        "Echo12;30/11/2026;1900;0700;Sam Twice (Social worker);;\n"
        "CRU9;30/11/2026;07:00;19:00;;;\n"
        "CRU1;31/11/2026;07:00;19:00;An Other;;\n"
        "CRU1;1/12/2026;25:00;19:00;;;\n"
        "CRU1;2/12/2026;07:00;19:00;Sam Twice;;\n"
        "CRU1;30/11/2026;07:00;18:00;;;\n"
    )
    found, wrong = shift_lines(rows, VANS, STAFF, TODAY)
    assert [(line.row, line.callsign, [one.int for one in line.crew]) for line in found[:2]] == [
        (2, "CRU1", [1, 2]),
        (3, "Echo 12", [4]),
    ]
    assert found[0].note == "early"
    assert [(one.row, one.column) for one in wrong] == [
        (4, "Callsign"),
        (5, "Day"),
        (5, "Crew 1"),
        (6, "From"),
        (7, "Crew 1"),
        (8, ""),
    ]
    assert "Perhaps Ann Other is meant" in wrong[2].next_step
    assert "There are 2 called Sam Twice" in wrong[4].sentence
    assert "Row 2 says the same" in wrong[5].sentence


def test_several_names_in_a_cell() -> None:
    rows = table('van,date,start,end,crew\nCRU1,30/11/2026,07:00,19:00,"Ann Other\nSmith, Jo"\n')
    assert [one.int for one in shift_lines(rows, VANS, STAFF, TODAY)[0][0].crew] == [1, 2]
    rows = table('van,date,start,end,crew\nCRU1,30/11/2026,07:00,19:00,"Ann Other; Sam Twice (Nurse)"\n')
    assert [one.int for one in shift_lines(rows, VANS, STAFF, TODAY)[0][0].crew] == [1, 3]


def test_columns_that_are_not_known_missing_or_doubled_are_named() -> None:
    _, wrong = shift_lines(table("van,dat,start,begin,crew\n"), VANS, STAFF, TODAY)
    assert [(one.column, one.sentence) for one in wrong] == [
        ("dat", "There is no such column."),
        ("begin", "There are two columns for the start."),
        ("date", "That column is missing."),
        ("end", "That column is missing."),
    ]
    assert wrong[0].next_step == 'Perhaps "date" is meant.'


def test_staff_are_read_row_by_row() -> None:
    rows = table(
        "Name,Job title,Registered,Languages,Do\n"
        "Ewa New,Nurse,yes,Polish; BSL,\n"
        ",Nurse,,,\n"
        "Kim New,Nurse,perhaps,,later\n"
        "ewa  new,nurse,,,\n"
    )
    found, wrong = staff_lines(rows)
    assert (found[0].languages, found[0].registered) == (("Polish", "BSL"), True)
    assert [(one.row, one.column) for one in wrong] == [(3, "Name"), (4, "Registered"), (4, "Do"), (5, "")]


def test_a_time_with_a_day_is_of_that_day() -> None:
    day = date(2026, 12, 1)
    assert read_moment("2026-12-01 07:00", day) == at(2026, 12, 1, 7)
    with pytest.raises(UnreadableError, match="is on another day"):
        read_moment("2026-12-02 07:00", day)
    for said, words in (("", "The time is missing"), ("soon", '"soon" is no time')):
        with pytest.raises(UnreadableError, match=words):
            read_moment(said, day)
    # An end that its own day has not, or has twice, may be one of the next.
    start = at(2027, 3, 28, 0, 15)
    assert read_end("01:30", date(2027, 3, 28), start) == at(2027, 3, 29, 0, 30)
    assert read_end("00:15", date(2027, 3, 28), start) == at(2027, 3, 28, 23, 15), "at its start is the next day"


def test_a_list_whose_columns_are_wrong_has_no_rows() -> None:
    found, wrong = staff_lines(table("Name,Jop\nAnn,Nurse\n"))
    assert found == []
    assert {one.column for one in wrong} >= {"Jop"}
    one = wrong[0]
    assert str(one).startswith(f"Row {one.row}, {one.column}: {one.sentence}")
    assert str(replace(one, column="", next_step="")) == f"Row {one.row}: {one.sentence}"


def test_a_day_in_the_cell_of_the_time_needs_no_column() -> None:
    lines, wrong = shift_lines(
        table(
            "van,start,end,crew\n"
            "CRU1,30/11/2026 07:00,30/11/2026 19:00,Ann Other\n"
            "CRU1,Tue 1 Dec 19.00,02/12 7am,\n"
            "Echo 12,2026-12-03T22:00,06:00,\n"
            "CRU1,07:00,19:00,\n"
            "Echo 12,5/12/2026 07:00,4/12/2026 19:00,\n"
        ),
        VANS,
        STAFF,
        TODAY,
    )
    assert [(line.callsign, line.starts_at, line.ends_at) for line in lines[:3]] == [
        ("CRU1", datetime(2026, 11, 30, 7, tzinfo=UTC), datetime(2026, 11, 30, 19, tzinfo=UTC)),
        ("CRU1", datetime(2026, 12, 1, 19, tzinfo=UTC), datetime(2026, 12, 2, 7, tzinfo=UTC)),
        ("Echo 12", datetime(2026, 12, 3, 22, tzinfo=UTC), datetime(2026, 12, 4, 6, tzinfo=UTC)),
    ]
    assert [(one.row, one.column) for one in wrong] == [(5, "start")]
    # Of a year that is typed without a point nothing is taken for a time.
    assert read_day("30/11 2025", TODAY) == date(2025, 11, 30)
    _, none = shift_lines(table("van,start,end\nCRU1,07:00,19:00\n"), VANS, STAFF, TODAY)
    assert [str(one) for one in none] == ["Row 1, date: That column is missing. Name it in the first row."]


def test_a_day_of_the_week_that_is_another_is_asked_also_with_a_time_behind_it() -> None:
    rows = "van,start,end\nCRU1,Mon 30/11/2026 07:00,19:00\nCRU1,Wed 1/12/2026 07:00,19:00\n"
    lines, wrong = shift_lines(table(rows), VANS, STAFF, TODAY)
    assert [line.row for line in lines] == [2]
    assert [str(one) for one in wrong] == [
        'Row 3, start: "Wed 1/12/2026 07:00" is a Tuesday. Put the day or the date right.'
    ]


MANY = [
    member(1, "Kim Bell"),
    member(2, "Sam Roy"),
    member(3, "Roy Sands"),
    member(4, "Łukasz Nowak"),
    member(5, "Siân O'Dea"),
    member(6, "Jo Smith-Jones"),
    member(7, "Pat Vale"),
    member(8, "Pat Vale", "Driver"),
]


@pytest.mark.parametrize(
    ("said", "may_be"),
    [
        ("Roy S", ("Roy Sands", "Sam Roy")),
        ("S. Roy", ("Roy Sands", "Sam Roy")),
        ("K. Bell", ("Kim Bell",)),
        ("Bell, Kim", ("Kim Bell",)),
        ("bell", ("Kim Bell",)),
        ("Lukasz Nowak", ("Łukasz Nowak",)),
        ("Sian ODea", ("Siân O'Dea",)),
        ("Jo Jones", ("Jo Smith-Jones",)),
        ("Kim Bel", ("Kim Bell",)),
        ("P Vale", ("Pat Vale (Nurse)", "Pat Vale (Driver)")),
        ("TBC", ()),
        ("Bob Nobody", ()),
        ("-", ()),
    ],
)
def test_who_may_be_meant_is_told_and_never_guessed(said: str, may_be: tuple[str, ...]) -> None:
    rows = table(f'van,date,start,end,crew\nCRU1,30/11/2026,07:00,19:00,"{said}"\n')
    lines, wrong = shift_lines(rows, VANS, MANY, TODAY)
    assert lines == []
    assert [(one.row, one.asked, one.answers) for one in wrong] == [(2, said, may_be)]
    for answer in may_be:
        (line,), none = shift_lines(rows, VANS, MANY, TODAY, {(2, said): answer, (3, said): "x"})
        assert not none
        (one,) = [one for one in MANY if one.id == line.crew[0]]
        assert answer in (one.name, f"{one.name} ({one.profession})")
    assert shift_lines(rows, VANS, MANY, TODAY, {(2, ""): ""}) == ([], [])


def test_a_name_of_no_letters_is_nobody_and_nobody_is_a_name_of_no_letters() -> None:
    unnamed = member(9, "—")
    assert likely_people("Kim B", [unnamed, *MANY]) == ("Kim Bell",)
    assert likely_people("–", [unnamed, *MANY]) == likely_people("", [unnamed]) == ()
    assert likely_people("Roy", [unnamed]) == ()


@pytest.mark.parametrize("said", ["Siân O\u2019Dea", "Sia\u0302n O'Dea", "  siân   o'dea ", "SIÂN O'DEA"])
def test_how_a_sign_is_typed_makes_nobody_else(said: str) -> None:
    rows = table(f"van,date,start,end,crew\nCRU1,30/11/2026,07:00,19:00,{said} and Kim Bell\n")
    (line,), wrong = shift_lines(rows, VANS, MANY, TODAY)
    assert (wrong, [one.int for one in line.crew]) == ([], [5, 1])


SEVEN = datetime(1899, 12, 30, 7)  # noqa: DTZ001 - a time of day, as it keeps one
THE_DAY = datetime(2026, 12, 1)  # noqa: DTZ001 - as a spreadsheet has it
HEAD = "van,date,start,end,crew\n"
ROW = "CRU1,01/12/2026,07:00,19:00,Ann Other\n"
DAY_SHIFT = (1, at(2026, 12, 1, 7), at(2026, 12, 1, 19), [1])


def joined(content: tuple[tuple[Any, ...], ...], *ranges: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in content:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        # What stands above the heading, and what a spreadsheet writes for itself.
        f"Our rota\nmade by the lead,,\n\n{HEAD}{ROW}",
        f"Employee rota,Date to,\n{HEAD.replace(',', '_:,')}{ROW}",
        f"sep=;\n{HEAD}{ROW}".replace(",", ";"),
        f"{HEAD}{ROW}".replace(",", "|"),
        f"{HEAD}{ROW}".encode("utf-16-le"),
        f"{HEAD}{ROW}".encode("utf-16-be"),
        "Vehicle,Shift date,Start (24h),Finish time,Crew member 1\nCRU1,1/12/26,0700,1900,Ann Other\n",
        # Both times in one cell.
        "van,date,shift,crew\nCRU1,1/12/26,07:00-19:00,Ann Other\n",
        "van,date,times,crew\nCRU1,1/12/26,7 to 19,Ann Other\n",
        "van,date,hours,crew\nCRU1,1/12/26,07.00 \u2013 19.00,Ann Other\n",
        # Days and times as a spreadsheet counts them.
        f"{HEAD}CRU1,46357,07:00,19:00,Ann Other\n",
        joined(((*HEAD.strip().split(","),), ("CRU1", 46357, 7 / 24, 19 / 24, "Ann Other"))),
        joined(
            (
                (*HEAD.strip().split(","),),
                ("CRU1", THE_DAY, SEVEN, timedelta(hours=19), "Ann Other"),
            )
        ),
        # Joined cells: a title across, and a van down its rows.
        joined(
            (
                ("Week 49", None, None, None, None),
                (*HEAD.strip().split(","),),
                ("CRU1", THE_DAY, time(7), time(19), "Ann Other"),
            ),
            "A1:E1",
        ),
    ],
)
def test_a_rota_of_any_make_says_the_same(content: bytes | str) -> None:
    (line,), wrong = shift_lines(table(content), VANS, STAFF, TODAY)
    assert wrong == []
    assert (line.van_id.int, line.starts_at, line.ends_at, [one.int for one in line.crew]) == DAY_SHIFT


def test_a_cell_that_is_joined_with_the_one_above_says_the_same() -> None:
    day = THE_DAY
    rows = (("van", "date", "start", "end"), ("CRU1", day, time(7), time(15)), (None, None, time(15), time(23)))
    lines, wrong = shift_lines(table(joined(rows, "A2:A3", "B2:B3")), VANS, STAFF, TODAY)
    assert (wrong, [line.starts_at.hour for line in lines]) == ([], [7, 15])
    _, alone = shift_lines(table(workbook(*rows)), VANS, STAFF, TODAY)
    assert [(one.row, one.column) for one in alone] == [(3, "van"), (3, "date")]


def with_files_swapped(book: bytes) -> bytes:
    """The same book as a program keeps it in which somebody moved the second sheet before the first."""
    one, two, out = b"sheet1.xml", b"sheet2.xml", io.BytesIO()

    def swapped(said: bytes) -> bytes:
        return said.replace(one, b"?").replace(two, one).replace(b"?", two)

    with zipfile.ZipFile(io.BytesIO(book)) as packed, zipfile.ZipFile(out, "w") as other:
        for name in packed.namelist():
            content = packed.read(name)
            is_list = name == "xl/_rels/workbook.xml.rels"
            other.writestr(swapped(name.encode()).decode(), swapped(content) if is_list else content)
    return out.getvalue()


def test_what_is_joined_on_another_sheet_joins_nothing_here() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("van", "note"), ("CRU1", "here"), ("CRU2", "there")):
        book.active.append(row)
    remarks = book.create_sheet("Remarks")
    remarks["A2"] = "by the lead"
    remarks.merge_cells("A2:A3")
    book.save(out)
    for content in (out.getvalue(), with_files_swapped(out.getvalue())):
        assert table(content) == [(1, ("van", "note")), (2, ("CRU1", "here")), (3, ("CRU2", "there"))]


def test_a_night_may_be_counted_on_behind_midnight() -> None:
    day = date(2026, 12, 1)
    start = read_moment("19:00", day)
    assert read_end("31:00", day, start) == at(2026, 12, 2, 7)
    assert read_end("2530", day, start) == at(2026, 12, 2, 1, 30)
    with pytest.raises(UnreadableError, match="no time"):
        read_end("48:00", day, start)
    # A point may stand between hours and minutes, and before a share of the day.
    assert read_moment("0.30", day) == at(2026, 12, 1, 0, 30)
    assert read_moment("0.7916666667", day) == at(2026, 12, 1, 19)


def test_what_is_no_two_times_and_what_is_no_formula() -> None:
    _, wrong = shift_lines(table("van,date,shift\nCRU1,1/12/26,Day\nCRU1,2/12/26,7-19-20\n"), VANS, STAFF, TODAY)
    assert [(one.row, one.column) for one in wrong] == [(2, "shift"), (3, "shift")]
    noted = "van,note\nCRU1,+ spare key\nCRU1,+44 1604 496000\nCRU1,- first\n"
    assert [cells[1] for _, cells in table(noted)[1:]] == ["+ spare key", "+44 1604 496000", "- first"]
    for formula in ("=A1", "+A1", "+SUM(A1)", "+(1)", "+1+1", "@A1"):
        with pytest.raises(Invalid, match="formula"):
            table(f"van,note\nCRU1,{formula}\n")
    with pytest.raises(Invalid, match="a page"):
        table(b"<html><table><tr><td>van</td></tr></table></html>")


def crews(rows: list[tuple[int, tuple[str, ...]]]) -> list[tuple[int, str, list[int]]]:
    lines, wrong = shift_lines(rows, VANS, STAFF, TODAY)
    assert wrong == []
    return [
        (line.row, f"{line.starts_at:%d %H:%M}-{line.ends_at:%d %H:%M}", [one.int for one in line.crew])
        for line in lines
    ]


def test_a_person_a_row_is_a_crew() -> None:
    heading = "Employee,Start date,Start time,Finish date,Finish time,Unit,Notes\n"
    rows = [
        "Ann Other,30/11/2026,19:00,01/12/2026,07:00,CRU1,early",
        "Smith Jo,30/11/2026,19:00,01/12/2026,07:00,CRU1,",
        "Sam Twice (Nurse),30/11/2026,1900,01/12/2026,0700,Echo-12,",
    ]
    found = table(heading + "\n".join(rows).replace("Smith Jo", '"Smith, Jo"'))
    assert crews(found) == [(2, "30 19:00-01 07:00", [1, 2]), (4, "30 19:00-01 07:00", [3])]
    # The same person twice, and another end, are no second rider of it.
    _, wrong = shift_lines(table(heading + f"{rows[0]}\n{rows[0]}\n"), VANS, STAFF, TODAY)
    assert ["Row 2 says the same." in one.sentence for one in wrong] == [True]


@pytest.mark.parametrize(
    ("said", "end"), [("12", "07:00"), ("11.5", "06:30"), ("10:15", "05:15"), ("8 hrs", "03:00"), ("24", "19:00")]
)
def test_a_shift_may_say_how_long_it_is(said: str, end: str) -> None:
    found = table(f"van,date,start,hours,crew\nCRU1,30/11/2026,19:00,{said},Ann Other\n")
    assert crews(found) == [(2, f"30 19:00-01 {end}", [1])]
    for wrong in ("0", "25", "long", ""):
        _, refused = shift_lines(
            table(f"van,date,start,hours,crew\nCRU1,30/11/2026,19:00,{wrong},\n"), VANS, STAFF, TODAY
        )
        assert [one.column for one in refused] == ["hours"]


def test_days_beside_each_other_are_a_shift_each() -> None:
    rows = "Rota of the week,,,\nStaff,Mon 30/11,Tue 1 Dec,2/12/2026\n"
    rows += "Ann Other,CRU1 07:00-19:00,AL,Echo 12 7pm-7am\nKim,,off,-\n"
    assert crews(table(rows)) == [(3, "30 07:00-30 19:00", [1]), (3, "02 19:00-03 07:00", [1])]
    # A column without a heading, vans and people both, names below each other, what else stands beside them.
    assert crews(table(",30/11,1/12\nCRU-1,Ann Other 7am-7pm,\n")) == [(2, "30 07:00-30 19:00", [1])]
    assert crews(table(",30/11,1/12\nAnn Other,CRU1 7am-7pm,\n")) == [(2, "30 07:00-30 19:00", [1])]
    both = "Van,Crew,30/11,1/12,Total\nCRU1,Ann Other,07:00-19:00,,12\nCRU1,Sam Twice (Nurse),07:00-19:00,,12\n"
    assert crews(table(both)) == [(2, "30 07:00-30 19:00", [1, 3])]
    below = workbook(
        ("Van", "30/11", "1/12", "Note"), ("CRU1", "07:00-19:00\nAnn Other\nSmith, Jo", None, "spare key")
    )
    assert crews(table(below, "rota.xlsx")) == [(2, "30 07:00-30 19:00", [1, 2])]
    assert shift_lines(table(below, "rota.xlsx"), VANS, STAFF, TODAY)[0][0].note == "spare key"
    _, wrong = shift_lines(table("Van,30/11,1/12,Band\nCRU1,07:00-19:00,,6\n"), VANS, STAFF, TODAY)
    assert [one.column for one in wrong] == ["Band"]
    rows = "Vehicle,30/11,1/12\nCRU1,Ann Other / Sam Twice (Nurse) 0700-1900,\nEcho 12,,19:00 to 07:00 Ann Other\n"
    assert crews(table(rows)) == [(2, "30 07:00-30 19:00", [1, 3]), (3, "01 19:00-02 07:00", [1])]


def test_a_letter_for_a_shift_is_asked() -> None:
    rows = table("Name,Mon 30 Nov,Tue 1 Dec\nAnn Other,CRU1 LD,CRU1 N\n")
    _, wrong = shift_lines(rows, VANS, STAFF, TODAY)
    assert [(one.asked, one.answers) for one in wrong] == [
        ("LD", ("07:00-19:00", "19:00-07:00")),
        ("N", wrong[0].answers),
    ]
    meant = {(2, "LD"): wrong[0].answers[0], (2, "N"): wrong[0].answers[1]}
    lines, wrong = shift_lines(rows, VANS, STAFF, TODAY, meant)
    assert (len(lines), wrong) == (2, [])


def test_one_answer_settles_what_can_mean_nothing_else() -> None:
    rows = "Name,Mon 30 Nov,Tue 1 Dec\nAnn Othr,CRU1 LD,CRU1 LD\nAnn Othr,,Echo 12 LD\n"
    _, wrong = shift_lines(table(rows), VANS, STAFF, TODAY)
    assert [(one.row, one.asked) for one in wrong] == [(2, "Ann Othr"), (3, "Ann Othr")], "once a row"
    meant = dict.fromkeys(answered_with(wrong[0], wrong), wrong[0].answers[0])
    assert meant == {(2, "Ann Othr"): "Ann Other", (3, "Ann Othr"): "Ann Other"}
    _, wrong = shift_lines(table(rows), VANS, STAFF, TODAY, meant)
    assert answered_with(wrong[1], wrong) == [(3, "LD"), (2, "LD")]
    # Which of two people, and whether to add somebody, is another question in each row.
    two = [replace(one, asked="Sam", answers=("Sam Roy", "Sam Sands")) for one in wrong]
    assert answered_with(two[0], two) == [(2, "Sam")]
    staff = [replace(one, asked="do", answers=("add",)) for one in wrong]
    assert answered_with(staff[1], staff) == [(3, "do")]


def test_what_stands_in_brackets_behind_a_name_is_asked_about() -> None:
    for said in ('"OTHER, Ann (Band 6)"', "Ann Other (sick)"):
        _, wrong = shift_lines(
            table(f"van,date,start,end,crew\nCRU1,30/11/2026,07:00,19:00,{said}\n"), VANS, STAFF, TODAY
        )
        assert [one.answers for one in wrong] == [("Ann Other",)]


def test_a_sheet_of_remarks_may_lie_in_front() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Ring Ann before five"])
    sheet = book.create_sheet("December")
    sheet.append(["van", "date"])
    sheet.append(["CRU1", date(2026, 11, 30)])
    book.save(out)
    assert table(out.getvalue(), "rota.xlsx") == [(1, ("van", "date")), (2, ("CRU1", "2026-11-30"))]


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("8a-8p", "08:00-20:00"),
        ("7:30a - 8p", "07:30-20:00"),
        ("0645/1915", "06:45-19:15"),
        ("08h00-20h30", "08:00-20:30"),
        ("20h-8h", "20:00-08:00"),
        ("1930 til 0730", "19:30-07:30"),
        ("7-12", "07:00-12:00"),
        ("8-20", "08:00-20:00"),
        ("19-7", "19:00-07:00"),
    ],
)
def test_two_times_as_people_write_them_in_one_cell(said: str, hours: str) -> None:
    assert "-".join(f"{one:%H:%M}" for one in both_times(said, date(2026, 11, 30))) == hours


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("8-8", ("08:00-20:00", "20:00-08:00")),
        ("9 to 5", ("09:00-17:00", "21:00-05:00")),
        ("7 - 3", ("07:00-15:00", "19:00-03:00")),
    ],
)
def test_hours_of_the_morning_or_the_evening_are_asked_about(said: str, answers: tuple[str, str]) -> None:
    with pytest.raises(UnreadableError) as asked:
        both_times(said, date(2026, 11, 30))
    assert (asked.value.asked, asked.value.answers) == (said, answers)


def test_a_heading_is_known_however_it_is_joined_and_a_crew_stands_in_a_column_a_seat() -> None:
    heading = (1, ["Call sign", "StartDate", "Start-Time", "FinishTime", "Nurse 1", "Nurse 2", "Driver"])
    columns, wrong = columns_of(heading, ROTA_COLUMNS, frozenset({"van", "date"}), frozenset({"crew"}))
    assert wrong == []
    assert columns.places == {"van": (0,), "date": (1,), "start": (2,), "end": (3,), "crew": (4, 5, 6)}
    _, wrong = columns_of((1, ["Call sing", "date", "van"]), ROTA_COLUMNS, frozenset())
    assert [(one.column, one.next_step) for one in wrong] == [("Call sing", 'Perhaps "callsign" is meant.')]
