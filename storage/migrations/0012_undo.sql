-- What a coordinator changed and can take back for some minutes.
CREATE TABLE undo (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id), -- who changed it
    city TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- the audit's word for the change
    subject TEXT NOT NULL,                  -- the audit's, too
    detail TEXT NOT NULL,                   -- JSON of ids, times and states; never a name or what somebody said
    made_on TEXT NOT NULL,
    undone_on TEXT                          -- NULL: it was not taken back
) STRICT;
CREATE INDEX undo_by_age ON undo (made_on);

-- Planned by a slip and taken back before anybody was asked: exports do not know it.
ALTER TABLE workshop ADD COLUMN unplanned_on TEXT;  -- NULL: it was not
