DROP TABLE approval_decision;
DROP FUNCTION refuse_own_approval();
DROP TABLE approval_step;
DROP TABLE approval;
DELETE FROM timer WHERE kind IN ('order.approval_expiry', 'approval.escalation');
-- What waits is given up: what it took of budgets comes back.
WITH freed AS (
    DELETE FROM budget_commitment WHERE order_id IN (SELECT id FROM purchase_order WHERE state = 'awaiting_approval')
    RETURNING budget_id, amount
)
UPDATE budget SET committed = committed - sum.amount
FROM (SELECT budget_id, sum(amount) AS amount FROM freed GROUP BY budget_id) AS sum WHERE budget.id = sum.budget_id;
UPDATE purchase_order SET state = 'cancelled' WHERE state = 'awaiting_approval';
UPDATE purchase_order SET state = 'confirmation_proposed' WHERE state = 'confirmation_in_approval';
UPDATE purchase_order SET state = 'cancelled' WHERE state = 'expired' AND seller_id IS NULL;
ALTER TABLE purchase_order DROP CONSTRAINT purchase_order_state_check, DROP CONSTRAINT purchase_order_check;
ALTER TABLE purchase_order
    ADD CONSTRAINT purchase_order_state_check CHECK (state IN
        ('draft', 'split', 'placed', 'confirmation_proposed', 'confirmed', 'partly_confirmed', 'declined', 'cancelled', 'expired')),
    ADD CONSTRAINT purchase_order_check CHECK (state IN ('draft', 'split', 'cancelled') OR seller_id IS NOT NULL);
DROP TABLE order_author;
DROP TABLE approval_delegation;
DROP TABLE approval_policy;
