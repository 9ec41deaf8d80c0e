"""Modules that take longer to load than a window to open, loaded beside it."""

import asyncio
import threading
from importlib import import_module

# Two threads that load the same libraries from two ends may see one of them half made.
_one_at_a_time = threading.Lock()


async def load(*names: str) -> None:
    """Import modules in a thread, so that importing them where they are used is quick from then on.

    Raises:
        ImportError: one is missing, or a library that it stands on.
    """
    await asyncio.to_thread(_load, names)


def _load(names: tuple[str, ...]) -> None:
    with _one_at_a_time:
        for name in names:
            import_module(name)
