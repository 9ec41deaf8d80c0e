-- What waits for an answer is read with what is configured, since it belongs to no referral of the board: each console reads it
-- again when something is asked or answered.
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.person_request
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

INSERT INTO cru.alarm_kind (code, label, priority, times, escalate_minutes, stays, shelvable, what_to_do, rank, author)
SELECT 'request', 'Request about a record not answered in time', 3, 1, NULL, false, true,
    'Answer it, and tell whoever asked why it is late. Only the owner of the record answers about erasing.', 25, 'default set'
WHERE EXISTS (SELECT FROM cru.wish) ON CONFLICT DO NOTHING;
