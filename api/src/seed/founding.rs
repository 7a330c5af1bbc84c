//! How the companies of the demonstration come to be: registered, verified, members of their portal.

use chrono::TimeDelta;
use domain::kernel::{OrganisationId, PersonId, Timestamp};
use domain::party::Role;
use domain::party::organisation::Step;
use domain::party::registration::NewPerson;
use domain::portal::member::MemberStep;
use infra::Failure;
use infra::db::tx;
use infra::party::invitation::{self, InvitationRow};
use infra::party::person::{self, PersonRow};
use uuid::Uuid;

use super::cast::{Player, body};
use super::{OPERATOR, PASSWORD, buyer_email_of, email_of};
use crate::app::App;
use crate::clock::new_id;
use crate::command::Command;
use crate::http::principal::Principal;
use crate::party::invitation::usecase::{Guest, accept};
use crate::party::organisation;
use crate::party::organisation::dto::{Decision, NewPersonDto, Registration};
use crate::portal::dto::{Application, Approval};
use crate::portal::member;
use crate::secret;

/// The operator of the demonstration, who is made where it is the first of its data.
pub async fn operator(app: &App, hash: &str, at: Timestamp) -> Result<Player, Failure> {
    let known = tx::transaction(&app.pool, async |tx| person::find_by_email(tx, OPERATOR).await).await?;
    if let Some(known) = known.filter(|known| known.is_operator) {
        return Ok(Player { person: known.id, name: known.name, organisation: None, role: Role::Owner });
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
    Ok(Player { person: row.id, name: row.name, organisation: None, role: Role::Owner })
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
    let name = input.person.name.clone();
    Ok(Player { person: PersonId(made.person_id).0, name, organisation, role: Role::Owner })
}

/// Somebody joins a company to buy for it, invited by its owner: without a mail, which nobody would read.
pub async fn join(
    app: &App,
    owner: &Player,
    input: &NewPersonDto,
    hash: &str,
    at: Timestamp,
) -> Result<Player, Failure> {
    let (role, token) = (Role::Buyer, secret::new_token()?);
    let invited = |id: Uuid| InvitationRow {
        id,
        organisation_id: owner.organisation.map(|id| id.0).unwrap_or_default(),
        email: input.email.clone(),
        roles: vec![role.code().to_owned()],
        token_hash: secret::token_hash(&token),
        created_by: owner.person,
        created_at: at,
        expires_at: at + TimeDelta::days(7),
        accepted_at: None,
        revoked_at: None,
    };
    let person: NewPerson = input.into();
    let name = person.name.clone();
    let guest = Ok(Guest::New { person, password_hash: hash.to_owned() });
    let joined = tx::transaction(&app.pool, async |tx| {
        let command = Command::new(Principal::nobody(at), at, None);
        invitation::insert(tx, &invited(command.id())).await?;
        let joined = accept(tx, &command, &token, &guest).await?;
        infra::event::append(tx, &command.into_events()).await?;
        body(joined)
    })
    .await?;
    Ok(Player { person: joined.person_id, name, organisation: owner.organisation, role })
}

/// The owner of a company, with an address of the company's name.
pub fn owner(name: &str, company: &str) -> NewPersonDto {
    somebody(name, email_of(company))
}

/// Who buys for a company, likewise.
pub fn buyer(name: &str, company: &str) -> NewPersonDto {
    somebody(name, buyer_email_of(company))
}

fn somebody(name: &str, email: String) -> NewPersonDto {
    NewPersonDto { name: name.to_owned(), email, password: PASSWORD.to_owned(), language: Some("en".to_owned()) }
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
