-- Coming in, and standing for each other.

-- Whoever asks to be let in: as somebody new, as somebody who was in before, or as
-- somebody who is in and has a new account. A row goes when it is decided.
CREATE TABLE applicant (
	id         INTEGER PRIMARY KEY,
	person     TEXT    NOT NULL UNIQUE,     -- who they are on the line
	code       TEXT    NOT NULL UNIQUE,     -- what whoever vouches for them has to know
	kind       TEXT    NOT NULL CHECK (kind = 'new' OR kind = 'back' OR kind = 'claim'),
	name       TEXT    NOT NULL DEFAULT '', -- what they call themselves; '' until they have said
	member     INTEGER NOT NULL DEFAULT 0,  -- who they were, or say they are; 0 for somebody new
	met        INTEGER NOT NULL DEFAULT 0 CHECK (met IN (0, 1)), -- has written to the bot
	greeting   INTEGER NOT NULL DEFAULT 0,  -- the first of those who were greeted together in the group; 0: came in private
	refuted    INTEGER NOT NULL DEFAULT 0 CHECK (refuted IN (0, 1)), -- the account that is claimed says that it isn't so
	asked_at   INTEGER NOT NULL,            -- seconds since 1970, UTC
	expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX applicant_greeting ON applicant (greeting) WHERE greeting > 0;

-- Who stands for them.
CREATE TABLE voucher (
	applicant INTEGER NOT NULL REFERENCES applicant (id),
	by        INTEGER NOT NULL REFERENCES member (id),
	at        INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (applicant, by)
) STRICT, WITHOUT ROWID;

-- Who vouched for somebody when they came; it stays.
CREATE TABLE sponsor (
	member INTEGER NOT NULL REFERENCES member (id),
	by     INTEGER NOT NULL REFERENCES member (id),
	at     INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (member, by)
) STRICT, WITHOUT ROWID;

-- Codes that members got wrong lately, so that nobody can go through them all.
CREATE TABLE wrong_code (
	by INTEGER NOT NULL REFERENCES member (id),
	at INTEGER NOT NULL, -- milliseconds, our clock
	PRIMARY KEY (by, at)
) STRICT, WITHOUT ROWID;

-- Members who were added to the council's group and are not on the council yet.
CREATE TABLE candidate (
	member    INTEGER PRIMARY KEY REFERENCES member (id),
	backed_by INTEGER NOT NULL DEFAULT 0, -- who of the council said yes; 0: nobody yet
	due_at    INTEGER NOT NULL            -- seconds: when they join the council; unbacked, when it is off the table
) STRICT;

ALTER TABLE member ADD COLUMN sponsor_hears INTEGER NOT NULL DEFAULT 0 CHECK (sponsor_hears IN (0, 1)); -- early, of trouble
ALTER TABLE member ADD COLUMN suspended_from TEXT NOT NULL DEFAULT ''; -- the status that a suspension took away
ALTER TABLE member ADD COLUMN left_council INTEGER NOT NULL DEFAULT 0; -- seconds; 0: never was on the council, or is
ALTER TABLE member ADD COLUMN lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)); -- somebody else may have their phone
ALTER TABLE member ADD COLUMN lost_by INTEGER NOT NULL DEFAULT 0; -- who said so last
ALTER TABLE member ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0; -- seconds; it stays

-- One more act: to add somebody to a group.
ALTER TABLE outbox RENAME TO outbox_before;
CREATE TABLE outbox (
	id         INTEGER PRIMARY KEY,
	to_group   TEXT    NOT NULL DEFAULT '',
	to_person  TEXT    NOT NULL DEFAULT '',
	act        TEXT    NOT NULL CHECK (act = 'send' OR act = 'react' OR act = 'edit' OR act = 'add'),
	message    TEXT,                        -- JSON; NULL once it is sent and no longer needed
	topic      TEXT    NOT NULL DEFAULT '', -- what an answer to it is about
	topic_id   INTEGER NOT NULL DEFAULT 0,
	version    INTEGER NOT NULL DEFAULT 0,  -- which amount it shows
	state      TEXT    NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'sent'
	           OR state = 'unknown' OR state = 'failed'),
	attempts   INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL, -- milliseconds
	sent       INTEGER NOT NULL DEFAULT 0   -- milliseconds: its identity on the line
) STRICT;
INSERT INTO outbox SELECT * FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_waiting ON outbox (id) WHERE state <> 'sent' AND state <> 'failed';
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
CREATE INDEX outbox_sent ON outbox (sent) WHERE sent > 0;
