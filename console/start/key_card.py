"""``main.py keys``: one page of what can be typed and pressed, made from the grammar and the table of keys."""

import argparse
import tomllib
from collections.abc import Iterator, Sequence
from html import escape
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

import resources
from db.domain.command_verbs import VERBS
from db.errors import Invalid
from db.reference import DEFAULT_SET

if TYPE_CHECKING:
    from console.look.keyboard import Key

Words = Sequence[tuple[str, str]]
_WIDE: Final = 62
"""Letters of a column."""
HOW: Final = (
    "Words in any order; vans and referrals by any part that names one only; several vans at once; a note behind.",
    "It says what Enter will do before it does it. Between two it asks, and Tab has the choices.",
)
"""How a line is typed, in two sentences."""
_STYLE: Final = (
    "@page{size:A4;margin:9mm}body{font:7.6pt/1.25 sans-serif;margin:0}h1{font-size:12pt;margin:0 0 1mm}"
    "h2{font-size:9pt;margin:2mm 0 .5mm}p{margin:0 0 1mm}main{columns:2;column-gap:7mm}"
    "table{border-collapse:collapse;width:100%}td{padding:0 2mm 0 0;vertical-align:top}"
    "td:first-child{white-space:nowrap;font-weight:bold}"
)


def add_keys_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``keys`` to the subcommands."""
    made = subparsers.add_parser("keys", help="print one page of words and keys")
    made.add_argument("--html", type=Path, metavar="FILE", help="write it as a page to print")
    made.set_defaults(handler=_print)


def _print(args: argparse.Namespace) -> int:
    if args.html is None:
        print(card_text(shipped_words()))  # noqa: T201 - this is what the command is for
        return 0
    try:
        args.html.write_text(card_html(shipped_words()), "utf-8")
    except OSError as error:
        raise Invalid(f"{args.html} cannot be written.", "Name another file.") from error
    return 0


def shipped_words() -> tuple[tuple[str, str], ...]:
    """The short forms that a new record begins with, each with the plain words of its verb."""
    read = tomllib.loads(resources.path(DEFAULT_SET).read_text("utf-8"))
    return tuple((row["label"], row["verb"]) for row in read.get("command_word", ()))


def word_rows(words: Words) -> list[tuple[str, str, str]]:
    """What can be typed: the plain words with their short forms, what they do, and an example."""
    return [
        (", ".join((verb.words, *(short for short, of in words if of == verb.words))), verb.does, verb.example)
        for verb in VERBS.values()
    ]


def key_rows() -> list[tuple[str, str]]:
    """The keys that act everywhere, and those of the command line."""
    # The table stands on Qt, which no other subcommand but the console's loads.
    from console.look.command_keys import COMMAND
    from console.look.key_table import EVERYWHERE
    from console.look.keys import cap

    def row(key: "Key") -> tuple[str, str]:
        return " ".join(cap(name) for name in key.names), key.words

    return [row(key) for part in (EVERYWHERE, COMMAND) for key in part.keys]


def card_text(words: Words) -> str:
    """The page as plain text, two columns wide."""
    typed = [line for row in word_rows(words) for line in _entry(row[0], row[1])]
    keys = [line for row in key_rows() for line in _entry(*row)]
    left, right = ["TYPED, after F12", *typed], ["PRESSED", *keys]
    lines = [f"{one:<{_WIDE}}  {other}".rstrip() for one, other in zip_longest(left, right, fillvalue="")]
    return "\n".join(["CRU console: words and keys", *HOW, "", *lines])


def _entry(name: str, does: str) -> Iterator[str]:
    first, *rest = wrap(f"{name}: {does}", _WIDE, subsequent_indent="    ")
    yield first
    yield from rest


def card_html(words: Words) -> str:
    """The page for a printer: A4, both columns on one sheet."""
    typed = "".join(_cells(name, does) for name, does, _ in word_rows(words))
    keys = "".join(_cells(name, does) for name, does in key_rows())
    how = "".join(f"<p>{escape(line)}</p>" for line in HOW)
    return (
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>CRU console: words and keys</title>'
        f"<style>{_STYLE}</style><h1>CRU console: words and keys</h1>{how}<main>"
        f"<h2>Typed, after F12</h2><table>{typed}</table><h2>Pressed</h2><table>{keys}</table></main></html>\n"
    )


def _cells(name: str, does: str) -> str:
    return f"<tr><td>{escape(name)}</td><td>{escape(does)}</td></tr>"
