//! A visit in a browser: the basket, and the way back. Plain pages without anything from elsewhere.

use std::fmt::Write;

use actix_web::HttpResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use sha2::{Digest, Sha256};

use super::dto::{Checkout, Visit, VisitLine};
use crate::http::call::Call;
use crate::http::dto::MoneyDto;
use crate::integration::cxml::order_message;

/// What takes the basket back without a click, where scripts run.
const SUBMIT: &str = "document.forms[0].submit()";

/// Whether a browser asks.
pub fn is_wanted(call: &Call) -> bool {
    call.headers().get("Accept").and_then(|value| value.to_str().ok()).is_some_and(|kinds| kinds.contains("text/html"))
}

/// Scheme, host and port of an address that a browser can be sent to.
pub fn origin(address: &str) -> Option<String> {
    let url = reqwest::Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web.then(|| url.origin().ascii_serialization())
}

/// The basket, with a form that puts something into it and one that takes it back.
pub fn basket(token: &str, visit: &Visit) -> HttpResponse {
    let rows: String = visit.items.iter().map(row).collect();
    let total = visit.total.as_ref().map(|total| format!("<p>Total without tax: {}</p>\n", money(Some(total))));
    let add = if visit.operation == "inspect" {
        String::new()
    } else {
        format!(
            "<form method=\"post\" action=\"/v1/punchout/{token}/items\">\n\
             <label>Number <input name=\"sku\" required maxlength=\"100\"></label>\n\
             <label>Quantity <input name=\"quantity\" required maxlength=\"40\" value=\"1\"></label>\n\
             <button type=\"submit\">Put into the basket</button>\n</form>\n"
        )
    };
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Basket</title></head><body>\n<h1>Basket</h1>\n\
         <table>\n<tr><th>Number</th><th>Name</th><th>Quantity</th><th>Price</th><th>Amount</th></tr>\n{rows}</table>\n{}{add}\
         <form method=\"post\" action=\"/v1/punchout/{token}/checkout\">\n<button type=\"submit\">Take it back to your system</button>\n</form>\n\
         </body></html>\n",
        total.unwrap_or_default(),
    );
    page(text, "default-src 'none'; base-uri 'none'; form-action 'self'")
}

fn row(line: &VisitLine) -> String {
    let mut row = String::new();
    let name = line.name.as_ref().or(line.problem.as_ref()).map_or("", String::as_str);
    let (sku, name) = (escape(line.sku.as_str()), escape(name));
    let (quantity, unit) = (escape(line.quantity.value.as_str()), escape(line.quantity.unit.as_str()));
    let (price, amount) = (money(line.unit_price.as_ref()), money(line.amount.as_ref()));
    // Writing to a text does not fail.
    let _ = writeln!(
        row,
        "<tr><td>{sku}</td><td>{name}</td><td>{quantity} {unit}</td><td>{price}</td><td>{amount}</td></tr>"
    );
    row
}

fn money(amount: Option<&MoneyDto>) -> String {
    amount.map(|amount| format!("{} {}", amount.amount, amount.currency)).unwrap_or_default()
}

/// The form that brings the basket back, and submits itself. It can be sent to the buyer's system and nowhere else.
pub fn way_back(checkout: &Checkout) -> HttpResponse {
    let form = order_message::form(&checkout.form_post, &checkout.cxml, "Take the basket back");
    let text = form.replacen("</body>", &format!("<script>{SUBMIT}</script>\n</body>"), 1);
    let hash = STANDARD.encode(Sha256::digest(SUBMIT));
    let origin = origin(&checkout.form_post).unwrap_or_else(|| "'none'".to_owned());
    page(text, &format!("default-src 'none'; base-uri 'none'; script-src 'sha256-{hash}'; form-action {origin}"))
}

/// The address of the page is a secret of the visit: it is told to nobody else, and kept nowhere. Buyers' systems show it within theirs, so
/// framing is left to them.
fn page(text: String, policy: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Content-Security-Policy", policy))
        .insert_header(("Referrer-Policy", "no-referrer"))
        .insert_header(("Cache-Control", "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert_eq!(origin("https://buyer.example:8443/a?b=1").as_deref(), Some("https://buyer.example:8443"));
        assert_eq!(origin("http://buyer.example/").as_deref(), Some("http://buyer.example"));
        for odd in ["https://", "javascript:alert(1)", "https://a b/", "ftp://buyer.example/"] {
            assert_eq!(origin(odd), None, "{odd}");
        }
    }
}
