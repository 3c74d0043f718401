-- Whose safety number has changed, since when, and who has said that it is still them.
ALTER TABLE member ADD COLUMN frozen_at INTEGER NOT NULL DEFAULT 0; -- milliseconds, our clock; 0: not frozen

CREATE TABLE vouch (
	member INTEGER NOT NULL REFERENCES member (id), -- who is vouched for
	by     INTEGER NOT NULL REFERENCES member (id),
	at     INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (member, by)
) STRICT, WITHOUT ROWID;
