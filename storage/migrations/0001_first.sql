-- Times are text, aware UTC, always 'YYYY-MM-DDTHH:MM:SS.mmmZ', so that they sort.
-- Who someone is (contact, address) stands apart from what they said (session, answer); exports read the second only.

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    language TEXT NOT NULL,
    ask_when TEXT NOT NULL DEFAULT 'unsaid' CHECK (ask_when IN ('unsaid', 'after', 'morning')),
    standing TEXT NOT NULL DEFAULT 'invited' CHECK (standing IN ('invited', 'taking_part', 'declined', 'withdrawn')),
    media_allowed INTEGER,                  -- NULL: not asked yet
    joined_on TEXT NOT NULL
) STRICT;

CREATE TABLE contact (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    name TEXT NOT NULL
) STRICT;

CREATE TABLE address (
    urn TEXT PRIMARY KEY,
    person_id INTEGER NOT NULL UNIQUE REFERENCES person (id),
    reachable INTEGER NOT NULL DEFAULT 1,
    changed_on TEXT NOT NULL
) STRICT;

CREATE TABLE role_grant (
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('fieldworker', 'coordinator', 'investigator', 'steward', 'operator')),
    city TEXT NOT NULL DEFAULT '',          -- '' for roles that are not bound to a city
    line TEXT NOT NULL DEFAULT '',          -- '' for roles that are not bound to a research line
    granted_on TEXT NOT NULL,
    PRIMARY KEY (person_id, role, city, line)
) STRICT;
CREATE INDEX role_grant_by_role ON role_grant (role, city, line);

CREATE TABLE invitation (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    city TEXT NOT NULL,
    line TEXT NOT NULL,
    name TEXT NOT NULL,                     -- '' where the inviter gave none
    made_by INTEGER REFERENCES person (id), -- NULL: made on the command line
    made_on TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    used_on TEXT,                           -- NULL: still open
    used_by INTEGER REFERENCES person (id)
) STRICT;

CREATE TABLE invitation_failure (
    urn TEXT NOT NULL,
    failed_on TEXT NOT NULL
) STRICT;
CREATE INDEX invitation_failure_by_urn ON invitation_failure (urn, failed_on);

CREATE TABLE consent (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('study', 'media')),
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
    version TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    given_on TEXT NOT NULL
) STRICT;
CREATE INDEX consent_by_person ON consent (person_id, kind, id);

-- What the bot waits for from a person outside a questionnaire: one thing at a time, JSON by kind.
CREATE TABLE pending (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    asked_on TEXT NOT NULL
) STRICT;

CREATE TABLE form (
    hash TEXT PRIMARY KEY,
    form_id TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    xform TEXT NOT NULL,
    workbook BLOB NOT NULL,
    published_by INTEGER REFERENCES person (id), -- NULL: came with the program
    published_on TEXT NOT NULL
) STRICT;

CREATE TABLE form_in_use (
    city TEXT PRIMARY KEY,                  -- '' is the form of every city without a row of its own
    form_hash TEXT NOT NULL REFERENCES form (hash),
    since_on TEXT NOT NULL
) STRICT;

CREATE TABLE workshop (
    id INTEGER PRIMARY KEY,
    city TEXT NOT NULL,
    neighbourhood TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    form_hash TEXT NOT NULL REFERENCES form (hash),
    state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'cancelled')),
    planned_by INTEGER REFERENCES person (id), -- NULL: planned on the command line
    planned_on TEXT NOT NULL
) STRICT;
CREATE INDEX workshop_by_city ON workshop (city, starts_on);

