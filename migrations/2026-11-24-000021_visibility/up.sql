-- A seller's named sets of buyers.
CREATE TABLE buyer_group (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL CHECK (name <> ''),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT buyer_group_name_key UNIQUE (seller_id, name)
);
CREATE INDEX buyer_group_seller ON buyer_group (seller_id, id);

CREATE TABLE buyer_group_member (
    buyer_group_id uuid NOT NULL REFERENCES buyer_group (id) ON DELETE CASCADE,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (buyer_group_id, organisation_id)
);
CREATE INDEX buyer_group_member_organisation ON buyer_group_member (organisation_id, buyer_group_id);

-- Buyers that see and buy nothing of a seller.
CREATE TABLE blocked_buyer (
    seller_id uuid NOT NULL REFERENCES organisation (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id) CHECK (buyer_id <> seller_id),
    reason text,
    blocked_at timestamptz NOT NULL,
    PRIMARY KEY (seller_id, buyer_id)
);
CREATE INDEX blocked_buyer_buyer ON blocked_buyer (buyer_id, seller_id);

-- Who sees an offer, and when. A published offer is seen from publish_at on and until withdraw_at; without them, always.
ALTER TABLE offer
    ADD COLUMN audience text NOT NULL DEFAULT 'everyone' CONSTRAINT offer_audience_check CHECK (audience IN ('everyone', 'chosen')),
    ADD COLUMN publish_at timestamptz,
    ADD COLUMN withdraw_at timestamptz,
    -- Since when those who see it see it, or will; none of one that is not published.
    ADD COLUMN open_since timestamptz,
    ADD CONSTRAINT offer_period_check CHECK (withdraw_at > publish_at);

-- The chosen of an offer: organisations, and groups of its seller.
CREATE TABLE offer_organisation (
    offer_id uuid NOT NULL REFERENCES offer (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (offer_id, organisation_id)
);
CREATE INDEX offer_organisation_organisation ON offer_organisation (organisation_id, offer_id);

CREATE TABLE offer_buyer_group (
    offer_id uuid NOT NULL REFERENCES offer (id),
    buyer_group_id uuid NOT NULL CONSTRAINT offer_buyer_group_in_use REFERENCES buyer_group (id),
    PRIMARY KEY (offer_id, buyer_group_id)
);
CREATE INDEX offer_buyer_group_group ON offer_buyer_group (buyer_group_id, offer_id);

UPDATE offer SET open_since = created_at WHERE state = 'published';
CREATE FUNCTION offer_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'published' THEN
        NEW.open_since := NULL;
    ELSIF TG_OP = 'INSERT' OR OLD.state <> 'published' OR OLD.audience <> NEW.audience OR OLD.open_since > now()
        OR OLD.withdraw_at <= now() OR NEW.publish_at > now() THEN
        NEW.open_since := greatest(now(), NEW.publish_at);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_opens BEFORE INSERT OR UPDATE OF state, audience, publish_at, withdraw_at ON offer
    FOR EACH ROW EXECUTE FUNCTION offer_opens();
