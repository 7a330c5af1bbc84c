//! What a statement says, in short: the same number again with other content is another statement.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::integration::camt::{Direction, Entry, Statement, Status, transactions};

/// A hash (SHA-256) of balances and movements, with what is said of each. The message it came in does not count, and neither does how its
/// XML is laid out.
pub fn hash(statement: &Statement) -> Vec<u8> {
    let balances = statement.balances.iter().map(|one| json!([one.kind, plain(one.amount.amount()), one.on]));
    let entries = statement.entries.iter().map(entry);
    let payments = transactions(statement);
    let payments = payments.iter().map(|one| {
        let other = [&one.other_name, &one.other_account, &one.bank_reference];
        json!([one.entry, one.part, plain(one.amount.amount()), other, one.references])
    });
    let all = [balances.collect(), entries.collect(), payments.collect::<Vec<Value>>()];
    Sha256::digest(json!(all).to_string()).to_vec()
}

fn entry(one: &Entry) -> Value {
    let status = match one.status {
        Status::Booked => "booked",
        Status::Pending => "pending",
        Status::Information => "information",
    };
    let is_credit = one.direction == Direction::Credit;
    let days = [one.booked_on, one.value_on];
    let texts = [&one.reference, &one.bank_reference, &one.information];
    json!([status, plain(one.amount.amount()), is_credit, one.is_reversal, days, texts])
}

fn plain(amount: Decimal) -> String {
    amount.normalize().to_string()
}
