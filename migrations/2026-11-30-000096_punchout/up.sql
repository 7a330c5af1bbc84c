-- Visits of people of a buyer's procurement system in our catalogue (cXML PunchOut). Whoever has the token of a visit acts in it, with the
-- rights of the API client that began it, as long as the secret that it was begun with is good.
CREATE TABLE punchout_session (
    id uuid PRIMARY KEY,
    -- SHA-256 of the token.
    token_hash bytea NOT NULL CONSTRAINT punchout_session_token UNIQUE CHECK (length(token_hash) = 32),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    api_client_id uuid NOT NULL REFERENCES api_client (id),
    api_client_secret_id uuid NOT NULL REFERENCES api_client_secret (id),
    portal_id uuid NOT NULL REFERENCES portal (id),
    -- Whose goods are shopped for; none: those of all sellers of the portal.
    seller_id uuid REFERENCES organisation (id),
    operation text NOT NULL CHECK (operation IN ('create', 'edit', 'inspect')),
    -- The buyer's word for the visit, which goes back as it is.
    buyer_cookie text NOT NULL,
    -- Where the browser brings the basket.
    form_post text NOT NULL,
    -- What the buyer calls itself and us.
    buyer_domain text NOT NULL,
    buyer_identity text NOT NULL,
    supplier_domain text NOT NULL,
    supplier_identity text NOT NULL,
    -- [{"offer_id", "quantity", "unit"}]
    items jsonb NOT NULL CHECK (jsonb_typeof(items) = 'array'),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    checked_out_at timestamptz
);
CREATE INDEX punchout_session_organisation ON punchout_session (organisation_id);
CREATE INDEX punchout_session_api_client ON punchout_session (api_client_id);
CREATE INDEX punchout_session_api_client_secret ON punchout_session (api_client_secret_id);
CREATE INDEX punchout_session_portal ON punchout_session (portal_id);
CREATE INDEX punchout_session_seller ON punchout_session (seller_id) WHERE seller_id IS NOT NULL;
CREATE INDEX punchout_session_end ON punchout_session (expires_at);
