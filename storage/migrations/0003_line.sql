-- What the line to the people has to remember.

-- Who the bot is there.
CREATE TABLE self (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	person TEXT NOT NULL
) STRICT;

-- Who was in a group when its changes were last handled.
CREATE TABLE roster (
	to_group TEXT NOT NULL,
	person   TEXT NOT NULL,
	PRIMARY KEY (to_group, person)
) STRICT, WITHOUT ROWID;

-- Lines that came in and could not be understood, phone numbers blotted out.
CREATE TABLE undecoded (
	id      INTEGER PRIMARY KEY,
	arrived INTEGER NOT NULL, -- milliseconds, our clock
	line    BLOB    NOT NULL
) STRICT;

-- A receipt names a message of the bot by its identity alone.
CREATE INDEX outbox_sent ON outbox (sent) WHERE sent > 0;
