"""What is made wrong in SQL: functions of the record, and the triggers that call them."""

import re
from collections.abc import Iterator

from tests.mutants.change import Change, change

# A comment or a quoted text is one thing, whatever stands in it. Longer operators come first.
TOKEN = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|\$\$|\"[^\"]*\"|->>|#>>|->|#>|:=|=>|<=|>=|<>|<@|@>|\|\||!~|::|[A-Za-z_][\w.]*|\d[\w.]*"
    r"|[^\s]"
)
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
# Where the condition after AND or OR ends, unless a bracket ends it first.
END_OF_CONDITION = {
    "AND", "OR", "THEN", "LOOP", "ORDER", "GROUP", "RETURNING", "UNION", "WHEN", "ELSE", "END", "LIMIT", "FOR",
    "WHERE", "FROM", "SELECT", ";", ",",
}  # fmt: skip


class _Token:
    def __init__(self, found: re.Match[str]) -> None:
        self.text = found.group()
        self.word = self.text.upper()
        self.start, self.end = found.span()


def changes(file: str, text: str) -> list[Change]:
    """Every change that the operators know for a file, in the order of the text."""
    tokens = [_Token(found) for found in TOKEN.finditer(text) if not found.group().startswith("--")]
    found = [
        change(file, text, *span)
        for operator in (_steps, _comparisons, _conditions, _branches, _locks, _orders, _triggers)
        for span in operator(text, tokens)
    ]
    return sorted(set(found))


Span = tuple[int, int, str, str]


def _until(tokens: list[_Token], first: int, ends: set[str]) -> int:
    """The place of the token that ends what begins at ``first``: one of ``ends``, or a bracket closed too many."""
    depth = 0
    for place in range(first, len(tokens)):
        word = tokens[place].word
        is_end = word in ends and not (word == "FROM" and tokens[place - 1].word == "DISTINCT")
        is_end = is_end and not _is_between(tokens, place)
        if depth == 0 and (is_end or word == ")"):
            return place
        depth += (word == "(") - (word == ")")
    return len(tokens) - 1


def _bodies(tokens: list[_Token]) -> Iterator[int]:
    """The places of the tokens that stand in the body of a function."""
    inside = False
    for place, token in enumerate(tokens):
        if token.text == "$$":
            inside = not inside
        elif inside:
            yield place


def _steps(text: str, tokens: list[_Token]) -> Iterator[Span]:
    """A refusal, another call, an assignment or a whole statement that is left out."""
    for place in _bodies(tokens):
        token = tokens[place]
        begins = tokens[place - 1].word in {";", "THEN", "ELSE", "BEGIN", "LOOP", "$$"}
        if token.word in {"PERFORM", "UPDATE", "INSERT", "DELETE"} and begins:
            refusal = tokens[place + 1].text in {"refuse", "cru.refuse"}
            end = tokens[_until(tokens, place, {";"})].start
            if "LANGUAGE sql" not in text[text.rfind("CREATE ", 0, token.start) : token.start]:
                yield token.start, end, "NULL", "refusal dropped" if refusal else "step dropped"
        elif begins and tokens[place + 1].text == ":=":
            end = tokens[_until(tokens, place, {";"})].start
            yield token.start, end, "NULL", "assignment dropped"


def _comparisons(text: str, tokens: list[_Token]) -> Iterator[Span]:
    for place in _bodies(tokens):
        token = tokens[place]
        if token.text in OPPOSITE and not _assigns(tokens, place):
            yield _told(text, tokens, place, place, OPPOSITE[token.text])
        elif token.word == "IS" and tokens[place + 1].word in {"NULL", "DISTINCT"}:
            yield _told(text, tokens, place, place, "IS NOT")
        elif token.word == "IS" and [t.word for t in tokens[place + 1 : place + 3]] in (
            ["NOT", "NULL"],
            ["NOT", "DISTINCT"],
        ):
            yield _told(text, tokens, place, place + 1, "IS")
        elif token.word == "NOT" and tokens[place - 1].word != "IS":
            yield _told(text, tokens, place, place, "")


def _told(text: str, tokens: list[_Token], first: int, last: int, new: str) -> Span:
    around = text[tokens[max(0, first - 2)].start : tokens[min(len(tokens) - 1, last + 2)].end]
    return tokens[first].start, tokens[last].end, new, f"flipped in [{' '.join(around.split())[:70]}]"


def _assigns(tokens: list[_Token], place: int) -> bool:
    """Whether an equals sign belongs to SET rather than to a condition."""
    if tokens[place].text != "=":
        return False
    depth = 0
    for token in reversed(tokens[:place]):
        depth += (token.word == ")") - (token.word == "(")
        if depth < 0 or token.word in {"WHERE", "SELECT", "IF", "WHEN", "ELSIF", ";", "ON", "CASE"}:
            return False
        if token.word == "SET" and depth == 0:
            return True
    return False


def _conditions(text: str, tokens: list[_Token]) -> Iterator[Span]:
    """What stands after AND or OR is left out; also what stands before, where it begins after IF."""
    for place in _bodies(tokens):
        word = tokens[place].word
        if word in {"AND", "OR"} and not _is_between(tokens, place):
            end = tokens[_until(tokens, place + 1, END_OF_CONDITION) - 1].end
            yield tokens[place].start, end, "", "condition dropped"
        elif word in {"IF", "ELSIF"} and tokens[place - 1].word != "END":
            stop = _until(tokens, place + 1, {"THEN", "AND", "OR"})
            if tokens[stop].word in {"AND", "OR"} and not _is_between(tokens, stop):
                yield tokens[place + 1].start, tokens[stop].end, "", "condition dropped"


def _is_between(tokens: list[_Token], place: int) -> bool:
    if tokens[place].word != "AND":
        return False
    for token in reversed(tokens[max(0, place - 25) : place]):
        if token.word in {"AND", "OR", "WHERE", "WHEN", "IF", "THEN"}:
            return False
        if token.word == "BETWEEN":
            return True
    return False


def _branches(text: str, tokens: list[_Token]) -> Iterator[Span]:
    """A branch that is never taken."""
    for place in _bodies(tokens):
        if tokens[place].word in {"IF", "ELSIF"} and tokens[place - 1].word != "END":
            stop = _until(tokens, place + 1, {"THEN"})
            yield tokens[place + 1].start, tokens[stop].start, "false ", "branch never taken"


def _locks(text: str, tokens: list[_Token]) -> Iterator[Span]:
    for place in _bodies(tokens):
        if tokens[place].word == "FOR" and tokens[place + 1].word in {"UPDATE", "NO"}:
            end = place + (1 if tokens[place + 1].word == "UPDATE" else 3)
            yield tokens[place].start, tokens[end].end, "", "lock dropped"


def _orders(text: str, tokens: list[_Token]) -> Iterator[Span]:
    """The first is taken for the last."""
    for place in _bodies(tokens):
        if tokens[place].word == "DESC":
            yield _told(text, tokens, place, place, "")


def _triggers(text: str, tokens: list[_Token]) -> Iterator[Span]:
    inside = set(_bodies(tokens))
    for place, token in enumerate(tokens):
        if token.word == "CREATE" and tokens[place + 1].word == "TRIGGER" and place not in inside:
            yield token.start, tokens[_until(tokens, place, {";"})].start, "", "trigger dropped"
