-- How the columns of a seller's files correspond to fields.
CREATE TABLE import_mapping (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL,
    definition jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT import_mapping_name UNIQUE (organisation_id, name)
);

-- A file of goods that is taken in, row by row; how far it got stands here in the transaction of each batch.
CREATE TABLE import_job (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    actor_id uuid,
    request_id text,
    kind text NOT NULL CHECK (kind IN ('products', 'prices', 'stock')),
    portal_id uuid REFERENCES portal (id),
    dry_run boolean NOT NULL,
    file_name text,
    -- Where the file waits.
    file_id uuid NOT NULL CONSTRAINT import_job_file UNIQUE,
    size bigint NOT NULL CHECK (size >= 0),
    -- Encoding, separator and mapping as they were when the file came.
    reading jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
    problem text,
    detail text,
    total bigint NOT NULL CHECK (total >= 0),
    done bigint NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND total),
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    -- How many faults of refused rows are kept.
    listed bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    -- Until then one node works on it, and no other.
    leased_until timestamptz NOT NULL,
    -- How often it was taken up since it last got on.
    attempts integer NOT NULL DEFAULT 0,
    -- The file is gone.
    file_removed boolean NOT NULL DEFAULT false,
    CONSTRAINT import_job_counts CHECK (created + updated + unchanged + failed = done),
    CONSTRAINT import_job_over CHECK ((finished_at IS NOT NULL) = (state IN ('finished', 'failed', 'cancelled'))),
    CONSTRAINT import_job_problem CHECK ((state = 'failed') = (problem IS NOT NULL))
);
CREATE INDEX import_job_organisation ON import_job (organisation_id, id);
CREATE INDEX import_job_portal ON import_job (portal_id);
CREATE INDEX import_job_waiting ON import_job (organisation_id, id) WHERE state IN ('queued', 'running');
CREATE INDEX import_job_file_left ON import_job (id) WHERE finished_at IS NOT NULL AND NOT file_removed;

CREATE INDEX import_job_finished ON import_job (finished_at) WHERE finished_at IS NOT NULL;

-- Files that belong to no job, or will if what is being uploaded is not taken on: to be removed at a time.
CREATE TABLE import_file_left (
    id uuid PRIMARY KEY,
    remove_at timestamptz NOT NULL
);
CREATE INDEX import_file_left_due ON import_file_left (remove_at);

CREATE TABLE import_error (
    id uuid PRIMARY KEY,
    import_id uuid NOT NULL REFERENCES import_job (id),
    row_number bigint NOT NULL,
    sku text,
    column_name text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX import_error_import ON import_error (import_id, row_number, id);
