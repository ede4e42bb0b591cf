-- So that a chat with thousands of waiting updates is passed over without reading them.
CREATE INDEX inbox_by_chat ON inbox (chat, id) WHERE state = 'new';

-- When the running bot last did something, for who looks from outside.
CREATE TABLE pulse (
    what TEXT PRIMARY KEY,
    felt_on TEXT NOT NULL
) STRICT;

-- What the operator was told about, so that each thing is told once.
CREATE TABLE alarm (
    thing TEXT PRIMARY KEY,                 -- such as 'update-12'
    raised_on TEXT NOT NULL
) STRICT;
