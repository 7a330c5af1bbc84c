use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // An outsider's company is neither the buyer nor the seller that the document names.
    row("POST /v1/integration/orders", &["?portal=$portal"], ORDER, Buyer, [401, 422, 403, 201, 403]),
    row("POST /v1/integration/order-responses", &[], RESPONSE, Seller, [401, 422, 403, 200, 403]),
    row("GET /v1/orders/{id}.xml", &["placed"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/orders/{id}/response.xml", &["placed"], "", Buyer, [401, 404, 200, 200, 403]),
    row("GET /v1/deliveries/{id}.xml", &["delivery"], "", Buyer, [401, 404, 200, 200, 403]),
    row("GET /v1/rfqs/{id}.xml", &["rfq"], "", Buyer, [401, 404, 200, 200, 200]),
    row("GET /v1/quotes/{id}.xml", &["rfq_quote_sealed"], "", Seller, [401, 404, 200, 200, 404]),
    // How it went stands in the document that answers: HTTP always says 200.
    row("POST /v1/cxml", &[], "<cXML/>", Buyer, [200, 200, 200, 200, 200]),
    // Whoever has the token of a visit acts in it.
    row("GET /v1/punchout/{token}", &["visit"], "", Buyer, [200, 200, 200, 200, 200]),
    row("POST /v1/punchout/{token}/items", &["visit"], r#"{"items": [{"sku": "$sku", "quantity": "1"}]}"#, Buyer, [200, 200, 200, 200, 200]),
    row("POST /v1/punchout/{token}/checkout", &["filled_visit"], "", Buyer, [200, 200, 200, 200, 200]),
];

const ORDER: &str = r#"<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
    xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
    <b:ID>$number</b:ID><b:IssueDate>2026-11-30</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>
    <a:BuyerCustomerParty><a:Party><b:EndpointID schemeID="0088">$buyer_gln</b:EndpointID></a:Party></a:BuyerCustomerParty>
    <a:SellerSupplierParty><a:Party><b:EndpointID schemeID="0088">$seller_gln</b:EndpointID></a:Party></a:SellerSupplierParty>
    <a:OrderLine><a:LineItem><b:ID>1</b:ID><b:Quantity unitCode="C62">1</b:Quantity>
    <a:Item><a:SellersItemIdentification><b:ID>$sku</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine></Order>"#;

const RESPONSE: &str = r#"<OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2"
    xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
    <b:ID>1</b:ID><b:IssueDate>2026-11-30</b:IssueDate><b:OrderResponseCode>AP</b:OrderResponseCode>
    <a:OrderReference><b:ID>$order_number</b:ID></a:OrderReference>
    <a:SellerSupplierParty><a:Party><b:EndpointID schemeID="0088">$seller_gln</b:EndpointID></a:Party></a:SellerSupplierParty>
    <a:BuyerCustomerParty><a:Party><b:EndpointID schemeID="0088">$buyer_gln</b:EndpointID></a:Party></a:BuyerCustomerParty></OrderResponse>"#;
