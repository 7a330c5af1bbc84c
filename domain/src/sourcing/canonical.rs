//! The text of a quote that its commitment is about: a function of the quote alone, one value a line, `\n` at the end of each.
//!
//! What people typed is escaped, so that different quotes have different texts. A change of the form gets a new version in the heading.

use std::fmt::Write;

use rust_decimal::Decimal;

use super::offer::{Offer, Prices};
use super::opening::Envelope;
use super::quote::Quote;
use crate::kernel::DocumentId;

impl Quote {
    /// The text of what lies in an envelope. The technical one and the commercial one have nothing in common but which offers there are;
    /// together they hold the whole.
    pub fn text(&self, envelope: Envelope) -> String {
        let mut text = String::new();
        line(&mut text, "TORG QUOTE", &format!("text version 1, {}", envelope.code()));
        line(&mut text, "request version", &self.version.to_string());
        if envelope != Envelope::Commercial {
            documents(&mut text, "technical document", &self.technical_documents);
        }
        if envelope != Envelope::Technical {
            self.conditions(&mut text);
        }
        for offer in &self.offers {
            line(&mut text, "offer", &format!("line {} variant {}", offer.line, offer.variant));
            if envelope != Envelope::Commercial {
                technical(&mut text, offer);
            }
            if envelope != Envelope::Technical {
                prices(&mut text, &offer.stated);
            }
        }
        text
    }

    fn conditions(&self, text: &mut String) {
        line(text, "currency", self.currency.code());
        line(text, "valid until", &self.valid_until.to_string());
        line(text, "delivery", &format!("{} {}", self.delivery.incoterm.code(), escaped(&self.delivery.place)));
        line(text, "freight", &number(self.freight.amount()));
        line(text, "tax rate", &number(self.tax_rate));
        line(text, "least lines percent", &number(self.least_lines_percent));
        line(text, "whole discount percent", &number(self.whole_discount_percent));
        line(text, "remarks", &escaped(&self.remarks));
        documents(text, "commercial document", &self.commercial_documents);
    }
}

fn technical(text: &mut String, offer: &Offer) {
    line(text, "  kind", offer.kind.code());
    line(text, "  description", &escaped(&offer.description));
    line(text, "  lead time days", &offer.lead_time_days.to_string());
    line(text, "  remarks", &escaped(&offer.remarks));
    documents(text, "  document", &offer.documents);
}

fn prices(text: &mut String, prices: &Prices) {
    let optional = |value: Option<Decimal>| value.map_or("all".to_owned(), number);
    line(text, "  unit", prices.unit.code());
    line(text, "  unit price", &number(prices.unit_price.amount()));
    line(text, "  quantity", &optional(prices.quantity));
    line(text, "  least quantity", &prices.least_quantity.map_or("none".to_owned(), number));
    for tier in &prices.tiers {
        line(text, "  tier", &format!("from {} at {}", number(tier.from), number(tier.unit_price.amount())));
    }
}

fn documents(text: &mut String, label: &str, documents: &[DocumentId]) {
    for document in documents {
        line(text, label, &document.to_string());
    }
}

fn line(text: &mut String, label: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{label}: {value}");
}

/// Equal numbers are written equally.
fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// On one line and without loss: `\\` for a backslash, `\n` for a new line, and `\u{…}` for other control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
