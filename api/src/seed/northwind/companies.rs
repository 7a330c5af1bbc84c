//! The companies: registered, verified, members of the portal.

use std::collections::HashMap;

use domain::kernel::{OrganisationId, PersonId, Timestamp};
use domain::party::organisation::Step;
use domain::portal::member::MemberStep;
use infra::Failure;
use infra::party::person::{self, PersonRow};
use serde_json::json;

use super::cast::{Player, body};
use super::data::{Company, Northwind};
use super::{OPERATOR, PORTAL, email_of};
use crate::app::App;
use crate::clock::new_id;
use crate::command::Command;
use crate::http::principal::Principal;
use crate::party::bank_account::dto::BankAccountData;
use crate::party::organisation::dto::{AddressDto, Decision, IdentifierDto, NewPersonDto, Registration};
use crate::party::{bank_account, organisation};
use crate::portal::dto::{Application, Approval, PortalData};
use crate::portal::{member, usecase as portal};

/// The owners by the key of their company, suppliers and customers apart: their keys overlap in kind, not in text.
pub struct Cast {
    pub operator: Player,
    pub companies: HashMap<String, Player>,
    pub portal_id: uuid::Uuid,
}

/// Registers everybody and opens the portal.
pub async fn load(app: &App, data: &Northwind, hash: &str, at: Timestamp) -> Result<Cast, Failure> {
    let operator = operator(app, hash, at).await?;
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
        let owner = register(app, company, number, hash, at).await?;
        admit(app, &operator, &owner, capability, at).await?;
        if capability == "sell" {
            add_account(app, company, &owner, number, at).await?;
        }
        companies.insert(company.key.clone(), owner);
    }
    Ok(Cast { operator, companies, portal_id: body(opened)?.id })
}

async fn operator(app: &App, hash: &str, at: Timestamp) -> Result<Player, Failure> {
    let row = PersonRow {
        id: new_id(at),
        email: OPERATOR.to_owned(),
        name: "Operator".to_owned(),
        language: "en".to_owned(),
        password_hash: hash.to_owned(),
        is_operator: true,
        disabled_at: None,
        erased_at: None,
        version: 1,
        created_at: at,
    };
    infra::db::tx::transaction(&app.pool, async |tx| person::insert(tx, &row).await).await?;
    Ok(Player { person: row.id, name: row.name, organisation: None })
}

async fn register(app: &App, company: &Company, number: u32, hash: &str, at: Timestamp) -> Result<Player, Failure> {
    let input = registration(company, number);
    let made = infra::db::tx::transaction(&app.pool, async |tx| {
        let command = Command::new(Principal::nobody(at), at, None);
        let made = organisation::usecase::register(tx, &command, &input, hash).await?;
        infra::event::append(tx, &command.into_events()).await?;
        body(made)
    })
    .await?;
    let organisation = Some(OrganisationId(made.id));
    Ok(Player { person: PersonId(made.person_id).0, name: company.contact.clone(), organisation })
}

/// The operator verifies the company, and it becomes a member of the portal.
async fn admit(app: &App, operator: &Player, owner: &Player, capability: &str, at: Timestamp) -> Result<(), Failure> {
    let Some(id) = owner.organisation else { return Ok(()) };
    let wanted = Application { capabilities: vec![capability.to_owned()], accepted_rules: None };
    infra::db::tx::transaction(&app.pool, async |tx| {
        let verify = async |tx: &mut _, command: &Command| {
            organisation::usecase::decide(tx, command, id, Step::Verify, &Decision::default()).await
        };
        operator.act(tx, at, verify).await?;
        owner.act(tx, at, async |tx, command| member::apply(tx, command, PORTAL, &wanted).await).await?;
        let approve = async |tx: &mut _, command: &Command| {
            member::step(tx, command, PORTAL, id, MemberStep::Approve, &Approval::default()).await
        };
        operator.act(tx, at, approve).await.map(drop)
    })
    .await
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
        identifiers: vec![IdentifierDto { scheme: "gln".to_owned(), value: gln(number) }],
        person: NewPersonDto {
            name: company.contact.clone(),
            email: email_of(&company.name),
            password: super::PASSWORD.to_owned(),
            language: Some("en".to_owned()),
        },
    }
}

/// A GLN in the range that GS1 keeps for demonstrations (prefix 952).
fn gln(number: u32) -> String {
    let digits = format!("952{number:09}");
    let weights = [3, 1].into_iter().cycle();
    let sum: u32 = digits.bytes().rev().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// What the categories are called by both.
pub fn category_code(name: &str) -> String {
    super::slug(name)
}

/// Names in English alone.
pub fn english(text: &str) -> domain::kernel::language::Texts {
    serde_json::from_value(json!({"en": text})).unwrap_or_default()
}
