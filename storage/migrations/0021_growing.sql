-- What is asked for often is found without reading all that there ever was.
CREATE INDEX media_by_session ON media (session_id);
CREATE INDEX workshop_by_start ON workshop (starts_on);
CREATE INDEX prompt_by_end ON prompt (ended_on) WHERE ended_on IS NOT NULL;
CREATE INDEX outbox_dropped ON outbox (written_on) WHERE state = 'dropped';
CREATE INDEX invitation_named ON invitation (expires_on) WHERE name <> '';
CREATE INDEX person_invited ON person (joined_on) WHERE standing = 'invited';
CREATE INDEX part_by_media ON part (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX inbox_meant ON inbox (meant_session) WHERE meant_session IS NOT NULL;
CREATE INDEX ledger_unfinished ON ledger (claimed_on) WHERE finished_on IS NULL;
