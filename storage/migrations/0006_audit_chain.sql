-- Each entry's hash covers the entry and the hash before it; the head says how many there are and where the chain ends.
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';

UPDATE audit SET hash = chain.hash FROM (
    WITH RECURSIVE links (id, hash) AS (
        SELECT 0, ''
        UNION ALL
        SELECT a.id, chained(links.hash, a.id, a.done_on, a.person_id, a.verb, a.city, a.subject)
        FROM links JOIN audit a ON a.id = (SELECT min(id) FROM audit WHERE id > links.id)
    )
    SELECT id, hash FROM links
) AS chain WHERE chain.id = audit.id;

CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    entries INTEGER NOT NULL,
    hash TEXT NOT NULL                      -- '' where there are no entries
) STRICT;
INSERT INTO audit_head (one, entries, hash)
SELECT 1, count(*), coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '') FROM audit;

CREATE INDEX audit_by_city ON audit (city, id);
CREATE INDEX audit_by_person ON audit (person_id, id);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_head_counts_up BEFORE UPDATE ON audit_head WHEN NEW.entries <> OLD.entries + 1
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
