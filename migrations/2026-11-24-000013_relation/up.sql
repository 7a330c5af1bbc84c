-- What a seller names beside a product: what can stand in for it, and what goes with it.
CREATE TABLE product_relation (
    product_id uuid NOT NULL REFERENCES product (id),
    kind text NOT NULL CHECK (kind IN ('substitute', 'accessory')),
    related_id uuid NOT NULL REFERENCES product (id),
    position integer NOT NULL CHECK (position > 0),
    PRIMARY KEY (product_id, kind, related_id),
    CHECK (product_id <> related_id)
);
CREATE INDEX product_relation_related ON product_relation (related_id);
