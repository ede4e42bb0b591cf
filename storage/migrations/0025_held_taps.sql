-- What a button that is held was about; a later tap about the same takes its place.
ALTER TABLE inbox ADD COLUMN held_tap TEXT;             -- NULL: not a tap
