"""Fills the database that every test's record is cloned from."""

import importlib
import importlib.util
from typing import Any

import asyncpg
from sqlalchemy import URL

GROUPS = ("cru_viewer", "cru_dispatcher", "cru_shift_lead", "cru_gateway", "cru_owner")


async def fill_template(url: URL) -> None:
    """Migrate to the newest schema, load the reference data and make sure of the groups."""
    migrate = _module("db.migrate")
    if migrate is not None:
        await migrate.upgrade(url)
    await _ensure_groups(url)


async def _ensure_groups(url: URL) -> None:
    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        there = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for group in GROUPS:
            if group not in there:
                await connection.execute(f"CREATE ROLE {group}")
    finally:
        await connection.close()


def _module(name: str) -> Any:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None
