"""What runs with the owner's rights for a login, each with what it tells of people who are past."""

import pytest

from tests.db.psql import Psql

TELLS_OF_NOBODY = {
    *("backups", "be_gone", "be_present", "beat", "clock_now", "held_up_by", "is_being_restored"),
    *("record_fixes", "record_life", "raise_emergency", "rule_span", "sealed", "sealed_devices", "sealed_parts"),
    *("begin_seal", "take_leaves", "tool_in_force", "wall_figures", "measure_areas"),
}
"""Clocks, seals, vans, settings, and counts in which nobody is seen."""
DOES = {
    *(
        "acknowledge_alarm",
        "end_alarms",
        "end_seal",
        "erase_person",
        "offer_room",
        "raise_alarms",
        "shelve_alarm",
        "take_back",
    ),
    *("unshelve_alarm", "watch_alarms"),
}
"""What it does stands in the record, and it tells at most that it is done."""
PUTS_DOWN = {"look_for", "open_alike", "open_day", "open_known", "open_list", "open_record", "open_rows"}
PUTS_DOWN |= {"open_person"}
"""Who looked is written before anything is told: it answers with a number, the same whoever was found."""
TELLS_WHAT_IS_OPENED = {
    *("about_before", "acts_of", "alike", "found_by", "known_before", "known_of", "named_at_visits"),
    *("named_by_others", "said_afterwards", "story_of_van", "to_be_read", "to_review", "unread_words"),
}
"""Words and names: of what is in sight, or of a look that this login made in a transaction before."""
TELLS_TIMES = {
    *("back_between", "due_to_erase", "earliest_for", "flags_ever_of", "is_on_the_phone", "kept_until"),
    *("late_between", "measure_behind", "measure_ends", "measure_figures", "measure_groups", "measure_hours"),
    *("measure_jobs", "measure_received", "measure_some", "measure_wishes", "referral_called"),
    *("referrals_of_flag", "referrals_of_person", "sees", "sees_room", "sees_stretch", "steps_told"),
}
"""Numbers of referrals, times, codes and counts: no name, and no word about anybody."""
OWN = {"my_last_act"}
"""What this login did within a minute."""
CLASSES = (TELLS_OF_NOBODY, DOES, PUTS_DOWN, TELLS_WHAT_IS_OPENED, TELLS_TIMES, OWN)

# Views run with their owner's rights, too.
VIEWS_OF_NOBODY = {"assignment_wall", "handover_wall", "measure_wall", "my_account", "past_wall", "referral_wall"}
VIEWS_OF_TIMES = {"handover_unnamed", "in_sight", "kept_in_sight", "opened_now", "referral_times"}


@pytest.mark.hazard("H-054")
async def test_each_of_them_is_known_by_what_it_tells(psql: Psql) -> None:
    """A new one is put into a class: whoever makes it says what it tells of the past."""
    rows = await psql.owner.fetch(
        "SELECT DISTINCT p.proname AS name FROM pg_proc p, unnest('{cru_viewer,cru_dispatcher,cru_shift_lead,"
        "cru_gateway,cru_sealer}'::text[]) AS g WHERE p.pronamespace = 'cru'::regnamespace AND p.prosecdef"
        " AND has_function_privilege(g, p.oid, 'EXECUTE')"
    )
    named = [name for one in CLASSES for name in one]
    assert len(named) == len(set(named))
    assert {row["name"] for row in rows} == set(named)
    views = await psql.owner.fetch(
        "SELECT DISTINCT c.relname AS name FROM pg_class c, unnest('{cru_viewer,cru_dispatcher,cru_shift_lead,"
        "cru_gateway,cru_sealer}'::text[]) AS g WHERE c.relnamespace = 'cru'::regnamespace"
        " AND c.relkind IN ('v', 'm') AND has_any_column_privilege(g, c.oid, 'SELECT')"
    )
    assert {row["name"] for row in views} == VIEWS_OF_NOBODY | VIEWS_OF_TIMES


async def test_what_tells_times_has_no_place_for_words(psql: Psql) -> None:
    """By the names of what it gives: whoever adds a name or a narrative to one of these is told."""
    # What a figure is cut by, the code of an end or of a wish, and the lead who set a rule.
    plain = {"reference", "priority", "source", "area", "key", "dimension", "grouped", "state", "code", "end_code"}
    plain |= {"topic", "wish", "set_by"}
    rows = await psql.owner.fetch(
        "SELECT p.proname AS name, array_agg(a.name) AS told FROM pg_proc p,"
        " unnest(p.proargnames, p.proargmodes, p.proallargtypes) AS a(name, mode, type)"
        " WHERE p.pronamespace = 'cru'::regnamespace AND p.proname = ANY ($1) AND a.mode IN ('o', 't')"
        " AND a.type = 'text'::regtype GROUP BY 1",
        sorted(TELLS_TIMES),
    )
    words = {row["name"]: set(row["told"]) - plain for row in rows}
    assert {name: told for name, told in words.items() if told} == {}
