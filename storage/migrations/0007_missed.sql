-- Whom a message to a group did not reach, though it reached others.
CREATE TABLE missed (
	person TEXT PRIMARY KEY,
	why    TEXT    NOT NULL, -- the line's own word
	times  INTEGER NOT NULL,
	last   INTEGER NOT NULL  -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;
