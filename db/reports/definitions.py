"""What each figure of a report means, as a table of its own."""

from db.reports.document import Column, Document, Table


def definitions_of(document: Document) -> Table:
    """The last table of a report."""
    columns = (Column("What", wide=1.0), Column("What it means", wide=3.0))
    return Table("definitions", "Definitions", columns, list(document.definitions))
