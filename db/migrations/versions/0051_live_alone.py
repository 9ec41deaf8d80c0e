"""What is read when a console signs in is what is live; and a step does nothing twice.

Revision ID: 0051
"""

from db.migrations import sql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list of the messages that wait to be seen, filled from what is there; and the same rules asked for less."""
    sql.run("0051", 10, 99)
    # A referral's times are put together once for all that is compared with them, and the clock is asked of those
    # that are out of order alone.
    sql.amend(
        "check_order()",
        """    SELECT e.step AS early_step, e.whose AS early_whose, e.at AS early, l.step AS late_step, l.whose AS late_whose,
           l.at AS late INTO f
    FROM times_of(about) e JOIN time_order() o ON o.earlier = e.step JOIN times_of(about) l ON l.step = o.later
    WHERE l.at < e.at AND binds(e.at) AND (e.entity <> l.entity OR e.row_id = l.row_id)
      AND (e.step = ANY (moved) AND (e.row_id = NEW.id OR e.entity = 'scene') OR l.step = ANY (moved) AND l.row_id = NEW.id)
    ORDER BY e.at - l.at DESC LIMIT 1;
""",
        """    WITH t AS MATERIALIZED (SELECT * FROM times_of(about)), wrong AS MATERIALIZED (
        SELECT e.step AS early_step, e.whose AS early_whose, e.at AS early, l.step AS late_step,
               l.whose AS late_whose, l.at AS late
        FROM t e JOIN time_order() o ON o.earlier = e.step JOIN t l ON l.step = o.later
        WHERE l.at < e.at AND (e.entity <> l.entity OR e.row_id = l.row_id) AND (e.step = ANY (moved)
            AND (e.row_id = NEW.id OR e.entity = 'scene') OR l.step = ANY (moved) AND l.row_id = NEW.id))
    SELECT * INTO f FROM wrong WHERE binds(early) ORDER BY early - late DESC LIMIT 1;
""",
    )
    # When somebody was first with the person changes with a job's own times there, or as it is taken back.
    sql.amend(
        "check_order()",
        "    IF TG_TABLE_NAME = 'assignment' AND least(",
        """    IF TG_TABLE_NAME = 'assignment' AND (reached(before), before ->> 'taken_back_at')
            IS NOT DISTINCT FROM (reached(this), this ->> 'taken_back_at') THEN
        NULL;
    ELSIF TG_TABLE_NAME = 'assignment' AND least(""",
    )
    sql.amend(
        "earliest_for(uuid,uuid,text)",
        """    SELECT max(t.at) FROM times_of(the_referral) t JOIN time_order() o ON o.earlier = t.step
    WHERE (o.later = the_step OR o.later = 'ems ' || the_step
           AND EXISTS (SELECT FROM handover h WHERE h.id = the_row AND h.from_kind = 'ems'))
      AND (t.row_id = the_row OR t.entity <> split_part(the_step, '.', 1)) AND binds(t.at)
""",
        """    WITH found AS MATERIALIZED (
        SELECT t.at FROM times_of(the_referral) t JOIN time_order() o ON o.earlier = t.step
        WHERE (o.later = the_step OR o.later = 'ems ' || the_step
               AND EXISTS (SELECT FROM handover h WHERE h.id = the_row AND h.from_kind = 'ems'))
          AND (t.row_id = the_row OR t.entity <> split_part(the_step, '.', 1)))
    SELECT at FROM found WHERE binds(at) ORDER BY at DESC LIMIT 1
""",
    )
    sql.amend(
        "alike(text,text,date,text,text,text,text,double precision,double precision,uuid)",
        "OR r.state = ANY (open_referral_states()))",
        "OR r.closed_at IS NULL AND r.state = ANY (open_referral_states()))",
    )
    # What a van's step changes of its referral is the state alone, and the step itself is the event.
    sql.amend(
        "log_referral()",
        "BEGIN\n    PERFORM log_times('', before",
        """BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = ANY (open_referral_states()) AND NEW.state = ANY (open_referral_states())
       AND before - '{state,version}'::text[] = to_jsonb(NEW) - '{state,version}'::text[] THEN
        RETURN NULL;
    END IF;
    PERFORM log_times('', before""",
    )
    # A row that was just inserted is no part of an act yet.
    sql.amend(
        "note_act()",
        """    UPDATE act_part SET id = DEFAULT, version_after = (after ->> 'version')::bigint, before = changed || before
        WHERE act_id = the_act AND table_name = TG_TABLE_NAME AND row_id = after ->> 'id';
    IF NOT FOUND THEN
""",
        """    IF TG_OP = 'UPDATE' THEN
        UPDATE act_part SET id = DEFAULT, version_after = (after ->> 'version')::bigint, before = changed || before
            WHERE act_id = the_act AND table_name = TG_TABLE_NAME AND row_id = after ->> 'id';
    END IF;
    IF TG_OP = 'INSERT' OR NOT FOUND THEN
""",
    )


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
