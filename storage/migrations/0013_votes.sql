-- What the members decide together. The words stand in text, where they can be erased.
CREATE TABLE proposal (
	id        INTEGER PRIMARY KEY,
	author    INTEGER NOT NULL REFERENCES member (id),
	text      INTEGER NOT NULL REFERENCES text (id),
	setting   TEXT    NOT NULL DEFAULT '', -- the policy that it changes
	value     TEXT    NOT NULL DEFAULT '',
	line      TEXT    NOT NULL DEFAULT '', -- the council's command that it carries out
	parties   TEXT    NOT NULL DEFAULT '', -- JSON: the accounts without a vote on it
	state     TEXT    NOT NULL CHECK (state = 'open' OR state = 'passed' OR state = 'done' OR state = 'rejected'
	          OR state = 'no quorum' OR state = 'withdrawn' OR state = 'void'),
	opened_at INTEGER NOT NULL, -- seconds since 1970, UTC
	closes_at INTEGER NOT NULL,
	effect_at INTEGER NOT NULL,
	votes_for     INTEGER NOT NULL DEFAULT 0, -- once it is over
	votes_against INTEGER NOT NULL DEFAULT 0,
	entitled      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX proposal_open ON proposal (closes_at) WHERE state = 'open';
CREATE INDEX proposal_passed ON proposal (effect_at) WHERE state = 'passed';

-- One vote a household: the key says so. Who of it voted last stands beside it.
CREATE TABLE ballot (
	proposal INTEGER NOT NULL REFERENCES proposal (id),
	account  INTEGER NOT NULL REFERENCES account (id),
	member   INTEGER NOT NULL REFERENCES member (id),
	vote     INTEGER NOT NULL CHECK (vote IN (0, 1)), -- 1: for it
	at       INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (proposal, account)
) STRICT, WITHOUT ROWID;

-- Nobody votes on what is over, and a count can be done again.
CREATE TRIGGER ballot_in_time BEFORE INSERT ON ballot
WHEN NOT EXISTS (SELECT 1 FROM proposal WHERE id = NEW.proposal AND state = 'open')
BEGIN
	SELECT RAISE(ABORT, 'that vote is over');
END;

CREATE TRIGGER ballot_changes_in_time BEFORE UPDATE ON ballot
WHEN NOT EXISTS (SELECT 1 FROM proposal WHERE id = OLD.proposal AND state = 'open')
BEGIN
	SELECT RAISE(ABORT, 'that vote is over');
END;

CREATE TRIGGER ballot_goes_in_time BEFORE DELETE ON ballot
WHEN NOT EXISTS (SELECT 1 FROM proposal WHERE id = OLD.proposal AND state = 'open')
BEGIN
	SELECT RAISE(ABORT, 'that vote is over');
END;

-- What the members have voted is theirs to change.
ALTER TABLE policy ADD COLUMN voted INTEGER NOT NULL DEFAULT 0 CHECK (voted IN (0, 1));