CREATE TABLE team (
    workshop_id INTEGER NOT NULL REFERENCES workshop (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (workshop_id, person_id)
) STRICT;
CREATE INDEX team_by_person ON team (person_id);

CREATE TABLE prompt (
    id INTEGER PRIMARY KEY,
    workshop_id INTEGER NOT NULL REFERENCES workshop (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN
        ('planned', 'asked', 'snoozed', 'opened', 'completed', 'declined', 'absent', 'not_held', 'expired', 'missed', 'cancelled')),
    due_on TEXT,                            -- the next time the clock must look at this row; NULL: never again
    asked_on TEXT,                          -- NULL: not asked yet
    closes_on TEXT,                         -- NULL: not asked yet
    opened_on TEXT,                         -- NULL: the questions were never opened
    ended_on TEXT,                          -- NULL: not ended yet
    reminders INTEGER NOT NULL DEFAULT 0,
    snoozes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workshop_id, person_id)
) STRICT;
CREATE INDEX prompt_due ON prompt (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX prompt_by_person ON prompt (person_id, state);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    instance_id TEXT NOT NULL UNIQUE,       -- 'uuid:…', the response_id of exports, stable for ever
    prompt_id INTEGER UNIQUE REFERENCES prompt (id), -- NULL: a test session without a workshop
    person_id INTEGER NOT NULL REFERENCES person (id),
    form_hash TEXT NOT NULL REFERENCES form (hash),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'completed', 'expired', 'interrupted')),
    stage TEXT NOT NULL CHECK (stage IN ('asking', 'summary', 'choosing', 'paused', 'ended')),
    path TEXT,                              -- the question that waits; NULL: no question does
    asking INTEGER NOT NULL DEFAULT 0,      -- counts the questions put; buttons carry it, so that an old one is known
    shown INTEGER NOT NULL DEFAULT 0,       -- the count under which the question itself was put last
    misses INTEGER NOT NULL DEFAULT 0,      -- unusable replies to the question that waits
    hidden TEXT NOT NULL,                   -- JSON: the hidden nodes as filled at the start
    frozen TEXT NOT NULL DEFAULT '{}',      -- JSON: what the form set once and keeps
    language TEXT NOT NULL,
    consent_version TEXT NOT NULL,
    is_test INTEGER NOT NULL DEFAULT 0,
    is_late INTEGER NOT NULL DEFAULT 0,
    started_on TEXT NOT NULL,
    touched_on TEXT NOT NULL,
    active_seconds INTEGER NOT NULL DEFAULT 0,
    completed_on TEXT                       -- first time it was sent; NULL: not sent
) STRICT;
CREATE INDEX session_by_person ON session (person_id, state);
CREATE INDEX session_by_completion ON session (completed_on);

-- Append-only: the answer of a question is its row with the highest revision.
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    path TEXT NOT NULL,
    revision INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'skipped', 'given_up')),
    value TEXT NOT NULL,                    -- as the form stores it; '' where the outcome is not 'answered'
    way TEXT NOT NULL CHECK (way IN ('tap', 'typed', 'parts', 'edit')),
    language TEXT NOT NULL,
    source TEXT,                            -- channel's message that holds the words; NULL: a tap
    shown INTEGER NOT NULL DEFAULT 0,       -- the asking of the message that shows the answer; 0: none does
    said_on TEXT NOT NULL,
    after_sending INTEGER NOT NULL DEFAULT 0,
    UNIQUE (session_id, path, revision)
) STRICT;
CREATE INDEX answer_by_source ON answer (source) WHERE source IS NOT NULL;

-- The messages of an open answer. answer_id NULL: still a draft, until Klaar makes one revision of it.
CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    path TEXT NOT NULL,
    answer_id INTEGER REFERENCES answer (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'voice', 'photo')),
    text TEXT NOT NULL,                     -- the words, or the caption; '' where there are none
    media_id INTEGER REFERENCES media (id), -- NULL: words only
    source TEXT NOT NULL,
    said_on TEXT NOT NULL
) STRICT;
CREATE INDEX part_by_session ON part (session_id, path);
CREATE INDEX part_by_source ON part (source);
CREATE INDEX part_by_answer ON part (answer_id);

