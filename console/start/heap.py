"""What the system's allocator is told before a window opens.

Blocks of some hundred kilobytes come and go all shift long: pictures, answers of the record, parts of the map.
glibc takes them from the system one by one at first; but once a large one was given back, it keeps such blocks in
its heap, where small ones that live longer settle between them: a window that used 200 MB of it kept 130 MB more
for nothing, and rising. With a limit that is set they go back to the system each time. The allocators of other
systems do so of themselves.
"""

import ctypes
import sys
from typing import Final

_M_MMAP_THRESHOLD: Final = -3
"""By this number ``mallopt`` of glibc knows it."""
_LARGE: Final = 256 * 1024
"""Bytes; twice what glibc begins with."""


def give_large_blocks_back() -> bool:
    """Have large blocks given back to the system as soon as they are free. Returns whether it could be told."""
    if sys.platform != "linux":
        return False
    try:
        tell = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library than glibc
        return False
    return bool(tell(_M_MMAP_THRESHOLD, _LARGE))
