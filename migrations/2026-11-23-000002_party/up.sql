CREATE TABLE organisation (
    id uuid PRIMARY KEY,
    legal_name text NOT NULL,
    legal_form text NOT NULL,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    state text NOT NULL CHECK (state IN ('pending', 'verified', 'suspended', 'closed')),
    state_reason text,
    -- The group: an affiliate names its parent, which must agree.
    parent_id uuid REFERENCES organisation (id) CHECK (parent_id <> id),
    parent_confirmed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    verified_at timestamptz,
    search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', legal_name)) STORED
);
CREATE INDEX organisation_parent ON organisation (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX organisation_search ON organisation USING gin (search);
CREATE INDEX organisation_directory ON organisation (state, legal_name, id);

CREATE TABLE organisation_identifier (
    scheme text NOT NULL,
    value text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (scheme, value),
    CONSTRAINT organisation_identifier_once UNIQUE (organisation_id, scheme)
);

CREATE TABLE organisation_address (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    position smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('legal', 'billing', 'delivery')),
    lines text[] NOT NULL,
    city text NOT NULL,
    postal_code text,
    region text,
    country text NOT NULL,
    PRIMARY KEY (organisation_id, position)
);

-- What operators decided about an organisation, and on which evidence.
CREATE TABLE verification (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    decision text NOT NULL CHECK (decision IN ('verified', 'rejected', 'suspended', 'reinstated', 'closed')),
    note text,
    evidence uuid[] NOT NULL DEFAULT '{}',
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL
);
CREATE INDEX verification_organisation ON verification (organisation_id, decided_at);

CREATE TABLE person (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (email = lower(email)),
    name text NOT NULL,
    language text NOT NULL,
    password_hash text NOT NULL,
    is_operator boolean NOT NULL DEFAULT false,
    disabled_at timestamptz,
    erased_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT person_email_key UNIQUE (email)
);

CREATE TABLE member (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    person_id uuid NOT NULL REFERENCES person (id),
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX member_person ON member (person_id);

CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    email text NOT NULL,
    roles text[] NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX invitation_organisation ON invitation (organisation_id, id);
CREATE INDEX invitation_email ON invitation (email);

CREATE TABLE password_reset (
    token_hash bytea PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX password_reset_person ON password_reset (person_id);

CREATE TABLE api_client (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL,
    scopes text[] NOT NULL,
    revoked_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_by uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL
);
CREATE INDEX api_client_organisation ON api_client (organisation_id, id);

CREATE TABLE api_client_secret (
    id uuid PRIMARY KEY,
    api_client_id uuid NOT NULL REFERENCES api_client (id),
    secret_hash bytea NOT NULL,
    -- The last four characters, so that people can tell two secrets apart.
    hint text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX api_client_secret_client ON api_client_secret (api_client_id);

CREATE TABLE bank_account (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    holder text NOT NULL,
    -- An IBAN, or a domestic account number with the bank's code.
    account_number text NOT NULL,
    bank_code text,
    bank_name text NOT NULL,
    currency text NOT NULL,
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE INDEX bank_account_organisation ON bank_account (organisation_id, id);

-- A log-in of a person for one of their organisations (none for an operator without one).
CREATE TABLE session (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    organisation_id uuid REFERENCES organisation (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_reason text
);
CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL;

-- Refresh tokens rotate; one that comes a second time ends its session.
CREATE TABLE refresh_token (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    created_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
