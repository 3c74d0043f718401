-- For what is told of a week: what came and what went in it.
CREATE INDEX post_created ON post (created_at);
CREATE INDEX post_ended ON post (ended_at) WHERE ended_at > 0;
CREATE INDEX thanks_at ON thanks (at);
