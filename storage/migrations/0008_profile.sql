-- What people say of themselves, what others thank them for, and what the council is told.
ALTER TABLE member ADD COLUMN about TEXT NOT NULL DEFAULT '';

CREATE TABLE thanks (
	trade INTEGER NOT NULL REFERENCES trade (id),
	by    INTEGER NOT NULL REFERENCES account (id), -- the side that says thank you
	whom  INTEGER NOT NULL REFERENCES account (id),
	at    INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (trade, by)
) STRICT, WITHOUT ROWID;

CREATE INDEX thanks_whom ON thanks (whom);

CREATE TABLE feedback (
	id     INTEGER PRIMARY KEY,
	member INTEGER NOT NULL DEFAULT 0, -- 0: without a name
	at     INTEGER NOT NULL, -- seconds since 1970, UTC; without a name only the day
	text   TEXT    NOT NULL
) STRICT;

CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX feedback_member ON feedback (member) WHERE member > 0;
