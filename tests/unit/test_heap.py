"""Large blocks come from the system one by one, and go back to it."""

import platform
import subprocess
import sys

import pytest

from console.start import heap

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc alone")
# In a process of its own: what a heap has free already is given out again, however large.
TRIED = """
import ctypes
from console.start import heap
class Told(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd a b c d e".split()]
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
libc.mallinfo2.restype = Told
told = {told}
before = libc.mallinfo2().hblkhd
libc.free(libc.malloc(24 << 20))
held = libc.malloc(1 << 20)
print(told, libc.mallinfo2().hblkhd - before >= 1 << 20)
"""


def tried(told: str) -> list[str]:
    """Whether glibc could be told, and whether it takes a megabyte from the system after more was given back."""
    command = [sys.executable, "-c", TRIED.format(told=told)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_what_was_large_before_does_not_make_the_heap_keep_what_is_large() -> None:
    assert tried("None") == ["None", "False"], "this glibc gives large blocks back of itself: nothing need be told"
    assert tried("heap.give_large_blocks_back()") == ["True", "True"]


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    assert not heap.give_large_blocks_back()
    monkeypatch.setattr(sys, "platform", "win32")
    assert not heap.give_large_blocks_back()
