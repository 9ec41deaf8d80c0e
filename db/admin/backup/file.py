"""The file of a backup: a zip with a dump, the roles, and a manifest that says what both must be.

Its parts are stored as they are, since the dump is compressed already. The zip's comment is the digest of the
manifest, which holds the digests of the parts: what is damaged or cut off is found before anything is restored.
Who can write the file can make another one that fits: the fingerprint, shown when it is made, tells them apart.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Self

from db.errors import Invalid

FORMAT: Final = 1
DUMP: Final = "record.dump"
ROLES: Final = "roles.json"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 20
_ANOTHER: Final = "Take another backup; main.py admin drill FILE tries one."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        schema: the revision of the record's schema.
        server: the version of the server that it comes from, as ``18.6``.
        server_major: its first number.
        written_by: the first number of the version of the program that wrote the dump.
        of_at: the moment of the record, UTC.
        record: which record it is, drawn at its birth.
        rows: how many each table has, by its name.
        parts: the SHA-256 of each part, by its name.
    """

    schema: str
    server: str
    server_major: int
    written_by: int
    of_at: datetime
    record: str
    rows: Mapping[str, int]
    parts: Mapping[str, str]

    @property
    def row_count(self) -> int:
        """How many rows there are in all tables."""
        return sum(self.rows.values())

    def as_bytes(self) -> bytes:
        """As it stands in the file."""
        said = asdict(self) | {"format": FORMAT, "of_at": self.of_at.isoformat()}
        return json.dumps(said, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, said: bytes) -> "Manifest":
        """From the bytes of a file. Raises Invalid for one of a newer program, or for none."""
        known = json.loads(said)
        if known.pop("format", FORMAT) != FORMAT:
            raise Invalid(
                "The backup was made by a newer version of this program.", "Install that version here first."
            )
        try:
            return cls(**known | {"of_at": datetime.fromisoformat(known["of_at"])})
        except (KeyError, TypeError) as error:
            raise _damaged("its manifest is not what was written") from error


class BackupWriter:
    """Writes the parts of a backup, one after the other, and at last what they must be."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self.parts: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # One that was given up half way, too: else it is closed when its file is gone already.
        self._zip.close()

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Give a function that takes the bytes of a part."""
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as part:

            def take(some: bytes) -> None:
                digest.update(some)
                part.write(some)

            yield take
        self.parts[name] = digest.hexdigest()

    def seal(self, manifest: Manifest) -> str:
        """Write what the parts must be. Returns the fingerprint."""
        said = manifest.as_bytes()
        self._zip.writestr(_MANIFEST, said)
        fingerprint = hashlib.sha256(said).hexdigest()
        self._zip.comment = fingerprint.encode()
        return fingerprint


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup whose every part was found to be what was written.

    Attributes:
        roles: who may sign in with which rights, see :mod:`db.admin.backup.roles`.
        fingerprint: the digest of the manifest.
    """

    path: Path
    manifest: Manifest
    roles: Any
    fingerprint: str

    def dump(self) -> Iterator[bytes]:
        """The dump, piece by piece."""
        with zipfile.ZipFile(self.path) as archive, archive.open(DUMP) as part:
            yield from _pieces(part)


def open_backup(path: Path) -> BackupFile:
    """Read a backup through, and see that it is whole.

    Raises:
        Invalid: it cannot be read, is none, was cut short or damaged, or was made by a newer program.
    """
    try:
        if not zipfile.is_zipfile(path):
            raise _no_zip(path)
        with zipfile.ZipFile(path) as archive:
            return _checked(path, archive)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise Invalid(f"The file {path} cannot be read.", "Check its name and rights.") from error
    # A damaged list of parts may ask for anything: another way of packing, a password, a place beyond the end.
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, RuntimeError, KeyError) as error:
        raise _damaged("it cannot be read to its end") from error


def _no_zip(path: Path) -> Invalid:
    with path.open("rb") as file:
        begins = file.read(4)
    if begins == b"PK\x03\x04":
        return _cut_short()
    return Invalid(f"{path.name} is no backup of the record.", "Name a file that main.py admin backup made.")


def _cut_short() -> Invalid:
    return Invalid("The backup was cut short: its end is missing.", _ANOTHER)


def _damaged(how: str) -> Invalid:
    return Invalid(f"The backup is damaged: {how}.", _ANOTHER)


def _checked(path: Path, archive: zipfile.ZipFile) -> BackupFile:
    names = archive.namelist()
    if _MANIFEST not in names:
        raise Invalid(f"{path.name} is no backup of the record.", "Name a file that main.py admin backup made.")
    if sorted(names) != sorted((_MANIFEST, DUMP, ROLES)):
        raise _damaged("it does not hold the parts that it should")
    said = archive.read(_MANIFEST)
    fingerprint = hashlib.sha256(said).hexdigest()
    if archive.comment != fingerprint.encode():
        # The comment is the very end of the file.
        if archive.comment and fingerprint.encode().startswith(archive.comment):
            raise _cut_short()
        raise _damaged("its manifest is not what was written")
    manifest = Manifest.read(said)
    for name in (ROLES, DUMP):
        if _digest(archive, name) != manifest.parts.get(name):
            raise _damaged(f"{name} is not what was written")
    return BackupFile(path, manifest, json.loads(archive.read(ROLES)), fingerprint)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part:
            for piece in _pieces(part):
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError) as error:
        raise _damaged(f"{name} is not what was written") from error
    return digest.hexdigest()


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while piece := part.read(_CHUNK):
        yield piece
