-- What is done with a call changes its row, of which no act keeps what was before: an undo took back the event that told
-- of it and left what it told of. A call that ended was a referral again without its call, with nothing that was typed.
CREATE FUNCTION cru.why_a_call_stays(the_act uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE e.kind
        WHEN 'call ended' THEN 'A call that ended is not taken back; take it down anew.'
        WHEN 'caller hung up' THEN 'That a caller hung up is not taken back; go on with the call, or give another time.'
        WHEN 'call taken over' THEN 'A call that was taken over is not taken back; whoever had it takes it over again.'
        -- A van is acknowledged by its crew, a referral that somebody rang about by whoever saves it.
        ELSE 'A referral that was taken is not taken back; a shift lead marks it as entered in error.' END
    FROM act_part p JOIN event e ON e.id = cru.event_of(p)
    WHERE p.act_id = the_act AND p.table_name = 'event' AND e.van_id IS NULL
        AND (e.kind IN ('call ended', 'caller hung up', 'call taken over')
             OR e.kind = 'acknowledged' AND EXISTS (SELECT FROM intake_call c WHERE c.referral_id = e.referral_id))
    ORDER BY e.id LIMIT 1
$$;
REVOKE ALL ON FUNCTION cru.why_a_call_stays(uuid) FROM PUBLIC;
