ALTER TABLE document
    DROP CONSTRAINT document_subject_kind_check,
    ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN
        ('organisation', 'product', 'order', 'contract', 'delivery', 'invoice', 'auction'));
ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order', 'clearing', 'auction'));
DROP TABLE rfq_document, rfq_subscription, rfq_template, framework_call_off, framework_agreement, rfq_award, rfq_decision,
    quote_negotiation, quote_evaluation, quote_revision, quote, rfq_opening, rfq_question, rfq_application, rfq_recipient, rfq_version, rfq;
DROP FUNCTION quote_revision_stays();
