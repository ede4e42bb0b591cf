-- When the study's last day was first read: one that is past by then may be a slip of the pen.
CREATE TABLE end_date (
    day TEXT NOT NULL PRIMARY KEY,                      -- 2031-12-31
    seen_on TEXT NOT NULL
) STRICT;
