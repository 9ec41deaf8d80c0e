-- The groups that carry rights. Roles belong to the whole server, so another database may have made them already.
DO $$
DECLARE
    g text;
BEGIN
    FOREACH g IN ARRAY '{cru_viewer,cru_dispatcher,cru_shift_lead,cru_gateway}'::text[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = g) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', g);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made at the same moment for another database
            END;
        END IF;
    END LOOP;
    IF NOT pg_has_role('cru_shift_lead', 'cru_dispatcher', 'MEMBER') THEN
        GRANT cru_dispatcher TO cru_shift_lead;
    END IF;
END $$;
