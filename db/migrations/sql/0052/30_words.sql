-- Every verb of the command line has a short form. A word that a service gave another meaning keeps that.
INSERT INTO cru.command_word (label, verb, rank, author)
SELECT w.label, w.verb, 2000 + w.rank, 'default set' FROM (VALUES
    ('hu', 'hung up', 1), ('ec', 'end call', 2), ('ner', 'no error', 3), ('fl', 'flag', 4), ('wsh', 'wishes', 5),
    ('lf', 'look at flag', 6), ('tov', 'take over', 7), ('ll', 'link late', 8), ('msg', 'message', 9), ('tell', 'message', 10),
    ('lu', 'look up', 11), ('ud', 'undo', 12), ('gon', 'go on', 13), ('ib', 'inbox', 14), ('alrs', 'alarms', 15),
    ('qt', 'quiet', 16), ('snd', 'sound test', 17), ('ans', 'answer', 18), ('refs', 'referrals', 19), ('vn', 'vans', 20),
    ('tls', 'timelines', 21), ('sel', 'selected', 22), ('msgs', 'messages', 23), ('lg', 'log', 24), ('rm', 'room', 25),
    ('cls', 'calls', 26), ('vcs', 'voices', 27), ('wl', 'wall', 28), ('lk', 'lock', 29), ('hn', 'hide names', 30),
    ('rvw', 'review', 31), ('rfp', 'refused positions', 32), ('ra', 'recorded although', 33), ('mea', 'measures', 34), ('tlv', 'tool', 35),
    ('rt', 'rota', 36), ('flt', 'fleet', 37), ('stg', 'settings', 38), ('ky', 'keys', 39), ('mn', 'menu', 40)
) AS w (label, verb, rank) WHERE EXISTS (SELECT FROM cru.wish)
    AND NOT EXISTS (SELECT FROM cru.command_word c WHERE lower(c.label) = w.label) ON CONFLICT DO NOTHING;
