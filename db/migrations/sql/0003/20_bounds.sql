-- Believable limits for every column, as constraints. This is how they stood at this revision; the program's own list
-- is db/tables/bounds.py, and a test holds that the two say the same.
--
-- Each is added NOT VALID, the rows that break it are mended, and only then is it validated: so one UPDATE a row mends
-- it, with every limit in force. All of it happens in one transaction, which holds every table of the record until it
-- is committed: consoles of the older program wait or say that the link is lost, and must be replaced anyway.

CREATE TABLE cru.bound_kind (tab text, kind text, low numeric, high numeric, cols text[]);
INSERT INTO cru.bound_kind VALUES
    ('service', 'line', 0, 200, '{name}'),
    ('service', 'moment', NULL, NULL, '{clock_origin,clock_shown}'),
    ('service', 'number', 0, 100, '{clock_speed}'),
    ('change', 'number', 1, 9223372036854775807, '{id,xid}'),
    ('change', 'line', 1, 60, '{entity}'),
    ('change', 'moment', NULL, NULL, '{at}'),
    ('command_log', 'line', 0, 200, '{verb,done_by}'),
    ('command_log', 'moment', NULL, NULL, '{done_at}'),
    ('destination', 'line', 1, 200, '{name}'),
    ('destination', 'line', 1, 60, '{kind}'),
    ('destination', 'words', 0, 500, '{address,hours}'),
    ('destination', 'words', 0, 200, '{phone}'),
    ('destination', 'number', -90, 90, '{lat}'),
    ('destination', 'number', -180, 180, '{lon}'),
    ('destination', 'line', 0, 200, '{author}'),
    ('destination', 'day', 2000, 2199, '{dated}'),
    ('legal_move', 'line', 1, 60, '{entity,from_state,to_state}'),
    ('outcome', 'line', 1, 60, '{code}'),
    ('outcome', 'line', 1, 200, '{label}'),
    ('outcome', 'number', -1000000, 1000000, '{rank}'),
    ('outcome', 'line', 0, 200, '{author}'),
    ('outcome', 'day', 2000, 2199, '{dated}'),
    ('position_fix', 'number', 1, 9223372036854775807, '{id}'),
    ('position_fix', 'moment', NULL, NULL, '{received_at,fixed_at}'),
    ('position_fix', 'number', -90, 90, '{lat}'),
    ('position_fix', 'number', -180, 180, '{lon}'),
    ('position_fix', 'words', 0, 200, '{refused}'),
    ('position_fix', 'tree', 0, 65536, '{attributes}'),
    ('position_fix', 'number', 0, 50000000, '{accuracy}'),
    ('position_fix', 'number', 0, 1000, '{speed}'),
    ('position_fix', 'number', 0, 360, '{heading}'),
    ('position_fix', 'line', 0, 60, '{source}'),
    ('priority', 'line', 1, 60, '{code}'),
    ('priority', 'words', 0, 500, '{meaning}'),
    ('priority', 'number', 1, 100000, '{within_minutes,aim_minutes}'),
    ('priority', 'number', -1000000, 1000000, '{rank}'),
    ('priority', 'line', 0, 60, '{triage_scale}'),
    ('priority', 'line', 0, 200, '{author}'),
    ('priority', 'day', 2000, 2199, '{dated}'),
    ('reason', 'line', 1, 60, '{kind,code}'),
    ('reason', 'line', 1, 200, '{label}'),
    ('reason', 'number', -1000000, 1000000, '{rank}'),
    ('reason', 'line', 0, 200, '{author}'),
    ('reason', 'day', 2000, 2199, '{dated}'),
    ('referral_day', 'day', 2000, 2199, '{day}'),
    ('referral_day', 'number', 1, 9999, '{last}'),
    ('screening_tool', 'number', 0, 1000000, '{version}'),
    ('screening_tool', 'line', 0, 200, '{signed_by}'),
    ('screening_tool', 'day', 2000, 2199, '{signed_on}'),
    ('staff', 'line', 1, 200, '{name}'),
    ('staff', 'line', 0, 200, '{profession,gender,author}'),
    ('staff', 'tags', 0, 40, '{languages}'),
    ('staff', 'day', 2000, 2199, '{dated}'),
    ('user_account', 'line', 1, 63, '{login}'),
    ('user_account', 'line', 1, 200, '{display_name}'),
    ('user_account', 'moment', NULL, NULL, '{disabled_at,added_at}'),
    ('user_account', 'line', 0, 200, '{added_by}'),
    ('van_base', 'line', 1, 200, '{name}'),
    ('van_base', 'words', 0, 40, '{postcode}'),
    ('van_base', 'number', -90, 90, '{lat}'),
    ('van_base', 'number', -180, 180, '{lon}'),
    ('van_base', 'line', 0, 200, '{author}'),
    ('van_base', 'day', 2000, 2199, '{dated}'),
    ('wish', 'line', 1, 200, '{label}'),
    ('wish', 'number', -1000000, 1000000, '{rank}'),
    ('wish', 'line', 0, 200, '{author}'),
    ('wish', 'day', 2000, 2199, '{dated}'),
    ('referral_source', 'line', 1, 60, '{code,default_priority}'),
    ('referral_source', 'line', 1, 200, '{label}'),
    ('referral_source', 'line', 0, 200, '{waits,author}'),
    ('referral_source', 'number', -1000000, 1000000, '{rank}'),
    ('referral_source', 'day', 2000, 2199, '{dated}'),
    ('screening_item', 'number', 0, 1000000, '{tool_version}'),
    ('screening_item', 'line', 1, 60, '{key}'),
    ('screening_item', 'number', -1000000, 1000000, '{ordinal}'),
    ('screening_item', 'line', 0, 200, '{section}'),
    ('screening_item', 'tags', 0, 40, '{watch_words}'),
    ('screening_item', 'words', 1, 1000, '{text}'),
    ('van', 'number', 1, 9007199254740991, '{version}'),
    ('van', 'line', 1, 40, '{callsign}'),
    ('van', 'line', 0, 40, '{registration}'),
    ('van', 'line', 1, 200, '{base}'),
    ('van', 'number', 0, 100, '{seats}'),
    ('van', 'tags', 0, 40, '{equipment}'),
    ('van', 'words', 0, 2000, '{duty_reason}'),
    ('van', 'moment', NULL, NULL, '{duty_since_at,emergency_at}'),
    ('van', 'line', 0, 200, '{author}'),
    ('van', 'day', 2000, 2199, '{dated}'),
    ('device', 'line', 1, 200, '{device_id}'),
    ('device', 'line', 0, 200, '{token_digest,author}'),
    ('device', 'day', 2000, 2199, '{dated}'),
    ('position', 'number', 1, 9007199254740991, '{version}'),
    ('position', 'number', -90, 90, '{lat}'),
    ('position', 'number', -180, 180, '{lon}'),
    ('position', 'moment', NULL, NULL, '{fixed_at,received_at}'),
    ('position', 'number', 0, 50000000, '{accuracy}'),
    ('position', 'number', 0, 1000, '{speed}'),
    ('position', 'number', 0, 360, '{heading}'),
    ('position', 'line', 0, 60, '{source}'),
    ('referral', 'number', 1, 9007199254740991, '{version}'),
    ('referral', 'line', 0, 60, '{reference,source}'),
    ('referral', 'line', 1, 60, '{priority,outcome}'),
    ('referral', 'words', 0, 1000, '{location_text}'),
    ('referral', 'words', 0, 40, '{postcode,nhs_number}'),
    ('referral', 'words', 0, 4000, '{access_note}'),
    ('referral', 'words', 0, 500, '{caller,waiting_party,patient_name}'),
    ('referral', 'words', 0, 200, '{call_back,ems_incident,ems_callsign}'),
    ('referral', 'day', 1880, 2199, '{patient_born}'),
    ('referral', 'words', 0, 20000, '{narrative}'),
    ('referral', 'is_plan', NULL, NULL, '{plan}'),
    ('referral', 'words', 0, 2000, '{legal_status,police,hold_reason,entered_in_error_reason,end_reason}'),
    ('referral', 'moment', NULL, NULL, '{
        call_connected_at, sent_at, received_at, acknowledged_at, screened_at, accepted_at, closed_at,
        ems_on_scene_at, hold_until, entered_in_error_at}'),
    ('shift', 'number', 1, 9007199254740991, '{version}'),
    ('shift', 'moment', NULL, NULL, '{started_at,planned_end_at,meal_due_at,meal_until_at,ended_at}'),
    ('assignment', 'number', 1, 9007199254740991, '{version}'),
    ('assignment', 'moment', NULL, NULL, '{
        allocated_at, acknowledged_at, mobile_at, at_rendezvous_at, on_scene_at, with_patient_at, conveying_at,
        at_destination_at, clear_at, stood_down_at}'),
    ('assignment', 'words', 0, 2000, '{stand_down_reason}'),
    ('assignment', 'words', 0, 500, '{destination}'),
    ('event', 'number', 1, 9223372036854775807, '{id,amends}'),
    ('event', 'line', 1, 60, '{kind}'),
    ('event', 'moment', NULL, NULL, '{happened_at,recorded_at}'),
    ('event', 'line', 0, 200, '{recorded_by}'),
    ('event', 'words', 0, 20000, '{words}'),
    ('event', 'tree', 0, 1000000, '{detail}'),
    ('event', 'words', 0, 2000, '{reason}'),
    ('feedback', 'words', 1, 20000, '{words}'),
    ('feedback', 'line', 0, 200, '{recorded_by}'),
    ('feedback', 'moment', NULL, NULL, '{recorded_at}'),
    ('flag', 'words', 1, 4000, '{reason}'),
    ('flag', 'moment', NULL, NULL, '{expires_at,added_at}'),
    ('flag', 'line', 0, 200, '{added_by}'),
    ('handover', 'number', 1, 9007199254740991, '{version}'),
    ('handover', 'number', 1, 1000, '{ordinal}'),
    ('handover', 'words', 1, 1000, '{from_party,to_party}'),
    ('handover', 'moment', NULL, NULL, '{expected_at,started_at,accepted_at,released_at,refused_at}'),
    ('handover', 'words', 0, 2000, '{refusal_reason}'),
    ('screening', 'number', 1, 9007199254740991, '{version}'),
    ('screening', 'number', 0, 1000000, '{tool_version}'),
    ('screening', 'is_answers', NULL, NULL, '{answers}'),
    ('screening', 'words', 0, 4000, '{note,override_reason}'),
    ('screening', 'moment', NULL, NULL, '{completed_at,override_at}'),
    ('screening', 'line', 0, 200, '{completed_by,override_by}'),
    ('screening', 'words', 0, 500, '{override_clinician}'),
    ('mended', 'number', 1, 9223372036854775807, '{id}'),
    ('mended', 'line', 1, 60, '{table_name,column_name,revision}'),
    ('mended', 'moment', NULL, NULL, '{at}');

