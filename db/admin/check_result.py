"""One answer of ``admin check``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One answer. ``next_step`` is empty when all is well."""

    ok: bool
    words: str
    next_step: str = ""

    def __str__(self) -> str:
        mark = "ok      " if self.ok else "problem "
        return f"{mark} {self.words} {self.next_step}".rstrip()
