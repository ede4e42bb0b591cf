-- The clock asks often whether anything is too old to be kept; there hardly ever is.
CREATE INDEX media_kept ON media (sent_on) WHERE state = 'kept';
CREATE INDEX session_by_touch ON session (touched_on) WHERE state <> 'waiting' AND is_test = 0;
CREATE INDEX person_left ON person (left_on) WHERE left_on IS NOT NULL;
CREATE INDEX export_by_age ON export (made_on);
