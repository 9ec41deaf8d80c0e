"""The practice shift with the window beside it."""

import argparse
import asyncio

from console.start.app import ReadyRecord, run
from console.start.settings import Settings
from db.exercise.cli import Surroundings, options_from
from db.exercise.practice import Options, Practice, open_practice


def run_with_window(settings: Settings, given: argparse.Namespace) -> int:
    """Prepare a practice shift, open the console on it and play it. Returns the exit code."""
    options = options_from(given, Surroundings(settings.data_dir, settings.map_pack))
    close_at = None if options.run_for is None else given.begun + options.run_for
    return run(settings, lambda: _source(options), close_at)


async def _source(options: Options) -> ReadyRecord:
    practice = await open_practice(options)
    return ReadyRecord(
        practice.prepared.lead,
        place="the practice shift",
        beside=lambda: _play(practice),
        server=practice.server,
        close=practice.close,
    )


async def _play(practice: Practice) -> None:
    stop = asyncio.Event()
    try:
        await practice.play(stop)
    finally:
        stop.set()
