ALTER TABLE person ADD COLUMN tidies INTEGER;           -- NULL: as the study has it
ALTER TABLE session ADD COLUMN tidied_on TEXT;          -- until when its messages were taken out of the chat; NULL: none were
