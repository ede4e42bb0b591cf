ALTER TABLE contact ADD COLUMN email TEXT;              -- where weekly summaries go; NULL: they come by chat
