-- A viewer's login reads what a wall shows, and nothing else: what is on the board now, without how it ended; no one's
-- languages, no reason for which somebody is off, no plan.

-- As long as the board keeps what has ended. A desk reads the times of the past by the same view, for its timelines. Columns and
-- conditions are read from the view, so that what came since is kept.
DO $$
DECLARE
    was text := rtrim(pg_get_viewdef('cru.referral_wall'::regclass), E'; \n');
    desk constant text := '(SELECT pg_has_role(session_user, ''cru_dispatcher'', ''MEMBER''))';
    now_is text := was;
    ends text;
BEGIN
    FOREACH ends IN ARRAY '{outcome,ae_avoided,ems_released,police_avoided}'::text[] LOOP
        -- PostgreSQL 15 names the table before each column, later ones do not.
        now_is := regexp_replace(now_is, format('\n +(?:[a-z]+\.)?%s,\n', ends),
            format(E'\n CASE WHEN %s THEN %s END AS %2$s,\n', desk, ends));
    END LOOP;
    IF regexp_count(now_is, 'CASE WHEN') <> 4 OR now_is !~ '\n +WHERE ' THEN
        RAISE EXCEPTION 'the wall of this record has another list: %', was;
    END IF;
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS ' || now_is || ' AND (' || desk
        || ' OR closed_at IS NULL OR closed_at > (SELECT cru.clock_now() - cru.rule_span(''ended_board'', ''12 hours'')))';
END $$;

-- When the next crew is free is told from how long visits lasted: of past referrals a wall reads that they were, and when.
CREATE VIEW cru.past_wall AS
SELECT r.id, r.received_at, r.entered_in_error_at FROM cru.referral r
WHERE NOT EXISTS (SELECT FROM cru.intake_call c WHERE c.referral_id = r.id AND c.ended_how <> 'referral');
GRANT SELECT ON cru.past_wall TO cru_viewer, cru_dispatcher;

-- Whoever signs in reads who they are; the names of all others are a desk's.
CREATE VIEW cru.my_account AS SELECT login, display_name, role, disabled_at FROM cru.user_account WHERE login = session_user;
GRANT SELECT ON cru.my_account TO cru_viewer, cru_dispatcher;

REVOKE SELECT ON cru.user_account, cru.staff, cru.planned_shift, cru.planned_ride, cru.rota_published, cru.shift_member, cru.places_free
    FROM cru_viewer;
GRANT SELECT (shift_id, staff_id, from_at, until_at) ON cru.shift_member TO cru_viewer;
