-- Images and data sheets of products, with previews that a worker makes.
CREATE TABLE product_media (
    -- Its file has this name, and the files of its previews this and their edge.
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    kind text NOT NULL CHECK (kind IN ('image', 'data_sheet')),
    position integer NOT NULL CHECK (position > 0),
    title jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
    -- Why it failed.
    fault text,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    size bigint NOT NULL CHECK (size >= 0),
    media_type text NOT NULL,
    file_name text NOT NULL,
    width integer CHECK (width > 0),
    height integer CHECK (height > 0),
    page_count integer CHECK (page_count > 0),
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT product_media_place_key UNIQUE (product_id, position) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT product_media_fault_check CHECK ((state = 'failed') = (fault IS NOT NULL))
);
CREATE INDEX product_media_waiting ON product_media (id) WHERE state = 'waiting';

CREATE TABLE product_media_preview (
    media_id uuid NOT NULL REFERENCES product_media (id) ON DELETE CASCADE,
    -- The longest side at most, in pixels.
    edge integer NOT NULL CHECK (edge > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    media_type text NOT NULL,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    PRIMARY KEY (media_id, edge)
);

-- Files that belong to nothing, or will if what is being uploaded is not taken: to be removed at a time.
CREATE TABLE product_media_left (
    id uuid PRIMARY KEY,
    remove_at timestamptz NOT NULL
);
CREATE INDEX product_media_left_due ON product_media_left (remove_at);

-- The first image that is ready, so that a page of offers need not look for it.
ALTER TABLE product ADD COLUMN image_id uuid REFERENCES product_media (id) ON DELETE SET NULL;
CREATE INDEX product_image ON product (image_id) WHERE image_id IS NOT NULL;
