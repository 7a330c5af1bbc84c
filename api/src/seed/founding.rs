//! How the companies of the demonstration come to be: registered, verified, members of their portal.

use domain::kernel::{OrganisationId, PersonId, Timestamp};
use domain::party::organisation::Step;
use domain::portal::member::MemberStep;
use infra::Failure;
use infra::db::tx;
use infra::party::person::{self, PersonRow};

use super::cast::{Player, body};
use super::{OPERATOR, PASSWORD, email_of};
use crate::app::App;
use crate::clock::new_id;
use crate::command::Command;
use crate::http::principal::Principal;
use crate::party::organisation;
use crate::party::organisation::dto::{Decision, NewPersonDto, Registration};
use crate::portal::dto::{Application, Approval};
use crate::portal::member;

/// The operator of the demonstration, who is made where it is the first of its data.
pub async fn operator(app: &App, hash: &str, at: Timestamp) -> Result<Player, Failure> {
    let known = tx::transaction(&app.pool, async |tx| person::find_by_email(tx, OPERATOR).await).await?;
    if let Some(known) = known.filter(|known| known.is_operator) {
        return Ok(Player { person: known.id, name: known.name, organisation: None });
    }
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
    tx::transaction(&app.pool, async |tx| person::insert(tx, &row).await).await?;
    Ok(Player { person: row.id, name: row.name, organisation: None })
}

/// A company registers with its owner, whose password has been hashed.
pub async fn register(app: &App, input: &Registration, hash: &str, at: Timestamp) -> Result<Player, Failure> {
    let made = tx::transaction(&app.pool, async |tx| {
        let command = Command::new(Principal::nobody(at), at, None);
        let made = organisation::usecase::register(tx, &command, input, hash).await?;
        infra::event::append(tx, &command.into_events()).await?;
        body(made)
    })
    .await?;
    let organisation = Some(OrganisationId(made.id));
    Ok(Player { person: PersonId(made.person_id).0, name: input.person.name.clone(), organisation })
}

/// Somebody of a company, with an address of the company's name.
pub fn owner(name: &str, company: &str) -> NewPersonDto {
    NewPersonDto {
        name: name.to_owned(),
        email: email_of(company),
        password: PASSWORD.to_owned(),
        language: Some("en".to_owned()),
    }
}

/// The operator verifies the company, and it becomes a member of the portal.
pub async fn admit(
    app: &App,
    operator: &Player,
    owner: &Player,
    portal: &str,
    capability: &str,
    at: Timestamp,
) -> Result<(), Failure> {
    let Some(id) = owner.organisation else { return Ok(()) };
    let wanted = Application { capabilities: vec![capability.to_owned()], accepted_rules: None };
    tx::transaction(&app.pool, async |tx| {
        let verify = async |tx: &mut _, command: &Command| {
            organisation::usecase::decide(tx, command, id, Step::Verify, &Decision::default()).await
        };
        operator.act(tx, at, verify).await?;
        owner.act(tx, at, async |tx, command| member::apply(tx, command, portal, &wanted).await).await?;
        let approve = async |tx: &mut _, command: &Command| {
            member::step(tx, command, portal, id, MemberStep::Approve, &Approval::default()).await
        };
        operator.act(tx, at, approve).await.map(drop)
    })
    .await
}

/// A GLN in the range that GS1 keeps for demonstrations (prefix 952).
pub fn gln(number: u32) -> String {
    let digits = format!("952{number:09}");
    let weights = [3, 1].into_iter().cycle();
    let sum: u32 = digits.bytes().rev().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
