ALTER TABLE person ADD COLUMN quotes_allowed INTEGER;   -- NULL: not asked yet
ALTER TABLE person ADD COLUMN paused_on TEXT;           -- NULL: takes no break
ALTER TABLE person ADD COLUMN left_on TEXT;             -- NULL: did not stop and did not say no
ALTER TABLE person ADD COLUMN erased_on TEXT;           -- NULL: not erased; else only code and consent are left
ALTER TABLE person ADD COLUMN consent_asked TEXT;       -- the version last put to them unasked; NULL: none
UPDATE person SET left_on = joined_on WHERE standing IN ('declined', 'withdrawn');

CREATE TABLE consent_wider (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('study', 'media', 'quotes')),
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
    version TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    given_on TEXT NOT NULL
) STRICT;
INSERT INTO consent_wider SELECT id, person_id, kind, answer, version, text_hash, language, given_on FROM consent;
DROP TABLE consent;
ALTER TABLE consent_wider RENAME TO consent;
CREATE INDEX consent_by_person ON consent (person_id, kind, id);

-- The words that people were asked to agree to, by their hash.
CREATE TABLE consent_text (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    words TEXT NOT NULL,
    since_on TEXT NOT NULL
) STRICT;

-- Files that hold people, whom they hold, and who was given them.
CREATE TABLE export (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,                     -- under EXPORTS_DIR
    sha256 TEXT NOT NULL,
    city TEXT NOT NULL,
    rows INTEGER NOT NULL,
    made_on TEXT NOT NULL,
    UNIQUE (file, sha256)
) STRICT;

CREATE TABLE export_person (
    export_id INTEGER NOT NULL REFERENCES export (id),
    code TEXT NOT NULL,
    PRIMARY KEY (export_id, code)
) STRICT;
CREATE INDEX export_person_by_code ON export_person (code);

CREATE TABLE export_reader (
    export_id INTEGER NOT NULL REFERENCES export (id),
    person_id INTEGER,                      -- NULL: the command line
    given_on TEXT NOT NULL
) STRICT;
CREATE INDEX export_reader_by_export ON export_reader (export_id);

CREATE TABLE erasure (
    id INTEGER PRIMARY KEY,
    receipt TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL UNIQUE REFERENCES person (id),
    code TEXT NOT NULL,
    city TEXT NOT NULL,                     -- '' where the person was of no city
    urn TEXT,                               -- where the receipt goes; NULL: it went, or there was no address
    asked_on TEXT NOT NULL,
    deleted_on TEXT,                        -- NULL: the rows are still there
    wiped_on TEXT,                          -- NULL: the bytes of the file were not looked through yet
    answers INTEGER NOT NULL DEFAULT 0,
    files INTEGER NOT NULL DEFAULT 0,
    elsewhere INTEGER NOT NULL DEFAULT 0,   -- passages that the file still holds, in what others said
    recalled_on TEXT                        -- NULL: the files given away were not reported to be recalled
) STRICT;
