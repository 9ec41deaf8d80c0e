"""Fills the database that every test's record is cloned from."""

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from db import migrate, reference

USERS = (
    ("a.shah", "A. Shah", "dispatcher"),
    ("b.okafor", "B. Okafor", "dispatcher"),
    ("l.lead", "L. Lead", "shift lead"),
    ("w.wall", "Wall board", "viewer"),
    ("g.gateway", "Gateway", "gateway"),
)


async def fill_template(url: URL, to: str = "head") -> None:
    """Migrate to the newest schema or an older one, load the reference data and name the users."""
    await migrate.upgrade(url, to)
    await reference.load(url)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for login, name, role in USERS:
                await connection.execute(
                    text("INSERT INTO cru.user_account (login, display_name, role) VALUES (:l, :n, :r)"),
                    {"l": login, "n": name, "r": role},
                )
    finally:
        await engine.dispose()
