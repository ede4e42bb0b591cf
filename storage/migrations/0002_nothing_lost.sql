-- What an update was about when it first failed, so that a replay answers the question it was meant for.
ALTER TABLE inbox ADD COLUMN meant_session INTEGER;  -- NULL: it did not fail, or no question waited
ALTER TABLE inbox ADD COLUMN meant_asking INTEGER;
ALTER TABLE inbox ADD COLUMN meant_path TEXT;
ALTER TABLE inbox ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0;

-- How often it was said again though it may have arrived before.
ALTER TABLE outbox ADD COLUMN said_again INTEGER NOT NULL DEFAULT 0;

-- Why the clock could not take the next step with it; such a prompt is looked at no more until it is replayed.
ALTER TABLE prompt ADD COLUMN error TEXT;            -- NULL: nothing is wrong
CREATE INDEX prompt_set_aside ON prompt (id) WHERE error IS NOT NULL;

CREATE INDEX inbox_handled ON inbox (handled_on) WHERE state = 'done';
CREATE INDEX outbox_sent ON outbox (sent_on) WHERE state = 'sent';
CREATE INDEX outbox_edits ON outbox (edit_of) WHERE edit_of IS NOT NULL;

-- The clock asks for old tests every few seconds; there are hardly ever any, among all the sessions there will be.
CREATE INDEX session_tests ON session (started_on) WHERE is_test = 1;
