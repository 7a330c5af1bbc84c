-- What a company orders again and again: a person's own list, or one that all share.
CREATE TABLE requisition_list (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    owner_id uuid NOT NULL REFERENCES person (id),
    name text NOT NULL,
    shared boolean NOT NULL,
    portal_id uuid NOT NULL REFERENCES portal (id),
    currency text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE INDEX requisition_list_organisation ON requisition_list (organisation_id, id);
CREATE INDEX requisition_list_owner ON requisition_list (owner_id);
CREATE INDEX requisition_list_portal ON requisition_list (portal_id);

CREATE TABLE requisition_line (
    list_id uuid NOT NULL REFERENCES requisition_list (id),
    position integer NOT NULL CHECK (position > 0),
    offer_id uuid NOT NULL REFERENCES offer (id),
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    note text,
    PRIMARY KEY (list_id, position)
);
CREATE INDEX requisition_line_offer ON requisition_line (offer_id);

-- Quick orders name SKUs of any seller.
CREATE INDEX product_by_sku ON product (sku) WHERE archived_at IS NULL;
