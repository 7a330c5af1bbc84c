-- Webhooks: addresses to which an organisation has its events sent, what is to be sent, and what came of it.

CREATE TABLE webhook_endpoint (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    url text NOT NULL,
    description text,
    -- Exact types or `order.*`; none: all.
    event_types text[] NOT NULL,
    portal_id uuid REFERENCES portal (id),
    state text NOT NULL CHECK (state IN ('enabled', 'disabled', 'failed')),
    reason text CHECK (reason IN ('gone', 'exhausted')),
    -- Sealed; emptied when the webhook is deleted. The old one signs beside it until its end.
    secret_sealed bytea NOT NULL,
    old_secret_sealed bytea,
    old_secret_until timestamptz,
    -- Only what comes behind this position of the feed is sent.
    since_tx bigint NOT NULL,
    since_seq bigint NOT NULL,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    deleted_at timestamptz,
    CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CHECK ((state = 'enabled') = (disabled_at IS NULL)),
    CHECK (deleted_at IS NULL OR state <> 'enabled'),
    CHECK ((old_secret_sealed IS NULL) = (old_secret_until IS NULL))
);
CREATE INDEX webhook_endpoint_organisation ON webhook_endpoint (organisation_id, id);
CREATE INDEX webhook_endpoint_enabled ON webhook_endpoint (organisation_id) WHERE state = 'enabled';
CREATE INDEX webhook_endpoint_since ON webhook_endpoint (since_tx, since_seq) WHERE state = 'enabled';
CREATE INDEX webhook_endpoint_portal ON webhook_endpoint (portal_id) WHERE portal_id IS NOT NULL;
CREATE INDEX webhook_endpoint_deleted ON webhook_endpoint (deleted_at) WHERE deleted_at IS NOT NULL;

-- How the sending to an endpoint stands. Apart from the endpoint, which people edit. Who holds this row may change what is to be sent.
CREATE TABLE webhook_sending (
    endpoint_id uuid PRIMARY KEY REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
    -- When something is to be sent; none: nothing is.
    due_at timestamptz,
    -- The node that sends, under the name of its lease, until then.
    lease uuid,
    leased_until timestamptz,
    -- Since the last success.
    failing_since timestamptz,
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    rests_until timestamptz,
    CHECK ((lease IS NULL) = (leased_until IS NULL))
);
CREATE INDEX webhook_sending_due ON webhook_sending (due_at) WHERE due_at IS NOT NULL;

-- Up to where the feed of all organisations was read for webhooks.
CREATE TABLE webhook_feed (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    tx bigint NOT NULL,
    seq bigint NOT NULL
);
INSERT INTO webhook_feed (tx, seq) VALUES (event_horizon() - 1, 9223372036854775807);

-- An event that is sent to an endpoint. Its id follows from both, so that it is queued once. There is no foreign key to the endpoint, from
-- whose row the id is taken: to look that up again for each of thousands of rows would cost more than they do. Endpoints go after them.
CREATE TABLE webhook_delivery (
    id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL,
    tx bigint NOT NULL,
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    -- Grows when it is to be sent anew: what came of an attempt that had begun before changes nothing then.
    round integer NOT NULL DEFAULT 1 CHECK (round > 0),
    state text NOT NULL CHECK (state IN ('pending', 'retrying', 'delivered', 'failed')),
    -- In this round; and in all.
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempts_in_all integer NOT NULL DEFAULT 0 CHECK (attempts_in_all >= attempts),
    first_attempt_at timestamptz,
    next_attempt_at timestamptz,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'pending') = (attempts = 0)),
    CHECK ((state = 'pending') = (first_attempt_at IS NULL)),
    CHECK ((state = 'retrying') = (next_attempt_at IS NOT NULL)),
    CHECK ((state IN ('delivered', 'failed')) = (ended_at IS NOT NULL))
);
-- Ids begin with the time of the event.
CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (endpoint_id, id);
CREATE INDEX webhook_delivery_type ON webhook_delivery (endpoint_id, event_type, id);
CREATE INDEX webhook_delivery_failed ON webhook_delivery (endpoint_id, id) WHERE state = 'failed';
CREATE INDEX webhook_delivery_pending ON webhook_delivery (endpoint_id, tx, seq) WHERE first_attempt_at IS NULL;
CREATE INDEX webhook_delivery_retrying ON webhook_delivery (endpoint_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE FUNCTION webhook_delivery_id(event uuid, endpoint uuid) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT encode(set_byte(set_byte(b, 6, (get_byte(b, 6) & 15) | 112), 8, (get_byte(b, 8) & 63) | 128), 'hex')::uuid
    FROM (SELECT substring(uuid_send(event) FOR 6) || substring(sha256(uuid_send(event) || uuid_send(endpoint)) FOR 10) AS b) AS bytes
$$;

-- A request, and what was answered. It is written by the transaction that changes its delivery, and deleted by that which deletes it.
CREATE TABLE webhook_attempt (
    delivery_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    at timestamptz NOT NULL,
    duration_ms integer NOT NULL CHECK (duration_ms >= 0),
    signature text NOT NULL,
    status smallint,
    -- Why there was no answer, or it was no success.
    error text,
    response_headers jsonb,
    -- The beginning of it.
    response_body text,
    PRIMARY KEY (delivery_id, number)
);
