"""What a start leaves until its board is there."""

import asyncio
from contextlib import suppress

from console.live.store import Link, LinkState, Store


async def board_first(store: Store, within: float) -> None:
    """Wait until the board is live.

    Args:
        store: the mirror.
        within: seconds after which nobody waits any longer.
    """
    live = asyncio.Event()

    def look(link: Link) -> None:
        if link.state is LinkState.LIVE:
            live.set()

    store.link_changed.connect(look)
    look(store.link)
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await live.wait()
    store.link_changed.disconnect(look)
