"""The search's index kept on disk, so that a later start need not work it out again.

It belongs to one pack, one service area, one edition of the postcodes and one shape of the index; anything else
has another file name, and what is damaged is worked out anew.
"""

import contextlib
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from db.geo.pack import MapPack
from db.geo.quick_copy import only_newest, whole_file

Arrays = dict[str, npt.NDArray[Any]]
# Counted up when what is kept, or how words are folded, changes.
_SHAPE = "3"
_KEPT = 3


def fingerprint(pack: MapPack | None, *others: str) -> str:
    """Name what an index is made of: the content of a pack's lists, and whatever else it depends on."""
    mark = hashlib.blake2b(digest_size=10)
    parts = (pack.places, pack.streets, pack.sites, pack.overview, pack.boundaries) if pack else ()
    for path in parts:
        mark.update(path.read_bytes() if path else b"none")
        mark.update(b"\0")
    mark.update("\0".join((_SHAPE, *others)).encode())
    return mark.hexdigest()


def read_index(folder: Path, mark: str) -> Arrays | None:
    """Return what was kept under a fingerprint; None when nothing was, or it is damaged."""
    with contextlib.suppress(OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        # Opened here: what the library opens stays open when it cannot read it.
        with _path(folder, mark).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays: Arrays = {name: kept[name] for name in kept.files}
        return arrays if "whole" in arrays else None
    return None


def keep_index(folder: Path, mark: str, arrays: Arrays) -> None:
    """Keep an index; a full or read-only disk only costs the time of the next start."""
    with contextlib.suppress(OSError):
        with whole_file(_path(folder, mark)) as out:
            np.savez(out, allow_pickle=False, **arrays, whole=np.ones(1))
        # Each pack that was ever tried would leave one.
        only_newest(folder, "place-index-*.npz", _KEPT)


def _path(folder: Path, mark: str) -> Path:
    return folder / f"place-index-{mark}.npz"


def packed(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Texts as bytes, one a line; none of them may hold a line break."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def unpacked(raw: npt.NDArray[np.uint8], count: int) -> list[str]:
    """The texts of `packed`.

    Raises:
        ValueError: there are not as many as there should be.
    """
    texts = raw.tobytes().decode().split("\n") if count else []
    if len(texts) != count:
        raise ValueError(f"{len(texts)} texts instead of {count}")
    return texts


def joined(lists: Sequence[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Lists of numbers as one, and where each ends."""
    ends = np.cumsum([len(one) for one in lists], dtype=np.int32) if lists else np.empty(0, np.int32)
    return (np.concatenate(lists) if lists else np.empty(0, np.int32)).astype(np.int32), ends


class Slices(Sequence[npt.NDArray[np.int32]]):
    """The lists of `joined`, each cut out when it is asked for."""

    def __init__(self, numbers: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]) -> None:
        self._numbers = numbers
        self._bounds = [0, *ends.tolist()]

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, at: int) -> npt.NDArray[np.int32]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[npt.NDArray[np.int32]]: ...

    def __getitem__(self, at: int | slice) -> npt.NDArray[np.int32] | Sequence[npt.NDArray[np.int32]]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        return self._numbers[self._bounds[at] : self._bounds[at + 1]]
