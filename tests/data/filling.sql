-- Much of everything, for the plans that PostgreSQL makes. Identifiers are numbers: 1 to 1000 buy, 1001 to 2000 sell.
CREATE FUNCTION id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$ SELECT lpad(to_hex(n), 32, '0')::uuid $$;
SET session_replication_role = replica;

INSERT INTO organisation (id, legal_name, legal_form, country, state, created_at)
    SELECT id(n), 'Company ' || n, 'GmbH', 'DE', 'verified', now() FROM generate_series(1, 2000) n;
INSERT INTO person (id, email, name, language, password_hash, created_at)
    SELECT id(n), 'p' || n || '@torg.example', 'Person', 'en', '', now() FROM generate_series(1, 8000) n;
INSERT INTO member (organisation_id, person_id, roles, created_at)
    SELECT id(1 + n % 2000), id(n), '{owner}', now() FROM generate_series(1, 8000) n;
INSERT INTO session (id, person_id, organisation_id, created_at, expires_at)
    SELECT id(n), id(n), id(1 + n % 2000), now(), now() + interval '1 day' FROM generate_series(1, 8000) n;
INSERT INTO portal (id, slug, name, visibility, functions, created_at)
    SELECT id(n), 'portal-' || n, '{"en": "Portal"}', 'open', '{catalogue}', now() FROM generate_series(1, 20) n;
INSERT INTO category (id, code, name, path, created_at)
    SELECT id(n), 'c' || n, '{"en": "Things"}', ARRAY[id(n)], now() FROM generate_series(1, 400) n;
INSERT INTO product (id, category_id, seller_id, sku, name, base_unit, tax_category, tax_rate, minimum_order, order_multiple, lead_time_days, created_at)
    SELECT id(n), id(1 + n % 400), id(1001 + n % 1000), 'S' || n, jsonb_build_object('en', 'Thing ' || n), 'C62', 'S', 19, 1, 1, 0, now()
    FROM generate_series(1, 8000) n;
INSERT INTO stock (product_id, on_hand) SELECT id(n), 10 FROM generate_series(1, 8000) n;
INSERT INTO offer (id, portal_id, product_id, seller_id, currency, state, created_at)
    SELECT id(n), id(1 + n % 2), id(n), id(1001 + n % 1000), 'EUR', 'published', now() FROM generate_series(1, 8000) n;
INSERT INTO offer_tier (offer_id, from_quantity, unit_price) SELECT id(n), 1, 2 FROM generate_series(1, 8000) n;
UPDATE offer SET audience = 'chosen' WHERE id IN (SELECT id(n * 8) FROM generate_series(1, 900) n);
INSERT INTO auction (id, portal_id, seller_id, state, input, rules, format, currency, access, disclosure, opens_at, ends_at, deposit, secret,
        created_at, published_at)
    SELECT id(n), id(1 + n % 2), id(1001 + n % 1000), 'scheduled', '{"name": {"en": "Sale"}}', '{"lots": []}', 'english', 'EUR',
        CASE WHEN n % 2 = 0 THEN 'open' ELSE 'invited' END, 'public', now(), now() + n * interval '1 second', 0, '', now(), now()
    FROM generate_series(1, 8000) n;
INSERT INTO auction_bidder (auction_id, organisation_id, state, created_at)
    SELECT id(n), id(1 + n % 1000), 'admitted', now() FROM generate_series(1, 8000) n;
INSERT INTO auction_lot (auction_id, number, phase, state, ends_at, reserve_met, entries, changes, outcome, closed_at, settled_at)
    SELECT id(n), 1, 'closed', 'unsold', now(), false, 0, 1, 'no_bids', now(), now() FROM generate_series(1, 8000) n;
INSERT INTO buyer_group (id, seller_id, name, created_at)
    SELECT id(n), id(1001 + n % 1000), 'Group ' || n, now() FROM generate_series(1, 8000) n;
INSERT INTO buyer_group_member (buyer_group_id, organisation_id)
    SELECT id(n), id(1 + (n + k * 97) % 1000) FROM generate_series(1, 8000) n, generate_series(1, 5) k;
INSERT INTO offer_buyer_group (offer_id, buyer_group_id) SELECT id(n * 8), id(n) FROM generate_series(1, 900) n;
INSERT INTO offer_organisation (offer_id, organisation_id)
    SELECT id(n * 8), id(1 + (n * 7 + k * 31) % 1000) FROM generate_series(1, 900) n, generate_series(1, 5) k;
INSERT INTO blocked_buyer (seller_id, buyer_id, blocked_at)
    SELECT id(1001 + n % 1000), id(1 + n / 8), now() FROM generate_series(1, 7999) n;
-- A thousand lists for the buyer 7 by the seller of the offer 8, and seven thousand others; a thousand prices for each of ten.
INSERT INTO price_list_edition (id, price_list_id, adopted_at, created_at) SELECT id(n), id(n), now(), now() FROM generate_series(1, 8000) n;
INSERT INTO price_list (id, portal_id, seller_id, name, currency, valid_from, created_at, edition_id, priority)
    SELECT id(n), id(1), CASE WHEN n <= 900 THEN id(1009) ELSE id(1001 + n % 1000) END, 'List', 'EUR', now(), now(), id(n), n
    FROM generate_series(1, 8000) n;
