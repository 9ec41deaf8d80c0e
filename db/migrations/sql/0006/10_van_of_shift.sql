-- Whether a shift may end is read from its van, and whether a van may be available from its shifts. Each read what the
-- other had not committed yet, so both could be let through. Now the van's row is the place where one waits for the
-- other: guard_van runs with that row locked, and this runs before guard_shift reads it.
-- The guard's own lock is not enough: it takes only a van that was on duty already when the statement began.
CREATE FUNCTION cru.await_van() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM FROM van WHERE id = NEW.van_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;

-- Triggers of one kind fire in the order of their names: this one before "guard".
CREATE TRIGGER await_van BEFORE UPDATE ON cru.shift
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION cru.await_van();

-- What the race may have left: the van's own triggers check the move and write the event. A van that is on a job keeps
-- its status until somebody clears it, since people look for it on the board.
UPDATE cru.van v SET duty_status = 'off duty'
WHERE v.duty_status IN ('available', 'meal break')
  AND NOT EXISTS (SELECT FROM cru.shift s WHERE s.van_id = v.id AND s.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM cru.assignment a WHERE a.van_id = v.id AND a.state = ANY (cru.open_assignment_states()));

REVOKE ALL ON FUNCTION cru.await_van() FROM PUBLIC;
