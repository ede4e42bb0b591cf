-- A quote stands in one week's summary: what is approved again after a change does not come twice.
ALTER TABLE quote ADD COLUMN told_week TEXT;            -- the ISO week whose summary had it; NULL: none had
ALTER TABLE quote ADD COLUMN told TEXT;                 -- its words when they were first told; NULL: they were not
