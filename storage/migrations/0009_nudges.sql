-- What the bot would like to say without having been asked, until it can, and what it has
-- said so, so that it doesn't say it again.
CREATE TABLE nudge (
	id          INTEGER PRIMARY KEY,
	member      INTEGER NOT NULL REFERENCES member (id),
	kind        TEXT    NOT NULL,
	key         TEXT    NOT NULL,            -- what it is about
	text        TEXT    NOT NULL,            -- '' once it is over
	how         TEXT    NOT NULL DEFAULT '', -- how to answer it
	topic       TEXT    NOT NULL DEFAULT '', -- what an answer to it is about
	topic_id    INTEGER NOT NULL DEFAULT 0,
	version     INTEGER NOT NULL DEFAULT 0,
	question    TEXT    NOT NULL DEFAULT '', -- JSON, what is asked with it
	state       TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'sent' OR state = 'dropped'),
	made_at     INTEGER NOT NULL,            -- seconds since 1970, UTC
	best_before INTEGER NOT NULL,
	ended_at    INTEGER NOT NULL DEFAULT 0,  -- when it was sent or dropped
	bundle      INTEGER NOT NULL DEFAULT 0,  -- the first nudge of the message it was sent in
	place       INTEGER NOT NULL DEFAULT 0   -- its number there, where several can be answered
) STRICT;

CREATE INDEX nudge_waiting ON nudge (member) WHERE state = 'waiting';
CREATE INDEX nudge_same ON nudge (member, kind, key, made_at);
CREATE INDEX nudge_sent ON nudge (member, ended_at) WHERE state = 'sent';
CREATE INDEX nudge_bundle ON nudge (bundle) WHERE bundle > 0;
CREATE INDEX nudge_over ON nudge (ended_at) WHERE state <> 'waiting';

-- Which kinds of nudges somebody has turned off or on.
CREATE TABLE nudge_choice (
	member INTEGER NOT NULL REFERENCES member (id),
	kind   TEXT    NOT NULL,
	wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
	PRIMARY KEY (member, kind)
) STRICT, WITHOUT ROWID;
