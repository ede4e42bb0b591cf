-- Answers in which something may tell of somebody else, by what it is; never the words.
CREATE TABLE flag (
    session_id INTEGER NOT NULL REFERENCES session (id),
    answer_id INTEGER NOT NULL REFERENCES answer (id),
    sort TEXT NOT NULL CHECK (sort IN ('phone', 'email', 'iban', 'bsn', 'address', 'name')),
    left_on TEXT,                           -- NULL: the person was not asked, or did not say
    PRIMARY KEY (answer_id, sort)
) STRICT;
CREATE INDEX flag_by_session ON flag (session_id);

-- NULL: the words are there; else they told of somebody else, and were taken out when the answer was given anew.
ALTER TABLE answer ADD COLUMN replaced_on TEXT;
