-- What was said under a consent text that is no longer today's keeps its words until the person chose.
ALTER TABLE inbox ADD COLUMN held_on TEXT;              -- NULL: not held
CREATE INDEX inbox_held ON inbox (held_on) WHERE held_on IS NOT NULL;
CREATE INDEX inbox_held_by_chat ON inbox (chat, id) WHERE held_on IS NOT NULL;
