"""The key card in README, made from the grammar: ``python -m tests.key_card`` writes it anew."""

from pathlib import Path

from console.start.key_card import HOW, Words, shipped_words, word_rows

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- key card: made by python -m tests.key_card -->", "<!-- end of the key card -->"


def card_markdown(words: Words) -> str:
    """The card as it stands in README."""
    lines = [*HOW, "", "| typed | what it does | such as |", "|---|---|---|"]
    lines += [
        f"| {name} | {does} | {f'`{example}`' if example else ''} |" for name, does, example in word_rows(words)
    ]
    return "\n".join(lines)


def with_card(text: str) -> str:
    """README with the card as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{card_markdown(shipped_words())}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_card(README.read_text("utf-8")), "utf-8")
