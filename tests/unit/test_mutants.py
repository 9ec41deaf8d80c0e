"""What the runner of mutants makes wrong: each operator on a text of its own."""

import ast
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from tests.mutants import python, sql
from tests.mutants.__main__ import _slow
from tests.mutants.areas import AREAS
from tests.mutants.change import Change
from tests.mutants.equal import EQUAL, is_equal
from tests.mutants.finding import _is_a_pixel, answering, found
from tests.mutants.group import Group
from tests.mutants.trial import Copy, Trial, Verdict, failing

ROOT = Path(__file__).resolve().parents[2]


def made(text: str, operators: object) -> set[str]:
    """The whole texts that come of a text."""
    return {change.applied(text) for change in operators.changes("a", text)}  # type: ignore[attr-defined] # either


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("ok = a < b", {"ok = (a >= b)"}),
        ("ok = a in b", {"ok = (a not in b)"}),
        ("ok = a > 3", {"ok = (a <= 3)", "ok = (a >= 3)", "ok = a > 4"}),
        ("ok = a and b or c", {"ok = (a and b)", "ok = (c)", "ok = (a) or c", "ok = (b) or c"}),
        ("ok = not a", {"ok = (a)"}),
        ("if a:\n    b()", {"if (not (a)):\n    b()", "if a:\n    pass"}),
        ("raise ValueError(a)", {"pass"}),
        ("async def f():\n    await a()", {"async def f():\n    pass"}),
        ("def f():\n    if a.b():\n        return\n    c = 1", None),
        ("self.a = b", {"pass"}),
        ("a += b", {"pass"}),
        ("A = 10", {"A = 10 * 10", "A = 11"}),
        ("A = 0", {"A = 1"}),
        ("a = [b for b in c if d]", {"a = [b for b in c if True]"}),
        ("a = b - c", {"a = (b + c)"}),
        ("a = b + 'c'", set()),
        ("log.info('x', 3)", set()),
        ("zip(a, b, strict=True)", {"pass"}),
        ('"""Says 3 < 4."""', set()),
        ("def f(a: Literal[3]) -> Literal[4]: ...", set()),
        ("a = f'{b < 3}'", set()),
        ("ä = 'ä'; ö = ä < ß", {"ä = 'ä'; ö = (ä >= ß)"}),
    ],
)
def test_python_is_made_wrong_one_thing_at_a_time(text: str, wrong: set[str] | None) -> None:
    changed = made(text, python)
    for whole in changed:
        ast.parse(whole)
    if wrong is not None:
        assert changed == wrong


@pytest.mark.parametrize(
    ("base", "name", "tried"),
    [
        ("QWidget", "resizeEvent", False),
        ("QFrame", "showEvent", False),
        ("QWidget", "changeEvent", True),
        ("QScrollArea", "resizeEvent", True),
        ("OwnWindow", "showEvent", True),
        ("Mixin, QWidget", "hideEvent", True),
    ],
)
def test_what_qt_does_nothing_with_is_not_tried(base: str, name: str, tried: bool) -> None:
    text = f"class A({base}):\n    def {name}(self, e):\n        super().{name}(e)\n        self.put(e)\n"
    wrong = made(text, python)
    assert (text.replace(f"super().{name}(e)", "pass") in wrong) is tried
    assert text.replace("self.put(e)", "pass") in wrong


def test_what_only_says_what_others_do_is_not_tried() -> None:
    asked = "    def f(self, *, night: bool = False) -> bool: ...\n"
    assert made(f"class A(Protocol[T]):\n{asked}", python) == made(f"class A(Protocol):\n{asked}", python) == set()
    assert len(made(f"class A(B):\n{asked}", python)) == 1


def test_an_early_return_is_dropped_whole() -> None:
    text = "def f():\n    if a:\n        return\n    b = 2\n"
    assert "def f():\n    pass\n    b = 2\n" in made(text, python)


