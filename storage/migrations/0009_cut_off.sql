-- How often the program ended while it worked on this. That is no failure of the work, but what ends the program every
-- time must not be taken up for ever.
ALTER TABLE job ADD COLUMN cut_off INTEGER NOT NULL DEFAULT 0;
