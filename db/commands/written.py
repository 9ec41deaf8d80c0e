"""A command as text, for what waits on a disk, and read again by a program that may be older or newer."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from db.commands.base import Command, kinds

FORMAT: Final = 1
"""Of the text; one that says another is not read."""


class UnknownCommandError(Exception):
    """This program does not know a command, or not all that it says. It names neither: both may hold a name."""


def written(command: Command) -> dict[str, Any]:
    """A command by its verb and its fields, as JSON has them.

    Raises:
        UnknownCommandError: it would not come back as it is: a field takes values of any type.
    """
    said = _said(command)
    if read_again(said) != command:
        raise UnknownCommandError
    return said


def _said(command: Command) -> dict[str, Any]:
    verb = type(command).__name__
    try:
        fields = _adapter(verb).dump_python(command, mode="json", warnings="error")
    except PydanticSerializationError:
        raise UnknownCommandError from None
    return {"format": FORMAT, "verb": verb, "fields": fields}


def read_again(said: object) -> Command:
    """The command that was written, with its id.

    A field that it does not say is what the command takes it to be. All that it says must come to stand in the
    command: what was asked for is done whole, or not by this program.

    Raises:
        UnknownCommandError: the verb, a field or a value is not known here.
    """
    if not isinstance(said, Mapping) or said.get("format") != FORMAT:
        raise UnknownCommandError
    try:
        command = _adapter(str(said.get("verb"))).validate_python(said.get("fields"))
    except ValidationError:
        # Without the cause: its words quote the value.
        raise UnknownCommandError from None
    if not _stands_in(said["fields"], _said(command)["fields"]):
        raise UnknownCommandError
    return command


@cache
def _adapter(verb: str) -> "TypeAdapter[Command]":
    # They are known by having been loaded.
    from db.commands import whole  # noqa: F401

    kind = kinds().get(verb)
    if kind is None:
        raise UnknownCommandError
    return TypeAdapter(kind)


def _stands_in(said: object, read: object) -> bool:
    """Whether all that is said was read; what is left out has a value of its own."""
    if isinstance(said, Mapping):
        return isinstance(read, Mapping) and all(
            key in read and _stands_in(value, read[key]) for key, value in said.items()
        )
    if isinstance(said, list):
        return (
            isinstance(read, list)
            and len(said) == len(read)
            and all(_stands_in(one, other) for one, other in zip(said, read, strict=True))
        )
    return said == read
