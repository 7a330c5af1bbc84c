//! Documents of procurement systems, filled in for a test.

use reqwest::Method;
use serde_json::Value;

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::given::{Company, number};
use crate::trade::Trade;

const ORDER: &str = include_str!("../data/integration/ubl-order.xml");
const ORDER_LINE: &str = include_str!("../data/integration/ubl-order-line.xml");
const RESPONSE: &str = include_str!("../data/integration/ubl-order-response.xml");
const RESPONSE_LINE: &str = include_str!("../data/integration/ubl-order-response-line.xml");
const CXML: &str = include_str!("../data/integration/cxml.xml");
const CXML_SETUP: &str = include_str!("../data/integration/cxml-setup.xml");
const CXML_ORDER: &str = include_str!("../data/integration/cxml-order.xml");
const CXML_ITEM: &str = include_str!("../data/integration/cxml-item.xml");
/// A document that would grow to ten million words.
pub const BOMB: &str = include_str!("../data/integration/bomb.xml");
/// A document that asks for a file of the server.
pub const EXTERNAL_ENTITY: &str = include_str!("../data/integration/external-entity.xml");

/// A line of an order: the buyer's number, the seller's number of the goods, quantity, unit and price.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a>(pub &'a str, pub &'a str, pub &'a str, pub &'a str, pub &'a str);

fn filled(form: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(form.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// The GLN that a company was registered with.
pub async fn gln_of(company: &Company) -> String {
    let found = company.owner.get(&format!("/v1/organisations/{}", company.id)).await.expect(200).json();
    let all = found["identifiers"].as_array().expect("identifiers");
    let gln = all.iter().find(|one| one["scheme"] == "gln").expect("a GLN");
    gln["value"].as_str().expect("a text").to_owned()
}

/// A UBL order.
pub fn ubl_order(number: &str, buyer: &str, seller: &str, lines: &[Line<'_>]) -> String {
    let lines: String = lines
        .iter()
        .map(|Line(id, sku, quantity, unit, price)| {
            filled(ORDER_LINE, &[("ID", id), ("SKU", sku), ("QUANTITY", quantity), ("UNIT", unit), ("PRICE", price)])
        })
        .collect();
    filled(ORDER, &[("NUMBER", number), ("BUYER", buyer), ("SELLER", seller), ("LINES", &lines)])
}

/// A UBL order response: its code, and lines of number, code and quantity.
pub fn ubl_response(order: &str, seller: &str, buyer: &str, code: &str, lines: &[(&str, &str, &str)]) -> String {
    let lines: String = lines
        .iter()
        .map(|(id, code, quantity)| filled(RESPONSE_LINE, &[("ID", id), ("CODE", code), ("QUANTITY", quantity)]))
        .collect();
    let note = "As far as the stock goes.";
    let values =
        [("NUMBER", order), ("SELLER", seller), ("BUYER", buyer), ("CODE", code), ("NOTE", note), ("LINES", &lines)];
    filled(RESPONSE, &values)
}

/// What speaks cXML for a buyer.
pub struct Purchasing {
    pub buyer_gln: String,
    pub seller_gln: String,
    pub portal: String,
    pub client: String,
    pub secret: String,
}

impl Purchasing {
    /// The procurement system of the buyer of a trade.
    pub async fn of(trade: &Trade) -> Self {
        let made = trade.buyer.api_client(&["orders:write"]).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            buyer_gln: gln_of(&trade.buyer).await,
            seller_gln: gln_of(&trade.seller).await,
            portal: trade.market.slug.clone(),
            client: text(&made["id"]),
            secret: text(&made["secret"]["secret"]),
        }
    }

    /// A document with a `payloadID` of its own.
    pub fn document(&self, request: &str) -> String {
        self.document_as(&format!("{}@buyer.example", number()), request)
    }

    /// A document with this `payloadID`.
    pub fn document_as(&self, payload: &str, request: &str) -> String {
        let values = [
            ("PAYLOAD", payload),
            ("BUYER", &self.buyer_gln),
            ("TODOMAIN", "GLN"),
            ("TO", &self.seller_gln),
            ("SENDERDOMAIN", "NetworkId"),
            ("SENDER", &self.client),
            ("SECRET", &self.secret),
            ("MODE", "production"),
            ("REQUEST", request),
        ];
        filled(CXML, &values)
    }

    /// Sends a document.
    pub async fn send(&self, app: &TestApp, document: &str) -> Answer {
        app.anonymous().post_xml(&format!("/v1/cxml?portal={}", self.portal), document).await.expect(200)
    }

    /// Begins a visit with these items in the basket; the path of its start page.
    pub async fn visit(&self, app: &TestApp, operation: &str, items: &str) -> String {
        let answer = self.send(app, &self.document(&setup(operation, items))).await;
        assert_eq!(status(&answer.text), "200", "{}", answer.text);
        let url = texts(&answer.text, "URL").remove(0);
        url[url.find("/v1/").expect("a path")..].to_owned()
    }
}

/// A `PunchOutSetupRequest`.
pub fn setup(operation: &str, items: &str) -> String {
    filled(CXML_SETUP, &[("OPERATION", operation), ("ITEMS", items)])
}

/// An `OrderRequest`.
pub fn order_request(number: &str, action: &str, items: &str) -> String {
    filled(CXML_ORDER, &[("NUMBER", number), ("ACTION", action), ("ITEMS", items)])
}

/// An `ItemOut`: number, SKU, auxiliary number, quantity, unit and price.
pub fn item_out(line: &str, (sku, auxiliary): (&str, &str), quantity: &str, unit: &str, price: &str) -> String {
    let values = [
        ("LINE", line),
        ("SKU", sku),
        ("AUXILIARY", auxiliary),
        ("QUANTITY", quantity),
        ("UNIT", unit),
        ("PRICE", price),
    ];
    filled(CXML_ITEM, &values)
}

/// The code of a cXML response.
pub fn status(cxml: &str) -> String {
    let (_, rest) = cxml.split_once("<Status code=\"").unwrap_or_else(|| panic!("no status: {cxml}"));
    rest.split_once('"').expect("a code").0.to_owned()
}

/// The texts of all elements of a name without others in them, as they are written.
pub fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1).filter(|part| part.starts_with(['>', ' ']));
    let inner = parts.filter_map(|part| {
        let (_, rest) = part.split_once('>')?;
        Some(rest.split_once(&close)?.0.to_owned())
    });
    inner.filter(|text| !text.contains('<')).collect()
}

impl Client {
    /// Posts a document.
    pub async fn post_xml(&self, path: &str, document: &str) -> Answer {
        let request = self.request(Method::POST, path).header("Content-Type", "application/xml");
        self.send(request.body(document.to_owned())).await
    }
}
