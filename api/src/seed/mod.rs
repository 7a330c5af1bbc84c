//! Demonstration data, loaded through the same use cases as the API.

mod cast;
pub mod commodities;
mod company;
mod founding;
pub mod northwind;
pub mod okpd2;
pub mod sourcing;
pub mod surplus;

use infra::Failure;
use infra::db::tx;
use infra::party::{organisation, person};

use crate::app::App;

/// The password of everybody in the demonstration data.
pub const PASSWORD: &str = "northwind trades since 1996";

/// Runs the platform.
pub const OPERATOR: &str = "operator@torg.example";

/// Whether nobody has registered who is not of the demonstration: among others, people with a known password have no place.
pub async fn may_be_loaded(app: &App) -> Result<bool, Failure> {
    tx::transaction(&app.pool, async |tx| {
        let operator = person::find_by_email(tx, OPERATOR).await?;
        Ok(organisation::is_none(tx).await? || operator.is_some_and(|person| person.is_operator))
    })
    .await
}

/// The e-mail address of a company's owner.
pub fn email_of(name: &str) -> String {
    format!("owner@{}.example", slug(name))
}

/// The e-mail address of who buys for a company beside its owner.
pub fn buyer_email_of(name: &str) -> String {
    format!("buyer@{}.example", slug(name))
}

/// A name as it can stand in a host: letters without marks, digits and hyphens.
fn slug(name: &str) -> String {
    let plain = |c: char| match c.to_ascii_lowercase() {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    let text: String = name.chars().map(plain).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    text.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
