-- What was worked out as less than nothing is worked out again.
INSERT INTO cru.fact_due (referral_id)
SELECT referral_id FROM cru.referral_fact WHERE least(response, decision, handover, ems_wait, ems_release) < 0
UNION
SELECT referral_id FROM cru.job_fact WHERE least(activation, travel, job_cycle, stale_of) < 0;
