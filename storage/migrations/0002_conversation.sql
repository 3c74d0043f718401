-- The people, the board, and the way of one message.

CREATE TABLE community (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	name       TEXT NOT NULL,
	timezone   TEXT NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE policy (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
	id        INTEGER PRIMARY KEY,
	account   INTEGER NOT NULL REFERENCES account (id),
	person    TEXT UNIQUE,             -- who they are on the line; NULL for somebody without a phone
	name      TEXT    NOT NULL,        -- as shown; unique once folded
	folded    TEXT    NOT NULL UNIQUE, -- for comparing: look-alike letters are one
	status    TEXT    NOT NULL CHECK (status = 'applicant' OR status = 'newcomer' OR status = 'member'
	          OR status = 'suspended' OR status = 'former'),
	council   INTEGER NOT NULL DEFAULT 0 CHECK (council IN (0, 1)),
	met       INTEGER NOT NULL DEFAULT 0 CHECK (met IN (0, 1)), -- has written to the bot, so may be written to
	joined_at INTEGER NOT NULL
) STRICT;

CREATE INDEX member_account ON member (account);

CREATE TABLE post (
	id         INTEGER PRIMARY KEY,
	kind       TEXT    NOT NULL CHECK (kind IN ('offer', 'request')),
	author     INTEGER NOT NULL REFERENCES member (id),
	category   TEXT    NOT NULL DEFAULT '',
	text       TEXT    NOT NULL,
	minutes    INTEGER NOT NULL DEFAULT 0, -- 0: not said
	whenever   TEXT    NOT NULL DEFAULT '', -- the words in which the time was said
	state      TEXT    NOT NULL CHECK (state = 'open' OR state = 'closed' OR state = 'expired' OR state = 'met'),
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX post_open ON post (expires_at) WHERE state = 'open';
CREATE INDEX post_author ON post (author, id);

-- Who has said that they can help with a request, or would like what is offered.
CREATE TABLE taker (
	post   INTEGER NOT NULL REFERENCES post (id),
	member INTEGER NOT NULL REFERENCES member (id),
	at     INTEGER NOT NULL, -- seconds since 1970, UTC
	PRIMARY KEY (post, member)
) STRICT, WITHOUT ROWID;

-- People who are no members and have had their one answer of the day.
CREATE TABLE stranger (
	person   TEXT PRIMARY KEY,
	answered INTEGER NOT NULL -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;

-- What came in. The key comes time first: new rows go to the end of the index.
CREATE TABLE inbox (
	id      INTEGER PRIMARY KEY,
	sent    INTEGER NOT NULL, -- milliseconds, the sender's clock
	sender  TEXT    NOT NULL,
	kind    TEXT    NOT NULL,
	arrived INTEGER NOT NULL, -- milliseconds, our clock
	state   TEXT    NOT NULL CHECK (state = 'new' OR state = 'done' OR state = 'dead'),
	message TEXT,             -- JSON; NULL where it was not for us
	UNIQUE (sent, sender, kind)
) STRICT;

CREATE INDEX inbox_unfinished ON inbox (id) WHERE state <> 'done';

-- What goes out, in order within a conversation.
CREATE TABLE outbox (
	id         INTEGER PRIMARY KEY,
	to_group   TEXT    NOT NULL DEFAULT '',
	to_person  TEXT    NOT NULL DEFAULT '',
	act        TEXT    NOT NULL CHECK (act = 'send' OR act = 'react' OR act = 'edit'),
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

CREATE INDEX outbox_waiting ON outbox (id) WHERE state <> 'sent' AND state <> 'failed';
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';

-- Every identity that a message of the bot ever had, and what it is about, so that a
-- reaction or a reply finds it.
CREATE TABLE said (
	sent       INTEGER NOT NULL, -- milliseconds
	to_group   TEXT    NOT NULL,
	to_person  TEXT    NOT NULL,
	topic      TEXT    NOT NULL,
	topic_id   INTEGER NOT NULL,
	version    INTEGER NOT NULL,
	original   INTEGER NOT NULL, -- the identity that an edit names
	PRIMARY KEY (sent, to_group, to_person)
) STRICT, WITHOUT ROWID;

CREATE INDEX said_topic ON said (topic, topic_id, sent);

-- What the bot has asked and whom. Nobody else can answer.
CREATE TABLE question (
	id         INTEGER PRIMARY KEY,
	kind       TEXT    NOT NULL,
	asked      INTEGER NOT NULL,            -- member; 0: any member of the council who may second
	asker      INTEGER NOT NULL,            -- the member whose act made the bot ask
	topic_id   INTEGER NOT NULL DEFAULT 0,  -- the trade, where it is about one
	version    INTEGER NOT NULL DEFAULT 0,
	line       TEXT    NOT NULL DEFAULT '', -- the command that a yes carries out
	options    TEXT    NOT NULL DEFAULT '', -- JSON, what can be chosen from
	to_group   TEXT    NOT NULL DEFAULT '', -- where it was asked
	to_person  TEXT    NOT NULL DEFAULT '',
	state      TEXT    NOT NULL CHECK (state = 'open' OR state = 'answered' OR state = 'withdrawn' OR state = 'expired'),
	asked_at   INTEGER NOT NULL,            -- milliseconds
	expires_at INTEGER NOT NULL             -- milliseconds
) STRICT;

CREATE INDEX question_open ON question (asked) WHERE state = 'open';
CREATE INDEX question_topic ON question (kind, topic_id);
CREATE INDEX question_due ON question (expires_at) WHERE state = 'open';

-- Every act of the council. The reason stands in text, where it can be erased.
CREATE TABLE council_log (
	id       INTEGER PRIMARY KEY,
	at       INTEGER NOT NULL, -- seconds since 1970, UTC
	actor    INTEGER NOT NULL,
	seconder INTEGER NOT NULL DEFAULT 0,
	act      TEXT    NOT NULL, -- the command's name
	text     INTEGER NOT NULL REFERENCES text (id)
) STRICT;

CREATE TRIGGER council_log_is_new BEFORE INSERT ON council_log
WHEN EXISTS (SELECT 1 FROM council_log WHERE id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'the council log is only added to');
END;

CREATE TRIGGER council_log_is_final BEFORE UPDATE ON council_log
BEGIN
	SELECT RAISE(ABORT, 'the council log is only added to');
END;

CREATE TRIGGER council_log_stays BEFORE DELETE ON council_log
BEGIN
	SELECT RAISE(ABORT, 'the council log is only added to');
END;
