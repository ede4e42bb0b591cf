-- Films and other files are kept as recordings and pictures are, and what they are is read from their first bytes.
ALTER TABLE part RENAME TO part_before;
ALTER TABLE media RENAME TO media_before;

CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    kind TEXT NOT NULL CHECK (kind IN ('voice', 'photo', 'video', 'file')),
    ref TEXT NOT NULL,                      -- the channel's handle; '' once fetched
    state TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'kept', 'lost')),
    file TEXT NOT NULL,                     -- name inside MEDIA_DIR, by our own id, never the sender's
    bytes INTEGER,                          -- NULL: not fetched yet
    sha256 TEXT,                            -- NULL: not fetched yet
    seconds INTEGER,                        -- NULL: not a recording
    sent_on TEXT NOT NULL,
    mime TEXT                               -- by its first bytes; NULL: not fetched yet, or fetched before this was kept
) STRICT;
INSERT INTO media (id, session_id, kind, ref, state, file, bytes, sha256, seconds, sent_on)
    SELECT id, session_id, kind, ref, state, file, bytes, sha256, seconds, sent_on FROM media_before;

CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    path TEXT NOT NULL,
    answer_id INTEGER REFERENCES answer (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'voice', 'photo', 'video', 'file')),
    text TEXT NOT NULL,                     -- the words, or the caption; '' where there are none
    media_id INTEGER REFERENCES media (id), -- NULL: words only
    source TEXT NOT NULL,
    said_on TEXT NOT NULL
) STRICT;
INSERT INTO part (id, session_id, path, answer_id, position, kind, text, media_id, source, said_on)
    SELECT id, session_id, path, answer_id, position, kind, text, media_id, source, said_on FROM part_before;

DROP TABLE part_before;
DROP TABLE media_before;
CREATE INDEX part_by_session ON part (session_id, path);
CREATE INDEX part_by_source ON part (source);
CREATE INDEX part_by_answer ON part (answer_id);

-- The pictures that a form shows with its questions, by the name it calls them.
CREATE TABLE form_picture (
    form_hash TEXT NOT NULL REFERENCES form (hash),
    name TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '',          -- name inside MEDIA_DIR, by its hash; '' until it was sent
    PRIMARY KEY (form_hash, name)
) STRICT;
CREATE INDEX form_picture_awaited ON form_picture (name) WHERE file = '';
