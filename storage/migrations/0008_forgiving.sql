-- What the message put last asks to confirm: a number, or '?' for a question that has to be answered; '' for neither.
ALTER TABLE session ADD COLUMN offered TEXT NOT NULL DEFAULT '';
-- Some question was asked in vain three times; the city's coordinators see so.
ALTER TABLE session ADD COLUMN stuck INTEGER NOT NULL DEFAULT 0;
-- The words of care for somebody who tells of something grave were said in this session.
ALTER TABLE session ADD COLUMN cared INTEGER NOT NULL DEFAULT 0;
-- When to ask whether an open answer is finished; NULL: no message of one waits, or it was asked.
ALTER TABLE session ADD COLUMN nudge_on TEXT;
CREATE INDEX session_nudge ON session (nudge_on) WHERE nudge_on IS NOT NULL;

-- Pictures that were sent together: which question the first of them met, and how many came.
CREATE TABLE album (
    session_id INTEGER NOT NULL REFERENCES session (id),
    album TEXT NOT NULL,                    -- the channel's id
    path TEXT NOT NULL,                     -- the question that waited; '' where none did
    kept INTEGER NOT NULL,                  -- the first was taken
    came INTEGER NOT NULL,
    PRIMARY KEY (session_id, album)
) STRICT;

-- Typed words are compared with the buttons of the newest message that has any.
CREATE INDEX outbox_by_chat ON outbox (urn, id) WHERE edit_of IS NULL AND message IS NOT NULL;
