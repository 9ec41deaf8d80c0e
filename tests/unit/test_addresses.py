"""URLs of the record, as people and libpq write them."""

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from db.addresses import connect_arguments, for_driver, read_url
from db.errors import Invalid

HERE = {"user": "u", "password": "p", "database": "cru"}
TWO = {"host": ["a", "b"], "port": [5432, 5433]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u:p@a/cru", {"host": "a", "port": 5432}),
        ("postgresql://u:p@a:5433/cru", {"host": "a", "port": 5433}),
        ("postgres://u:p@a:5433/cru", {"host": "a", "port": 5433}),
        ("postgresql+asyncpg://u:p@a/cru?sslmode=require", {"host": "a", "port": 5432, "ssl": "require"}),
        ("postgresql://u:p@a/cru?ssl=verify-full", {"host": "a", "port": 5432, "ssl": "verify-full"}),
        ("postgresql://u:p@a:5432,b:5433/cru", TWO),
        ("postgresql://u:p@a,b:5433/cru", TWO),
        ("postgresql://u:p@a:5432,b:5433/cru?sslmode=require", TWO | {"ssl": "require"}),
        ("postgresql://u:p@/cru?host=a:5432,b:5433", TWO),
        ("postgresql://u:p@/cru?host=a:5432&host=b:5433", TWO),
        ("postgresql://u:p@/cru?host=a,b&port=5432,5433", TWO),
        ("postgresql://u:p@/cru?host=a,b&port=5433", {"host": ["a", "b"], "port": [5433, 5433]}),
        (
            "postgresql://u:p@a,b/cru?target_session_attrs=read-write",
            {"host": ["a", "b"], "port": [5432, 5432], "target_session_attrs": "read-write"},
        ),
        ("postgresql://u:p@/cru?host=/run/pg&port=5433", {"host": "/run/pg", "port": 5433}),
        ("postgresql://u:p@[::1]:5433/cru", {"host": "::1", "port": 5433}),
        ("postgresql://u:p@/cru?host=[::1]:5433", {"host": "::1", "port": 5433}),
        ("postgresql://u:p@a/cru?channel_binding=require&connect_timeout=5", {"host": "a", "port": 5432}),
        (
            "postgresql://u:p@a/cru?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            {"host": "a", "port": 5432, "dsn": "postgresql://?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"},
        ),
    ],
)
def test_both_drivers_are_told_the_same(text: str, expected: dict[str, object]) -> None:
    url = read_url(text)
    assert connect_arguments(url) == HERE | expected
    assert connect_arguments(for_driver(url)) == HERE | expected
    given = PGDialect_asyncpg().create_connect_args(for_driver(url))[1]
    assert (given["host"], given["port"]) == (expected["host"], expected["port"])


@pytest.mark.parametrize(
    "text",
    ["", "a server", "mysql://u:secret@a/b", "postgresql://u:secret@a:port/b", "postgresql://u:secret@a,b:x/db"],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_url(text)
    assert "secret" not in str(refusal.value)


def test_the_password_does_not_show() -> None:
    assert "secret" not in str(for_driver(read_url("postgresql://u:secret@a:1,b:2/db")))
