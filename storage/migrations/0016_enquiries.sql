-- What a participant asked who coordinates, and when; the words themselves pass through the outbox only.
CREATE TABLE enquiry (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    city TEXT NOT NULL,
    asked_on TEXT NOT NULL,
    answered_on TEXT,                       -- NULL: not answered
    answered_by INTEGER REFERENCES person (id) -- NULL: not answered
) STRICT;
CREATE INDEX enquiry_by_person ON enquiry (person_id, asked_on);

ALTER TABLE outbox ADD COLUMN words_of INTEGER REFERENCES person (id); -- whose words it passes on, until it arrived; NULL: nobody's
CREATE INDEX outbox_passing ON outbox (id) WHERE words_of IS NOT NULL;
