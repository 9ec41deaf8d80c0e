"""The tables of ``docs/record.md``, drawn from the code: ``python -m tests.record_page`` writes them anew."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import resources
from db.domain.party import HANDS_OVER, Party
from db.domain.states import (
    ASSIGNMENT_MOVES,
    ASSIGNMENT_ORDER,
    AT_SCENE,
    DUTY_MOVES,
    HANDOVER_MOVES,
    ON_THE_WAY,
    OPEN_ASSIGNMENT,
    OPEN_REFERRAL,
    REFERRAL_MOVES,
)
from db.reference import DEFAULT_SET

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "record.md"
_WHO = {
    Party.EMS: "an ambulance crew, such as `EMAS A1187`",
    Party.POLICE: "police, such as `Northants Police`",
    Party.CRU: "the unit itself",
    Party.OTHER: "whoever else waits with the person: another professional, a charity, a neighbour",
    Party.DESTINATION: "where the person is taken: crisis house, A&E, ward, community team",
}
_BLOCK = re.compile(r"<!-- table: (.+?) -->\n.*?<!-- end -->", re.DOTALL)


def page(text: str) -> str:
    """The page with its tables as the code has them now."""
    return _BLOCK.sub(lambda found: f"<!-- table: {found[1]} -->\n{_TABLES[found[1]]()}\n<!-- end -->", text)


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [[*heads], ["---"] * len([*heads]), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _moves(moves: Mapping[str, Iterable[str]]) -> str:
    order = [str(state) for state in moves]
    rows = ((was, ", ".join(sorted(map(str, to), key=order.index)) or "nothing") for was, to in moves.items())
    return _table(["from", "to"], rows)


def _sets() -> str:
    every = {
        "an open referral": ("open_referral_states", OPEN_REFERRAL, [*REFERRAL_MOVES]),
        "a van on its way": ("en_route_states", ON_THE_WAY, [*ASSIGNMENT_ORDER]),
        "a crew at the scene or beyond": ("at_scene_states", AT_SCENE, [*ASSIGNMENT_ORDER]),
        "a committed van": ("open_assignment_states", OPEN_ASSIGNMENT, [*ASSIGNMENT_ORDER]),
    }
    rows = (
        (said, f"`cru.{name}()`", ", ".join(str(state) for state in order if state in chosen))
        for said, (name, chosen, order) in every.items()
    )
    return _table(["what", "in the record", "states"], rows)


def _shipped(table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = tomllib.loads(resources.path(DEFAULT_SET).read_text("utf-8"))[table]
    return rows


def _of_set(table: str, *columns: str) -> str:
    return _table(columns, ([row.get(column, "") for column in columns] for row in _shipped(table)))


def _getting_about() -> str:
    rows = _shipped("mobility")
    return _table(
        ["how", "one of"], ([row["label"], ", ".join(row.get("equipment", ())) or "nothing"] for row in rows)
    )  # type: ignore[arg-type] # a list of words


def _measures() -> str:
    folder = ROOT / "db" / "migrations" / "sql"
    sql = "".join((folder / name).read_text("utf-8") for name in ("0012/20_measures.sql", "0021/80_rows.sql"))
    found = re.findall(
        r"^    \('(\w+)', '((?:[^']|'')+)',\n        '.*',\n        '(.*?)', '(.*?)', '\w+', '(\w+)',",
        sql,
        re.MULTILINE,
    )
    titles = {key: title.replace("''", "'") for key, title, *_ in found}
    rows = (
        (titles[key], f"{start} to {stop}" if stop else "", titles[beside])
        for key, _, start, stop, beside in found
    )
    return _table(["measure", "clock", "beside it"], rows)


_TABLES: Mapping[str, Callable[[], str]] = {
    "moves of a referral": lambda: _moves(REFERRAL_MOVES),
    "moves of an assignment": lambda: _moves(ASSIGNMENT_MOVES),
    "moves of a handover": lambda: _moves(HANDOVER_MOVES),
    "moves of a van": lambda: _moves(DUTY_MOVES),
    "sets of states": _sets,
    "parties": lambda: _table(["kind", "who"], ((kind, _WHO[kind]) for kind in HANDS_OVER)),
    "schedule": lambda: _of_set("contact_schedule", "priority", "first_minutes", "every_minutes", "again_minutes"),
    "endings": lambda: _of_set(
        "ending_rule",
        "kind",
        "code",
        "needs_meeting",
        "only_unmet",
        "asks_person",
        "asks_search",
        "asks_ground",
        "aftercare_hours",
    ),
    "priorities": lambda: _of_set("priority", "code", "meaning", "within_minutes", "aim_minutes", "triage_scale"),
    "sources": lambda: _of_set("referral_source", "code", "label", "waits", "default_priority"),
    "questions": lambda: _of_set("screening_item", "section", "text"),
    "topics": lambda: _of_set("about_topic", "label", "question", "kind"),
    "getting about": lambda: _getting_about(),
    "measures": _measures,
    "rules": lambda: _of_set("rule", "name", "value", "unit", "meaning"),
}

if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
