"""``docs/record.md`` says what the code does, and names tests that are there."""

import ast
import re

import pytest

from tests.record_page import PAGE, page
from tests.unit.test_house_rules import PRODUCT, ROOT

TEXT = PAGE.read_text("utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)
RULES = [part.partition("\n\n")[0] for part in re.split(r"^- ", TEXT, flags=re.MULTILINE)[1:]]


def test_its_tables_are_the_codes() -> None:
    assert page(TEXT) == TEXT, "python -m tests.record_page draws them anew"


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_a_test_that_it_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_rule_names_a_test() -> None:
    assert len(RULES) > 40
    assert [rule for rule in RULES if "::" not in rule] == []


def test_the_code_cites_this_page_and_no_other() -> None:
    sources = [*PRODUCT, *(ROOT / "db").rglob("*.sql")]
    texts = [file.read_text("utf-8") for file in sources]
    assert not [file for file, text in zip(sources, texts, strict=True) if "domain.md" in text]
    assert sum("docs/record.md" in text for text in texts) >= 4
