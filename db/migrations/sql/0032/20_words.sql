-- What a van leaves bare is told by town. Words that a trust wrote itself stay, as does every number.
ALTER TABLE cru.rule DISABLE TRIGGER USER;
UPDATE cru.rule SET meaning = v.now FROM (VALUES
    ('How much it speaks against a van that its base waits long for another',
        'How much it speaks against a van that a town waits long for the next one'),
    ('How long a base waits for another van before that speaks against sending its own',
        'How long a town waits for the next van before that speaks against sending the nearest')
) AS v(was, now) WHERE rule.meaning = v.was;
ALTER TABLE cru.rule ENABLE TRIGGER USER;
