"""URLs of the record, as people and libpq write them, and what is refused before anything is sent."""

import ssl
from urllib.parse import quote

import pytest
from sqlalchemy import URL

from db.addresses import connect_arguments, read_typed, read_url
from db.errors import Invalid
from db.tls import context_for

HERE = {"user": "u", "password": "p", "database": "cru"}
TWO = {"host": ["a", "b"], "port": [5432, 5433]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u:p@a/cru", {"host": "a", "port": 5432}),
        ("postgresql://u:p@a:5433/cru", {"host": "a", "port": 5433}),
        ("postgres://u:p@a:5433/cru", {"host": "a", "port": 5433}),
        ("postgresql+asyncpg://u:p@a/cru?sslmode=verify-ca", {"host": "a", "port": 5432}),
        ("postgresql://u:p@a/cru?ssl=verify-full", {"host": "a", "port": 5432}),
        ("postgresql://u:p@a:5432,b:5433/cru", TWO),
        ("postgresql://u:p@a,b:5433/cru", TWO),
        ("postgresql://u:p@a:5432,b:5433/cru?sslmode=verify-full", TWO),
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
        ("postgresql://u:p@a/cru?sslmode=verify-full&sslrootcert=/etc/ca.pem", {"host": "a", "port": 5432}),
        (
            "postgresql://u:p@[::1]:5433,[fe80::2%25eth0]/cru",
            {"host": ["::1", "fe80::2%eth0"], "port": [5433, 5432]},
        ),
        ("postgresql://u:p@[::1],[::1]:5433/cru", {"host": ["::1", "::1"], "port": [5432, 5433]}),
        ("postgresql://u:p@%2Frun%2Fpg/cru", {"host": "/run/pg", "port": 5432}),
        ("postgresql://u:p@[fe80::2%25eth0]:5433/cru", {"host": "fe80::2%eth0", "port": 5433}),
        ("postgresql://u:p@/cru?host=/run/50%25 pg", {"host": "/run/50% pg", "port": 5432}),
    ],
)
def test_an_address_is_read_as_libpq_reads_it(text: str, expected: dict[str, object]) -> None:
    assert connect_arguments(read_url(text)) == HERE | expected


@pytest.mark.parametrize(
    "text",
    ["", "a server", "mysql://u:secret@a/b", "postgresql://u:secret@a:port/b", "postgresql://u:secret@a,b:x/db"],
)
def test_what_is_no_address_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_url(text)
    assert "secret" not in str(refusal.value)


def test_the_password_does_not_show() -> None:
    assert "secret" not in str(read_url("postgresql://u:secret@a:1,b:2/db"))


@pytest.mark.parametrize("secret", ["a b", "p@ss/word:1", "50%", "%41", "ünï#?&=+", "'\"\\", "\U0001f511", "[x]"])
def test_a_password_is_any_text(secret: str) -> None:
    assert read_typed("db1", "a.shah", secret).password == secret
    assert read_url(f"postgresql://u:{quote(secret, safe='')}@a/cru").password == secret


@pytest.mark.parametrize(
    ("query", "named", "step"),
    [
        ("sslmod=verify-full", '"sslmod"', '"sslmode"'),
        ("SSLMODE=verify-full", '"SSLMODE"', '"sslmode"'),
        ("sslrootcrt=/etc/ca.pem", '"sslrootcrt"', '"sslrootcert"'),
        ("target_session_attr=any", '"target_session_attr"', '"target_session_attrs"'),
        ("channel_binding=require", '"channel_binding"', "Known are"),
        ("password=secret", '"password"', "Known are"),
        ("sslmode=verify_full", '"sslmode"', "verify-full"),
        ("target_session_attrs=write", '"target_session_attrs"', "read-write"),
        ("sslmode=verify-full&sslmode=disable", '"sslmode" more than once', "Leave one"),
        ("sslmode=verify-full&ssl=disable", "are the same", "Leave one"),
    ],
)
def test_what_nothing_follows_is_named(query: str, named: str, step: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_url(f"postgresql://u:p@a/cru?{query}")
    assert named in refusal.value.sentence
    assert step in refusal.value.next_step
    assert "secret" not in str(refusal.value)


WEAK = ("disable", "allow", "prefer", "require")


@pytest.mark.parametrize("mode", WEAK)
@pytest.mark.parametrize("hosts", ["db1", "10.0.0.7", "localhost,db2:5433", "[2001:db8::1]", "127.0.0.1.example"])
def test_no_address_sends_a_password_to_who_is_not_checked(hosts: str, mode: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_url(f"postgresql://u:p@{hosts}/cru?sslmode={mode}")
    assert f"sslmode={mode}" in refusal.value.sentence
    configured = read_url(f"postgresql://localhost/cru?sslmode={mode}")
    with pytest.raises(Invalid):
        read_typed(hosts, "a.shah", "x", configured)
    assert read_typed(f"postgresql://{hosts}/cru?ssl=verify-ca", "a.shah", "x", configured)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.0.3", "[::1]", ""])
@pytest.mark.parametrize("mode", WEAK)
def test_this_computer_may_be_reached_in_clear(host: str, mode: str) -> None:
    url = read_url(f"postgresql://u:p@{host}/cru?sslmode={mode}")
    context = context_for(url, host.strip("[]"))
    assert (context is not None) is (mode == "require" and bool(host))


@pytest.mark.parametrize("host", ["db1", "10.0.0.7", "2001:db8::1", "localhost.example"])
def test_another_computer_is_checked_unless_said_less(host: str) -> None:
    at = f"[{host}]" if ":" in host else host
    context = context_for(read_url(f"postgresql://u:p@{at}/cru"), host)
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    less = context_for(read_url(f"postgresql://u:p@{at}/cru?sslmode=verify-ca"), host)
    assert less is not None
    assert (less.verify_mode, less.check_hostname) == (ssl.CERT_REQUIRED, False)
    with pytest.raises(Invalid):
        context_for(URL.create("postgresql", host=host, query={"sslmode": "require"}), host)
