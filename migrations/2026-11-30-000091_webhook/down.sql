DROP TABLE webhook_attempt;
DROP FUNCTION webhook_delivery_id(uuid, uuid);
DROP TABLE webhook_delivery;
DROP TABLE webhook_feed;
DROP TABLE webhook_sending;
DROP TABLE webhook_endpoint;
