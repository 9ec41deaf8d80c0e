"""Fills the database that every test's record is cloned from."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

import resources
from db import migrate, reference

USERS = (
    ("a.shah", "A. Shah", "dispatcher"),
    ("b.okafor", "B. Okafor", "dispatcher"),
    ("l.lead", "L. Lead", "shift lead"),
    ("w.wall", "Wall board", "viewer"),
    ("g.gateway", "Gateway", "gateway"),
    ("s.sealer", "Sealer", "sealer"),
)


# Each part begins with its heading, and all behind it is newer.
_PARTS = (
    ("0058", "# --- the past"),
    ("0048", "# --- the audit"),
    ("0044", "# --- backups"),
    ("0042", "# --- calls"),
    ("0041", "# --- people"),
    ("0040", "# --- crews"),
    ("0039", "# --- the command line"),
    ("0034", "# --- alarms"),
    ("0025", "# --- how long what is known"),
    ("0018", "# --- the rota"),
    ("0011", "# --- the person"),
    ("0010", "# How often somebody who waits"),
)


def _known_at(revision: str) -> str:
    """The shipped reference set, as far as a schema knew it, by the revisions that brought each part."""
    shipped = resources.path(reference.DEFAULT_SET).read_text("utf-8")
    for brought_by, heading in _PARTS:
        if revision < brought_by:
            shipped = shipped.partition(f"\n{heading}")[0]
    if revision < "0027":
        shipped = re.sub(r"\[\[feedback_theme\]\]\nlabel = .*\n", "", shipped)
    if revision < "0066":
        # Legal grounds, and what an end asks for beside a meeting, the person's word and aftercare.
        shipped = re.sub(r'\[\[reason\]\]\nkind = "ground"\n(?:(?!\[\[).*\n)*', "", shipped)
        shipped = re.sub(r"(?:only_unmet|asks_search|asks_ground) = true\n", "", shipped)
        shipped = re.sub(r"\[\[ending_rule\]\]\nkind = .*\ncode = .*\n(?=\[\[|\n)", "", shipped)
        shipped = re.sub(r'\[\[ending_rule\]\]\nkind = .*\ncode = "died"\naftercare_hours = 24\n', "", shipped)
    if revision < "0011":
        shipped = shipped.replace("registered = true\n", "")
    return shipped if revision >= "0004" else shipped.partition("\n[[rule]]")[0]


async def load_known_at(url: URL, revision: str) -> None:
    """Load the shipped reference set into a schema that may be older than it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "known.toml"
        file.write_text(_known_at(revision), "utf-8")
        await reference.load(url, file)


async def fill_template(url: URL, to: str = "head") -> None:
    """Migrate to the newest schema or an older one, load the reference data and name the users."""
    await migrate.upgrade(url, to)
    await load_known_at(url, to)
    if to == "head":
        # Version 1 is in force, as in a record that is in use; the newer versions are drafts beside it.
        await reference.load(url)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for login, name, role in USERS if to >= "0065" else USERS[:-1]:  # what seals had no login before
                await connection.execute(
                    text("INSERT INTO cru.user_account (login, display_name, role) VALUES (:l, :n, :r)"),
                    {"l": login, "n": name, "r": role},
                )
    finally:
        await engine.dispose()
