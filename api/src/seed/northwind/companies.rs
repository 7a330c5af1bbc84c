//! The companies: registered, verified, members of the portal.

use std::collections::HashMap;

use domain::kernel::Timestamp;
use infra::Failure;
use serde_json::json;

use super::PORTAL;
use super::data::{Company, Northwind};
use crate::app::App;
use crate::command::Command;
use crate::party::bank_account;
use crate::party::bank_account::dto::BankAccountData;
use crate::party::organisation::dto::{AddressDto, IdentifierDto, Registration};
use crate::portal::dto::PortalData;
use crate::portal::usecase as portal;
use crate::seed::cast::{Player, body};
use crate::seed::{founding, slug};

/// The owners by the key of their company, suppliers and customers apart: their keys overlap in kind, not in text.
pub struct Cast {
    pub operator: Player,
    pub companies: HashMap<String, Player>,
    pub portal_id: uuid::Uuid,
}

/// Registers everybody and opens the portal.
pub async fn load(app: &App, data: &Northwind, hash: &str, at: Timestamp) -> Result<Cast, Failure> {
    let operator = founding::operator(app, hash, at).await?;
    let opening = PortalData {
        slug: PORTAL.to_owned(),
        name: [("en", "Northwind"), ("ru", "Северный ветер")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        description: [("en".to_owned(), "Food and drink from 29 suppliers.".to_owned())].into(),
        visibility: "open".to_owned(),
        functions: vec!["catalogue".to_owned()],
    };
    let opened =
        operator.act_alone(app, at, async |tx, command| portal::open(tx, command, &opening, &[]).await).await?;
    let mut companies = HashMap::new();
    let sides = [(&data.suppliers, "sell"), (&data.customers, "buy")];
    let all = sides.into_iter().flat_map(|(side, capability)| side.iter().map(move |company| (company, capability)));
    for (number, (company, capability)) in (1_u32..).zip(all) {
        let owner = founding::register(app, &registration(company, number), hash, at).await?;
        founding::admit(app, &operator, &owner, PORTAL, capability, at).await?;
        if capability == "sell" {
            add_account(app, company, &owner, number, at).await?;
        }
        companies.insert(company.key.clone(), owner);
    }
    Ok(Cast { operator, companies, portal_id: body(opened)?.id })
}

async fn add_account(app: &App, company: &Company, owner: &Player, number: u32, at: Timestamp) -> Result<(), Failure> {
    let Some(id) = owner.organisation else { return Ok(()) };
    let account = BankAccountData {
        holder: company.name.clone(),
        account_number: format!("{:010}", 7_000_000_000_u64 + u64::from(number)),
        bank_code: Some("NWTRUS33".to_owned()),
        bank_name: "Northwind Trade Bank".to_owned(),
        currency: super::CURRENCY.to_owned(),
    };
    let add = async |tx: &mut _, command: &Command| bank_account::usecase::add(tx, command, id, &account).await;
    owner.act_alone(app, at, add).await.map(drop)
}

fn registration(company: &Company, number: u32) -> Registration {
    let address = AddressDto {
        kind: "legal".to_owned(),
        lines: vec![company.address.clone()],
        city: company.city.clone(),
        postal_code: company.postal_code.clone(),
        region: company.region.clone(),
        country: company.country.to_owned(),
    };
    Registration {
        legal_name: company.name.clone(),
        legal_form: "company".to_owned(),
        country: company.country.to_owned(),
        addresses: vec![address],
        identifiers: vec![IdentifierDto { scheme: "gln".to_owned(), value: founding::gln(number) }],
        person: founding::owner(&company.contact, &company.name),
    }
}

/// What the categories are called by both.
pub fn category_code(name: &str) -> String {
    slug(name)
}

/// Names in English alone.
pub fn english(text: &str) -> domain::kernel::language::Texts {
    serde_json::from_value(json!({"en": text})).unwrap_or_default()
}
