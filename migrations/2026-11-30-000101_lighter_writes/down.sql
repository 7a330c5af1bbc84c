ALTER TABLE journal_entry ALTER COLUMN commands SET STATISTICS -1;
ALTER TABLE event ALTER COLUMN data SET STATISTICS -1;
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES journal_stream (id);
