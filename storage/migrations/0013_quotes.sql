-- What a coordinator decided about quoting an answer, last.
CREATE TABLE quote (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    answer_id INTEGER NOT NULL UNIQUE REFERENCES answer (id),
    newest INTEGER NOT NULL,                -- the session's newest answer then; a later one asks for a new decision
    verdict TEXT NOT NULL CHECK (verdict IN ('yes', 'no')),
    words TEXT NOT NULL,                    -- as they may be quoted; '' where they may not
    line TEXT NOT NULL,                     -- the research line it is for; 'G' for none in particular
    decided_by INTEGER NOT NULL REFERENCES person (id),
    decided_on TEXT NOT NULL
) STRICT;
CREATE INDEX quote_by_session ON quote (session_id);
CREATE INDEX quote_by_line ON quote (line, decided_on) WHERE verdict = 'yes';
