-- Where the steps of its vans have brought a referral, one after the other, as then_follow took them.
CREATE FUNCTION cru.followed_by_steps(the_referral uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    stands jsonb := '{}';
    now_is text := 'accepted';
    s record;
BEGIN
    FOR s IN SELECT j.id::text AS job, t.state FROM assignment j CROSS JOIN LATERAL (VALUES
            (1, 'allocated', allocated_at), (2, 'acknowledged', acknowledged_at), (3, 'mobile', mobile_at),
            (4, 'at rendezvous', at_rendezvous_at), (5, 'on scene', on_scene_at), (6, 'with patient', with_patient_at),
            (7, 'conveying', conveying_at), (8, 'at destination', at_destination_at), (9, 'clear', clear_at),
            (10, 'stood down', stood_down_at)) AS t(place, state, at)
        WHERE j.referral_id = the_referral AND j.taken_back_at IS NULL AND t.at IS NOT NULL
        ORDER BY t.at, t.place, j.id LOOP
        stands := stands || jsonb_build_object(s.job, s.state);
        now_is := CASE
            WHEN s.state = 'clear' OR EXISTS (SELECT FROM jsonb_each_text(stands) WHERE value = ANY (at_scene_states()))
                THEN 'attending'
            WHEN EXISTS (SELECT FROM jsonb_each_text(stands) WHERE value = ANY (en_route_states())) THEN 'allocated'
            WHEN now_is = 'attending' AND EXISTS (SELECT FROM jsonb_each_text(stands) WHERE value = 'clear') THEN 'attending'
            ELSE 'accepted' END;
    END LOOP;
    RETURN now_is;
END $$;

-- Another van that was sent meanwhile keeps the referral where this act had brought it, also when it was there and is
-- clear by now: then the change is that van's.
CREATE OR REPLACE FUNCTION cru.carried_on(part cru.act_part) RETURNS boolean
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $$
DECLARE
    now_is text := (SELECT state FROM referral WHERE id = part.referral_id);
BEGIN
    IF NOT part.before ? 'state' OR part.before ->> 'state' NOT IN ('accepted', 'allocated')
       OR now_is NOT IN ('allocated', 'attending') OR followed_by_steps(part.referral_id) <> now_is THEN
        RETURN false;
    END IF;
    UPDATE act_part SET act_id = later.act_id FROM (
        SELECT o.act_id FROM act_part o JOIN act a ON a.id = o.act_id
        WHERE o.referral_id = part.referral_id AND o.act_id <> part.act_id AND o.table_name = 'assignment'
            AND a.taken_back_at IS NULL
        ORDER BY o.id DESC LIMIT 1) later
    WHERE act_part.id = part.id;
    RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION cru.followed_by_steps(uuid) FROM PUBLIC;
