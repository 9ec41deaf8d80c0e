"""The declarative base, and columns that many tables share."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "cru"
NOW = text("cru.clock_now()")
EMPTY = text("''")
FALSE = text("false")


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can speak of it."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        },
    )
    # Text without a length: every limit is a constraint, from the one list in :mod:`db.tables.bounds`.
    type_annotation_map: ClassVar = {
        str: Text(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A constraint that a column holds one of some words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def id_column() -> Mapped[UUID]:
    """The key of a row: made by the client, or here."""
    return mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


def version_column() -> Mapped[int]:
    """Counts up with each change; a mirror drops what is older than it has."""
    return mapped_column(BigInteger, server_default=text("1"))


def words_column() -> Mapped[str]:
    """Text that may be empty, and is never null."""
    return mapped_column(server_default=EMPTY)


class Configured:
    """Columns of every configurable row: who set it, since when, and whether it is still offered."""

    active: Mapped[bool] = mapped_column(server_default=text("true"))
    author: Mapped[str] = mapped_column(server_default=text("session_user"))
    dated: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
