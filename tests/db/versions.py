"""A version of the screening tool of the tests' own: what kills is asked alone, one thing nobody may let on."""

from datetime import timedelta

from tests.db.psql import Psql

VERSION = 77
ITEMS = (
    # key, ordinal, text, alone, no_override, branch
    ("means", 1, "Means to hand", True, False, ""),
    ("knife", 2, "Somebody holds a blade", True, True, ""),
    ("fever", 3, "Hot or shivering", False, False, ""),
    ("rash", 4, "A rash", False, False, ""),
    ("observations", 5, "Observations outside limits", False, False, ""),
    ("colour", 6, "Grey, blue or clammy", False, False, "not_measured"),
    ("parent", 7, "Nobody with parental responsibility was told", False, False, "under_18"),
)


async def draft(psql: Psql, version: int = VERSION) -> None:
    """Write the version down, as the owner."""
    await psql.owner.execute(
        "INSERT INTO cru.screening_tool (version, signed_by, signed_on, title)"
        " VALUES ($1, 'the tests', '2026-01-01', 'T')",
        version,
    )
    await psql.owner.execute("INSERT INTO cru.tool_life (tool_version, step) VALUES ($1, 'drafted')", version)
    for key, ordinal, text, alone, no_override, branch in ITEMS:
        await psql.owner.execute(
            "INSERT INTO cru.screening_item"
            " (tool_version, key, ordinal, section, text, alone, no_override, branch, spoken)"
            " VALUES ($1, $2, $3, 'Now', $4, $5, $6, $7, $8)",
            *(version, key, ordinal, text, alone, no_override, branch, f"{text}, is that so?"),
        )


async def approve(psql: Psql, version: int = VERSION) -> None:
    """Approve it by name."""
    await psql.owner.execute(
        "INSERT INTO cru.tool_life (tool_version, step, name, profession)"
        " VALUES ($1, 'approved', 'Dr A. Lead', 'lead')",
        version,
    )


async def bring_into_force(psql: Psql, version: int = VERSION, later: timedelta = timedelta(0)) -> None:
    """From now, or from a time to come."""
    await psql.owner.execute(
        "INSERT INTO cru.tool_life (tool_version, step, from_at) VALUES ($1, 'in force', cru.clock_now() + $2)",
        version,
        later,
    )


async def in_force(psql: Psql) -> None:
    """Draft it, approve it and bring it into force."""
    await draft(psql)
    await approve(psql)
    await bring_into_force(psql)
