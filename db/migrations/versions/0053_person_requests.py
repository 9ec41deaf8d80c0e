"""What is asked about a person's record: a copy, a correction, erasing; and until when the rule keeps it.

Revision ID: 0053
"""

from db.migrations import sql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table; no row of a record in use changes."""
    sql.run("0053", 10, 99)
    stays = "    ELSIF why_a_call_stays(the_act) IS NOT NULL THEN\n"
    sql.amend(
        "why_not_taken_back(uuid)",
        stays,
        "    ELSIF why_a_request_stays(the_act) IS NOT NULL THEN\n"
        f"        RETURN why_a_request_stays(the_act);\n{stays}",
    )
    mine = "AND taken_back_at IS NULL"
    sql.amend("my_last_act()", mine, f"{mine} AND why_a_request_stays(act.id) IS NULL")
    sql.amend(
        "rub_out(uuid[])",
        "UPDATE mended SET was",
        "UPDATE person_request SET about = '', said_by = 'erased', words = 'erased', statement = rubbed_out(statement),"
        " answer = 'erased', answered_by = CASE state WHEN 'open' THEN session_user ELSE answered_by END,"
        " answered_at = CASE state WHEN 'open' THEN clock_now() ELSE answered_at END,"
        " state = CASE state WHEN 'open' THEN 'done' ELSE state END, version = version + 1"
        " WHERE referral_id = ANY (the_ids);\n    UPDATE mended SET was",
    )
    sql.amend("erase_person(uuid)", "'{referral,event,", "'{referral,event,person_request,")
    kept = "    ELSIF last_at >= clock_now() - keep_people() THEN\n"
    sql.amend(
        "erase_person(uuid)",
        kept,
        "    ELSIF waits_for_answer(theirs) THEN\n"
        "        PERFORM refuse('Somebody waits for an answer about this record: a copy or a correction was asked for.',\n"
        f"                       'It is kept until that is answered.', 'CR002');\n{kept}",
    )
    due = "IF last_at < before_at THEN"
    sql.amend("due_to_erase(integer)", due, "IF last_at < before_at AND NOT waits_for_answer(theirs) THEN")


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
