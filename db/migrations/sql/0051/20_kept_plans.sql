-- Who is the same person is asked of everybody on the board, and at each step. Of a list whose length it does not foresee
-- Postgres makes a plan for each list anew, which takes ten times as long as to follow one; each way is by an index.
ALTER FUNCTION cru.same_person_as(uuid) SET plan_cache_mode = force_generic_plan;
-- Commands make one plan for all (db/commands/base.py); which end of a stretch of time leaves less to read is told by the
-- stretch alone.
ALTER FUNCTION cru.rides_elsewhere(uuid, timestamptz, timestamptz, uuid, uuid) SET plan_cache_mode = force_custom_plan;
