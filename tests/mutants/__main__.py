"""Makes the program wrong in small ways, one at a time, and sees whether a test notices.

    python -m tests.mutants AREA [--count N] [--seed S] [--at FILE[:LINE[-LINE]]] [--jobs N] [--list]

Own operators rather than ``mutmut`` or ``cosmic-ray``: half of our rules are SQL, which neither of them reads,
and both try each change against one command for all files, not the few tests that answer for it.

No test is run before it is needed: whatever failed is run once more at the end, with nothing wrong, and a change
that was noticed by a test which fails then too does not count. Nor does one that timed out where the same tests
do not end in time with nothing wrong either: a busy machine is no test.

A change can be *equivalent*: nothing that anybody can see differs. The table counts it as survived; whoever
reports the table says which were.
"""

import argparse
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.areas import AREAS
from tests.mutants.change import Change
from tests.mutants.finding import answering, found
from tests.mutants.group import Group
from tests.mutants.trial import Copy, Trial, Verdict, copied, failing

ROOT = Path(__file__).resolve().parents[2]
NOTICED = {Verdict.KILLED, Verdict.TIMED_OUT}


def main() -> int:
    """Run the trials that were asked for; returns 1 if fewer than nine in ten were noticed."""
    given = _arguments()
    chosen = _chosen(given)
    if given.list:
        _say(*(str(change) for change, _ in chosen))
        return 0
    with ExitStack() as copies:
        made = [copies.enter_context(copied(ROOT)) for _ in range(given.jobs)]
        round_ = _Round(iter(chosen), given.count, given.within)
        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(round_.work, made))
        verdicts = round_.trials
        unsound = _unsound(made[0], verdicts) | _slow(made[0], verdicts, given.within)
    return _told(f"{given.area} {given.seed}", verdicts, unsound)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--count", type=int, default=12, help="how many to try")
    parser.add_argument("--seed", default="1", help="another seed tries others")
    parser.add_argument("--at", default="", help="only in this file, line or lines")
    parser.add_argument("--jobs", type=int, default=1, help="how many at once, each in a copy of its own")
    parser.add_argument("--within", type=float, default=900, help="seconds for a trial")
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


@dataclass
class _Round:
    """The trials, shared out among the copies; each verdict is said as it comes.

    What Postgres cannot read is not counted; the next takes its place.
    """

    left: Iterator[tuple[Change, Group]]
    wanted: int
    within: float
    trials: dict[Change, Trial] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, copy: Copy) -> None:
        """Try one after the other in a copy, until as many as were wanted are taken."""
        while (one := self._next()) is not None:
            change, group = one
            began = time.monotonic()
            trial = copy.trial(change, answering(ROOT, group, change.file), self.within)
            with self._lock:
                self.trials[change] = trial
                self.wanted += trial.verdict is Verdict.STILLBORN
                _say(f"{trial.verdict:9}  {time.monotonic() - began:4.0f} s  {change}")

    def _next(self) -> tuple[Change, Group] | None:
        with self._lock:
            if self.wanted <= 0:
                return None
            self.wanted -= 1
            return next(self.left, None)


def _unsound(copy: Copy, trials: dict[Change, Trial]) -> set[Change]:
    """What was noticed only by tests that fail also while nothing is wrong."""
    names = sorted({name for trial in trials.values() for name in trial.failed})
    code, said = copy.run(*names, timeout_s=3600) if names else (0, "")
    if code == 0:
        return set()
    bad = set(failing(said)) or set(names)
    return {change for change, trial in trials.items() if trial.failed and set(trial.failed) <= bad}


def _slow(copy: Copy, trials: dict[Change, Trial], within: float) -> set[Change]:
    """What timed out, and does so also while nothing is wrong."""
    hung = {change: trial.hung for change, trial in trials.items() if trial.hung}
    return {change for change, tests in hung.items() if copy.run("-x", *tests, timeout_s=within)[0] != 0}


def _told(area: str, trials: dict[Change, Trial], unsound: set[Change]) -> int:
    counts = Counter(trial.verdict for change, trial in trials.items() if change not in unsound)
    made = counts.total() - counts[Verdict.STILLBORN]
    noticed = sum(counts[verdict] for verdict in NOTICED)
    _say(
        "",
        f"{'area':14} {'made':>5} {'killed':>7} {'survived':>9} {'timed out':>10} {'noticed':>8}",
        f"{area:14} {made:5} {counts[Verdict.KILLED]:7} {counts[Verdict.SURVIVED]:9}"
        f" {counts[Verdict.TIMED_OUT]:10} {noticed / max(made, 1):8.0%}",
        "",
        "survived:",
        *(str(change) for change, trial in trials.items() if trial.verdict is Verdict.SURVIVED),
        *(f"not sound: {change}  ({' '.join(trials[change].failed)})" for change in unsound),
    )
    return int(noticed < 0.9 * made)


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
