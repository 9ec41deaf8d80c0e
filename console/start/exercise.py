"""The practice shift with the window beside it."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from console.start.app import run
from console.start.loading import load
from console.start.settings import Settings
from console.start.source import Preparation, ReadyRecord, Told
from db.exercise.cli import Surroundings, options_from

if TYPE_CHECKING:
    from db.exercise.practice import Practice

PLAYED = "You are watching: the computer plays the crews and the dispatchers. Every panel is live and may be used."
JOINED = "You joined a practice shift: its crews are played, and others may be dispatching too."
DISPATCH = "The crews are played; you dispatch. Choose a referral (F2), then its next step (Enter)."


def run_with_window(settings: Settings, given: argparse.Namespace) -> int:
    """Prepare a practice shift, open the console on it and play it. Returns the exit code.

    Raises:
        Invalid: the server's address cannot be read.
        RecordError: the time asked for was over before the board was live; says why.
    """
    if given.server:
        from db.addresses import read_url

        read_url(given.server)  # what is no address is refused before a window opens
    close_at = None if given.run_for is None else given.begun + given.run_for
    return run(settings, Preparation("Practice shift", lambda told: _begin(settings, given, told)), close_at)


async def _begin(settings: Settings, given: argparse.Namespace, told: Told) -> ReadyRecord:
    told("Loading the practice shift")
    await load("db.exercise.practice")
    from db.exercise.practice import open_practice

    options = options_from(given, Surroundings(settings.data_dir, settings.map_pack))
    practice = await open_practice(options, told)
    return ReadyRecord(
        practice.prepared.lead,
        beside=lambda told: _play(practice, told),
        server=practice.server,
        close=practice.close,
        watched=JOINED if options.join else PLAYED if options.autopilot_dispatch else DISPATCH,
    )


async def _play(practice: "Practice", told: Told) -> None:
    stop = asyncio.Event()
    try:
        await practice.play(stop, told)
    finally:
        stop.set()
