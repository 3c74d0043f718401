-- The books: accounts and the transfers between them. The triggers hold the ledger's
-- promises for whoever opens this file, with any tool: so every refusal is a
-- RAISE(ABORT) and none rests on foreign keys (which a shell leaves off) or on a CHECK
-- inside a trigger (which INSERT OR IGNORE would skip). A CHECK compares with one word
-- after the other: for IN with more than two, SQLite builds a table at every insert.

CREATE TABLE account (
	id         INTEGER PRIMARY KEY CHECK (id > 0),
	kind       TEXT    NOT NULL CHECK (kind IN ('member', 'commons')),
	balance    INTEGER NOT NULL DEFAULT 0, -- minutes
	floor      INTEGER NOT NULL CHECK (floor BETWEEN -600000 AND 0),
	ceiling    INTEGER NOT NULL CHECK (ceiling BETWEEN 0 AND 600000),
	own_limits INTEGER NOT NULL DEFAULT 0 CHECK (own_limits IN (0, 1)), -- set for this one, survives a change of policy
	latest     INTEGER NOT NULL DEFAULT 0, -- the newest transfer in the balance
	CHECK ((kind = 'commons') = (id = 1))
) STRICT;

-- What people wrote. Erasing it sets salt and body to NULL; the digest in transfer stays.
CREATE TABLE text (
	id   INTEGER PRIMARY KEY,
	salt BLOB,
	body TEXT
) STRICT;

CREATE TABLE transfer (
	id           INTEGER PRIMARY KEY CHECK (id > 0),
	from_account INTEGER NOT NULL REFERENCES account (id),
	to_account   INTEGER NOT NULL REFERENCES account (id),
	minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 12000),
	kind         TEXT    NOT NULL CHECK (kind = 'trade' OR kind = 'reversal' OR kind = 'settlement'
	             OR kind = 'grant' OR kind = 'gift'),
	trade        INTEGER, -- NULL where it belongs to none
	reverses     INTEGER UNIQUE REFERENCES transfer (id),
	at           INTEGER NOT NULL CHECK (at BETWEEN 0 AND 253402300799), -- seconds since 1970, UTC
	text         INTEGER NOT NULL REFERENCES text (id),
	digest       BLOB    NOT NULL CHECK (length(digest) = 32),
	hash         BLOB    NOT NULL CHECK (length(hash) = 32),
	CHECK (from_account <> to_account),
	CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
) STRICT;

-- One index for each side: the two newest-first lists are merged, so that a history
-- costs the same however long it is.
CREATE INDEX transfer_from ON transfer (from_account, id);
CREATE INDEX transfer_to ON transfer (to_account, id);
-- The same between two neighbours: an index ends with the row's number by itself.
CREATE INDEX transfer_between ON transfer (from_account, to_account);
CREATE INDEX transfer_trade ON transfer (trade) WHERE trade IS NOT NULL;

CREATE TRIGGER transfer_is_new BEFORE INSERT ON transfer
WHEN EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM transfer WHERE reverses = NEW.reverses)
BEGIN
	SELECT RAISE(ABORT, 'a transfer is never replaced, and reversed only once');
END;

CREATE TRIGGER transfer_is_whole BEFORE INSERT ON transfer
WHEN typeof(NEW.minutes) <> 'integer' OR NEW.minutes NOT BETWEEN 1 AND 12000
BEGIN
	SELECT RAISE(ABORT, 'a transfer moves 1 to 12000 whole minutes');
END;

CREATE TRIGGER transfer_has_two_sides BEFORE INSERT ON transfer
WHEN NEW.from_account = NEW.to_account
  OR NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.from_account)
  OR NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.to_account)
BEGIN
	SELECT RAISE(ABORT, 'a transfer goes from one account to another, and both exist');
END;

CREATE TRIGGER transfer_has_a_text BEFORE INSERT ON transfer
WHEN NOT EXISTS (SELECT 1 FROM text WHERE id = NEW.text)
BEGIN
	SELECT RAISE(ABORT, 'a transfer says what it was for');
END;

-- Whoever is outside a limit already may still come back: only the direction that
-- leads further out is refused.
CREATE TRIGGER transfer_keeps_limits BEFORE INSERT ON transfer
WHEN NEW.kind <> 'reversal' AND (
	   (SELECT balance - NEW.minutes < floor FROM account WHERE id = NEW.from_account)
	OR (SELECT balance + NEW.minutes > ceiling FROM account WHERE id = NEW.to_account))
BEGIN
	SELECT RAISE(ABORT, 'a transfer takes nobody past their floor or ceiling');
END;

CREATE TRIGGER transfer_reversal_mirrors BEFORE INSERT ON transfer
WHEN NEW.kind = 'reversal' AND NOT EXISTS (
	SELECT 1 FROM transfer o WHERE o.id = NEW.reverses AND o.kind <> 'reversal'
	   AND o.from_account = NEW.to_account AND o.to_account = NEW.from_account AND o.minutes = NEW.minutes)
BEGIN
	SELECT RAISE(ABORT, 'a reversal mirrors exactly one transfer');
END;

CREATE TRIGGER transfer_moves_balances AFTER INSERT ON transfer
BEGIN
	SELECT RAISE(ABORT, 'transfers are numbered without gaps')
	WHERE NEW.id <> 1 AND NOT EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id - 1);
	UPDATE account SET balance = balance - NEW.minutes, latest = NEW.id WHERE id = NEW.from_account;
	UPDATE account SET balance = balance + NEW.minutes, latest = NEW.id WHERE id = NEW.to_account;
	-- Somebody's own trigger may have swallowed one of the two.
	SELECT RAISE(ABORT, 'a transfer moves both balances')
	WHERE NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.from_account AND latest = NEW.id)
	   OR NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.to_account AND latest = NEW.id);
