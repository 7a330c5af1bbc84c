DROP TABLE mail, timer, event_audience, event, idempotency, signing_key;
DROP FUNCTION refuse_change(), event_horizon();
