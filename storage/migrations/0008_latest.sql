-- A household's latest trade, also where nothing of it reached their own account.
CREATE INDEX trade_posted_giver ON trade (giver, ended_at) WHERE state = 'posted';
CREATE INDEX trade_posted_receiver ON trade (receiver, ended_at) WHERE state = 'posted';
