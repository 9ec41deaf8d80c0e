"""``admin load-neighbourhoods``: the government's list of neighbourhoods by deprivation, for the measures."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import URL

from db.admin.imports import AddVerb
from db.admin.where import as_owner
from db.errors import Invalid
from db.neighbourhoods import load_neighbourhoods, read_neighbourhoods, unread_in_words


def add_neighbourhood_verb(add: AddVerb) -> None:
    """Add the verb."""
    parser = add("load-neighbourhoods", "load the tenths of deprivation by postcode, from a CSV file", _load)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--source", required=True, help='which edition: "English Indices of Deprivation 2025, by postcode"'
    )


async def _load(url: URL, given: argparse.Namespace) -> int:
    found = read_neighbourhoods(given.file)
    if said := unread_in_words(found):
        sys.stdout.write(f"{said}\n")
    if not found.tenths:
        raise Invalid(f"{given.file.name} has no postcode with a tenth.", "Nothing was changed.")
    if not given.source.strip():
        raise Invalid("Nobody says which edition it is.", "Say it with --source.")
    async with as_owner(url) as connection:
        count = await load_neighbourhoods(connection, found, given.source.strip())
    loaded = "1 postcode" if count == 1 else f"{count:,} postcodes"
    sys.stdout.write(f"{loaded} loaded. Referrals get theirs with their postcode from now on.\n")
    return 0
