"""What can go wrong with maps and places, in the words a person reads."""

from db.errors import RecordError


class MapPackError(RecordError):
    """A map pack or an extract cannot be read, built or downloaded."""


class DataMissing(RecordError):  # noqa: N818 - the house's words, as in db.errors
    """A data package that this program is installed with is not there."""
