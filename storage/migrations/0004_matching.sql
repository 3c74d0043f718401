-- How many people a post wants, and who does not want to be listened to.
ALTER TABLE post ADD COLUMN wanted INTEGER NOT NULL DEFAULT 1 CHECK (wanted BETWEEN 1 AND 50);
ALTER TABLE member ADD COLUMN deaf INTEGER NOT NULL DEFAULT 0 CHECK (deaf IN (0, 1)); -- plain language is for slashes only
