"""The audit: hashes of rows, the tree of them, and what was signed. Written by triggers and the sealer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables.base import Base


class AuditShapeRow(Base):
    """How a sealed table's rows are read; a new one where its columns change.

    Attributes:
        columns: pairs of name and type, in their order.
        row_keys: the columns that tell its rows apart, with blanks between.
        stamped: the column that the record stamps when it writes a row; empty for none.
        once: a row is written once and for all.
    """

    __tablename__ = "audit_shape"
    shape: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    table_name: Mapped[str]
    columns: Mapped[list[Any]]
    row_keys: Mapped[str]
    stamped: Mapped[str]
    once: Mapped[bool]


class LeafColumns:
    """What a leaf is made of, and the salt of its digest, which goes when the row is erased.

    Attributes:
        op: I or U as the row was written, D for none left, E as it was erased, S as an upgrade found it.
        digest: SHA-256 over the salt and the row as text, by UTC.
    """

    xid: Mapped[int] = mapped_column(BigInteger)
    shape: Mapped[int]
    op: Mapped[str]
    row_key: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[UUID | None]


class AuditPendingRow(LeafColumns, Base):
    """What is not sealed yet."""

    __tablename__ = "audit_pending"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))


class AuditLeafRow(LeafColumns, Base):
    """A leaf of the tree, at its place."""

    __tablename__ = "audit_leaf"
    __table_args__ = (Index("audit_leaf_row_key_idx", "row_key", postgresql_using="hash"),)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger)


class AuditNodeRow(Base):
    """The hash of a perfect subtree of 256 leaves or more."""

    __tablename__ = "audit_node"
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpointRow(Base):
    """A checkpoint as it was signed.

    Attributes:
        xid: the sealer's own transaction: what has a lower one began to write before ``made_at``.
        life: of the record, see ``cru.record_life``.
    """

    __tablename__ = "audit_checkpoint"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    note: Mapped[str]
    xid: Mapped[int] = mapped_column(BigInteger)
    life: Mapped[str]
