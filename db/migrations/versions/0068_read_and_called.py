"""Why it is taken up again is read, too; who waits again is called; an end put right is called so; a caller's cancel is asked about.

Revision ID: 0068
"""

from db.migrations import sql

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None
# A van that does not come after all: whoever waits again is told so, whatever they agreed to before.
_NEXT_CALL = (
    """    )
    SELECT greatest(
        coalesce(heard.made_at + make_interval(mins => every_minutes), received_at + make_interval(mins => first_minutes)),
        heard.agreed_until, tried.made_at + make_interval(mins => again_minutes))
    FROM asked CROSS JOIN tried LEFT JOIN heard ON true
""",
    """    ), stood_down AS (
        SELECT max(stood_down_at) AS at FROM assignment WHERE referral_id = the_referral AND taken_back_at IS NULL
            AND state = 'stood down' AND stood_down_at > coalesce((SELECT made_at FROM heard), '-infinity')
    )
    SELECT greatest(least(greatest(
        coalesce(heard.made_at + make_interval(mins => every_minutes), received_at + make_interval(mins => first_minutes)),
        heard.agreed_until), stood_down.at + make_interval(mins => again_minutes)), tried.made_at + make_interval(mins => again_minutes))
    FROM asked CROSS JOIN tried CROSS JOIN stood_down LEFT JOIN heard ON true
""",
)
# Who agreed to wait as things stood then, and more is urgent since, agreed to nothing.
_CALLS_DUE = (
    """    ), heard AS (
        SELECT DISTINCT ON (referral_id) referral_id, made_at, agreed_until FROM call
        WHERE""",
    """    ), heard AS (
        SELECT DISTINCT ON (referral_id) referral_id, made_at,
            CASE WHEN agreed_ended_at < coalesce(until_at, 'infinity') THEN NULL ELSE agreed_until END AS agreed_until
        FROM call JOIN (SELECT id AS whose, until_at FROM waited) w ON w.whose = referral_id
        WHERE""",
)
_ASKED = (
    "    ELSIF asked.asks_person AND NEW.state <> OLD.state AND NOT spoken_of_ending(NEW.id) THEN",
    "    ELSIF asked.asks_person AND NOT spoken_of_ending(NEW.id) THEN",
)
_LOGGED = (
    """    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM write_event(NEW.id, NULL, 'time amended', clock_now(), 'closed',
            jsonb_build_object('time', 'closed', 'from', OLD.closed_at, 'to', NEW.closed_at));
    END IF;
""",
    """    ELSIF NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        PERFORM write_event(NEW.id, NULL, 'time amended', clock_now(), 'closed',
            jsonb_build_object('time', 'closed', 'from', OLD.closed_at, 'to', NEW.closed_at));
    END IF;
    IF NEW.state = OLD.state AND NEW.state <> ALL (open_referral_states())
       AND (NEW.outcome, NEW.end_reason) IS DISTINCT FROM (OLD.outcome, OLD.end_reason) THEN
        logged := logged || '{end_reason,outcome}';
        PERFORM write_event(NEW.id, NULL, 'end put right', clock_now(), CASE NEW.state WHEN 'closed' THEN NEW.outcome ELSE NEW.end_reason END,
            jsonb_build_object('state', NEW.state) || changes(
                jsonb_build_object('end_reason', OLD.end_reason, 'outcome', OLD.outcome),
                jsonb_build_object('end_reason', NEW.end_reason, 'outcome', NEW.outcome)));
    END IF;
""",
)
# In the hour that comes twice it is said which one is meant.
_UNTIL = (
    "'looked for until ' || to_char(NEW.looks_until AT TIME ZONE 'Europe/London', 'HH24:MI on DD Mon')",
    "'looked for until ' || time_in_words(NEW.looks_until)",
)
_WHO = ("plan.changed_by), 'Look at it again.'", "name_of(plan.changed_by)), 'Look at it again.'")


def upgrade() -> None:
    """What a record in use holds stays; what was typed about somebody who is open is read with their next step."""
    sql.run("0068", 10, 39)
    sql.amend("next_call(uuid)", *_NEXT_CALL)
    sql.amend("calls_due(uuid[])", *_CALLS_DUE)
    sql.amend("guard_ending_of_referral()", *_ASKED)
    sql.amend("log_referral()", *_LOGGED)
    sql.amend("log_ending()", *_UNTIL)
    sql.amend("guard_rota_published()", *_WHO)
    sql.run("0068", 40, 99)


def downgrade() -> None:
    """A record of patients is never taken down by a program."""
    raise NotImplementedError("restore a backup instead")
