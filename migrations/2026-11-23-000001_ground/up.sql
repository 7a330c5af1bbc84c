-- Keys that sign access tokens. The private part is sealed with the service's secret key.
CREATE TABLE signing_key (
    kid text PRIMARY KEY,
    private_key_sealed bytea NOT NULL,
    public_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- From then on it signs nothing; it is published until the last token it signed has expired.
    retired_at timestamptz
);

-- The answer to a request that carried an Idempotency-Key, kept in the transaction of its effect.
CREATE TABLE idempotency (
    scope uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    location text,
    etag text,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- What happened. `tx` is the writing transaction: readers see only rows below the oldest running one, in the order (tx, seq).
CREATE TABLE event (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    tx bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    id uuid NOT NULL,
    type text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    subject_version bigint NOT NULL,
    portal_id uuid,
    actor_id uuid,
    request_id text,
    schema_version smallint NOT NULL DEFAULT 1,
    data jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tx, seq)
);
CREATE INDEX event_subject ON event (subject_id, tx, seq);
CREATE INDEX event_type ON event (type, tx, seq);

-- The organisations an event concerns: the feed of each. Events are never deleted, so the foreign key needs no index.
CREATE TABLE event_audience (
    organisation_id uuid NOT NULL,
    tx bigint NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (organisation_id, tx, seq),
    FOREIGN KEY (tx, seq) REFERENCES event (tx, seq)
);

-- All transactions below this one have ended: what they wrote can be read without gaps.
CREATE FUNCTION event_horizon() RETURNS bigint STABLE LANGUAGE sql
    AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_audience_append_only BEFORE UPDATE OR DELETE ON event_audience
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Something that is due at a time: a deadline, an expiry, a retry. At most one of a kind per subject.
CREATE TABLE timer (
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    PRIMARY KEY (kind, subject_id)
);
CREATE INDEX timer_due_at ON timer (due_at);
CREATE INDEX timer_kind_due_at ON timer (kind, due_at);

-- Mail to be sent; written with what causes it, sent by a worker under a lease.
CREATE TABLE mail (
    id uuid PRIMARY KEY,
    recipient text NOT NULL,
    subject text NOT NULL,
    -- Mails carry secrets (invitation and reset links): sealed, and emptied once sent.
    text_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    last_error text
);
CREATE INDEX mail_recipient ON mail (recipient);
CREATE INDEX mail_next_attempt_at ON mail (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
