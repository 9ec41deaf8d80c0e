-- Feedback: who said it, of which kind, what may be done with it, and what it is about. What is there was asked for nothing.
ALTER TABLE cru.feedback
    ALTER COLUMN referral_id DROP NOT NULL,
    ADD COLUMN version BIGINT DEFAULT 1 NOT NULL,
    ADD COLUMN kind TEXT DEFAULT 'comment' NOT NULL,
    ADD COLUMN consent TEXT DEFAULT 'not asked' NOT NULL,
    ADD COLUMN themes TEXT[] DEFAULT '{}' NOT NULL,
    DROP CONSTRAINT feedback_said_by_check,
    ADD CONSTRAINT feedback_said_by_check CHECK (said_by IN ('EMAS crew', 'person', 'carer', 'other professional')),
    ADD CONSTRAINT feedback_kind_check CHECK (kind IN ('comment', 'thanks', 'idea', 'complaint')),
    ADD CONSTRAINT feedback_consent_check CHECK (consent IN ('not asked', 'team only', 'may be quoted')),
    ADD CONSTRAINT feedback_version_range_check CHECK (version BETWEEN 1 AND 9007199254740991),
    ADD CONSTRAINT feedback_themes_list_check CHECK (coalesce(array_ndims(themes), 1) = 1 AND cardinality(themes) <= 40
        AND array_position(themes, NULL) IS NULL AND char_length(array_to_string(themes, '')) <= 4000),
    DROP CONSTRAINT IF EXISTS feedback_one_line_check,
    ADD CONSTRAINT feedback_one_line_check CHECK (concat_ws('', recorded_by, themes) !~ '[\u0001-\u001F\u007F]');
CREATE INDEX feedback_recorded_at_idx ON cru.feedback (recorded_at);