END;

CREATE TRIGGER transfer_is_final BEFORE UPDATE ON transfer
BEGIN
	SELECT RAISE(ABORT, 'a transfer never changes; put it right with a reversal');
END;

CREATE TRIGGER transfer_stays BEFORE DELETE ON transfer
BEGIN
	SELECT RAISE(ABORT, 'a transfer is never deleted; put it right with a reversal');
END;

CREATE TRIGGER account_is_new BEFORE INSERT ON account
WHEN EXISTS (SELECT 1 FROM account WHERE id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'an account is never replaced');
END;

CREATE TRIGGER account_is_born_empty BEFORE INSERT ON account
WHEN NEW.balance <> 0 OR NEW.latest <> 0
BEGIN
	SELECT RAISE(ABORT, 'an account is born with a balance of 0');
END;

CREATE TRIGGER account_stays BEFORE DELETE ON account
BEGIN
	SELECT RAISE(ABORT, 'an account is never deleted');
END;

-- No column list: UPDATE OF id would not fire for SET rowid.
CREATE TRIGGER account_keeps_its_number BEFORE UPDATE ON account
WHEN NEW.id <> OLD.id OR NEW.kind <> OLD.kind
BEGIN
	SELECT RAISE(ABORT, 'an account keeps its number and its kind');
END;

-- A balance changes by exactly one transfer, newer than any it holds already. The only
-- moment at which such a transfer exists is while it is being inserted.
CREATE TRIGGER account_balance_follows_transfers BEFORE UPDATE OF balance, latest ON account
WHEN NOT EXISTS (
	SELECT 1 FROM transfer t WHERE t.id = NEW.latest AND t.id > OLD.latest AND (
		   t.from_account = OLD.id AND NEW.balance = OLD.balance - t.minutes
		OR t.to_account = OLD.id AND NEW.balance = OLD.balance + t.minutes))
BEGIN
	SELECT RAISE(ABORT, 'only a transfer changes a balance');
END;

CREATE TRIGGER text_only_goes BEFORE UPDATE ON text
WHEN NEW.id <> OLD.id OR NEW.salt IS NOT NULL OR NEW.body IS NOT NULL
BEGIN
	SELECT RAISE(ABORT, 'a text is kept as it was written, or erased');
END;

CREATE TRIGGER text_is_new BEFORE INSERT ON text
WHEN EXISTS (SELECT 1 FROM text WHERE id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'a text is never replaced');
END;

CREATE TRIGGER text_stays BEFORE DELETE ON text
BEGIN
	SELECT RAISE(ABORT, 'a text is erased by setting salt and body to NULL');
END;

CREATE TABLE trade (
	id                 INTEGER PRIMARY KEY,
	giver              INTEGER NOT NULL REFERENCES account (id),
	receiver           INTEGER NOT NULL REFERENCES account (id),
	logged_by          INTEGER NOT NULL,
	minutes            INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 12000),
	text               INTEGER NOT NULL REFERENCES text (id),
	version            INTEGER NOT NULL CHECK (version > 0),
	giver_confirmed    INTEGER NOT NULL CHECK (giver_confirmed IN (0, 1)),
	receiver_confirmed INTEGER NOT NULL CHECK (receiver_confirmed IN (0, 1)),
	spill              INTEGER NOT NULL DEFAULT 0 CHECK (spill IN (0, 1)),
	state              TEXT    NOT NULL CHECK (state = 'proposed' OR state = 'posted' OR state = 'declined'
	                   OR state = 'cancelled' OR state = 'expired' OR state = 'disputed' OR state = 'reversed'),
	created_at         INTEGER NOT NULL, -- seconds since 1970, UTC
	expires_at         INTEGER NOT NULL,
	ended_at           INTEGER NOT NULL DEFAULT 0, -- when it left 'proposed'
	CHECK (giver <> receiver)
) STRICT;

CREATE INDEX trade_open_giver ON trade (giver) WHERE state = 'proposed';
CREATE INDEX trade_open_receiver ON trade (receiver) WHERE state = 'proposed';
CREATE INDEX trade_open_logged_by ON trade (logged_by) WHERE state = 'proposed';
CREATE INDEX trade_due ON trade (expires_at) WHERE state = 'proposed';

-- What somebody is asked about stays what they were asked about: another amount is
-- another version, and the sides and the words never change.
CREATE TRIGGER trade_keeps_its_terms BEFORE UPDATE ON trade
WHEN NEW.id <> OLD.id OR NEW.giver <> OLD.giver OR NEW.receiver <> OLD.receiver OR NEW.text <> OLD.text OR NEW.logged_by <> OLD.logged_by
  OR NEW.minutes <> OLD.minutes AND (NEW.version <> OLD.version + 1 OR OLD.state <> 'proposed')
BEGIN
	SELECT RAISE(ABORT, 'a trade keeps its sides, its words and, but for an amendment, its amount');
END;

CREATE TRIGGER trade_stays BEFORE DELETE ON trade
BEGIN
	SELECT RAISE(ABORT, 'a trade is never deleted');
END;

CREATE TRIGGER trade_is_new BEFORE INSERT ON trade
WHEN EXISTS (SELECT 1 FROM trade WHERE id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'a trade is never replaced');
END;
