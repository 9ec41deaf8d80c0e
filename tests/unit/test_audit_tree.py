"""The tree of the audit against RFC 6962: its vectors, its own words, and that one tree continues another."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.audit.tree import Growing, TreePart, between, continues, leaf_hash, node_hash, parts
from db.verifier.notes import tree_add, tree_root

# The inputs and roots of the reference implementation of Certificate Transparency, for RFC 6962.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(0, 300)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


def grown(hashes: list[bytes]) -> Growing:
    tree = Growing()
    for one in hashes:
        tree.add(one)
    return tree


def said_by_the_rfc(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(said_by_the_rfc(hashes[:split]), said_by_the_rfc(hashes[split:]))


def hashes_of(wanted: list[TreePart], hashes: list[bytes]) -> list[bytes]:
    return [
        said_by_the_rfc(hashes[part.ordinal << part.level : (part.ordinal + 1) << part.level]) for part in wanted
    ]


@pytest.mark.parametrize("count", range(len(ROOTS)))
def test_the_vectors_of_the_rfc(count: int) -> None:
    hashes = [leaf_hash(bytes.fromhex(one)) for one in INPUTS[:count]]
    assert grown(hashes).root().hex() == ROOTS[count]
    stack: list[tuple[int, bytes]] = []
    for one in INPUTS[:count]:
        tree_add(stack, bytes.fromhex(one))
    assert tree_root(stack).hex() == ROOTS[count], "and so says the verifier, which shares nothing with it"


@given(SIZES)
def test_a_tree_that_grew_is_the_one_of_the_rfc(count: int) -> None:
    assert grown(leaves(count)).root() == said_by_the_rfc(leaves(count))


@given(SIZES, SIZES)
def test_parts_cover_a_stretch_once_and_are_few(first: int, length: int) -> None:
    found = parts(first, first + length)
    covered = [n for part in found for n in range(part.ordinal << part.level, (part.ordinal + 1) << part.level)]
    assert covered == list(range(first, first + length))
    assert len(found) <= 2 * max(1, length.bit_length())


@given(SIZES, SIZES)
def test_it_goes_on_from_few_hashes_and_says_which_parts_became_whole(old: int, more: int) -> None:
    hashes = leaves(old + more)
    tree = Growing(old, hashes_of(parts(0, old), hashes))
    made = [one for said in hashes[old:] for one in tree.add(said)]
    assert tree.root() == said_by_the_rfc(hashes)
    assert [said for _, said in made] == hashes_of([part for part, _ in made], hashes)
    whole = {TreePart(level, n >> level) for n in range(old + more) for level in range(10)}
    new = {one for one in whole if old < (one.ordinal + 1) << one.level <= old + more}
    assert {part for part, _ in made} == new


@given(SIZES, SIZES, st.data())
def test_what_continues_is_shown_and_nothing_else(old: int, more: int, data: st.DataObject) -> None:
    hashes = leaves(old + more)
    before, after = (old, said_by_the_rfc(hashes[:old])), (old + more, said_by_the_rfc(hashes))
    shown = hashes_of(between(*(size for size, _ in (before, after))), hashes)
    assert continues(before, after, shown)
    assert not continues(before, (after[0], b"\0" * 32), shown)
    assert not continues((old, b"\0" * 32), after, shown)
    assert not continues(before, after, [*shown, b"\0" * 32])
    assert not more or not continues(after, before, shown), "a shorter one continues nothing"
    if shown:
        place = data.draw(st.integers(0, len(shown) - 1))
        other = [said if n != place else leaf_hash(said) for n, said in enumerate(shown)]
        assert not continues(before, after, other)
    if old:
        changed = data.draw(st.integers(0, old - 1))
        told = [said if n != changed else leaf_hash(said) for n, said in enumerate(hashes)]
        root = said_by_the_rfc(told)
        assert not continues(before, (after[0], root), hashes_of(between(old, old + more), told))


def test_a_part_begins_only_where_it_fits() -> None:
    with pytest.raises(ValueError, match="begins at leaf 1"):
        grown(leaves(1)).add(b"\0" * 32, level=1)
    with pytest.raises(ValueError, match="2 parts have 1 hashes"):
        Growing(3, [b"\0" * 32])
