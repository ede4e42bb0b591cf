-- It ended while the person could not be reached and had begun nothing: exports say so instead of missed or expired.
ALTER TABLE prompt ADD COLUMN undeliverable INTEGER NOT NULL DEFAULT 0;
