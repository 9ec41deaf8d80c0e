"""One small thing that is made wrong in a file."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Change:
    """A span of a file's text and what stands there instead."""

    file: str
    """Path from the root of the checkout, with slashes."""
    start: int
    end: int
    """Characters of the text, as a slice counts them."""
    new: str
    what: str
    """For the person who reads the table."""
    line: int

    def applied(self, text: str) -> str:
        """The file's text with the change in it."""
        return text[: self.start] + self.new + text[self.end :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.what}"


def change(file: str, text: str, start: int, end: int, new: str, verb: str) -> Change:
    """A change that says what it is: the verb, and the beginning of what it touches."""
    old = " ".join(text[start:end].split())
    shown = old if len(old) <= 90 else old[:87] + "..."
    told = f"{verb}: {shown}" + (f"  ->  {new}" if new and len(new) <= 60 and "\n" not in new else "")
    return Change(file, start, end, new, told, text.count("\n", 0, start) + 1)
