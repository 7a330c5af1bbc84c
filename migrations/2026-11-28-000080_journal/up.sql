-- Machines that are kept in memory and hosted by one node at a time. Whoever holds the lease writes their journal.
CREATE TABLE journal_stream (
    id uuid PRIMARY KEY,
    -- Such as `market`.
    kind text NOT NULL,
    portal_id uuid NOT NULL REFERENCES portal (id),
    -- Grows with every host; each begins with an entry of its own, so that an earlier one finds its next number taken.
    epoch bigint NOT NULL DEFAULT 0,
    -- The node, and where other nodes reach it.
    owner uuid,
    address text,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (portal_id, kind)
);

-- What was done, in batches: the commands that were not refused, in order. Nothing else is needed to make the state again.
CREATE TABLE journal_entry (
    stream_id uuid NOT NULL REFERENCES journal_stream (id),
    number bigint NOT NULL CHECK (number > 0),
    epoch bigint NOT NULL,
    -- The one time of the batch.
    at timestamptz NOT NULL,
    -- Of the commands' form.
    version smallint NOT NULL,
    -- How many commands; 0 where a host began.
    count integer NOT NULL CHECK (count >= 0),
    commands bytea NOT NULL,
    PRIMARY KEY (stream_id, number)
);
-- To compress what is written once and read seldom would cost more than the writing.
ALTER TABLE journal_entry ALTER COLUMN commands SET STORAGE EXTERNAL;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The whole state after an entry.
CREATE TABLE journal_snapshot (
    stream_id uuid NOT NULL REFERENCES journal_stream (id),
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (stream_id, number)
);
ALTER TABLE journal_snapshot ALTER COLUMN state SET STORAGE EXTERNAL;

-- Up to which entry the tables that are made from a journal have followed it.
CREATE TABLE journal_projection (
    stream_id uuid PRIMARY KEY REFERENCES journal_stream (id),
    number bigint NOT NULL DEFAULT 0
);