INSERT INTO price_list_buyer (price_list_id, organisation_id)
    SELECT id(n), CASE WHEN n <= 900 THEN id(7) ELSE id(8 + n % 900) END FROM generate_series(1, 8000) n;
INSERT INTO price_list_group (price_list_id, buyer_group_id) SELECT id(n), id(n) FROM generate_series(1001, 8000) n;
INSERT INTO price_list_tier (edition_id, offer_id, from_quantity, unit_price)
    SELECT id(n), id(8), 1, n FROM generate_series(1, 900) n
    UNION ALL SELECT id(n), id(k * 8), 2, n FROM generate_series(1, 10) n, generate_series(1, 1000) k;
INSERT INTO purchase_order (id, portal_id, buyer_id, seller_id, state, currency, freight_terms, total, created_by, created_at)
    SELECT id(n), id(1), id(1 + n % 1000), id(1001 + n % 1000), 'placed', 'EUR', 'included', 1, id(1), now()
    FROM generate_series(1, 8000) n;
INSERT INTO order_line (id, order_id, position, offer_id, product_id, seller_id, sku, name, quantity, unit, unit_price, price_source,
        tax_category, tax_rate, amount, base_quantity)
    SELECT id(n), id(n), 1, id(n), id(n), id(1001 + n % 1000), 'S', '{"en": "Thing"}', 1, 'C62', 1, 'list', 'S', 19, 1, 1
    FROM generate_series(1, 8000) n;
INSERT INTO contract (id, origin_kind, origin_id, portal_id, buyer_id, seller_id, state, currency, payment_days, total, text,
        text_hash, created_at)
    SELECT id(n), 'order', id(n), id(1), id(1 + n % 1000), id(1001 + n % 1000), 'active', 'EUR', 30, 1, '', sha256(''), now()
    FROM generate_series(1, 8000) n;
INSERT INTO invoice (id, kind, contract_id, seller_id, buyer_id, state, currency, net, tax, gross, number, issue_date, due_date, created_at)
    SELECT id(n), 'invoice', id(n), id(1001 + n % 1000), id(1 + n % 1000), 'issued', 'EUR', 1, 0, 1, n::text, now(), now(), now()
    FROM generate_series(1, 8000) n;
INSERT INTO payment (id, payer_id, payee_id, state, amount, currency, paid_on, created_by, created_at)
    SELECT id(n), id(1 + n % 1000), id(1001 + n % 1000), 'recorded', 1, 'EUR', now(), id(1), now() FROM generate_series(1, 8000) n;
INSERT INTO payment_allocation (payment_id, invoice_id, amount) SELECT id(n), id(n), 1 FROM generate_series(1, 8000) n;
INSERT INTO event (seq, tx, id, type, subject_kind, subject_id, subject_version, data, at) OVERRIDING SYSTEM VALUE
    SELECT n, n, id(n), 'order.placed', 'order', id(n), 1, '{}', now() FROM generate_series(1, 8000) n;
INSERT INTO event_audience (organisation_id, tx, seq) SELECT id(1 + n % 1000), n, n FROM generate_series(1, 8000) n;
INSERT INTO idempotency (scope, key, request_hash, status, body, created_at)
    SELECT id(1 + n % 1000), 'k' || n, '', 201, '', now() FROM generate_series(1, 8000) n;
INSERT INTO timer (kind, subject_id, due_at) SELECT 'order.expiry', id(n), now() + interval '1 day' FROM generate_series(1, 8000) n;
INSERT INTO mail (id, recipient, subject, text_sealed, created_at, sent_at)
    SELECT id(n), 'a@torg.example', '', '', now(), now() FROM generate_series(1, 8000) n;
INSERT INTO webhook_endpoint (id, organisation_id, url, event_types, state, secret_sealed, since_tx, since_seq, created_at, disabled_at)
    SELECT id(n), id(1 + n % 1000), 'https://hooks.example.org/', '{}', 'disabled', '', 0, 0, now(), now() FROM generate_series(1, 8000) n;
INSERT INTO webhook_sending (endpoint_id, due_at) SELECT id(n), now() + interval '1 day' FROM generate_series(1, 8000) n;
INSERT INTO webhook_delivery (id, endpoint_id, tx, seq, event_id, event_type, state, attempts, attempts_in_all, first_attempt_at,
        next_attempt_at, created_at, ended_at)
    SELECT id(n), id(7), n, n, id(n), 'order.placed', (ARRAY['pending', 'retrying', 'delivered', 'delivered'])[1 + n % 4],
        least(n % 4, 1), least(n % 4, 1), CASE WHEN n % 4 > 0 THEN now() END, CASE WHEN n % 4 = 1 THEN now() + n * interval '1 second' END,
        now(), CASE WHEN n % 4 > 1 THEN now() END
    FROM generate_series(1, 8000) n;
INSERT INTO webhook_attempt (delivery_id, number, at, duration_ms, signature) SELECT id(n), 1, now(), 1, '' FROM generate_series(1, 8000) n;

SELECT catalogue_entry_refresh(ARRAY(SELECT id FROM offer));
INSERT INTO catalogue_word (portal_id, word, uses) SELECT id(1 + n % 2), 'word' || n, 1 FROM generate_series(1, 8000) n;
SET session_replication_role = origin;
DROP FUNCTION id(bigint);
ANALYZE;
