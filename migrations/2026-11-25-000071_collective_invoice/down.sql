DROP TABLE collective_invoicing;
ALTER TABLE delivery DROP COLUMN invoice_id;
UPDATE invoice SET contract_id = (
    SELECT c.contract_id FROM invoice_line l JOIN contract_line c ON c.id = l.contract_line_id
    WHERE l.invoice_id = invoice.id ORDER BY l.position LIMIT 1) WHERE contract_id IS NULL;
ALTER TABLE invoice ALTER COLUMN contract_id SET NOT NULL;
