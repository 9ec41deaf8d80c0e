-- What a viewer's login reads: that somebody waits, where to the nearest town, and how far the vans are. Names of parties
-- are typed by people and may be anybody's, a postcode may be typed without its blank, a destination says what ails.

CREATE FUNCTION cru.outward(typed text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN bare ~ '^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$' THEN left(bare, -3)
                WHEN bare ~ '^[A-Z]{1,2}[0-9][0-9A-Z]?$' THEN bare ELSE '' END
    FROM (SELECT upper(regexp_replace(typed, '[^A-Za-z0-9]', '', 'g')) AS bare) b
$$;

-- A party by its kind, as people call it.
CREATE FUNCTION cru.party_on_wall(kind text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE kind WHEN 'ems' THEN 'EMAS' WHEN 'police' THEN 'Police' WHEN 'cru' THEN 'CRU'
        WHEN 'destination' THEN 'where they were taken' ELSE 'somebody else' END
$$;

-- The wall's list of columns is read from the view, so that columns that came since are kept.
DO $$
DECLARE
    was text := pg_get_viewdef('cru.referral_wall'::regclass);
    now_is text := was;
BEGIN
    now_is := regexp_replace(now_is, 'split_part\([^)]*\) AS postcode', 'cru.outward(postcode) AS postcode');
    now_is := regexp_replace(now_is, '\m(referral\.)?ems_callsign,', '''''::text AS ems_callsign,');
    now_is := regexp_replace(now_is, '\m(referral\.)?waiting_party,', '''''::text AS waiting_party,');
    IF now_is ~ 'split_part' OR now_is !~ '''''::text AS ems_callsign' OR now_is !~ '''''::text AS waiting_party' THEN
        RAISE EXCEPTION 'the wall of this record has another list: %', was;
    END IF;
    EXECUTE 'CREATE OR REPLACE VIEW cru.referral_wall AS ' || now_is;
END $$;

CREATE VIEW cru.handover_wall AS
SELECT id, version, referral_id, ordinal, cru.party_on_wall(from_kind) AS from_party, from_kind,
    cru.party_on_wall(to_kind) AS to_party, to_kind, state, expected_at, started_at, accepted_at, released_at, refused_at,
    ''::text AS refusal_reason, taken_back_at
FROM cru.handover;

CREATE VIEW cru.assignment_wall AS
SELECT id, version, referral_id, van_id, state, allocated_at, acknowledged_at, mobile_at, at_rendezvous_at, on_scene_at,
    with_patient_at, conveying_at, at_destination_at, clear_at, stood_down_at, ''::text AS stand_down_reason,
    ''::text AS destination, taken_back_at
FROM cru.assignment;

REVOKE ALL ON FUNCTION cru.outward(text), cru.party_on_wall(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.outward(text), cru.party_on_wall(text) TO cru_viewer, cru_dispatcher;
REVOKE SELECT ON cru.handover, cru.assignment FROM cru_viewer;
GRANT SELECT ON cru.handover_wall, cru.assignment_wall TO cru_viewer;

-- A wall beside the desk shows the same figures.
GRANT EXECUTE ON FUNCTION cru.wall_figures(timestamptz[], timestamptz[]) TO cru_dispatcher;
GRANT SELECT ON cru.measure_wall TO cru_dispatcher;
