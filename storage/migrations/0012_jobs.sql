-- Up to when each job of the calendar has been done.
CREATE TABLE job (
	name   TEXT PRIMARY KEY,
	due    INTEGER NOT NULL, -- seconds since 1970, UTC: when what was done was due
	ran_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When a post was closed, met or expired; 0 while it is open, and for those of before.
ALTER TABLE post ADD COLUMN ended_at INTEGER NOT NULL DEFAULT 0;
