"""Headless consoles that listen, in a process of their own: ``python -m tests.bench.listeners URL COUNT``."""

import asyncio
import sys

from sqlalchemy import make_url

from console.live.session import Session, open_session
from console.live.store import LinkState


async def main(url: str, count: int) -> None:
    """Open sessions one after the other, say ``ready``, and follow until the input closes."""
    sessions: list[Session] = []
    for _ in range(count):
        sessions.append(await open_session(make_url(url)))
        while sessions[-1].desk.store.link.state is not LinkState.LIVE:
            await asyncio.sleep(0.01)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    for session in sessions:
        await session.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
