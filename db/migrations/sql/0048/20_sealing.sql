-- A trigger writes a salted hash of each row as it stands after each change, and no more: no lock, no chain, no row that two
-- writers share. The canonical bytes are the row as Postgres writes it (record_out) with times in UTC, which COPY and
-- pg_dump write too, so that a dump can be compared on a machine without a server.

CREATE FUNCTION cru.row_digest(salt uuid, said text) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$ SELECT sha256(uuid_send(salt) || convert_to(said, 'UTF8')) $$;

-- Seal a table from now on, or anew when its columns are others: a shape, a function and a trigger of its own, since a
-- function for all would have to look for the key of each row. The settings are those that the writing of a row goes by.
CREATE FUNCTION cru.seal_table(the_table text, is_once boolean, stamped_by text DEFAULT '') RETURNS void
LANGUAGE plpgsql SET search_path = cru, pg_temp AS $fn$
DECLARE
    the_class regclass := ('cru.' || quote_ident(the_table))::regclass;
    the_columns jsonb := (SELECT jsonb_agg(jsonb_build_array(attname, format_type(atttypid, NULL)) ORDER BY attnum)
                          FROM pg_attribute WHERE attrelid = the_class AND attnum > 0 AND NOT attisdropped);
    keys text[] := ARRAY (SELECT a.attname::text FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (n, place)
                          JOIN pg_attribute a ON a.attnum = k.n
                          WHERE i.indrelid = the_class AND i.indisprimary AND a.attrelid = the_class ORDER BY k.place);
    the_shape integer;
BEGIN
    INSERT INTO audit_shape (table_name, columns, row_keys, stamped, once)
    VALUES (the_table, the_columns, array_to_string(keys, ' '), stamped_by, is_once) RETURNING shape INTO the_shape;
    EXECUTE format($code$
        CREATE OR REPLACE FUNCTION cru.%1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp
        SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' SET extra_float_digits = 1 AS $body$
        DECLARE
            salt uuid := gen_random_uuid();
        BEGIN
            IF TG_OP = 'DELETE' THEN
                INSERT INTO audit_pending (shape, op, row_key, digest) VALUES (%2$s, 'D', %4$s, '');
            ELSE
                INSERT INTO audit_pending (shape, op, row_key, digest, salt)
                VALUES (%2$s, left(TG_OP, 1), %3$s, sha256(uuid_send(salt) || convert_to(NEW::text, 'UTF8')), salt);
            END IF;
            RETURN NULL;
        END $body$
    $code$, 'seal_' || the_table, the_shape,
        (SELECT string_agg(format('NEW.%I::text', k), ' || '' '' || ') FROM unnest(keys) k),
        (SELECT string_agg(format('OLD.%I::text', k), ' || '' '' || ') FROM unnest(keys) k));
    EXECUTE format('REVOKE ALL ON FUNCTION cru.%I() FROM PUBLIC', 'seal_' || the_table);
    EXECUTE format('CREATE OR REPLACE TRIGGER seal AFTER INSERT OR UPDATE OR DELETE ON cru.%I
        FOR EACH ROW EXECUTE FUNCTION cru.%I()', the_table, 'seal_' || the_table);
END $fn$;

-- Seal every row of a table as it stands: when it is sealed for the first time, and when a revision gave it other columns or
-- mended its rows past the triggers. Returns how many.
CREATE FUNCTION cru.seal_rows(the_table text) RETURNS bigint
LANGUAGE plpgsql SET search_path = cru, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' SET extra_float_digits = 1 AS $$
DECLARE
    known audit_shape := (SELECT s FROM audit_shape s WHERE s.table_name = the_table ORDER BY shape DESC LIMIT 1);
    keys text[] := string_to_array(known.row_keys, ' ');
    done bigint;
BEGIN
    EXECUTE format('INSERT INTO audit_pending (shape, op, row_key, digest, salt)
        SELECT $1, ''S'', the_key, row_digest(the_salt, the_row), the_salt
        FROM (SELECT %s AS the_key, t::text AS the_row, gen_random_uuid() AS the_salt FROM cru.%I t ORDER BY %s) rows',
        (SELECT string_agg(format('t.%I::text', k), ' || '' '' || ') FROM unnest(keys) k), the_table,
        (SELECT string_agg(format('t.%I', k), ', ') FROM unnest(keys) k)) USING known.shape;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

-- The hash of a perfect part of the tree; null where it is not whole yet.
CREATE FUNCTION cru.sealed_part(the_level integer, the_index bigint) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = cru, pg_temp AS $$
DECLARE
    hashes bytea[];
BEGIN
    IF the_level >= 8 THEN
        RETURN (SELECT n.hash FROM audit_node n WHERE n.level = the_level AND n.index = the_index);
    END IF;
    hashes := ARRAY (SELECT sha256('\x00'::bytea || convert_to(concat_ws(' ', id, xid, shape, op, encode(digest, 'hex'), row_key), 'UTF8'))
        FROM audit_leaf WHERE place >= the_index << the_level AND place < (the_index + 1) << the_level ORDER BY place);
    IF cardinality(hashes) <> 1 << the_level THEN
        RETURN NULL;
    END IF;
    WHILE cardinality(hashes) > 1 LOOP
        hashes := ARRAY (SELECT sha256('\x01'::bytea || hashes[2 * n - 1] || hashes[2 * n])
            FROM generate_series(1, cardinality(hashes) / 2) n ORDER BY n);
    END LOOP;
    RETURN hashes[1];
END $$;

-- The same of several, for whoever wants to see that a checkpoint continues another one; at most so many as that takes.
CREATE FUNCTION cru.sealed_parts(levels integer[], indexes bigint[]) RETURNS bytea[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT ARRAY (SELECT sealed_part(l, i) FROM unnest(levels, indexes) WITH ORDINALITY u (l, i, n)
        WHERE n <= 200 AND l BETWEEN 0 AND 60 ORDER BY n)
$$;

-- When it was sealed last, and since when it ought to be; nothing of a practice shift, nor of a computer's own record.
CREATE FUNCTION cru.sealed() RETURNS TABLE (last_at timestamptz, since_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = cru, pg_temp AS $$
    SELECT (SELECT c.made_at FROM audit_checkpoint c ORDER BY c.number DESC LIMIT 1),
        coalesce((SELECT min(u.added_at) FROM user_account u), clock_now())
    WHERE NOT EXISTS (SELECT FROM service WHERE exercise)
        AND current_setting('cru.embedded', true) IS DISTINCT FROM 'on'
$$;

REVOKE ALL ON FUNCTION cru.row_digest(uuid, text), cru.seal_table(text, boolean, text), cru.seal_rows(text),
    cru.sealed_part(integer, bigint), cru.sealed_parts(integer[], bigint[]), cru.sealed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cru.sealed_parts(integer[], bigint[]), cru.sealed() TO cru_viewer, cru_dispatcher;
