-- Who asked to be forgotten, and is until the file has been swept clean of them.
CREATE TABLE erasure (
	member   INTEGER PRIMARY KEY REFERENCES member (id),
	whole    INTEGER NOT NULL CHECK (whole IN (0, 1)), -- 0: old words only, by somebody who stays
	asked_at INTEGER NOT NULL,                         -- seconds since 1970, UTC
	done     INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)) -- rows are empty, the file is not swept yet
) STRICT;

-- What people were called before, so that it can be forgotten too.
CREATE TABLE earlier_name (
	member INTEGER NOT NULL REFERENCES member (id),
	name   TEXT    NOT NULL,
	PRIMARY KEY (member, name)
) STRICT, WITHOUT ROWID;

-- Questions that are over and still hold words.
CREATE INDEX question_worded ON question (asked_at) WHERE state <> 'open' AND (line <> '' OR options <> '');
