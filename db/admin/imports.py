"""``admin import-rota`` and ``import-staff``: what a file would do, row by row, and then all of it or nothing."""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import URL

from db import commands as do
from db.admin.ending import say
from db.admin.where import as_owner
from db.errors import Invalid
from db.importing import ImportKind, preview_import

Verb = Callable[[URL, argparse.Namespace], Awaitable[int]]
AddVerb = Callable[[str, str, Verb], argparse.ArgumentParser]


def add_import_verbs(add: AddVerb) -> None:
    """Add both verbs."""
    for kind, words in (("rota", "plan the shifts"), ("staff", "add or change the people")):
        parser = add(f"import-{kind}", f"{words} of a CSV or XLSX file, all of it or nothing", _import)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
        parser.set_defaults(kind=kind)


async def _import(url: URL, given: argparse.Namespace) -> int:
    kind: ImportKind = given.kind
    async with as_owner(url) as connection:
        preview = await preview_import(connection, kind, given.file)
        for row in preview.rows:
            say(f"row {row.row:<4} {row.does:<9} {row.words}")
        for refusal in preview.refusals:
            say(str(refusal))
        if preview.refusals:
            rows = "1 row" if len(preview.refusals) == 1 else f"{len(preview.refusals)} rows"
            raise Invalid(f"{rows} of {preview.file} cannot be taken.", "Nothing was changed. Put the file right.")
        if preview.count and not given.dry_run:
            await do.run(connection, preview.command())
    done = "would be changed; nothing was" if given.dry_run else "changed"
    say(f"{preview.count} of {len(preview.rows)} rows {done}.")
    return 0
