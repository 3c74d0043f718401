-- Going, for a while or for good.
ALTER TABLE member ADD COLUMN heard_at INTEGER NOT NULL DEFAULT 0; -- seconds, to the day: when they last wrote or reacted
UPDATE member SET heard_at = unixepoch(); -- nobody was silent before that was noted

-- Whose posts are paused, and why.
CREATE TABLE away (
	member   INTEGER PRIMARY KEY REFERENCES member (id),
	why      TEXT    NOT NULL CHECK (why = 'said' OR why = 'silent' OR why = 'gone'),
	since    INTEGER NOT NULL,           -- seconds since 1970, UTC
	until    INTEGER NOT NULL DEFAULT 0, -- 0: until they are heard of
	told     INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)) -- the council knows
) STRICT;

-- Who is on their way out, and which limits they had before.
CREATE TABLE leaving (
	member     INTEGER PRIMARY KEY REFERENCES member (id),
	since      INTEGER NOT NULL, -- seconds since 1970, UTC
	until      INTEGER NOT NULL,
	floor      INTEGER NOT NULL,
	ceiling    INTEGER NOT NULL,
	own_limits INTEGER NOT NULL CHECK (own_limits IN (0, 1)),
	told       INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)) -- the council knows that the time is up
) STRICT;

-- A grant is the commons' to give, a settlement is with it, and a gift is somebody's own.
CREATE TRIGGER transfer_keeps_its_sides BEFORE INSERT ON transfer
WHEN NEW.kind = 'grant' AND NEW.from_account <> 1
  OR NEW.kind = 'settlement' AND NEW.from_account <> 1 AND NEW.to_account <> 1
  OR NEW.kind = 'gift' AND NEW.from_account = 1
BEGIN
	SELECT RAISE(ABORT, 'a grant comes from the commons, a settlement is with it, and a gift is somebody''s own');
END;
