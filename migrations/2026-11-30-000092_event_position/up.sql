-- The audiences of events in the order of the feed, whomever they are: webhooks of all organisations read it as one.
CREATE INDEX event_audience_position ON event_audience (tx, seq);
