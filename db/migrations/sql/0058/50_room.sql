-- What the room wrote about people: its log, what it told the next shift, and what a lead saw afterwards. A desk reads it as far
-- back as anything else, and of a stretch before that once it has opened it; or with the referral that it is about.
CREATE FUNCTION cru.sees_stretch(the_list text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM look l WHERE l.looked_by = session_user AND l.looked_at > clock_now() - interval '10 minutes'
        AND l.why = the_list AND at >= l.since_at AND at <= l.until_at
        AND l.xid IS DISTINCT FROM (pg_current_xact_id_if_assigned())::text::bigint);
END $$;

-- A room that is offered stays in sight until somebody takes it, however long that is.
CREATE FUNCTION cru.sees_room(the_room uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM shift_handover h WHERE h.id = the_room AND (h.offered_at > clock_now() - interval '72 hours'
        OR h.taken_at > clock_now() - interval '72 hours' OR h.taken_at IS NULL AND h.withdrawn_at IS NULL
        OR sees_stretch('handed over', h.offered_at)));
END $$;

REVOKE ALL ON FUNCTION cru.sees_stretch(text, timestamptz), cru.sees_room(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.sees_stretch(text, timestamptz), cru.sees_room(uuid) TO cru_dispatcher;

DO $$
DECLARE
    tab text;
    lately constant text := '(SELECT cru.clock_now() - interval ''72 hours'')';
    besides text;
BEGIN
    FOR tab, besides IN SELECT * FROM (VALUES
        ('shift_log', 'written_at > lately OR cru.sees_stretch(''log'', written_at) OR referral_id IS NOT NULL AND cru.sees(referral_id)'),
        ('shift_handover', 'offered_at > lately OR cru.sees_room(id)'),
        ('shift_handover_item', 'cru.sees_room(shift_handover_id) OR referral_id IS NOT NULL AND cru.sees(referral_id)'),
        ('review', 'reviewed_at > lately OR referral_id IS NOT NULL AND cru.sees(referral_id)')
    ) AS v (name, also) LOOP
        EXECUTE format('CREATE POLICY in_sight ON cru.%I USING (%s)', tab, replace(besides, 'lately', lately));
        EXECUTE format('ALTER TABLE cru.%I ENABLE ROW LEVEL SECURITY', tab);
    END LOOP;
END $$;