def body(text: str) -> str:
    return f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {text} END $$;"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("PERFORM cru.refuse('no; (never', x);", {"NULL;"}),
        ("NEW.version := 1;", {"NULL;"}),
        ("UPDATE a SET b = c WHERE d = e;", {"NULL;", "UPDATE a SET b = c WHERE d <> e;"}),
        ("IF a < b THEN NULL; END IF;", {"IF a >= b THEN NULL; END IF;", "IF false THEN NULL; END IF;"}),
        (
            "IF a AND b(c, d) THEN NULL; END IF;",
            {"IF a  THEN NULL; END IF;", "IF  b(c, d) THEN NULL; END IF;", "IF false THEN NULL; END IF;"},
        ),
        ("RETURN a IS NULL;", {"RETURN a IS NOT NULL;"}),
        ("RETURN a IS NOT DISTINCT FROM b;", {"RETURN a IS DISTINCT FROM b;"}),
        ("RETURN a AND b IS DISTINCT FROM c;", {"RETURN a ;", "RETURN a AND b IS NOT DISTINCT FROM c;"}),
        ("RETURN a BETWEEN 1 AND 2;", set()),
        (
            "IF a OR b NOT BETWEEN 1 AND 2 THEN NULL; END IF;",
            {
                "IF a  THEN NULL; END IF;",
                "IF  b NOT BETWEEN 1 AND 2 THEN NULL; END IF;",
                "IF a OR b  BETWEEN 1 AND 2 THEN NULL; END IF;",
                "IF false THEN NULL; END IF;",
            },
        ),
        ("RETURN a NOT IN (b);", {"RETURN a  IN (b);"}),
        ("SELECT a INTO b FROM c FOR NO KEY UPDATE;", {"SELECT a INTO b FROM c ;"}),
        ("SELECT a FROM b ORDER BY c DESC LIMIT 1;", {"SELECT a FROM b ORDER BY c  LIMIT 1;"}),
        ("RETURN a ->> 'b = c'; -- a = b", set()),
    ],
)
def test_sql_is_made_wrong_one_thing_at_a_time(text: str, wrong: set[str]) -> None:
    assert made(body(text), sql) == {body(one) for one in wrong}


def test_a_trigger_is_dropped_and_what_stands_outside_functions_is_left() -> None:
    text = "CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f(); SELECT a = b;"
    assert made(text, sql) == {"; SELECT a = b;"}


@pytest.mark.parametrize("area", AREAS)
def test_every_area_has_files_and_tests_and_every_change_can_be_read(area: str) -> None:
    # Some hundred of thousands: to make all takes as long as a hundred other tests.
    changes = list(islice(found(ROOT, area), 300))
    assert len(changes) > 100
    for change, _ in changes[::40]:
        if change.file.endswith(".py"):
            ast.parse(change.applied((ROOT / change.file).read_text("utf-8")))
    for group in AREAS[area]:
        assert answering(ROOT, group)
        # Of the record those that come later have a line already.
        patterns = [one for one in (*group.files, *group.tests) if one.endswith(".py")]
        assert [one for one in patterns if next(ROOT.glob(one), None) is None] == []


PANELS = [file.name for file in (ROOT / "console/views").iterdir() if (file / "__init__.py").is_file()]
# What is a rule, or leads from one to the screen: each module answers to the tests of one area.
ROOMS = (
    *("db/domain", "db/commands", "db/gateway", "db/reports", "db/exercise/history", "db/geo/search"),
    *("console/live", "console/models", "console/timeline", "console/charts"),
    *("console/start", "console/running", "console/map", *(f"console/views/{name}" for name in PANELS)),
)
BARE = {"db/geo/search/found.py", "db/commands/whole.py", "db/migrations/sql/0001/00_roles.sql"}
"""What only holds values or names; roles are the whole server's, and another test's database made them already."""


def test_every_module_of_these_rooms_and_every_rule_in_sql_is_in_one_area() -> None:
    homes = Counter(
        file.relative_to(ROOT).as_posix()
        for groups in AREAS.values()
        for group in groups
        for file in {file for pattern in group.files for file in ROOT.glob(pattern)}
    )
    assert {file: count for file, count in homes.items() if count > 1} == {}
    modules = [file for room in ROOMS for file in (ROOT / room).glob("*.py")]
    rules = [file for file in (ROOT / "db/migrations/sql").glob("*/*.sql") if "$$" in file.read_text("utf-8")]
    there = {file.relative_to(ROOT).as_posix() for file in (*modules, *rules)}
    assert {file for file in there - set(homes) if not file.endswith("__init__.py")} == BARE


