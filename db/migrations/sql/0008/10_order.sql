-- Which time must not lie before which. db/domain/time_order.py has the same, and a test compares the two.

CREATE FUNCTION cru.time_order() RETURNS TABLE (earlier text, later text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = cru, pg_temp AS $$
    VALUES
    ('assignment.acknowledged', 'assignment.at_destination'),
    ('assignment.acknowledged', 'assignment.at_rendezvous'), ('assignment.acknowledged', 'assignment.clear'),
    ('assignment.acknowledged', 'assignment.conveying'), ('assignment.acknowledged', 'assignment.mobile'),
    ('assignment.acknowledged', 'assignment.on_scene'), ('assignment.acknowledged', 'assignment.stood_down'),
    ('assignment.acknowledged', 'assignment.with_patient'), ('assignment.allocated', 'assignment.acknowledged'),
    ('assignment.allocated', 'assignment.at_destination'), ('assignment.allocated', 'assignment.at_rendezvous'),
    ('assignment.allocated', 'assignment.clear'), ('assignment.allocated', 'assignment.conveying'),
    ('assignment.allocated', 'assignment.mobile'), ('assignment.allocated', 'assignment.on_scene'),
    ('assignment.allocated', 'assignment.stood_down'), ('assignment.allocated', 'assignment.with_patient'),
    ('assignment.at_destination', 'assignment.clear'), ('assignment.at_rendezvous', 'assignment.at_destination'),
    ('assignment.at_rendezvous', 'assignment.clear'), ('assignment.at_rendezvous', 'assignment.conveying'),
    ('assignment.at_rendezvous', 'assignment.on_scene'), ('assignment.at_rendezvous', 'assignment.stood_down'),
    ('assignment.at_rendezvous', 'assignment.with_patient'), ('assignment.clear', 'referral.closed'),
    ('assignment.conveying', 'assignment.at_destination'), ('assignment.conveying', 'assignment.clear'),
    ('assignment.mobile', 'assignment.at_destination'), ('assignment.mobile', 'assignment.at_rendezvous'),
    ('assignment.mobile', 'assignment.clear'), ('assignment.mobile', 'assignment.conveying'),
    ('assignment.mobile', 'assignment.on_scene'), ('assignment.mobile', 'assignment.stood_down'),
    ('assignment.mobile', 'assignment.with_patient'), ('assignment.on_scene', 'assignment.at_destination'),
    ('assignment.on_scene', 'assignment.clear'), ('assignment.on_scene', 'assignment.conveying'),
    ('assignment.on_scene', 'assignment.stood_down'), ('assignment.on_scene', 'assignment.with_patient'),
    ('assignment.stood_down', 'referral.closed'), ('assignment.with_patient', 'assignment.at_destination'),
    ('assignment.with_patient', 'assignment.clear'), ('assignment.with_patient', 'assignment.conveying'),
    ('handover.accepted', 'handover.released'), ('handover.accepted', 'referral.closed'),
    ('handover.expected', 'handover.accepted'), ('handover.expected', 'handover.refused'),
    ('handover.expected', 'handover.released'), ('handover.expected', 'handover.started'),
    ('handover.started', 'handover.accepted'), ('handover.started', 'handover.refused'),
    ('handover.started', 'handover.released'), ('handover.started', 'referral.closed'),
    ('referral.accepted', 'assignment.allocated'), ('referral.accepted', 'referral.closed'),
    ('referral.acknowledged', 'referral.accepted'), ('referral.acknowledged', 'referral.closed'),
    ('referral.call_connected', 'referral.accepted'), ('referral.call_connected', 'referral.acknowledged'),
    ('referral.call_connected', 'referral.closed'), ('referral.call_connected', 'referral.received'),
    ('referral.call_connected', 'referral.screened'), ('referral.call_connected', 'referral.sent'),
    ('referral.ems_on_scene', 'ems handover.accepted'), ('referral.ems_on_scene', 'ems handover.released'),
    ('referral.ems_on_scene', 'ems handover.started'), ('referral.received', 'handover.expected'),
    ('referral.received', 'referral.accepted'), ('referral.received', 'referral.acknowledged'),
    ('referral.received', 'referral.closed'), ('referral.received', 'referral.screened'),
    ('referral.received', 'screening.completed'), ('referral.screened', 'referral.accepted'),
    ('referral.sent', 'referral.accepted'), ('referral.sent', 'referral.acknowledged'),
    ('referral.sent', 'referral.closed'), ('referral.sent', 'referral.received'),
    ('referral.sent', 'referral.screened'), ('scene.reached', 'handover.accepted'),
    ('scene.reached', 'handover.started'), ('shift.started', 'shift.ended')
$$;

-- When a van was first with its referral: the first of its steps from "on scene" on.
CREATE FUNCTION cru.reached(job jsonb) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT min((job ->> (replace(state, ' ', '_') || '_at'))::timestamptz) FROM unnest(at_scene_states()) AS s(state)
$$;

-- A time that lies more than a minute ahead of the record's clock can only come from before the clock was set back. It
-- binds nobody: the room goes on by the clock that counts.
CREATE FUNCTION cru.binds(moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT moment <= clock_now() + interval '1 minute'
$$;

-- Every time of a referral that the order knows, with the row that holds it and the callsign of its van. "scene.reached"
-- is the first time at which a crew was there; an "ems handover" is one from an ambulance crew.
CREATE FUNCTION cru.times_of(the_referral uuid)
RETURNS TABLE (step text, entity text, row_id uuid, whose text, at timestamptz)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    WITH job AS (
        SELECT a.*, v.callsign FROM assignment a JOIN van v ON v.id = a.van_id WHERE a.referral_id = the_referral
    ), link AS (
        SELECT h.id, h.from_kind, t.* FROM handover h CROSS JOIN LATERAL (VALUES ('expected', expected_at),
            ('started', started_at), ('accepted', accepted_at), ('released', released_at), ('refused', refused_at)
        ) AS t(name, at) WHERE h.referral_id = the_referral
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
        SELECT 'screening.completed', 'screening', id, '', completed_at FROM screening WHERE referral_id = the_referral
    ) AS found(step, entity, row_id, whose, at) WHERE found.at IS NOT NULL
$$;

-- The latest of the times that must precede a step; null if none does.
CREATE FUNCTION cru.earliest_for(the_referral uuid, the_row uuid, the_step text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT max(t.at) FROM times_of(the_referral) t JOIN time_order() o ON o.earlier = t.step
    WHERE (o.later = the_step OR o.later = 'ems ' || the_step
           AND EXISTS (SELECT FROM handover h WHERE h.id = the_row AND h.from_kind = 'ems'))
      AND (t.row_id = the_row OR t.entity <> split_part(the_step, '.', 1)) AND binds(t.at)
$$;

-- When a van was last free again.
CREATE FUNCTION cru.free_since(the_van uuid, but_for uuid DEFAULT NULL) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT max(coalesce(clear_at, stood_down_at)) FROM assignment
    WHERE van_id = the_van AND id IS DISTINCT FROM but_for AND binds(coalesce(clear_at, stood_down_at))
$$;

REVOKE ALL ON FUNCTION cru.time_order(), cru.times_of(uuid), cru.reached(jsonb), cru.binds(timestamptz),
    cru.earliest_for(uuid, uuid, text), cru.free_since(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.earliest_for(uuid, uuid, text) TO cru_dispatcher;
