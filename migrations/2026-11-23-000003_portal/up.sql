CREATE TABLE portal (
    id uuid PRIMARY KEY,
    slug text NOT NULL CONSTRAINT portal_slug_key UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
    -- Who opened it; none where the platform's operator did.
    owner_id uuid REFERENCES organisation (id),
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    visibility text NOT NULL CHECK (visibility IN ('open', 'closed')),
    functions text[] NOT NULL,
    -- The current version of the rules that members accept; 0 where there are none.
    rules_version integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    archived_at timestamptz
);
CREATE INDEX portal_owner ON portal (owner_id);

CREATE TABLE portal_rules (
    portal_id uuid NOT NULL REFERENCES portal (id),
    version integer NOT NULL CHECK (version > 0),
    text jsonb NOT NULL,
    published_by uuid NOT NULL REFERENCES person (id),
    published_at timestamptz NOT NULL,
    PRIMARY KEY (portal_id, version)
);
CREATE TRIGGER portal_rules_append_only BEFORE UPDATE OR DELETE ON portal_rules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE portal_member (
    portal_id uuid NOT NULL REFERENCES portal (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('invited', 'applied', 'active', 'suspended', 'ended')),
    capabilities text[] NOT NULL,
    accepted_rules integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    -- It could sell here once and cannot now: nobody sees its offers. There are few of these, so that every reader of offers can look
    -- them up.
    barred_seller boolean NOT NULL DEFAULT false,
    PRIMARY KEY (portal_id, organisation_id)
);
CREATE INDEX portal_member_organisation ON portal_member (organisation_id);
CREATE INDEX portal_member_barred ON portal_member (portal_id, organisation_id) WHERE barred_seller;

CREATE FUNCTION portal_member_bars() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.barred_seller := NOT (NEW.state = 'active' AND 'sell' = ANY (NEW.capabilities))
        AND (OLD.barred_seller OR OLD.state = 'active' AND 'sell' = ANY (OLD.capabilities));
    RETURN NEW;
END $$;
CREATE TRIGGER portal_member_bars BEFORE UPDATE ON portal_member FOR EACH ROW EXECUTE FUNCTION portal_member_bars();

-- Who accepted which version of the rules, and when.
CREATE TABLE portal_rules_acceptance (
    portal_id uuid NOT NULL,
    version integer NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    person_id uuid NOT NULL REFERENCES person (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (portal_id, version, organisation_id),
    FOREIGN KEY (portal_id, version) REFERENCES portal_rules (portal_id, version)
);
CREATE TRIGGER portal_rules_acceptance_append_only BEFORE UPDATE OR DELETE ON portal_rules_acceptance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
