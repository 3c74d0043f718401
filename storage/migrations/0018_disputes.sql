-- Falling out: what the giver of a disputed trade can't spend, and the case about it.
ALTER TABLE trade ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held BETWEEN 0 AND 12000); -- minutes
CREATE INDEX trade_held ON trade (giver) WHERE held > 0;

CREATE TABLE dispute (
	id            INTEGER PRIMARY KEY,
	trade         INTEGER NOT NULL UNIQUE REFERENCES trade (id), -- one case about each at most
	opener        INTEGER NOT NULL REFERENCES member (id),
	opener_account INTEGER NOT NULL REFERENCES account (id),
	answerer      INTEGER NOT NULL,            -- who speaks for the other side; 0 where it is the commons
	mediator      INTEGER NOT NULL DEFAULT 0,
	stage         TEXT    NOT NULL CHECK (stage = 'seeking' OR stage = 'mediating' OR stage = 'offered'
	              OR stage = 'council' OR stage = 'closed'),
	verdict       TEXT    NOT NULL DEFAULT '', -- what is offered, or was the end of it
	minutes       INTEGER NOT NULL DEFAULT 0,
	reason        INTEGER NOT NULL DEFAULT 0,  -- a text; 0: none yet
	opener_agrees   INTEGER NOT NULL DEFAULT 0 CHECK (opener_agrees IN (0, 1)),
	answerer_agrees INTEGER NOT NULL DEFAULT 0 CHECK (answerer_agrees IN (0, 1)),
	opened_at     INTEGER NOT NULL,            -- seconds since 1970, UTC
	due_at        INTEGER NOT NULL,
	hold_until    INTEGER NOT NULL,
	closed_at     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX dispute_open ON dispute (due_at) WHERE stage <> 'closed';

-- What the two and their witnesses say, for the mediator. The words stand in text.
CREATE TABLE statement (
	id      INTEGER PRIMARY KEY,
	dispute INTEGER NOT NULL REFERENCES dispute (id),
	member  INTEGER NOT NULL REFERENCES member (id),
	text    INTEGER NOT NULL REFERENCES text (id),
	at      INTEGER NOT NULL -- seconds since 1970, UTC
) STRICT;

CREATE INDEX statement_dispute ON statement (dispute);
CREATE INDEX statement_member ON statement (member);

CREATE TABLE witness (
	dispute INTEGER NOT NULL REFERENCES dispute (id),
	member  INTEGER NOT NULL REFERENCES member (id),
	by      INTEGER NOT NULL REFERENCES member (id), -- who named them
	PRIMARY KEY (dispute, member)
) STRICT, WITHOUT ROWID;

-- Who is willing to mediate, and when it was their turn last.
CREATE TABLE mediator (
	member  INTEGER PRIMARY KEY REFERENCES member (id),
	turn_at INTEGER NOT NULL -- milliseconds, our clock; when they became willing, at first
) STRICT;
