"""The ``exercise`` command."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import platformdirs

from db.domain.clocks import LONDON, days_in_words
from db.errors import RecordError, Unavailable

# The libraries of a shift take longer to load than its window to open: each is loaded where it is first needed.
if TYPE_CHECKING:
    from db.exercise.practice import Options, Practice
    from db.exercise.record import ShiftSummary

Handler = Callable[[argparse.Namespace], int]
_START = time(19, 30)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where local files live, and the map to drive on."""

    data_dir: Path
    map_pack: Path | None


def surroundings(given: argparse.Namespace) -> Surroundings:
    """From the command line, then ``CRU_DATA_DIR`` and ``CRU_MAP_PACK``."""
    data_dir = getattr(given, "data_dir", None) or os.environ.get("CRU_DATA_DIR")
    map_pack = getattr(given, "map_pack", None) or os.environ.get("CRU_MAP_PACK")
    default = platformdirs.user_data_path("cru-console", appauthor=False)
    return Surroundings(Path(data_dir or default), Path(map_pack) if map_pack else None)


def add_exercise_parser(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", with_window: Handler | None = None
) -> None:
    """Add ``exercise``.

    The parsed namespace's ``handler`` takes the namespace and returns the exit code.

    Args:
        subparsers: of the program.
        with_window: opens the console beside the shift; without it every shift runs without a window.
    """
    parser = subparsers.add_parser("exercise", help="practise: a simulated shift in a database of its own")
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="1..60", help="times as fast as real (1)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same number, the same shift (1)")
    parser.add_argument("--run-for", type=_seconds, metavar="SECONDS", help="end so long after the start")
    parser.add_argument("--start", type=_time_of_day, default=_START, metavar="HH:MM", help="local time (19:30)")
    parser.add_argument(
        "--autopilot",
        choices=("crews", "dispatch"),
        default="crews",
        help="who is played by the computer: the crews, or the dispatchers as well",
    )
    parser.add_argument("--intensity", type=_share, default=1.0, metavar="N", help="times the usual referrals (1)")
    parser.add_argument(
        "--history",
        type=_days,
        default=0,
        metavar="28d",
        help="so many days before the shift are in the record too; with --no-window it fills it and ends",
    )
    parser.add_argument("--join", action="store_true", help="sign in to a shift that is running already")
    parser.add_argument("--no-window", action="store_true", help="run without a console")
    parser.add_argument(
        "--server",
        metavar="URL",
        default=os.environ.get("CRU_EXERCISE_URL", ""),
        help="practise beside a hosted record: its owner's address (CRU_EXERCISE_URL)",
    )

    def handle(given: argparse.Namespace) -> int:
        return run_headless(given) if given.no_window or with_window is None else with_window(given)

    parser.set_defaults(handler=handle)


def options_from(given: argparse.Namespace, around: Surroundings) -> "Options":
    """What was asked for, with today as the day of the shift.

    Args:
        given: as parsed.
        around: where local files live.

    Raises:
        Invalid: the server's address cannot be read.
    """
    from db.addresses import read_url
    from db.exercise.practice import Options
    from db.exercise.settings import ShiftPlan, start_at

    plan = ShiftPlan(
        start=start_at(datetime.now(LONDON).date(), given.start),
        cache_dir=around.data_dir / "cache",
        seed=given.seed,
        speed=given.speed,
        intensity=given.intensity,
        map_pack=around.map_pack,
        history_days=given.history,
    )
    return Options(
        plan=plan,
        data_dir=around.data_dir,
        owner_url=read_url(given.server) if given.server else None,
        autopilot_dispatch=given.autopilot == "dispatch",
        run_for=given.run_for,
        join=given.join,
        window=not given.no_window,
    )


def run_headless(given: argparse.Namespace) -> int:
    """Run a shift without a window. Returns 0, or 1 after a sentence on the error stream.

    Args:
        given: as parsed, and ``begun``: when the program began, by ``time.monotonic``.
    """
    try:
        options = options_from(given, surroundings(given))
        if options.plan.history_days and options.run_for is None and not options.join:
            return asyncio.run(_fill(options))
        summary = asyncio.run(_run(options, given.begun))
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{in_words(summary)}\n")
    return 0


async def _run(options: "Options", begun: float) -> "ShiftSummary":
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Windows' loops know no signal handlers.
    with suppress(NotImplementedError):
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
    # From the program's begin, so that the time asked for holds the preparation too.
    ends = None if options.run_for is None else begun + options.run_for
    practice = await _opened(options, ends)
    if ends is not None:
        loop.call_at(ends, stop.set)
    try:
        return await practice.play(stop)
    finally:
        await practice.close()


async def _fill(options: "Options") -> int:
    """Make the record with its days before the shift, and leave it."""
    from db.exercise.practice import open_practice

    practice = await open_practice(options, lambda words: _line(sys.stderr, words))
    await practice.close()
    _line(sys.stdout, f"{practice.prepared.database} holds {days_in_words(options.plan.history_days)}.")
    return 0


def _line(where: TextIO, words: str) -> None:
    where.write(f"{words}\n")


async def _opened(options: "Options", ends: float | None) -> "Practice":
    from db.exercise.practice import open_practice

    limit = asyncio.timeout_at(ends)
    try:
        async with limit:
            return await open_practice(options)
    except TimeoutError:
        if not limit.expired():
            raise
        raise Unavailable("The practice shift was not ready when the time was over.") from None


def in_words(summary: "ShiftSummary") -> str:
    """What a shift did, in one sentence."""
    done = summary.done
    return (
        f"The practice shift is over: {done['TakeReferral']} referrals, {done['Allocate']} vans sent,"
        f" {done['Close']} closed, {sum(done.values())} actions, {len(summary.refused)} refused,"
        f" {summary.fixes} positions."
    )


def _speed(text: str) -> float:
    return _between(text, 1, 60)


def _share(text: str) -> float:
    return _between(text, 0.1, 10)


def _seconds(text: str) -> float:
    # Qt counts milliseconds in 32 bits.
    return _between(text, 0, 2_000_000)


def _days(text: str) -> int:
    """Days, as ``28d``, ``4w`` or ``28``."""
    from db.exercise.settings import MOST_DAYS

    number, unit = (text[:-1], text[-1]) if text[-1:] in {"d", "w"} else (text, "d")
    return int(_between(number, 1, MOST_DAYS // _DAYS[unit])) * _DAYS[unit]


_DAYS = {"d": 1, "w": 7}


def _between(text: str, low: float, high: float) -> float:
    value = float(text)
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g}")
    return value


def _time_of_day(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no time of day, such as 19:30") from None
