-- An approach plan becomes things that were said, each by itself: those of before, and those that a console of the
-- version before still writes while a trust changes over. The plan itself stays as it was written.

CREATE FUNCTION cru.said_in_plan(plan jsonb) RETURNS TABLE (entry text, topic text, code text, words text)
LANGUAGE sql STABLE SET search_path = cru, pg_temp AS $$
    SELECT 'wishes', 'wish', '', w FROM jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(plan -> 'wishes') = 'array' THEN plan -> 'wishes' ELSE '[]' END) AS w
    UNION ALL
    SELECT 'language', l.topic, l.code, l.words FROM read_languages(coalesce(plan ->> 'language', '')) l
    UNION ALL
    SELECT 'same_gender', 'safer_with', CASE WHEN g ~* '\m(female|woman|women)\M' THEN 'woman'
        WHEN g ~* '\m(male|man|men)\M' THEN 'man' ELSE '' END,
        CASE WHEN lower(btrim(g)) IN ('female', 'male', 'woman', 'man') THEN '' ELSE g END
    FROM (SELECT coalesce(plan ->> 'same_gender', '')) AS s(g)
    UNION ALL
    SELECT e.entry, e.topic, '', coalesce(plan ->> e.entry, '') FROM (VALUES ('communication', 'communication'),
        ('helps', 'helps'), ('makes_worse', 'avoid'), ('crisis_plan', 'crisis_plan')) AS e(entry, topic)
$$;

-- Written by the record itself, so it names the login that wrote the plan, as every row does.
CREATE FUNCTION cru.absorb_plan(the_referral uuid, was jsonb, plan jsonb, told_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
DECLARE
    changed text[] := (SELECT coalesce(array_agg(k), '{}') FROM unnest('{wishes,language,same_gender,communication,helps,'
        'makes_worse,crisis_plan}'::text[]) AS k WHERE was -> k IS DISTINCT FROM plan -> k);
    who text := left(coalesce(nullif(btrim(regexp_replace(plan ->> 'said_by', '[[:space:][:cntrl:]]+', ' ', 'g')), ''),
                              'not recorded'), 200);
BEGIN
    UPDATE about_me SET ended_at = clock_now() WHERE referral_id = the_referral AND from_plan = ANY (changed)
        AND ended_at IS NULL AND taken_back_at IS NULL;
    INSERT INTO about_me (referral_id, topic, code, words, said_by, from_plan, added_at)
    SELECT the_referral, s.topic, s.code, btrim(s.words), who, s.entry, told_at FROM said_in_plan(plan) s
    WHERE s.entry = ANY (changed) AND (s.code <> '' OR s.words ~ '[^[:space:]]')
        AND EXISTS (SELECT FROM about_topic t WHERE t.key = s.topic);
END $$;

CREATE FUNCTION cru.follow_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    PERFORM absorb_plan(NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.plan ELSE '{}' END, NEW.plan, clock_now());
    RETURN NULL;
END $$;

CREATE TRIGGER then_say_plan_insert AFTER INSERT ON cru.referral FOR EACH ROW
    WHEN (NEW.plan <> '{}' AND NOT cru.is_being_restored('referral', NEW.id)) EXECUTE FUNCTION cru.follow_plan();
CREATE TRIGGER then_say_plan_update AFTER UPDATE OF plan ON cru.referral FOR EACH ROW
    WHEN (NEW.plan <> OLD.plan AND NOT cru.is_being_restored('referral', NEW.id)) EXECUTE FUNCTION cru.follow_plan();
