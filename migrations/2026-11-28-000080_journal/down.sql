DROP TABLE journal_projection;
DROP TABLE journal_snapshot;
DROP TABLE journal_entry;
DROP TABLE journal_stream;
