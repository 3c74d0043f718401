-- What nobody has asked for keeps the quiet hours also where it had to wait for the line.
ALTER TABLE outbox ADD COLUMN unasked INTEGER NOT NULL DEFAULT 0 CHECK (unasked IN (0, 1));
