"""What stands above the command line: what will happen, what is missing, what speaks against it, what Tab has."""

from collections.abc import Iterator, Sequence

from console.live.reality import ANSWER
from console.look.palette import Tone
from console.views.command.plan import LinePlan
from console.views.detail.rich import plain, strong, toned
from db.domain.command_reading import Other, Parsed

_SHOWN = 6
_EMPTY = (
    "A van and a referral allocate; a van and a word step on: os, wp, clr."
    " Tab offers what fits; Esc puts it away, and what is typed stays."
)


def preview_markup(
    parsed: Parsed, plan: LinePlan, offered: Sequence[Other], at: int | None = None, *, asked: bool = False
) -> str:
    """The preview as markup; ``at`` is the place that Tab has come to."""
    said = _lines(parsed, plan, asked=asked)
    lines = [f"→ {strong(words)}" if tone is None else toned(words, tone) for words, tone in said]
    if offered:
        lines.append(_offers(offered, at))
    return "<br>".join(lines)


def preview_words(parsed: Parsed, plan: LinePlan, offered: Sequence[Other], *, asked: bool = False) -> str:
    """The same without colours, for whoever has it read aloud."""
    lines = [words for words, _ in _lines(parsed, plan, asked=asked)]
    if offered:
        lines.append(f"Tab: {', '.join(one.words for one in offered[:_SHOWN])}")
    return ". ".join(line.rstrip(".") for line in lines)


def _lines(parsed: Parsed, plan: LinePlan, *, asked: bool) -> Iterator[tuple[str, Tone | None]]:
    if parsed.question:
        yield f"? {parsed.question}", "warn"
        return
    if parsed.reading is None:
        yield _EMPTY, "dim"
        return
    if plan.problem:
        yield f"✕ {plan.problem}", "warn"
        return
    yield plan.words, None
    if plan.missing:
        yield f"⏎ opens its sheet, which asks {plan.missing}", "link"
    if plan.beware:
        yield plan.beware, "warn"
    if plan.careful:
        yield f"▲ {plan.careful}  {'⏎ again raises it' if asked else '⏎ twice'}", "late"
    if plan.against:
        first = plan.against[:1].upper() + plan.against[1:]
        yield f"! {first}.  {ANSWER if asked else '⏎ asks once more'}", "warn"


def _offers(offered: Sequence[Other], at: int | None) -> str:
    start = 0 if at is None else max(0, at - _SHOWN + 1)
    shown = [
        strong(one.words) if place == at else plain(one.words)
        for place, one in enumerate(offered[start : start + _SHOWN], start)
    ]
    more = len(offered) - start - len(shown)
    rest = toned(f" · {more} more", "dim") if more > 0 else ""
    return toned("Tab ", "dim") + toned(" · ", "dim").join(shown) + rest
