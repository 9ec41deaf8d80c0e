-- The words of the command line: short forms and the service's own, beside the plain ones that the program knows. The
-- program's own list of limits is db/tables/bounds.py, and a test holds that the two say the same.

CREATE TABLE cru.command_word (
    label TEXT NOT NULL,
    verb TEXT NOT NULL,
    rank INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    author TEXT DEFAULT session_user NOT NULL,
    dated DATE DEFAULT CURRENT_DATE NOT NULL,
    CONSTRAINT command_word_pkey PRIMARY KEY (label, verb),
    CONSTRAINT command_word_label_length_check CHECK (char_length(label) <= 200),
    CONSTRAINT command_word_label_given_check CHECK (label ~ '[^[:space:]]'),
    CONSTRAINT command_word_verb_length_check CHECK (char_length(verb) <= 200),
    CONSTRAINT command_word_verb_given_check CHECK (verb ~ '[^[:space:]]'),
    CONSTRAINT command_word_rank_range_check CHECK (rank BETWEEN -1000000 AND 1000000),
    CONSTRAINT command_word_author_length_check CHECK (char_length(author) <= 200),
    CONSTRAINT command_word_dated_day_check CHECK (dated BETWEEN '2000-01-01' AND '2199-12-31'),
    CONSTRAINT command_word_one_line_check CHECK (concat_ws('', label, verb, author) !~ '[\u0001-\u001F\u007F]')
);

CREATE TRIGGER listed BEFORE INSERT OR UPDATE ON cru.command_word FOR EACH ROW EXECUTE FUNCTION cru.guard_listed();
CREATE TRIGGER log AFTER INSERT OR UPDATE ON cru.command_word FOR EACH ROW EXECUTE FUNCTION cru.log_listed();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cru.command_word
    FOR EACH STATEMENT EXECUTE FUNCTION cru.note_whole('reference');

GRANT SELECT ON cru.command_word TO cru_viewer, cru_dispatcher;
GRANT INSERT (label, verb, rank, active), UPDATE (rank, active) ON cru.command_word TO cru_shift_lead;

INSERT INTO cru.command_word (label, verb, rank, author)
SELECT label, verb, row_number() OVER (), 'default set' FROM (VALUES
    ('alloc', 'allocate'), ('al', 'allocate'), ('send', 'allocate'), ('assign', 'allocate'),
    ('ack', 'acknowledged'), ('akn', 'acknowledged'), ('mob', 'mobile'), ('en route', 'mobile'),
    ('rv', 'at rendezvous'), ('rvp', 'at rendezvous'), ('os', 'on scene'), ('at scene', 'on scene'),
    ('arrived', 'on scene'), ('wp', 'with patient'), ('wpt', 'with patient'), ('conv', 'conveying'),
    ('taking', 'conveying'), ('dest', 'at destination'), ('ad', 'at destination'), ('clr', 'clear'),
    ('sd', 'stand down'), ('stood down', 'stand down'), ('hs', 'handover started'), ('ha', 'handover accepted'),
    ('hr', 'handover released'), ('rel', 'handover released'), ('crew released', 'handover released'), ('npc', 'needs physical care'),
    ('back to emas', 'needs physical care'), ('ho', 'hand over'), ('scr', 'screen'), ('triage', 'screen'),
    ('acc', 'accept'), ('dec', 'decline'), ('return to emas', '999'), ('looked', 'looked at'),
    ('ovr', 'override'), ('h', 'hold'), ('park', 'hold'), ('back', 'bring back'),
    ('unhold', 'bring back'), ('cxl', 'cancel'), ('can', 'cancel'), ('end', 'close'),
    ('reop', 'reopen'), ('fb', 'feedback'), ('eie', 'entered in error'), ('rang', 'call'),
    ('spoke', 'call'), ('pr', 'promise'), ('rb', 'read back'), ('about me', 'about'),
    ('interp', 'interpreter'), ('who', 'who is it'), ('resp', 'responsible'), ('fu', 'follow up'),
    ('fud', 'follow up done'), ('places', 'places free'), ('ed ref', 'edit'), ('am', 'amend'),
    ('dnh', 'did not happen'), ('on', 'on duty'), ('avail', 'available'), ('back', 'available'),
    ('meal', 'meal break'), ('mb', 'meal break'), ('oos', 'out of service'), ('off', 'off duty'),
    ('emerg', 'emergency'), ('mayday', 'emergency'), ('ce', 'clear emergency'), ('go to', 'show'),
    ('s', 'show'), ('n', 'note'), ('rem', 'note'), ('f', 'find'),
    ('m', 'map'), ('new', 'new referral'), ('nr', 'new referral'), ('ackn', 'acknowledge'),
    ('rp', 'replay'), ('lead', 'figures')
) AS t(label, verb) WHERE EXISTS (SELECT FROM cru.wish);
