-- The figures of a week as they were first told: telling others later would show what changed in between.
CREATE TABLE published (
    week TEXT PRIMARY KEY,                  -- ISO week, '2026-W47'
    figures TEXT NOT NULL,                  -- JSON; small counts are not in it
    published_on TEXT NOT NULL
) STRICT;
