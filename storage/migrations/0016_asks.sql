-- Who was to be asked about the same thing.
CREATE INDEX nudge_about ON nudge (kind, key);
