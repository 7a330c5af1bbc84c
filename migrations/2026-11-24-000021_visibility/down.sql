DROP TRIGGER offer_opens ON offer;
DROP FUNCTION offer_opens();
DROP TABLE offer_buyer_group, offer_organisation;
ALTER TABLE offer
    DROP CONSTRAINT offer_period_check,
    DROP COLUMN open_since,
    DROP COLUMN withdraw_at,
    DROP COLUMN publish_at,
    DROP COLUMN audience;
DROP TABLE blocked_buyer, buyer_group_member, buyer_group;
