-- Whoever writes an entry has the lease of its stream, and streams are never deleted: to look the stream up and lock it for each entry cost
-- half as much as the entry.
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_stream_id_fkey;
-- Nothing is ever found by the inside of an event or of an entry. To look at thousands of them for the planner's statistics, each time that
-- the tables have grown by a tenth, took a core for seconds.
ALTER TABLE event ALTER COLUMN data SET STATISTICS 0;
ALTER TABLE journal_entry ALTER COLUMN commands SET STATISTICS 0;