@pytest.mark.parametrize("file", sorted({file for file, _, _ in EQUAL}))
def test_what_was_judged_to_make_no_difference_is_still_there_and_is_not_tried(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    made = sql.changes(file, text) if file.endswith(".sql") else python.changes(file, text)
    judged = Counter(change.what for change in made if is_equal(change, text))
    assert judged == Counter(what for where, _, what in EQUAL if where == file)


def test_the_tests_that_name_a_module_come_first_and_the_slow_ones_last() -> None:
    group = Group(
        ("db/domain/wall.py",),
        (
            "tests/gui/test_unread.py",
            "tests/unit/test_spc.py",
            "tests/db/test_local.py",
            "tests/unit/test_wall.py",
        ),
    )
    assert [name.rpartition("/")[2] for name in answering(ROOT, group, "db/domain/wall.py")] == [
        "test_wall.py",
        "test_intake_call.py",
        "test_nearest.py",
        "test_spc.py",
        "test_local.py",
        "test_wall_free.py",
        "test_wall_page.py",
        "test_unread.py",
    ]


def test_a_test_that_names_a_module_answers_for_it_whatever_its_group_says() -> None:
    group = Group(("db/domain/time_order.py",), ("tests/gui/test_when.py",))
    named = "tests/unit/test_time_order_missed.py"
    assert named in answering(ROOT, group, "db/domain/time_order.py")
    assert answering(ROOT, group, "db/domain/wall.py")[-1] == "tests/gui/test_when.py"
    assert named not in answering(ROOT, group, "db/domain/wall.py")
    assert "tests/unit/test_gateway_numbers.py" in answering(ROOT, group, "db/gateway/area.py")
    assert "tests/unit/test_geo_numbers.py" in answering(ROOT, group, "db/geo/search/numbered.py")
    assert "tests/unit/test_geo_numbers.py" not in answering(ROOT, group, "db/geo/search/number.py")
    # Of the dear ones only where there are few.
    assert "tests/gui/test_supervised.py" in answering(ROOT, group, "console/live/trails.py")
    assert "tests/gui/test_supervised.py" not in answering(ROOT, group, "console/live/store.py")
    assert (
        answering(ROOT, group, "db/migrations/sql/0008/30_check.sql") == answering(ROOT, group) == [*group.tests]
    )


def test_what_looks_at_every_view_answers_for_a_view_last_and_once() -> None:
    everything = "tests/gui/test_sizes.py"
    group = Group(("console/views/wall/page.py",), ("tests/gui/test_wall_page.py", "tests/e2e/test_wall.py"))
    assert answering(ROOT, group, "console/views/wall/page.py")[-1] == everything
    assert everything not in answering(ROOT, group, "console/live/cover.py")
    named = Group(group.files, (everything, *group.tests))
    assert answering(ROOT, named, "console/views/wall/page.py").count(everything) == 1


@pytest.mark.parametrize(
    ("file", "line", "what", "pixel"),
    [
        ("console/views/lead/figures.py", "self._grid.setContentsMargins(0, 0, 0, 0)", "call dropped", True),
        ("console/views/lead/figures.py", "self._grid.setSpacing(4)", "constant swapped", True),
        ("console/views/lead/figures.py", "self.setMinimumWidth(px(320))", "constant swapped", True),
        ("console/views/lead/figures.py", "self.setMinimumWidth(px(320))", "call dropped", False),
        ("console/views/lead/figures.py", "self.setMinimumWidth(320)", "constant swapped", False),
        ("console/views/lead/window.py", 'super().__init__("Lead", 1600, 980)', "constant swapped", True),
        (
            "console/views/room/review_page.py",
            'super().__init__(desk, "To review", 1, 2)',
            "constant swapped",
            True,
        ),
        ("console/views/lead/window.py", 'super().__init__("Lead", 1600, 980)', "call dropped", False),
        ("console/charts/card.py", "painter.setRenderHint(Hint.Antialiasing)", "call dropped", True),
        ("console/views/find/page.py", "for widget, share in ((a, 0), (b, 1)):", "constant swapped", True),
        ("console/views/find/page.py", "column.addWidget(self.panel, 1)", "constant swapped", True),
        ("console/views/find/page.py", "column.addWidget(self.panel, 1)", "call dropped", False),
        ("console/views/find/page.py", "grid.addWidget(self.panel, 1, 0)", "constant swapped", False),
        ("console/views/find/page.py", "grid.setColumnStretch(1, 2)", "constant swapped", True),
        ("console/charts/painting.py", "a = 3", "constant swapped", True),
        ("console/charts/painting.py", "a.b()", "call dropped", False),
        ("console/views/lead/beside.py", '_WIDE: Final = 660\n"""Pixels that it takes."""', "limit moved", False),
        (
            "console/views/lead/beside.py",
            '_WIDE: Final = 660\n"""Pixels that it takes."""',
            "constant swapped",
            True,
        ),
        ("console/views/lead/beside.py", '_MOST: Final = 660\n"""Rows of it."""', "constant swapped", False),
        ("db/reports/wall.py", '    Column("When", "moment", 1.2),', "constant swapped", True),
        ("db/reports/wall.py", '    ("As", reason_of("a", "b"), 0.8),', "constant swapped", True),
        ("db/reports/wall.py", "    Column('Referral', wide=1.4)", "constant swapped", True),
        ("db/reports/wall.py", "    first = tables[0]", "constant swapped", False),
        ("db/reports/wall.py", "    Column('Referral', wide=1.4)", "call dropped", False),
        ("db/domain/wall.py", "a.setSpacing(4)", "constant swapped", False),
    ],
)
def test_a_pixel_more_or_less_is_no_rule(file: str, line: str, what: str, pixel: bool) -> None:
    assert _is_a_pixel(Change(file, 0, 1, "", what, 1), line) is pixel


def test_what_failed_is_told_by_its_name() -> None:
    said = (
        "FAILED tests/unit/test_a.py::test_b[x - y] - AssertionError: no\n"
        "ERROR tests/db/test_c.py::test_d - RuntimeError\nERROR tests/db/test_e.py\nFAILED no test\n1 failed"
    )
    assert failing(said) == ("tests/unit/test_a.py::test_b", "tests/db/test_c.py::test_d", "tests/db/test_e.py")


@pytest.mark.long
def test_a_trial_tells_killed_from_survived_and_takes_the_change_back(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("def f(a):\n    b = [1]\n    b[0] = 5\n    return a < 3\n", "utf-8")
    (tmp_path / "test_rule.py").write_text(
        "from rule import f\ndef test():\n    assert f(2) and not f(3)\n", "utf-8"
    )
    before = (tmp_path / "rule.py").read_text("utf-8")
    copy = Copy(tmp_path)
    changes = {str(change): change for change in python.changes("rule.py", before)}
    tests = ["test_rule.py"]
    (edge,) = [change for name, change in changes.items() if "edge moved" in name]
    (unseen,) = [change for name, change in changes.items() if "statement dropped" in name]
    assert copy.trial(edge, tests, 600) == Trial(Verdict.KILLED, ("test_rule.py::test",))
    assert copy.trial(unseen, tests, 600) == Trial(Verdict.SURVIVED)
    hung = copy.trial(edge, tests, 0.01)
    assert hung == Trial(Verdict.TIMED_OUT, hung=("test_rule.py",))
    # A machine that is as slow with nothing wrong proves nothing.
    assert _slow(copy, {edge: hung}, 0.01) == {edge}
    assert _slow(copy, {edge: hung}, 600) == _slow(copy, {unseen: Trial(Verdict.SURVIVED)}, 0.01) == set()
    assert (tmp_path / "rule.py").read_text("utf-8") == before