-- What is ticked before Klaar.
CREATE TABLE ticked (
    session_id INTEGER NOT NULL REFERENCES session (id),
    path TEXT NOT NULL,
    choices TEXT NOT NULL,                  -- codes joined by a space
    PRIMARY KEY (session_id, path)
) STRICT;

CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    kind TEXT NOT NULL CHECK (kind IN ('voice', 'photo')),
    ref TEXT NOT NULL,                      -- the channel's handle; '' once fetched
    state TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'kept', 'lost')),
    file TEXT NOT NULL,                     -- name inside MEDIA_DIR, by our own id, never the sender's
    bytes INTEGER,                          -- NULL: not fetched yet
    sha256 TEXT,                            -- NULL: not fetched yet
    seconds INTEGER,                        -- NULL: not a recording
    sent_on TEXT NOT NULL
) STRICT;

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    update_key TEXT NOT NULL,               -- the channel's id of this update
    chat TEXT NOT NULL,                     -- order is kept inside a chat; '' where it could not be read
    thing_key TEXT,                         -- the message or tap inside; NULL until it was read
    raw TEXT,                               -- NULL once handled
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'dead')),
    tries INTEGER NOT NULL DEFAULT 0,
    error TEXT,                             -- the last failure's kind, without what was said; NULL: none
    received_on TEXT NOT NULL,
    handled_on TEXT                         -- NULL: not yet
) STRICT;
CREATE UNIQUE INDEX inbox_update ON inbox (channel, update_key);
CREATE UNIQUE INDEX inbox_thing ON inbox (thing_key) WHERE thing_key IS NOT NULL AND state = 'done';
CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_dead ON inbox (id) WHERE state = 'dead';

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    urn TEXT NOT NULL,
    body TEXT NOT NULL,                     -- JSON of what is said
    edit_of INTEGER REFERENCES outbox (id), -- NULL: a message of its own
    priority INTEGER NOT NULL,              -- 0 a reply, 1 something nobody waits for
    session_id INTEGER REFERENCES session (id), -- the question it puts; NULL: none
    asking INTEGER,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'dropped', 'dead')),
    not_before_on TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    error TEXT,                             -- NULL: none
    message TEXT,                           -- the channel's id; NULL: not known to have arrived
    written_on TEXT NOT NULL,
    sent_on TEXT
) STRICT;
CREATE INDEX outbox_open ON outbox (urn, id) WHERE state IN ('queued', 'sending', 'uncertain');
CREATE INDEX outbox_question ON outbox (session_id, asking) WHERE session_id IS NOT NULL;
CREATE INDEX outbox_message ON outbox (urn, message) WHERE message IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,                   -- JSON
    once_key TEXT UNIQUE,                   -- NULL: may be asked for again
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
    due_on TEXT NOT NULL,                   -- also the lease: a job taken is due again when its lease runs out
    tries INTEGER NOT NULL DEFAULT 0,
    error TEXT,                             -- NULL: none
    made_on TEXT NOT NULL,
    ended_on TEXT                           -- NULL: not ended
) STRICT;
CREATE INDEX job_due ON job (due_on) WHERE state = 'open';

-- Weekly work, claimed before it is begun, so that each happens once.
CREATE TABLE ledger (
    work TEXT NOT NULL,
    city TEXT NOT NULL,                     -- '' where the work is not for one city
    week TEXT NOT NULL,                     -- ISO week, '2026-W47'
    claimed_on TEXT NOT NULL,
    finished_on TEXT,                       -- NULL: claimed, not finished
    made TEXT,                              -- JSON: the files and what they hold; NULL: not finished
    PRIMARY KEY (work, city, week)
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    done_on TEXT NOT NULL,
    person_id INTEGER,                      -- NULL: the program itself, or the command line
    verb TEXT NOT NULL,
    city TEXT NOT NULL,                     -- '' where it concerns no city
    subject TEXT NOT NULL                   -- an id or a name of ours, never what somebody said
) STRICT;
