"""A practice shift from the first second to the last: its server, its database, its gateway, its world."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import URL

from db.clock import ClockReading
from db.errors import Invalid
from db.exercise.database import prepare
from db.exercise.record import ShiftSummary
from db.exercise.run import PracticeClock, run_shift
from db.exercise.settings import PracticeHost, Prepared, ShiftPlan, Told, nobody
from db.exercise.trackers import FixSender, GatewaySender
from db.server import EmbeddedServer


@asynccontextmanager
async def gateway_of(prepared: Prepared, clock: PracticeClock) -> AsyncIterator[GatewaySender]:
    """Listen on a free port of this computer, and hand out what sends there.

    Args:
        prepared: a shift that was not joined.
        clock: the exercise clock, by which fixes are judged.

    Raises:
        Invalid: the shift is played by somebody else, or the gateway cannot listen.
    """
    if prepared.gateway is None:
        raise Invalid("This shift is played by somebody else.")
    # The web server's library takes a while to load, and a window is waiting.
    await asyncio.to_thread(import_module, "db.gateway.server")
    from db.gateway.server import Gateway, GatewayConfig

    # A queue of its own, thrown away: what did not get through belongs to a shift that is over.
    with tempfile.TemporaryDirectory(prefix="cru-exercise-") as folder:
        # Any free port: a real gateway, or another shift, may run on this computer.
        config = GatewayConfig(database=prepared.gateway, queue_dir=Path(folder), port=0)
        gateway = Gateway(config, clock.now)
        await gateway.start()
        sender = GatewaySender(gateway.url, prepared.devices)
        try:
            yield sender
        finally:
            await sender.close()
            await gateway.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the person asked for.

    Attributes:
        plan: the shift.
        data_dir: where the embedded server lives.
        owner_url: an owner's connection to a hosted record to practise beside; None for the embedded server.
        autopilot_dispatch: play the dispatchers too.
        run_for: seconds of the room after which it ends; None for no end.
        join: sign in to a shift that is running already.
        window: whether a console is opened beside it.
    """

    plan: ShiftPlan
    data_dir: Path
    owner_url: URL | None = None
    autopilot_dispatch: bool = False
    run_for: float | None = None
    join: bool = False
    window: bool = True


class Practice:
    """A practice shift that is ready; close it in the end.

    Attributes:
        prepared: its logins.
        server: the embedded one that it runs on; None for a hosted one.
    """

    def __init__(self, options: Options, prepared: Prepared, server: EmbeddedServer | None) -> None:
        self._options = options
        self.server = server
        self.prepared = prepared

    async def play(self, stop: asyncio.Event, told: Told = nobody) -> ShiftSummary:
        """Play the world outside until ``stop`` is set or the time asked for is over.

        The vans' devices speak to a gateway of the shift's own. A shift that was joined is only waited for.

        Args:
            stop: ends it.
            told: is told when the shift runs slower than it was asked to.

        Raises:
            Invalid: the gateway cannot listen.
        """
        if self.prepared.joined:
            return await self._run(stop, None, None, told)
        plan = self.prepared.plan
        clock = PracticeClock(ClockReading(plan.start, plan.speed))
        async with gateway_of(self.prepared, clock) as sender:
            return await self._run(stop, sender, clock, told)

    async def _run(
        self, stop: asyncio.Event, sender: FixSender | None, clock: PracticeClock | None, told: Told
    ) -> ShiftSummary:
        return await run_shift(
            self.prepared,
            stop=stop,
            autopilot_dispatch=self._options.autopilot_dispatch,
            run_for=self._options.run_for,
            sender=sender,
            clock=clock,
            told=told,
        )

    async def close(self) -> None:
        """Leave the embedded server, which stops when nobody else is on it."""
        if self.server is not None:
            await self.server.stop()


async def open_practice(options: Options, told: Told = nobody) -> Practice:
    """Start the server where it is the embedded one, and prepare the shift.

    Args:
        options: what was asked for.
        told: is told each step.

    Raises:
        RecordError: it cannot be prepared; the sentence says why.
    """
    if options.owner_url is not None:
        where = PracticeHost.beside(options.owner_url)
        return Practice(options, await prepare(where, options.plan, join=options.join, told=told), None)
    told("Starting the database on this computer")
    await asyncio.to_thread(options.data_dir.mkdir, parents=True, exist_ok=True)
    server = EmbeddedServer.of(options.data_dir)
    where = PracticeHost.embedded(await server.start())
    try:
        return Practice(options, await prepare(where, options.plan, join=options.join, told=told), server)
    except BaseException:
        await server.stop()
        raise
