-- What the council was told that a person has to see to, so that it hears of each once.
CREATE TABLE alarm (
	id         INTEGER PRIMARY KEY,
	kind       TEXT    NOT NULL,
	detail     TEXT    NOT NULL DEFAULT '', -- a figure or a time for the words
	since      INTEGER NOT NULL,            -- seconds since 1970, UTC
	told_at    INTEGER NOT NULL DEFAULT 0,  -- 0: not yet
	cleared_at INTEGER NOT NULL DEFAULT 0   -- 0 while it lasts
) STRICT;

CREATE UNIQUE INDEX alarm_stands ON alarm (kind) WHERE cleared_at = 0;

-- A name that stands in for the one that the line did not know, until it does.
ALTER TABLE member ADD COLUMN nameless INTEGER NOT NULL DEFAULT 0 CHECK (nameless IN (0, 1));
UPDATE member SET nameless = 1 WHERE name = 'Neighbour' OR name GLOB 'Neighbour [0-9]*';
