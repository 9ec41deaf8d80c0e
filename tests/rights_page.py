"""``docs/rights.md`` and the lines that ``admin check`` goes by: ``python -m tests.rights_page`` writes both anew.

Both are made from the catalogue of a record that was just made, on a server that is started for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from db.admin.catalogue import EXPECTED, CatalogueLine, catalogue
from db.domain.roles import LOGIN_ROLES
from db.engine import connect, transaction
from tests.cluster import Cluster, run
from tests.template import fill_template

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "rights.md"
LINES = ROOT / "resources" / EXPECTED
TRIED = "test_rights_page.py::test_every_cell_was_tried"
"""Each right of each column by each role, tried; the proof of what names none of its own."""
PROOFS: Mapping[str, str] = {
    "event": "test_rules_rights.py::test_events_stay_as_they_were_written",
    "referral": "test_attacks.py::test_each_is_refused_or_tells_nothing",
    "referral_wall": "test_rules_rights.py::test_the_wall_sees_referrals_without_the_person",
    "handover_wall": "test_rules_rights.py::test_the_wall_sees_referrals_without_the_person",
    "assignment_wall": "test_rules_rights.py::test_the_wall_sees_referrals_without_the_person",
    "past_wall": "test_rules_wall.py::test_a_viewer_reads_the_board_of_now",
    "device": "test_rules_gateway.py::test_a_gateway_reads_no_digest",
    "van": "test_rules_authors.py::test_whoever_changes_a_van_is_its_author",
    "staff": "test_rules_authors.py::test_what_people_change_leaves_an_event_with_their_name",
    "shift_member": "test_rules_authors.py::test_whoever_joins_or_leaves_a_crew_is_an_event",
    "screening": "test_rules_gates.py",
    "decision": "test_rules_gates.py",
    "search": "test_find.py",
}
_CALLED = "test_rules_tricks.py::test_every_function_is_pinned_and_closed"
_WORDS = {"SELECT": "reads", "INSERT": "adds", "UPDATE": "changes", "DELETE": "deletes"}
_HEAD = """# Who may do what in the record

Drawn from the server's catalogue by `python -m tests.rights_page`; `tests/db/test_rights_page.py` holds that
it is true, and `admin check` compares a record with the same lines. A person's login is a database role in
one of the groups `cru_viewer`, `cru_dispatcher`, `cru_shift_lead`, `cru_gateway`, `cru_sealer`; a shift
lead has a dispatcher's rights too, and the column says what is added to them. Whoever owns the record owns
every table, view, function and sequence of it, and may do all of it. Nobody else deletes or empties anything.
Rights are what the server lets somebody try; what the record's rules then refuse stands in
[record.md](record.md), and what was tried against both in `tests/db/attacks/`.

A right without columns is one on all of them. Tests are those of `tests/db/`."""
_FUNCTIONS = """All look things up in the record alone (`search_path`). One that runs *as the owner* may read and
write what its caller may not, and asks who that is; the others run with the caller's own rights."""
_TRIGGERS = """`guard*` refuses, `fill*` completes, `log*` writes the event, `note*` tells the consoles."""


async def read(cluster: Cluster, database: str) -> frozenset[CatalogueLine]:
    """The lines of a database's record."""
    engine = connect(cluster.address.superuser_url(database), "cru-admin")
    try:
        async with transaction(engine) as connection:
            return await catalogue(connection)
    finally:
        await engine.dispose()


def kept(lines: Iterable[CatalogueLine]) -> str:
    """The lines as a file."""
    head = "# Of a record that was just made; written by python -m tests.rights_page, read by main.py admin check."
    return "\n".join((head, *map(str, sorted(lines)))) + "\n"


def page(lines: Iterable[CatalogueLine]) -> str:
    """The page."""
    found = sorted(lines)
    parts = [
        _HEAD,
        "## Tables and views",
        _table(["what", *(role.value for role in LOGIN_ROLES), "seen by"], _tables(found)),
        "## Functions that a login calls",
        _FUNCTIONS,
        _table(["function", "runs", "who calls it", "seen by"], _called(found)),
        "## Functions that nobody calls",
        "Guards, and what they are made of: called by triggers and by each other, by no login.",
        *_uncalled(found),
        "## Sequences",
        _sequences(found),
        "## What guards each table",
        _TRIGGERS,
        _table(["table", "triggers"], _triggers(found)),
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [[*heads], ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _tables(lines: Sequence[CatalogueLine]) -> list[list[str]]:
    """A row for all tables with the same rights and the same proof."""
    rights: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    names = {line.name for line in lines if line.kind in {"table", "trigger"}}
    for line in lines:
        if line.kind == "table":
            rights[line.name][line.who][line.what].append(line.part)
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in sorted(names):
        cells = [_cell(rights[name][role.group]) for role in LOGIN_ROLES]
        same[(*cells, _proof(PROOFS.get(name, TRIED)))].append(f"`{name}`")
    return [[", ".join(tables), *cells] for cells, tables in sorted(same.items(), key=lambda item: item[1])]


def _cell(rights: Mapping[str, Sequence[str]]) -> str:
    said = []
    for right, columns in sorted(rights.items(), key=lambda item: list(_WORDS).index(item[0])):
        of = "" if "" in columns else f" {', '.join(sorted(columns))}"
        said.append(f"**{_WORDS[right]}**{of}")
    return "; ".join(said) or "–"


def _proof(test: str) -> str:
    return f"`{test}`"


def _called(lines: Sequence[CatalogueLine]) -> list[list[str]]:
    runs = {line.name: line.part for line in lines if line.kind == "body"}
    who: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.kind == "function":
            who[line.name].append(line.who)
    return [
        [
            f"`{name}`",
            runs[name],
            ", ".join(role.value for role in LOGIN_ROLES if role.group in who[name]),
            _proof(_CALLED),
        ]
        for name in sorted(who)
    ]


def _uncalled(lines: Sequence[CatalogueLine]) -> list[str]:
    called = {line.name for line in lines if line.kind == "function"}
    by: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.kind == "body" and line.name not in called:
            by[line.part].append(f"`{line.name.partition('(')[0]}`")
    return [f"Run *{how}*: {', '.join(dict.fromkeys(names))}." for how, names in sorted(by.items())]


def _sequences(lines: Sequence[CatalogueLine]) -> str:
    found = [line for line in lines if line.kind == "sequence"]
    if not found:
        return "No login draws a number or sees one: what needs one is done by a function that runs as the owner."
    return _table(["sequence", "who", "may"], ([f"`{line.name}`", line.who, line.what] for line in found))


def _triggers(lines: Sequence[CatalogueLine]) -> list[list[str]]:
    by: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.kind == "trigger":
            by[line.name].append(f"{line.part}")
    return [[f"`{name}`", ", ".join(sorted(names))] for name, names in sorted(by.items())]


def main() -> None:
    """Start a server, make a record on it, and write what its catalogue says."""
    cluster = Cluster()
    try:
        cluster.execute("CREATE DATABASE made")
        run(fill_template(cluster.address.superuser_url("made")))
        lines = run(read(cluster, "made"))
    finally:
        cluster.remove()
    LINES.parent.mkdir(exist_ok=True)
    LINES.write_text(kept(lines), "utf-8")
    PAGE.write_text(page(lines), "utf-8")


if __name__ == "__main__":
    main()
