"""Fetching an extract, only ever when somebody asks for it."""

import hashlib
import http.client
import urllib.error
import urllib.request
from pathlib import Path

from db.geo.builder.extract import Progress
from db.geo.errors import MapPackError

_ENGLAND = "https://download.geofabrik.de/europe/united-kingdom/england"
_COUNTIES = """
    bedfordshire berkshire bristol buckinghamshire cambridgeshire cheshire cornwall cumbria derbyshire devon dorset
    durham east-sussex east-yorkshire-with-hull essex gloucestershire greater-london greater-manchester hampshire
    herefordshire hertfordshire isle-of-wight kent lancashire leicestershire lincolnshire merseyside norfolk
    north-yorkshire northamptonshire northumberland nottinghamshire oxfordshire rutland shropshire somerset
    south-yorkshire staffordshire suffolk surrey tyne-and-wear warwickshire west-midlands west-sussex
    west-yorkshire wiltshire worcestershire
"""
EXTRACTS = {name: f"{_ENGLAND}/{name}-latest.osm.pbf" for name in _COUNTIES.split()}
_BLOCK = 1 << 18
_TIMEOUT_S = 30
_TRY_AGAIN = "Try again: what has arrived is kept, and the download goes on from there."


def download(name: str, folder: Path, progress: Progress) -> Path:
    """Fetch a known extract, going on where an earlier try stopped, and check it against its checksum.

    Args:
        name: a key of `EXTRACTS`.
        folder: where the file goes; made when missing.
        progress: called with a stage and a share from 0 to 1.

    Returns:
        The complete file.

    Raises:
        MapPackError: the name is not known, the network or the disk failed, or the file is not whole.
    """
    url = EXTRACTS.get("-".join(name.lower().split()))
    if url is None:
        raise MapPackError(f"No extract is known as {name}.", f"Known: {', '.join(sorted(EXTRACTS))}.")
    path = folder / url.rsplit("/", 1)[1]
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(url, part, progress)
        _check(url, part)
        part.replace(path)
    except urllib.error.HTTPError as error:
        error.close()
        raise MapPackError(f"The server refused the extract ({error.code}).", "Try again later.") from error
    except urllib.error.URLError as error:
        raise MapPackError(f"The extract cannot be downloaded: {error.reason}.", _TRY_AGAIN) from error
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise MapPackError("The download stopped: the connection was lost.", _TRY_AGAIN) from error
    except OSError as error:
        raise MapPackError(f"The download cannot be written to {folder}.", "Check the disk.") from error
    return path


def _open(url: str, have: int = 0) -> http.client.HTTPResponse:
    request = urllib.request.Request(url)  # noqa: S310 - one of the constants above
    if have:
        request.add_header("Range", f"bytes={have}-")
    answer: http.client.HTTPResponse = urllib.request.urlopen(  # noqa: S310 - as above
        request, timeout=_TIMEOUT_S
    )
    return answer


def _fetch(url: str, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.is_file() else 0
    try:
        answer = _open(url, have)
    except urllib.error.HTTPError as error:
        # Asked for what lies beyond the end: it is all here, or the file has changed and the check will tell.
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not have:
            raise
        error.close()
        return
    with answer:
        have = have if answer.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        _receive(answer, part, have, progress)


def _receive(answer: http.client.HTTPResponse, part: Path, have: int, progress: Progress) -> None:
    length = answer.getheader("Content-Length") or ""
    total = have + int(length) if length.isdecimal() else 0
    with part.open("ab" if have else "wb") as out:
        while block := answer.read(_BLOCK):
            out.write(block)
            have += len(block)
            progress("Downloading the extract", have / total if total else 0.0)
    if total and have != total:
        raise MapPackError("The download stopped before its end.", _TRY_AGAIN)


def _check(url: str, part: Path) -> None:
    with _open(f"{url}.md5") as answer:
        expected = answer.read(200).decode("ascii", "replace").split()[:1]
    with part.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if expected != [found]:
        part.unlink()
        raise MapPackError("The download does not match its checksum.", "Try again: it begins anew.")
