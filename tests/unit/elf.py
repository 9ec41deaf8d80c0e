"""Which shared libraries a program or library of Linux names, read from the file itself."""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\x7fELF\x02"
_LOAD, _DYNAMIC = 1, 2
_END, _NEEDED, _NAMES = 0, 1, 5


def needed(file: Path) -> list[str]:
    """The names under ``NEEDED``; none for a file that is no 64-bit ELF file, or that needs nothing."""
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            return []
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return list(_names(content))


def _names(content: mmap.mmap) -> Iterator[str]:
    segments = list(_segments(content))
    entries = [
        entry
        for kind, offset, _, size in segments
        if kind == _DYNAMIC
        for entry in struct.iter_unpack("<qQ", content[offset : offset + size])
    ]
    for tag, value in entries:
        if tag == _END:
            return
        if tag == _NEEDED:
            start = _in_file(segments, dict(entries)[_NAMES]) + value
            yield content[start : content.find(b"\0", start)].decode()


def _segments(content: mmap.mmap) -> Iterator[tuple[int, int, int, int]]:
    """Kind, place in the file, address in memory, size in the file."""
    (table,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    for number in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", content, table + number * size)
        yield kind, offset, address, length


def _in_file(segments: list[tuple[int, int, int, int]], address: int) -> int:
    return next(
        at + address - start for kind, at, start, size in segments if kind == _LOAD and 0 <= address - start < size
    )
