ALTER TABLE event_audience
    ADD CONSTRAINT event_audience_tx_seq_fkey FOREIGN KEY (tx, seq) REFERENCES event (tx, seq);
