-- An export of everything that an organisation owns, written part by part; how far it got stands here in the transaction of each part.
CREATE TABLE export_job (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    actor_id uuid,
    request_id text,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
    problem text,
    detail text,
    -- What who asked for it may not read.
    left_out text[] NOT NULL,
    total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
    done bigint NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND total),
    lines bigint NOT NULL DEFAULT 0,
    -- Behind what it goes on: section, identifier, and the place in the feed of events.
    position jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    -- Until then one node works on it, and no other.
    leased_until timestamptz NOT NULL,
    -- How often it was taken up since it last got on.
    attempts integer NOT NULL DEFAULT 0,
    CONSTRAINT export_job_over CHECK ((finished_at IS NOT NULL) = (state IN ('finished', 'failed', 'cancelled'))),
    CONSTRAINT export_job_problem CHECK ((state = 'failed') = (problem IS NOT NULL))
);
CREATE INDEX export_job_organisation ON export_job (organisation_id, id);
CREATE INDEX export_job_waiting ON export_job (organisation_id, id) WHERE state IN ('queued', 'running');
CREATE INDEX export_job_finished ON export_job (finished_at) WHERE finished_at IS NOT NULL;

-- A part of an export: a file of its own, packed by gzip. The parts one after the other are the whole, packed or not.
CREATE TABLE export_part (
    export_id uuid NOT NULL REFERENCES export_job (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    -- Where it waits.
    file_id uuid NOT NULL CONSTRAINT export_part_file UNIQUE,
    packed bigint NOT NULL CHECK (packed > 0),
    plain bigint NOT NULL CHECK (plain >= 0),
    PRIMARY KEY (export_id, number)
);

-- Exports read the entries of an organisation one after the other.
CREATE INDEX ledger_entry_organisation ON ledger_entry (organisation_id, id);
