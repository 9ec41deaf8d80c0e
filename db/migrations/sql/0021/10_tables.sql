-- What the measures ask about a referral and about a job of a van, worked out once and kept narrow, so that a figure over
-- months reads an index range and no page twice. Nobody but the record's own functions reads or writes them: every value is
-- worked out again from the record whenever something happens to its referral, and none is a fact by itself.
--
-- A column that is named like a measure holds what it counts of this referral: minutes, where NaN is a time that nobody put
-- down; of a share 1, 0, or -1 where nobody put it down. NULL is what the measure does not ask about. Where a referral
-- can have several (promises, wishes), "..._of" says of how many.

CREATE TABLE cru.referral_fact (
    referral_id uuid NOT NULL,
    reference text NOT NULL,
    received_at timestamptz NOT NULL,
    settled_at timestamptz NOT NULL,
    -- From then on the passing of time alone makes something else of it: hours that are over, a promise that falls due.
    again_at timestamptz,
    -- What it may be cut by.
    priority text NOT NULL,
    source text NOT NULL,
    area text NOT NULL,
    hour smallint NOT NULL,
    van_id uuid,
    -- Where it stands.
    state text NOT NULL,
    end_code text NOT NULL,
    in_error boolean NOT NULL,
    met boolean NOT NULL,
    accompanied boolean NOT NULL,
    held_until timestamptz,
    back_id uuid,
    -- The people, for groups of them.
    age_band text NOT NULL,
    language text NOT NULL,
    ethnicity text NOT NULL,
    deprivation text NOT NULL,
    -- Minutes.
    response double precision,
    decision double precision,
    handover double precision,
    ems_wait double precision,
    ems_release double precision,
    -- Shares.
    never_met smallint,
    declined smallint,
    cancelled smallint,
    cancelled_unheard smallint,
    care_done smallint,
    care_not_done smallint,
    care_not_needed smallint,
    care_not_known smallint,
    back smallint,
    promises_kept smallint,
    promises_kept_of smallint,
    promises_made smallint,
    wishes_kept smallint,
    wishes_kept_of smallint,
    wishes_asked smallint,
    follow_ups_kept smallint,
    follow_ups_kept_of smallint,
    follow_ups_made smallint,
    called_in_time smallint,
    called_in_time_of smallint,
    overrides smallint,
    screened_out smallint,
    unknown_to_no smallint,
    unknown_to_no_of smallint,
    unknown_to_yes smallint,
    unknown_to_yes_of smallint,
    force smallint,
    force_not_said smallint,
    avoided smallint,
    police_avoided smallint,
    untyped smallint,
    untyped_of smallint,
    -- Counts.
    amended smallint,
    CONSTRAINT referral_fact_pkey PRIMARY KEY (referral_id),
    CONSTRAINT referral_fact_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES cru.referral (id)
);
CREATE INDEX referral_fact_received_at_idx ON cru.referral_fact (received_at);
CREATE INDEX referral_fact_again_at_idx ON cru.referral_fact (again_at) WHERE again_at IS NOT NULL;
CREATE INDEX referral_fact_back_id_idx ON cru.referral_fact (back_id) WHERE back_id IS NOT NULL;

CREATE TABLE cru.job_fact (
    assignment_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    reference text NOT NULL,
    received_at timestamptz NOT NULL,
    priority text NOT NULL,
    source text NOT NULL,
    area text NOT NULL,
    hour smallint NOT NULL,
    van_id uuid NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz,
    activation double precision,
    travel double precision,
    job_cycle double precision,
    stale double precision,
    stale_of double precision,
    CONSTRAINT job_fact_pkey PRIMARY KEY (assignment_id),
    CONSTRAINT job_fact_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES cru.assignment (id),
    CONSTRAINT job_fact_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES cru.referral (id)
);
CREATE INDEX job_fact_received_at_idx ON cru.job_fact (received_at);
CREATE INDEX job_fact_referral_id_idx ON cru.job_fact (referral_id);
CREATE INDEX job_fact_from_at_idx ON cru.job_fact (from_at);
CREATE INDEX job_fact_long_idx ON cru.job_fact (from_at) WHERE until_at IS NULL OR until_at - from_at > interval '1 day';

-- Referrals to which something happened since they were worked out. No key but a number: whoever writes an event waits for
-- nobody, and the same referral may stand in it many times.
CREATE TABLE cru.fact_due (
    id bigint GENERATED ALWAYS AS IDENTITY,
    referral_id uuid NOT NULL,
    CONSTRAINT fact_due_pkey PRIMARY KEY (id)
);

CREATE INDEX shift_started_at_idx ON cru.shift (started_at);

-- What a measure says beside its definition.
ALTER TABLE cru.measure ADD COLUMN better text DEFAULT 'neither' NOT NULL,
    ADD COLUMN target double precision, ADD COLUMN within_limit double precision,
    ADD COLUMN on_wall boolean DEFAULT false NOT NULL;
ALTER TABLE cru.measure DROP CONSTRAINT measure_unit_check;
ALTER TABLE cru.measure
    ADD CONSTRAINT measure_unit_check CHECK (unit IN ('share', 'minutes', 'count', 'hours', 'time')),
    ADD CONSTRAINT measure_better_check CHECK (better IN ('lower', 'higher', 'neither')),
    ADD CONSTRAINT measure_target_range_check CHECK (target BETWEEN 0 AND 100000),
    ADD CONSTRAINT measure_within_limit_range_check CHECK (within_limit BETWEEN 1 AND 100000);
CREATE INDEX shift_long_idx ON cru.shift (started_at) WHERE ended_at IS NULL OR ended_at - started_at > interval '7 days';
