"""Changes that nobody can see, each judged by somebody who read it; they are not tried again.

Only where a rule says the same twice; why stands beside it. A test finds an entry whose line is no longer there.
"""

from tests.mutants.change import Change

_SQL = "db/migrations/sql"
_RENAMED_ACT = "UPDATE cru.act_part SET before = jsonb_set(before, '{kind}', '\"contacted us before\"')"
_RENAMED = "UPDATE cru.flag SET kind = 'contacted us before' WHERE kind = 'repeat caller';"
EQUAL: dict[tuple[str, str, str], str] = {
    (
        f"{_SQL}/0003/40_mend.sql",
        "FROM pg_constraint WHERE conrelid = ('cru.' || t.tab)::regclass AND contype = 'c' AND NOT convalidated;",
        "condition dropped: AND NOT convalidated",
    ): "No row breaks a limit that is validated.",
    **{
        (
            f"{_SQL}/0012/10_words.sql",
            line,
            what,
        ): "What came before calls it so already: nothing is left to rename."
        for line, what in (
            (
                "WHERE conrelid = 'cru.flag'::regclass AND conname = 'flag_kind_check');",
                "flipped in [WHERE conrelid = 'cru.flag'::]: =  ->  <>",
            ),
            (
                "IF position('''repeat caller''' IN kinds) > 0 THEN",
                "branch never taken: position('''repeat caller''' IN kinds) > 0  ->  false ",
            ),
            ("IF position('''repeat caller''' IN kinds) > 0 THEN", "flipped in [kinds) > 0 THEN]: >  ->  <="),
            (_RENAMED, f"step dropped: {_RENAMED[:-1]}  ->  NULL"),
            (_RENAMED, "flipped in [WHERE kind = 'repeat caller';]: =  ->  <>"),
            (
                _RENAMED_ACT,
                f"step dropped: {_RENAMED_ACT} W...  ->  NULL",
            ),
            (
                "WHERE table_name = 'flag' AND before ->> 'kind' = 'repeat caller';",
                "flipped in [WHERE table_name = 'flag' AND]: =  ->  <>",
            ),
        )
    },
    (
        f"{_SQL}/0021/30_facts.sql",
        "FROM event e WHERE e.referral_id = ANY (the_ids) AND (e.kind = ANY (step_kinds())",
        "flipped in [(e.kind = ANY (]: =  ->  <>",
    ): "More events are read; which of them are steps is told in the line before.",
    (
        f"{_SQL}/0021/60_figures.sql",
        "WHERE s.taken_back_at IS NULL AND (s.ended_at IS NULL OR s.ended_at - s.started_at > interval '7 days')",
        "condition dropped: AND (s.ended_at IS NULL OR s.ended_at - s.started_at > interval '7 days')",
    ): "What began a week before a time and went on after it took longer than a week; so said, an index serves.",
    (
        f"{_SQL}/0022/20_guards.sql",
        "ELSIF NEW.taken_at IS NOT NULL AND OLD.taken_at IS NULL THEN",
        "condition dropped: AND OLD.taken_at IS NULL",
    ): "Whoever changes a room that was taken is refused before anything is told of it.",
    (
        f"{_SQL}/0045/20_fix_days.sql",
        "IF to_regclass('cru.' || the_name) IS NULL",
        "condition dropped: to_regclass('cru.' || the_name) IS NULL AND",
    ): "Whoever saw that there is no part holds the others since then, and nobody makes one meanwhile.",
    **{
        (
            f"{_SQL}/0050/30_on_the_way.sql",
            f"{word} TG_ARGV[0] = '{column}' THEN",
            f"branch never taken: TG_ARGV[0] = '{column}'  ->  false ",
        ): "The last branch finds the rows by any column; the others are there to be quick."
        for word, column in (("IF", "id"), ("ELSIF", "referral_id"), ("ELSIF", "van_id"))
    },
    **{
        (
            f"{_SQL}/0021/{file}",
            line,
            "condition dropped: AND " + dropped,
        ): "No number is equal to none; so said, an index serves."
        for file, line, dropped in (
            (
                "30_facts.sql",
                "ON nhs_digits(o.nhs_number) = nhs_digits(e.nhs_number) AND o.nhs_number IS NOT NULL",
                "o.nhs_number IS NOT NULL",
            ),
            (
                "40_settle.sql",
                (
                    "AND e.nhs_number IS NOT NULL"
                    " AND e.closed_at BETWEEN r.received_at - interval '72 hours' AND r.received_at"
                ),
                "e.nhs_number IS NOT NULL",
            ),
        )
    },
    **{
        ("console/models/keyed.py", line, what): "Any number serves that no other role has."
        for line, what in (
            (
                "ITEM_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1",
                "sum swapped: int(Qt.ItemDataRole.UserRole) + 1  ->  (int(Qt.ItemDataRole.UserRole) - 1)",
            ),
            (
                "ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2",
                "sum swapped: int(Qt.ItemDataRole.UserRole) + 2  ->  (int(Qt.ItemDataRole.UserRole) - 2)",
            ),
            ("ID_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2", "constant swapped: 2  ->  3"),
        )
    },
    (
        "console/models/referrals.py",
        'return (group, -1, 0.0, "")',
        "constant swapped: 1  ->  2",
    ): "Whatever is below nought stands above the rows of its group.",
    (
        "db/gateway/intake.py",
        "if now_known is not None and now_known is not alarm:",
        (
            "condition dropped (now_known is not None): now_known is not None and now_known is not alarm"
            "  ->  (now_known is not alarm)"
        ),
    ): "What was known before a report is known after it; so said, the types fit.",
    (
        "db/gateway/payloads/moments.py",
        "if text[:1].isdigit():",
        "constant swapped: 1  ->  2",
    ): "What begins with one digit is a time as mail writes it, whose zone is read as it stands.",
    (
        "db/geo/builder/join.py",
        "while (number := follows.get(number, -1)) in free:",
        "constant swapped: 1  ->  2",
    ): "No line has a number below nought.",
    (
        "db/geo/search/meanings.py",
        "if words and (split is None or split.rest):",
        "condition dropped (words): words and (split is None or split.rest)  ->  (split is None or split.rest)",
    ): "No words find nothing; so said, nobody looks along the whole road.",
    (
        "db/geo/search/meanings.py",
        "if any(not one.doubt or code for one in good):",
        "condition dropped (code): not one.doubt or code  ->  (not one.doubt)",
    ): "Fewer words have the district's code among them, which no name has: nothing more is found, but later.",
    (
        "db/geo/search/meanings.py",
        'open_name = bool(bare) and (bare[0] == "saint" or bare[-1] in _OPEN_PLACES)',
        (
            'condition dropped (bool(bare)): bool(bare) and (bare[0] == "saint" or bare[-1] in _OPEN_PLACES)'
            "  ->  (bare[0] == 'saint' or bare[-1] in _OPEN_PLACES)"
        ),
    ): "No name is nothing but words that few people say; so said, nobody needs to know.",
    (
        f"{_SQL}/0063/30_callsigns.sql",
        "IF TG_OP = 'UPDATE' AND NEW.callsign = OLD.callsign THEN",
        "condition dropped: TG_OP = 'UPDATE' AND",
    ): "Of what is new nothing was before, and no callsign is equal to none.",
    (
        "db/geo/search/postcode_data.py",
        "for long in range(_SHORTEST, _LONGEST + 1):",
        "constant swapped: 1  ->  2",
    ): "No code is longer than the longest.",
}
"""The file, the line without its indent and what is changed there: why it makes no difference."""


def is_equal(change: Change, text: str) -> bool:
    """Whether somebody judged that a change of a file's text makes no difference."""
    begin = text.rfind("\n", 0, change.start) + 1
    return (change.file, text[begin:].partition("\n")[0].strip(), change.what) in EQUAL
