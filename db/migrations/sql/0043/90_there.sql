-- What is there already is found too; the index is made once the rows are in.
INSERT INTO cru.findable (id, is_log, at, words)
SELECT r.id, false, r.received_at, cru.bounded_words(cru.words_of_referral(r) || coalesce(n.words, ''))
FROM cru.referral r LEFT JOIN (
    SELECT e.referral_id, cru.words_found_by(string_agg(e.words, E'\n')) AS words FROM cru.event e
    WHERE e.words <> '' AND cru.is_found_by(e) GROUP BY e.referral_id) n ON n.referral_id = r.id;
INSERT INTO cru.findable (id, is_log, at, words)
SELECT id, true, happened_at, cru.words_found_by(words) FROM cru.shift_log WHERE taken_back_at IS NULL;

-- What is written lately waits in a short list that every search reads through.
CREATE INDEX findable_words_idx ON cru.findable USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX findable_at_idx ON cru.findable (at DESC, id);
ANALYZE cru.findable;