CREATE TABLE cru.bound (tab text, col text, kind text, low numeric, high numeric, instead text, PRIMARY KEY (tab, col));
INSERT INTO cru.bound (tab, col, kind, low, high)
SELECT tab, col, kind, low, high FROM cru.bound_kind, unnest(cols) AS col;
DROP TABLE cru.bound_kind;

DO $$
DECLARE
    c record;
BEGIN
    FOR c IN
        SELECT tab, col || '_length' AS name, format('char_length(%I) <= %s', col, high) AS condition
        FROM cru.bound WHERE kind IN ('words', 'line')
        UNION ALL
        SELECT tab, col || '_given', format('%I ~ ''[^[:space:]]''', col)
        FROM cru.bound WHERE kind IN ('words', 'line') AND low = 1
        UNION ALL
        SELECT tab, 'characters', format('concat_ws('''', %s) !~ ''[\u0001-\u0008\u000E-\u001F\u007F]''',
                                         string_agg(quote_ident(col), ', ' ORDER BY a.attnum))
        FROM cru.bound JOIN pg_attribute a ON a.attrelid = ('cru.' || tab)::regclass AND a.attname = col
        WHERE kind = 'words' GROUP BY tab
        UNION ALL
        SELECT tab, 'one_line', format('concat_ws('''', %s) !~ ''[\u0001-\u001F\u007F]''',
                                       string_agg(quote_ident(col), ', ' ORDER BY a.attnum))
        FROM cru.bound JOIN pg_attribute a ON a.attrelid = ('cru.' || tab)::regclass AND a.attname = col
        WHERE kind IN ('line', 'tags') GROUP BY tab
        UNION ALL
        SELECT tab, col || '_list', format('coalesce(array_ndims(%1$I), 1) = 1 AND cardinality(%1$I) <= %2$s '
            'AND array_position(%1$I, NULL) IS NULL AND char_length(array_to_string(%1$I, '''')) <= 4000', col, high)
        FROM cru.bound WHERE kind = 'tags'
        UNION ALL
        SELECT tab, col || '_range', format('%I BETWEEN %s AND %s', col, low, high)
        FROM cru.bound WHERE kind = 'number'
        UNION ALL
        SELECT tab, col || '_time',
               format('%1$I >= ''2000-01-01 00:00:00+00'' AND %1$I < ''2200-01-01 00:00:00+00''', col)
        FROM cru.bound WHERE kind = 'moment'
        UNION ALL
        SELECT tab, col || '_day', format('%I BETWEEN ''%s-01-01'' AND ''%s-12-31''', col, low, high)
        FROM cru.bound WHERE kind = 'day'
        UNION ALL
        SELECT tab, col || '_shape', format('cru.%s(%I)', kind, col)
        FROM cru.bound WHERE kind IN ('is_plan', 'is_answers')
        UNION ALL
        -- Any reader of JSON can read it: not too long, not too deep, no numbers of a thousand digits.
        SELECT tab, col || '_shape', format('jsonb_typeof(%1$I) = ''object'' AND octet_length(%1$I::text) <= %2$s '
            'AND NOT jsonb_path_exists(%1$I, ''strict $.**{6}'') AND NOT jsonb_path_exists(%1$I, '
            '''strict $.** ? (@.type() == "number" && (@ > 1e15 || @ < -1e15))'')', col, high)
        FROM cru.bound WHERE kind = 'tree'
        UNION ALL
        -- In seconds: a sum of times would fail for the very times that are to be refused.
        SELECT 'shift', col || '_near', format('extract(epoch FROM %I) - extract(epoch FROM started_at) '
                                               'BETWEEN -86400 AND 34560000', col)
        FROM unnest('{planned_end_at,meal_due_at,meal_until_at}'::text[]) AS col
        UNION ALL
        VALUES ('referral', 'location_given', 'location_text || postcode ~ ''[^[:space:]]'''),
            ('referral', 'born_before_received', 'patient_born <= (received_at AT TIME ZONE ''UTC'')::date + 1'),
            ('position_fix', 'has_a_place', 'refused <> '''' OR (lat IS NOT NULL AND lon IS NOT NULL)')
    LOOP
        EXECUTE format('ALTER TABLE cru.%I ADD CONSTRAINT %I CHECK (%s) NOT VALID', c.tab,
                       c.tab || '_' || c.name || '_check', c.condition);
    END LOOP;
END $$;
