-- The web pages: who may come in, and who is in.

-- A link is known here by its hash alone.
CREATE TABLE portal_link (
	digest     BLOB    PRIMARY KEY,
	member     INTEGER NOT NULL REFERENCES member (id),
	expires_at INTEGER NOT NULL -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE portal_password (
	member     INTEGER PRIMARY KEY REFERENCES member (id),
	name       TEXT    NOT NULL,        -- as chosen
	folded     TEXT    NOT NULL UNIQUE, -- for comparing
	hash       TEXT    NOT NULL,        -- argon2id with its parameters and salt
	changed_at INTEGER NOT NULL         -- seconds since 1970, UTC
) STRICT;

-- Somebody who is in, on one device. Ending it is deleting it.
CREATE TABLE portal_login (
	id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again for somebody else
	member     INTEGER NOT NULL REFERENCES member (id),
	device     TEXT    NOT NULL, -- what the browser calls itself
	by         TEXT    NOT NULL CHECK (by = 'link' OR by = 'password' OR by = 'demo'),
	since      INTEGER NOT NULL, -- seconds since 1970, UTC
	seen       INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX portal_login_member ON portal_login (member);

-- What a browser's cookie stands for, by the cookie's hash.
CREATE TABLE portal_session (
	token      TEXT    PRIMARY KEY,
	data       BLOB    NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Forms that have been sent, for a while: a second tap changes nothing.
CREATE TABLE portal_act (
	once    TEXT    PRIMARY KEY,
	said    TEXT    NOT NULL,
	refused INTEGER NOT NULL CHECK (refused = 0 OR refused = 1),
	at      INTEGER NOT NULL -- seconds since 1970, UTC
) STRICT, WITHOUT ROWID;
