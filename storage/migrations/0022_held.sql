-- What was said under a consent text that is no longer today's keeps its words until the person chose.
ALTER TABLE inbox ADD COLUMN held_on TEXT;              -- NULL: not held
CREATE INDEX inbox_held ON inbox (chat, held_on) WHERE held_on IS NOT NULL;
