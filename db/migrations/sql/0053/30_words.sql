-- A person's record has a short form in the command line. A word that a service gave another meaning keeps that.
INSERT INTO cru.command_word (label, verb, rank, author)
SELECT 'prs', 'person record', 2041, 'default set' WHERE EXISTS (SELECT FROM cru.wish)
    AND NOT EXISTS (SELECT FROM cru.command_word c WHERE lower(c.label) = 'prs') ON CONFLICT DO NOTHING;
