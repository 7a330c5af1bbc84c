-- An audience is written by the statement that writes its event, and neither is changed or deleted ever after: to look each
-- event up again for each row of its audience cost more than both rows.
ALTER TABLE event_audience DROP CONSTRAINT event_audience_tx_seq_fkey;
