"""A gateway of the practice shift's own, so that its vans come in by the same door as real ones."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from db.errors import Invalid
from db.exercise.clock import PracticeClock
from db.exercise.devices import HttpSink
from db.exercise.settings import Prepared


@asynccontextmanager
async def gateway_of(prepared: Prepared, clock: PracticeClock) -> AsyncIterator[HttpSink]:
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

    with tempfile.TemporaryDirectory(prefix="cru-exercise-") as folder:
        config = GatewayConfig(database=prepared.gateway, queue_dir=Path(folder), port=0)
        gateway = Gateway(config, clock.now)
        await gateway.start()
        sink = HttpSink(gateway.url, prepared.devices)
        try:
            yield sink
        finally:
            await sink.close()
            await gateway.stop()
