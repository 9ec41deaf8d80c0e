-- Every time of a referral that the order knows, with the row that holds it and the callsign of its van. "scene.reached"
-- is the first time at which a crew was there; an "ems handover" is one from an ambulance crew. A row that was taken back
-- did not happen: the times at which it was thought to begin and end precede nothing.
CREATE OR REPLACE FUNCTION cru.times_of(the_referral uuid)
RETURNS TABLE (step text, entity text, row_id uuid, whose text, at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH job AS (
        SELECT a.*, v.callsign FROM assignment a JOIN van v ON v.id = a.van_id
        WHERE a.referral_id = the_referral AND a.taken_back_at IS NULL
    ), link AS (
        SELECT h.id, h.from_kind, t.* FROM handover h CROSS JOIN LATERAL (VALUES ('expected', expected_at),
            ('started', started_at), ('accepted', accepted_at), ('released', released_at), ('refused', refused_at)
        ) AS t(name, at) WHERE h.referral_id = the_referral AND h.taken_back_at IS NULL
    )
    SELECT found.* FROM (
        SELECT 'referral.' || t.name, 'referral', r.id, '', t.at FROM referral r CROSS JOIN LATERAL (VALUES
            ('call_connected', call_connected_at), ('sent', sent_at), ('received', received_at),
            ('acknowledged', acknowledged_at), ('screened', screened_at), ('accepted', accepted_at),
            ('closed', closed_at), ('ems_on_scene', ems_on_scene_at)
        ) AS t(name, at) WHERE r.id = the_referral
        UNION ALL
        SELECT 'assignment.' || t.name, 'assignment', j.id, j.callsign, t.at FROM job j CROSS JOIN LATERAL (VALUES
            ('allocated', allocated_at), ('acknowledged', acknowledged_at), ('mobile', mobile_at),
            ('at_rendezvous', at_rendezvous_at), ('on_scene', on_scene_at), ('with_patient', with_patient_at),
            ('conveying', conveying_at), ('at_destination', at_destination_at), ('clear', clear_at),
            ('stood_down', stood_down_at)
        ) AS t(name, at)
        UNION ALL
        (SELECT 'scene.reached', 'scene', j.id, j.callsign, t.at FROM job j CROSS JOIN LATERAL (
            SELECT cru.reached(to_jsonb(j)) AS at) t
         WHERE t.at IS NOT NULL ORDER BY t.at, j.id LIMIT 1)
        UNION ALL
        SELECT 'handover.' || name, 'handover', id, '', at FROM link
        UNION ALL
        SELECT 'ems handover.' || name, 'handover', id, '', at FROM link WHERE from_kind = 'ems'
        UNION ALL
        SELECT 'screening.completed', 'screening', id, '', completed_at FROM screening
        WHERE referral_id = the_referral AND taken_back_at IS NULL
    ) AS found(step, entity, row_id, whose, at) WHERE found.at IS NOT NULL
$$;

-- A job that has not ended, and the one to which its van was sent after it: there is no second time to compare.
CREATE FUNCTION cru.refuse_two_jobs(whose text, earlier cru.assignment, later cru.assignment) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    today timestamptz := clock_now();
BEGIN
    PERFORM refuse(format('%s was sent to %s at %s, so it cannot still be on %s, where it was sent at %s.', whose,
            (SELECT reference FROM referral WHERE id = later.referral_id), local_time(later.allocated_at, today),
            (SELECT reference FROM referral WHERE id = earlier.referral_id), local_time(earlier.allocated_at, today)),
        'Look at both referrals before you go on.');
END $$;

-- A van is on one job at a time: none begins before the one before it has ended. One that did not happen is none.
CREATE OR REPLACE FUNCTION cru.check_jobs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    whose text;
    f cru.assignment;
    first cru.assignment;
    second cru.assignment;
BEGIN
    SELECT callsign INTO whose FROM van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    IF NEW.taken_back_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    SELECT a.* INTO f FROM assignment a
    WHERE a.van_id = NEW.van_id AND a.id <> NEW.id AND a.taken_back_at IS NULL
      AND overlap(NEW.allocated_at, coalesce(NEW.clear_at, NEW.stood_down_at), a.allocated_at,
                  coalesce(a.clear_at, a.stood_down_at))
      AND (TG_OP = 'INSERT' OR NOT overlap(OLD.allocated_at, coalesce(OLD.clear_at, OLD.stood_down_at), a.allocated_at,
                                           coalesce(a.clear_at, a.stood_down_at)))
    ORDER BY a.allocated_at LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF f.allocated_at <= NEW.allocated_at THEN
        first := f;
        second := NEW;
    ELSE
        first := NEW;
        second := f;
    END IF;
    IF coalesce(first.clear_at, first.stood_down_at) IS NULL THEN
        PERFORM refuse_two_jobs(whose, first, second);
    END IF;
    PERFORM refuse_order('assignment.allocated', CASE WHEN second.id = NEW.id THEN whose ELSE whose || ' of ' || (
            SELECT reference FROM referral WHERE id = second.referral_id) END, second.allocated_at,
        CASE WHEN first.clear_at IS NULL THEN 'assignment.stood_down' ELSE 'assignment.clear' END,
        CASE WHEN first.id = NEW.id THEN whose ELSE whose || ' of ' || (
            SELECT reference FROM referral WHERE id = first.referral_id) END, coalesce(first.clear_at, first.stood_down_at));
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION cru.refuse_two_jobs(text, cru.assignment, cru.assignment) FROM PUBLIC;
