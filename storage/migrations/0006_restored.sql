-- Up to when a file that was brought back from a backup knows what happened, until the
-- bot has said so.
CREATE TABLE restored (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	as_of INTEGER NOT NULL -- seconds since 1970, UTC
) STRICT;
