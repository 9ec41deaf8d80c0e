"""Modules that take longer to load than a window to open, loaded beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

# Two threads that load the same libraries from two ends may see one of them half made. What was asked for first
# comes first: the record's own server starts while the rest is loaded.
_loader = ThreadPoolExecutor(1, thread_name_prefix="loading")


def load(*names: str) -> asyncio.Future[None]:
    """Import modules in a thread, so that importing them where they are used is quick from then on.

    Asked for at once, and done when it is awaited.

    Raises:
        ImportError: one is missing, or a library that it stands on.
    """
    return asyncio.get_running_loop().run_in_executor(_loader, _load, names)


async def beside(work: Callable[[], object]) -> None:
    """Do what takes long, and is kept by what does it, in the same thread."""
    await asyncio.get_running_loop().run_in_executor(_loader, work)


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        import_module(name)
