//! Which tables may stand together in a query. Diesel compiles something for each such pair, and of the more than ten thousand pairs of
//! tables few are ever joined: only those are named, each once, at the one that comes first by name. Where one is missing, the compiler says
//! `TableNotEqual` or `AppearsInFromClause`.

use diesel::allow_tables_to_appear_in_same_query;

use crate::schema::*;

macro_rules! joined {
    ($($one:ident: $($other:ident),+;)+) => {
        $($(allow_tables_to_appear_in_same_query!($one, $other);)+)+
    };
}

joined! {
    account: deposit_payment, ledger_entry, ledger_posting;
    api_client:
        api_client_secret, approval, approval_decision, approval_delegation, approval_policy, approval_step, category, member, order_author,
        organisation, person, purchase_order, session;
    api_client_secret: member, organisation, person, session;
    approval:
        approval_decision, approval_delegation, approval_policy, approval_step, category, member, order_author, organisation, person,
        purchase_order;
    approval_decision:
        approval_delegation, approval_policy, approval_step, category, member, order_author, organisation, person, purchase_order;
    approval_delegation:
        approval_policy, approval_step, category, contract, delivery, invoice, member, order_author, organisation, person, purchase_order;
    approval_policy: approval_step, category, member, order_author, organisation, person, purchase_order;
    approval_step: category, member, order_author, organisation, person, purchase_order;
    auction: auction_award, auction_bidder, auction_deposit, auction_lot, auction_runner_up, contract, contract_signature;
    auction_award: auction_lot, auction_offer, auction_runner_up, contract, contract_signature;
    auction_bidder:
        auction_deposit, auction_entry, auction_receipt, document, document_party, document_version, organisation, portal, portal_member;
    auction_entry: auction_receipt;
    auction_lot: auction_runner_up, contract, contract_signature;
    auction_runner_up: contract, contract_signature;
    bank_statement_entry: payment;
    blocked_buyer: buyer_group_member, offer_buyer_group, offer_organisation, organisation;
    budget: budget_commitment;
    buyer_group: buyer_group_member;
    buyer_group_member: offer_buyer_group, offer_organisation, price_list, price_list_buyer, price_list_group;
    catch_weight: offer, offer_tier, organisation, product, stock;
    category:
        category_attribute, commission, commission_entry, commission_rate, commission_statement, commission_terms, instrument, member,
        offer, offer_tier, order_author, organisation, person, product, purchase_order, stock;
    category_attribute: product;
    code_list: code_list_entry, product_code;
    code_list_entry: product_code;
    collective_invoicing: contract, contract_line, contract_line_weight;
    commission: commission_entry, commission_rate, commission_statement, commission_terms;
    commission_entry: commission_rate, commission_statement, commission_terms;
    commission_rate: commission_statement, commission_terms;
    commission_statement: commission_terms;
    contract:
        contract_line, contract_line_weight, contract_signature, credit_entry, credit_line, delivery, delivery_line, exchange_cleared_pair,
        exchange_clearing, framework_call_off, goods_return, goods_return_credit, goods_return_line, invoice, invoice_line, member,
        order_line, purchase_order;
    contract_line:
        contract_line_differential, contract_line_weight, contract_signature, delivery, delivery_measurement, delivery_part, invoice,
        invoice_line, invoice_tax;
    contract_line_differential: delivery, delivery_measurement, delivery_part;
    contract_line_weight: contract_signature, invoice, invoice_line;
    contract_signature: invoice, invoice_line;
    cost_centre: cost_centre_member, member;
    cost_centre_member: member;
    credit_entry: credit_line, invoice, order_line, purchase_order;
    credit_line: invoice, order_line, purchase_order;
    delivery: delivery_line, delivery_measurement, delivery_part, invoice, invoice_line, invoice_tax, member, purchase_order;
    delivery_measurement: delivery_part;
    deposit_payment: ledger_posting;
    document: document_party, document_version, portal, portal_member;
    document_party: document_version, portal, portal_member;
    document_version: portal, portal_member;
    dunning_level: dunning_notice, dunning_policy, invoice, member, person;
    dunning_notice: dunning_policy, invoice, member, person;
    dunning_policy: invoice, member, person;
    event: event_audience;
    exchange_cleared_pair: exchange_clearing;
    exchange_cleared_trade: exchange_trade;
    expected_receipt: goods_return, offer, product, stock, stock_lot, stock_movement, warehouse;
    goods_return:
        goods_return_credit, goods_return_line, invoice, invoice_line, offer, product, stock, stock_lot, stock_movement, warehouse;
    goods_return_credit: goods_return_line, invoice, invoice_line;
    goods_return_line: invoice, invoice_line;
    instrument: trading_schedule;
    invitation: mail;
    invoice: invoice_difference, invoice_line, invoice_match, invoice_tax, invoice_tolerance, member, order_line, person, purchase_order;
    invoice_difference: invoice_line, invoice_match, invoice_tolerance;
    invoice_line: invoice_match, invoice_tax, invoice_tolerance;
    invoice_match: invoice_tolerance;
    journal_entry: journal_projection, journal_stream;
    journal_projection: journal_snapshot, journal_stream;
    journal_stream: portal;
    ledger_entry: ledger_posting;
    member: order_author, organisation, person, purchase_order, session;
    offer:
        offer_tier, organisation, price_list, price_list_buyer, price_list_category, price_list_edition, price_list_group, price_list_tier,
        product, product_relation, stock, stock_lot, stock_movement, warehouse;
    offer_buyer_group: offer_organisation;
    offer_tier: organisation, product, stock;
    order_author: organisation, person, purchase_order;
    order_confirmation: order_confirmation_line;
    order_line: purchase_order;
    organisation:
        organisation_address, organisation_identifier, person, portal, portal_member, portal_rules, product, product_relation,
        purchase_order, quote, quote_evaluation, quote_revision, rfq_subscription, session, stock;
    organisation_address: organisation_identifier;
    password_reset: person;
    payment: payment_allocation;
    person: purchase_order, session;
    portal: portal_member, portal_rules;
    portal_member: portal_rules, rfq_subscription;
    price_list: price_list_buyer, price_list_category, price_list_edition, price_list_group, price_list_tier, product;
    price_list_buyer: price_list_category, price_list_group;
    price_list_category: price_list_group;
    price_list_edition: price_list_tier, product;
    price_list_tier: product;
    price_proposal: price_proposal_round;
    product: product_media, product_media_left, product_media_preview, product_relation, stock, stock_lot, stock_movement, warehouse;
    product_media: product_media_left, product_media_preview;
    product_media_left: product_media_preview;
    quote: quote_evaluation, quote_revision;
    quote_evaluation: quote_revision;
    refresh_token: session;
    requisition_line: requisition_list;
    rfq: rfq_award, rfq_recipient, rfq_release;
    standing_order: standing_order_line, standing_order_run;
    standing_order_line: standing_order_run;
    stock: stock_lot, stock_movement, warehouse;
    stock_lot: stock_movement, warehouse;
    stock_movement: warehouse;
    webhook_delivery: webhook_endpoint;
}
