"""The list of what people try at a psql prompt: ``tests/db/attacks/*.sql``, a statement a line, by who tries it.

``--- a.shah l.lead: 42501 CR002 a part of the sentence`` says whose the lines below it are, by which SQLSTATEs the
last statement of each is refused, and in which words. ``tells nothing`` lets them through, and nobody is named in
the answer. Places in angle brackets are filled in from the record that a test prepares.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "attacks"
TELLS_NOTHING = "tells nothing"
_HEAD = re.compile(r"--- (?P<who>[a-z. ]+): (?P<what>.+)")
_CODE = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True)
class Attack:
    """One line, as one login tries it.

    Attributes:
        codes: empty where it is let through and must tell nothing.
    """

    who: str
    sql: str
    codes: tuple[str, ...]
    says: str

    def filled(self, places: Mapping[str, str]) -> str:
        """With the ids of rows that are there."""
        return re.sub(r"<([a-z ]+)>", lambda found: places[found[1]], self.sql)


def attacks() -> Iterator[Attack]:
    """Every line of every file, once for each login that tries it."""
    for file in sorted(FOLDER.glob("*.sql")):
        who, codes, says = [""], tuple[str, ...](), ""
        for line in file.read_text("utf-8").splitlines():
            head = _HEAD.fullmatch(line)
            if head is not None:
                who, what = head["who"].split(), head["what"]
                words = [] if what == TELLS_NOTHING else what.split()
                codes = tuple(word for word in words if _CODE.fullmatch(word))
                says = " ".join(word for word in words if word not in codes)
            elif line and not line.startswith("--"):
                yield from (Attack(login, line, codes, says) for login in who)
