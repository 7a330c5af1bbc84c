CREATE TABLE document (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES organisation (id),
    title text NOT NULL,
    visibility text NOT NULL CHECK (visibility IN ('owner', 'parties', 'portal', 'public')),
    portal_id uuid REFERENCES portal (id),
    -- What it belongs to; `parties` are those of that thing.
    subject_kind text CHECK (subject_kind IN ('organisation', 'product', 'order', 'contract', 'delivery', 'invoice')),
    subject_id uuid,
    published_at timestamptz,
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    CHECK (visibility <> 'portal' OR portal_id IS NOT NULL),
    CHECK (visibility <> 'parties' OR subject_id IS NOT NULL)
);
CREATE INDEX document_owner ON document (owner_id, id);
CREATE INDEX document_subject ON document (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX document_portal ON document (portal_id, id) WHERE portal_id IS NOT NULL;

-- The parties of what a document belongs to, written when it is attached.
CREATE TABLE document_party (
    document_id uuid NOT NULL REFERENCES document (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (document_id, organisation_id)
);
CREATE INDEX document_party_organisation ON document_party (organisation_id, document_id);

CREATE TABLE document_version (
    document_id uuid NOT NULL REFERENCES document (id),
    number integer NOT NULL CHECK (number > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    size bigint NOT NULL CHECK (size >= 0),
    media_type text NOT NULL,
    file_name text NOT NULL,
    -- None where the service itself wrote it, such as the PDF of an invoice.
    uploaded_by uuid,
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, number)
);
CREATE INDEX document_version_sha256 ON document_version (sha256);
CREATE TRIGGER document_version_append_only BEFORE UPDATE OR DELETE ON document_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
