-- What stands in a row instead of a value that no limit lets through. Dropped again at the end of the revision.

CREATE FUNCTION cru.believable(VARIADIC candidates timestamptz[]) RETURNS timestamptz
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    -- The first that is.
    SELECT c FROM unnest(candidates) WITH ORDINALITY AS u(c, n)
    WHERE c >= '2000-01-01 00:00:00+00' AND c < '2200-01-01 00:00:00+00' ORDER BY n LIMIT 1
$$;

-- When the record was told: the time of an event is set by its trigger, whatever time it was told.
CREATE FUNCTION cru.when_recorded(the_referral uuid, the_van uuid, the_kind text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT max(recorded_at) FROM event
    WHERE referral_id IS NOT DISTINCT FROM the_referral AND van_id IS NOT DISTINCT FROM the_van AND kind = the_kind
$$;

-- By kind. A column that may be empty becomes empty: not known is the truth. One that may not takes the nearest value.
UPDATE cru.bound b SET instead = CASE b.kind
    WHEN 'words' THEN format('left(regexp_replace(%I, ''[\u0001-\u0008\u000E-\u001F\u007F]'', '' '', ''g''), %s)', b.col, b.high)
    -- A key that is cut stays a key of its own, and the same one wherever it is referred to.
    WHEN 'line' THEN format('CASE WHEN char_length(%1$I) > %2$s THEN left(regexp_replace(%1$I, ''[\u0001-\u001F\u007F]'', '' '', ''g''), %2$s - 9)'
        ' || ''~'' || left(md5(%1$I), 8) ELSE regexp_replace(%1$I, ''[\u0001-\u001F\u007F]'', '' '', ''g'') END', b.col, b.high)
    WHEN 'tags' THEN format('(SELECT coalesce(array_agg(left(regexp_replace(w, ''[\u0001-\u001F\u007F]'', '' '', ''g''), 100)), ''{}'')'
        ' FROM (SELECT w FROM unnest(%I) AS w WHERE w IS NOT NULL LIMIT %s) u)', b.col, b.high)
    WHEN 'number' THEN CASE WHEN a.attnotnull
        THEN format('CASE WHEN %1$I BETWEEN %2$s AND %3$s THEN %1$I ELSE greatest(%2$s, least(%3$s, %1$I)) END', b.col, b.low, b.high)
        ELSE format('CASE WHEN %1$I BETWEEN %2$s AND %3$s THEN %1$I END', b.col, b.low, b.high) END
    WHEN 'moment' THEN format(CASE WHEN a.attnotnull THEN 'cru.believable(%I, cru.clock_now())' ELSE 'cru.believable(%I)' END, b.col)
    WHEN 'day' THEN format('CASE WHEN %1$I BETWEEN ''%2$s-01-01'' AND ''%3$s-12-31'' THEN %1$I %4$s END', b.col, b.low, b.high,
        CASE WHEN a.attnotnull THEN 'ELSE CURRENT_DATE' ELSE '' END)
    ELSE format('CASE WHEN %s THEN %I ELSE ''{}'' END', (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
        WHERE conrelid = a.attrelid AND conname = b.tab || '_' || b.col || '_shape_check'), b.col) END
FROM pg_attribute a WHERE a.attrelid = ('cru.' || b.tab)::regclass AND a.attname = b.col;

UPDATE cru.bound SET instead = format('CASE WHEN (%1$s) !~ ''[^[:space:]]'' THEN ''unknown'' ELSE %1$s END', instead)
WHERE kind IN ('words', 'line') AND low = 1;

-- It counts up once more when the row is written.
UPDATE cru.bound SET instead = format('greatest(1, least(%s, version))', high - 1)
WHERE col = 'version' AND tab <> 'screening_tool';

-- The times of steps: a step that was taken keeps a time, the one at which the record was told.
UPDATE cru.bound SET instead = format('CASE WHEN %1$I IS NOT NULL THEN cru.believable(%1$I, '
    'cru.when_recorded(referral_id, %2$s, %3$L), cru.clock_now()) END', col,
    CASE tab WHEN 'assignment' THEN 'van_id' ELSE 'NULL' END,
    CASE tab WHEN 'assignment' THEN 'van ' ELSE 'handover ' END || replace(left(col, -3), '_', ' '))
WHERE tab IN ('assignment', 'handover') AND kind = 'moment';
UPDATE cru.bound SET instead = format('CASE WHEN %1$I IS NOT NULL THEN cru.believable(%1$I, '
    'cru.when_recorded(id, NULL, %2$L), cru.clock_now()) END', col, CASE col WHEN 'closed_at' THEN 'closed'
    WHEN 'screened_at' THEN 'screening complete' ELSE replace(left(col, -3), '_', ' ') END)
WHERE tab = 'referral' AND col IN ('received_at', 'screened_at', 'accepted_at', 'closed_at', 'entered_in_error_at');

-- Column by column, where columns hang together.
UPDATE cru.bound b SET instead = v.instead FROM (VALUES
    -- A clock that shows no believable time is no clock: the server's counts again.
    ('service', 'clock_origin', 'CASE WHEN cru.believable(clock_shown) IS NOT NULL THEN cru.believable(clock_origin) END'),
    ('service', 'clock_shown', 'CASE WHEN cru.believable(clock_origin) IS NOT NULL THEN cru.believable(clock_shown) END'),
    ('user_account', 'disabled_at', 'CASE WHEN disabled_at IS NOT NULL THEN cru.believable(disabled_at, cru.clock_now()) END'),
    ('destination', 'lat', 'CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN lat END'),
    ('destination', 'lon', 'CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN lon END'),
    ('van', 'duty_since_at', 'cru.believable(duty_since_at, cru.when_recorded(NULL, id, duty_status), cru.clock_now())'),
    -- An emergency stays one: a shift lead clears it, and no program.
    ('van', 'emergency_at', 'CASE WHEN emergency_at IS NOT NULL THEN cru.believable(emergency_at, '
        'cru.when_recorded(NULL, id, ''emergency''), cru.clock_now()) END'),
    ('position', 'fixed_at', 'cru.believable(fixed_at, received_at, cru.clock_now())'),
    ('position', 'received_at', 'cru.believable(received_at, fixed_at, cru.clock_now())'),
    ('position_fix', 'fixed_at', 'cru.believable(fixed_at, received_at, cru.clock_now())'),
    ('position_fix', 'received_at', 'cru.believable(received_at, fixed_at, cru.clock_now())'),
    ('position_fix', 'lat', 'CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN lat END'),
    ('position_fix', 'lon', 'CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN lon END'),
    ('position_fix', 'refused', 'CASE WHEN refused <> '''' THEN left(regexp_replace(refused, ''[\u0001-\u0008\u000E-\u001F\u007F]'', '' '', ''g''), 200)'
        ' WHEN cru.believable(fixed_at) IS NULL THEN ''its time cannot be believed'''
        ' WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180 THEN '''' ELSE ''not a place on earth'' END'),
    -- A hold without end hid the referral: it comes back to the board.
    ('referral', 'hold_reason', 'CASE WHEN hold_until IS NOT NULL AND cru.believable(hold_until) IS NULL THEN '''''
        ' ELSE left(regexp_replace(hold_reason, ''[\u0001-\u0008\u000E-\u001F\u007F]'', '' '', ''g''), 2000) END'),
    ('referral', 'plan', 'CASE WHEN cru.is_plan(plan) THEN plan ELSE cru.mended_plan(plan) END'),
    -- A caution that ends at the end of time has no end; one that ended before there was a record has ended.
    ('flag', 'expires_at', 'CASE WHEN expires_at < ''2000-01-01'' THEN cru.believable(added_at, cru.clock_now())'
        ' ELSE cru.believable(expires_at) END'),
    ('screening', 'completed_at', 'cru.believable(completed_at, cru.when_recorded(referral_id, NULL, ''screening complete''), cru.clock_now())'),
    ('screening', 'override_at', 'CASE WHEN override_at IS NOT NULL THEN cru.believable(override_at, '
        'cru.when_recorded(referral_id, NULL, ''screening overridden''), cru.clock_now()) END'),
    ('event', 'happened_at', 'cru.believable(happened_at, recorded_at, cru.clock_now())'),
    ('shift', 'started_at', 'cru.mended_start(shift)'),
    ('shift', 'planned_end_at', 'cru.mended_end(shift)'),
    ('shift', 'ended_at', 'CASE WHEN ended_at IS NOT NULL THEN cru.believable(ended_at, cru.mended_end(shift)) END'),
    ('shift', 'meal_due_at', 'CASE WHEN cru.is_near(meal_due_at, cru.mended_start(shift)) THEN meal_due_at END'),
    ('shift', 'meal_until_at', 'CASE WHEN cru.is_near(meal_until_at, cru.mended_start(shift)) THEN meal_until_at END')
) AS v(tab, col, instead) WHERE b.tab = v.tab AND b.col = v.col;
UPDATE cru.bound b SET instead = format('CASE WHEN (%1$s) || (%2$s) ~ ''[^[:space:]]'' THEN %1$s ELSE ''unknown'' END',
    b.instead, p.instead)
FROM cru.bound p WHERE b.tab = 'referral' AND b.col = 'location_text' AND p.tab = 'referral' AND p.col = 'postcode';
UPDATE cru.bound SET instead = 'CASE WHEN patient_born BETWEEN ''1880-01-01'' AND ''2199-12-31'' AND patient_born <= ('
    || (SELECT instead FROM cru.bound WHERE tab = 'referral' AND col = 'received_at')
    || ' AT TIME ZONE ''UTC'')::date + 1 THEN patient_born END' WHERE tab = 'referral' AND col = 'patient_born';

-- A plan keeps every entry that can be kept.
CREATE FUNCTION cru.mended_plan(plan jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN is_plan(kept) THEN kept ELSE '{}' END FROM (
        SELECT coalesce(jsonb_object_agg(name, said), '{}') AS kept
        FROM jsonb_each(CASE jsonb_typeof(plan) WHEN 'object' THEN plan ELSE '{}' END) AS e(name, said)
        WHERE is_plan(jsonb_build_object(name, said))) k
$$;

CREATE FUNCTION cru.is_near(moment timestamptz, started timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT extract(epoch FROM believable(moment)) - extract(epoch FROM started) BETWEEN -86400 AND 34560000
$$;

-- An open shift began when the record was told of the van's last one; one that ended, twelve hours before its end.
CREATE FUNCTION cru.mended_start(shift cru.shift) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT believable(shift.started_at,
        CASE WHEN shift.ended_at IS NULL THEN when_recorded(NULL, shift.van_id, 'shift started') END,
        believable(shift.ended_at, shift.planned_end_at) - interval '12 hours', clock_now())
$$;

CREATE FUNCTION cru.mended_end(shift cru.shift) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE WHEN is_near(shift.planned_end_at, start) AND shift.planned_end_at > start THEN shift.planned_end_at
           ELSE start + interval '12 hours' END
    FROM (SELECT mended_start(shift) AS start) s
$$;
