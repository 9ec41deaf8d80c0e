"""Makes the program wrong in small ways, one at a time, and sees whether a test notices.

    python -m tests.mutants AREA [--count N] [--seed S] [--at FILE[:LINE[-LINE]]] [--within SECONDS] [--list]

Own operators rather than ``mutmut`` or ``cosmic-ray``: half of our rules are SQL, which neither of them reads,
and both try each change against one command for all files, not the few tests that answer for it.

A change can be *equivalent*: nothing that anybody can see differs. The table counts it as survived; whoever
reports the table says which were.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.mutants.areas import AREAS, Group
from tests.mutants.change import Change
from tests.mutants.finding import answering, found
from tests.mutants.trial import Copy, Verdict, copied

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the trials that were asked for; returns 1 if fewer than nine in ten were noticed."""
    given = _arguments()
    chosen = _chosen(given)
    if given.list:
        _say(*(str(change) for change, _ in chosen))
        return 0
    with copied(ROOT) as copy:
        verdicts = _tried(copy, chosen, given.count, given.within)
    return _told(given.area, verdicts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--count", type=int, default=15, help="how many to try")
    parser.add_argument("--seed", default="1", help="another seed tries others")
    parser.add_argument("--at", default="", help="only in this file, line or lines")
    parser.add_argument("--within", type=float, help="seconds for a trial; the tests are known to pass")
    parser.add_argument("--list", action="store_true", help="say what could be tried, and try nothing")
    return parser.parse_args()


def _chosen(given: argparse.Namespace) -> list[tuple[Change, Group]]:
    """All that could be tried, in the order of the seed."""
    file, _, lines = given.at.partition(":")
    first, _, last = lines.partition("-")
    kept = [
        (change, group)
        for change, group in found(ROOT, given.area)
        if file in change.file and (not first or int(first) <= change.line <= int(last or first))
    ]
    if not given.list:
        random.Random(given.seed).shuffle(kept)
    return kept


def _tried(
    copy: Copy, chosen: list[tuple[Change, Group]], most: int, within: float | None
) -> dict[Change, Verdict]:
    """The verdicts, each said as it comes. What Postgres cannot read is not counted; the next takes its place."""
    allowed: dict[Group, float] = {}
    verdicts: dict[Change, Verdict] = {}
    for change, group in chosen:
        if sum(verdict is not Verdict.STILLBORN for verdict in verdicts.values()) == most:
            break
        if group not in allowed:
            allowed[group] = within or _time_of(copy, answering(ROOT, group))
        began = time.monotonic()
        verdicts[change] = copy.trial(change, answering(ROOT, group), allowed[group])
        _say(f"{verdicts[change]:9}  {time.monotonic() - began:4.0f} s  {change}")
    return verdicts


def _time_of(copy: Copy, tests: list[str]) -> float:
    """Seconds that a trial of these tests may take. They must pass while nothing is wrong."""
    began = time.monotonic()
    code, said = copy.run(tests, 3600)
    if code != 0:
        sys.exit(f"The tests fail while nothing is wrong:\n{said[-3000:]}")
    return 60 + 3 * (time.monotonic() - began)


def _told(area: str, verdicts: dict[Change, Verdict]) -> int:
    counts = Counter(verdicts.values())
    made = len(verdicts) - counts[Verdict.STILLBORN]
    noticed = counts[Verdict.KILLED] + counts[Verdict.TIMED_OUT]
    _say(
        "",
        f"{'area':10} {'made':>5} {'killed':>7} {'survived':>9} {'timed out':>10} {'noticed':>8}",
        f"{area:10} {made:5} {counts[Verdict.KILLED]:7} {counts[Verdict.SURVIVED]:9}"
        f" {counts[Verdict.TIMED_OUT]:10} {noticed / max(made, 1):8.0%}",
        "",
        "survived:",
        *(str(change) for change, verdict in verdicts.items() if verdict is Verdict.SURVIVED),
    )
    return int(noticed < 0.9 * made)


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
