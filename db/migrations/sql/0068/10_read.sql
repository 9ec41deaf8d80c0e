-- Danger is told wherever somebody types: why it is taken up again, what is to be done later, what a flag says, what a crew says.
-- As in 0043 otherwise.
DO $$ BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION cru.word_kinds() RETURNS text[] LANGUAGE sql IMMUTABLE'
        ' SET search_path = cru, pg_temp AS %L', format('SELECT %L::text[]', cru.word_kinds()
        || '{flag,follow-up planned,follow-up put off,feedback,crew well,reopened,declined,cancelled,entered in error undone,ending named,end put right}'::text[]));
END $$;

CREATE FUNCTION cru.told_late() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT 'Danger was told in a call after it had ended: say 999 / back to EMAS, or take it up again'
$$;

-- What the record plans when a referral has ended.
CREATE FUNCTION cru.is_planned_by_itself(the_words text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = cru, pg_temp AS $$
    SELECT the_words LIKE 'For the shift lead: %' OR the_words LIKE 'It was said in error that the person had died: %'
        OR the_words = told_late()
        OR the_words = 'Mental-health assessment beside physical care, and aftercare where worries remain'
        OR the_words = 'Was the person found? Ask whoever was told to look for them'
$$;

CREATE OR REPLACE FUNCTION cru.words_of(e cru.event) RETURNS text
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT CASE
        -- The story says of these that they were, and which, and has their words elsewhere.
        WHEN e.kind = 'received' THEN (SELECT access_note FROM referral WHERE id = e.referral_id)
        WHEN e.kind = 'details changed' THEN e.detail -> 'access_note' ->> 'to'
        WHEN e.kind LIKE 'promise %' THEN (SELECT promise_note FROM contact WHERE id = (e.detail ->> 'contact')::uuid)
        -- Why something was done stands beside it.
        WHEN e.kind IN ('reopened', 'follow-up put off', 'end put right') THEN e.reason
        -- Why it was an error counts once it is none.
        WHEN e.kind = 'entered in error undone' THEN concat_ws('. ', e.words, e.reason)
        -- Why nobody was told; names, and what the record itself puts there, are left out.
        WHEN e.kind = 'ending named' THEN (SELECT string_agg(said, '. ' ORDER BY said) FROM (
            SELECT DISTINCT e.detail -> one ->> 'to' AS said
            FROM unnest('{person_not_told,caller_not_told,referrer_not_told,rights_not_told}'::text[]) AS one) s
            WHERE said NOT IN ('the person has died', 'the person was not found'))
        -- What somebody is called is no danger, whatever it means elsewhere.
        WHEN e.kind LIKE 'about me%' AND e.detail ->> 'topic' IN ('call_me', 'pronouns') THEN NULL
        -- A flag that says danger stands by itself, as long as it holds; of one for the safety of staff somebody says whether it does.
        WHEN e.kind = 'flag' AND EXISTS (SELECT FROM flag f WHERE f.referral_id = e.referral_id AND f.reason = e.words
            AND (f.danger OR f.kind = 'staff safety')) THEN NULL
        -- What the record plans by itself says what is to be done, and nothing about the person.
        WHEN e.kind = 'follow-up planned' AND is_planned_by_itself(e.words) THEN NULL
        -- A reason from a list is one word; one that was typed has several.
        WHEN e.kind IN ('on hold', 'van stood down', 'handover refused', 'declined', 'cancelled')
            AND e.words !~ '[^[:space:]][[:space:]]+[^[:space:]]' THEN NULL
        ELSE e.words END
$$;

-- What is taken back was not said, and says nothing.
CREATE TRIGGER then_danger_of_reasons AFTER INSERT ON cru.event FOR EACH ROW
    WHEN (NEW.kind IN ('flag taken back', 'follow-up planned taken back', 'follow-up put off taken back', 'feedback taken back',
          'crew well taken back', 'reopened taken back', 'entered in error undone taken back',
          'ending named taken back', 'end put right taken back', 'declined taken back', 'cancelled taken back')
          AND NEW.referral_id IS NOT NULL)
    EXECUTE FUNCTION cru.then_danger();

REVOKE ALL ON FUNCTION cru.is_planned_by_itself(text), cru.told_late() FROM PUBLIC;
