-- Back at 999 is also whom the ambulance service came to again, and who was linked late: no second referral says so. Where
-- the end was that the ambulance service takes over, its coming is the end itself.
CREATE FUNCTION cru.count_ems_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = cru, pg_temp AS $$
BEGIN
    UPDATE referral_fact f SET back = 1 FROM made m JOIN late_link l ON l.referral_id = m.referral_id
        JOIN referral r ON r.id = m.referral_id
    WHERE f.referral_id = m.referral_id AND m.back IN (0, -1) AND l.service = 'ems' AND l.taken_back_at IS NULL
        AND coalesce(l.came_at, l.made_at) > r.closed_at
        AND coalesce(l.came_at, l.made_at) <= r.closed_at + interval '72 hours'
        AND NOT EXISTS (SELECT FROM ending_rule u WHERE u.code = coalesce(nullif(r.end_reason, ''), r.outcome)
                        AND u.aftercare_hours IS NOT NULL);
    RETURN NULL;
END $$;

CREATE TRIGGER ems_again AFTER INSERT ON cru.referral_fact REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION cru.count_ems_again();

REVOKE ALL ON FUNCTION cru.count_ems_again() FROM PUBLIC;

ALTER TABLE cru.measure DISABLE TRIGGER guard;
UPDATE cru.measure SET definition = 'Of all ended referrals of a person who can be told again (NHS number, or name and date of birth, or a dispatcher''s word): how many are followed within 72 hours by another referral of the same person, from whomever, or by an ambulance crew that was linked late; not where the end was that EMAS takes over. Until they are over, and where nobody can tell, it is missing. A visit to A&E of which this record is not told does not count.'
    WHERE key = 'back' AND definition = 'Of all ended referrals of a person who can be told again (NHS number, or name and date of birth, or a dispatcher''s word): how many are followed by another referral of the same person within 72 hours, from whomever. Until they are over, and where nobody can tell, it is missing. A visit to A&E of which this record is not told does not count.';
ALTER TABLE cru.measure ENABLE TRIGGER guard;

-- What is there is worked out anew where such a crew was linked.
INSERT INTO cru.fact_due (referral_id) SELECT DISTINCT referral_id FROM cru.late_link WHERE service = 'ems';
