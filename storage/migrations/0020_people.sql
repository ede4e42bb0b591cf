-- Whether it took place, where its people say different things and the city's coordinator settled it.
ALTER TABLE workshop ADD COLUMN held TEXT CHECK (held IN ('held', 'not_held'));  -- NULL: nobody settled it
ALTER TABLE workshop ADD COLUMN disputed_on TEXT;           -- when the coordinators were told; NULL: they were not

-- A role that was taken away for the time being, and when the person was told who wrote nevertheless.
ALTER TABLE role_grant ADD COLUMN deactivated_on TEXT;      -- NULL: it holds
ALTER TABLE person ADD COLUMN told_inactive_on TEXT;        -- NULL: not told since

ALTER TABLE invitation ADD COLUMN revoked_on TEXT;          -- NULL: it was not taken back
CREATE INDEX invitation_open ON invitation (city, id) WHERE used_on IS NULL AND revoked_on IS NULL;
