DROP TABLE budget_commitment;
ALTER TABLE order_line
    DROP COLUMN cost_centre_id,
    DROP COLUMN buyer_reference,
    DROP COLUMN note,
    DROP COLUMN requested_date,
    DROP COLUMN delivery_address;
ALTER TABLE purchase_order DROP COLUMN cost_centre_id;
DROP TABLE budget;
DROP TABLE cost_centre_member;
DROP TABLE cost_centre;
DROP EXTENSION btree_gist;
