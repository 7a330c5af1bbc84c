//! What is done with invitations.

use chrono::TimeDelta;
use domain::kernel::{Faults, InvitationId, Kind, OrganisationId, PersonId, Refusal, Timestamp};
use domain::party::registration::{NewPerson, check_email};
use domain::party::role::check_change;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::invitation::{self, InvitationRow};
use infra::party::organisation as organisations;
use infra::party::person::{self, MemberRow, PersonRow};
use infra::{Failure, mailbox};
use serde_json::json;

use super::dto::{Acceptance, InvitationDto, Joined, NewInvitation};
use crate::app::App;
use crate::auth::password;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::party::api_client;
use crate::party::member::usecase::{parse_roles, tell as tell_member};
use crate::secret;

/// How long an invitation is good.
const LIFE: TimeDelta = TimeDelta::days(7);

/// Invites a person by mail. An open invitation of the same address gives way.
pub async fn create(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    of: OrganisationId,
    wanted: &NewInvitation,
) -> Result<Answer<InvitationDto>, Failure> {
    let own = api_client::usecase::allow(&command.by, of)?;
    let email = wanted.email.trim().to_lowercase();
    let mut faults = Faults::default();
    faults.keep("/email", check_email(&email));
    let roles = parse_roles(&wanted.roles).map_err(|refusal| faults.0.extend(refusal.faults)).unwrap_or_default();
    faults.result()?;
    check_change(&command.by.member()?.roles, &[], &roles, 1)?;
    if person::is_member(tx, own, &email).await? {
        return Err(Refusal::new(Kind::AlreadyExists, "The person is a member already.").into());
    }
    invitation::revoke_open(tx, own, &email, command.at).await?;
    let token = secret::new_token()?;
    let row = InvitationRow {
        id: command.id::<InvitationId>().0,
        organisation_id: own.0,
        email,
        roles: roles.iter().map(|role| role.code().to_owned()).collect(),
        token_hash: secret::token_hash(&token),
        created_by: command.by.person()?.0,
        created_at: command.at,
        expires_at: command.at + LIFE,
        accepted_at: None,
        revoked_at: None,
    };
    invitation::insert(tx, &row).await?;
    send(tx, app, command, &row, &token).await?;
    tell(command, "invitation.created", &row);
    let location = format!("/v1/organisations/{own}/invitations/{}", row.id);
    Ok(Answer::created(location, InvitationDto::of(row, command.at)))
}

async fn send(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    row: &InvitationRow,
    token: &str,
) -> Result<(), Failure> {
    let organisation = organisations::find(tx, OrganisationId(row.organisation_id)).await?;
    let name = organisation.map(|found| found.row.legal_name).unwrap_or_default();
    let text = format!(
        "{} invites you to act for {name} ({}).\n\nAccept within seven days, with this token or link:\n\n{}/invitations?token={token}\n\n\
         It works once, and for {} alone. If you do not know {name}, do nothing.\n",
        command.by.name,
        row.roles.join(", "),
        app.config.issuer,
        row.email,
    );
    let sealed = app.secret.seal(text.as_bytes())?;
    mailbox::put(tx, command.id(), &row.email, &format!("Invitation to {name}"), &sealed, command.at).await
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
    at: Timestamp,
) -> Result<List<InvitationDto>, Failure> {
    let own = api_client::usecase::allow(by, of)?;
    Ok(invitation::list(connection, own, page).await?.map(|row| InvitationDto::of(row, at)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, InvitationId),
    at: Timestamp,
) -> Result<InvitationDto, Failure> {
    let own = api_client::usecase::allow(by, of)?;
    let found = invitation::find(connection, own, id).await?.ok_or_else(unknown)?;
    Ok(InvitationDto::of(found, at))
}

/// Revokes an open invitation. What never changes otherwise has no ETag to ask for.
pub async fn revoke(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, InvitationId),
) -> Result<Answer<()>, Failure> {
    let own = api_client::usecase::allow(&command.by, of)?;
    let found = invitation::find(tx, own, id).await?.ok_or_else(unknown)?;
    if !invitation::revoke(tx, own, id, command.at).await? {
        let state = InvitationDto::of(found, command.at).state;
        return Err(Refusal::wrong_state("invitation", state, "revoked").into());
    }
    tell(command, "invitation.revoked", &found);
    Ok(Answer::no_content())
}

/// Who accepts, as far as it takes time to find out; it is found out before the transaction.
pub enum Guest {
    /// An account with the invited address, whose password was right.
    Known(PersonId),
    New {
        person: NewPerson,
        password_hash: String,
    },
}

/// The address that a token invites, and the account it has.
pub async fn invited(
    connection: &mut Connection,
    token: &str,
    at: Timestamp,
) -> Result<(String, Option<PersonRow>), Failure> {
    let found = invitation::find_open(connection, &secret::token_hash(token), at).await?.ok_or_else(gone)?;
    let known = person::find_by_email(connection, &found.email).await?;
    Ok((found.email, known))
}

/// Checks the password of an account that is there, or everything about a new one.
pub async fn admit(app: &App, wanted: &Acceptance, email: &str, known: Option<PersonRow>) -> Result<Guest, Failure> {
    if let Some(person) = known {
        let right = password::verify(wanted.password.clone(), Some(person.password_hash)).await?;
        if !right || person.disabled_at.is_some() {
            let detail = "The address has an account here already, and this is not its password.";
            return Err(Refusal::new(Kind::InvalidCredentials, detail).into());
        }
        return Ok(Guest::Known(PersonId(person.id)));
    }
    let person = NewPerson {
        name: wanted.name.clone().unwrap_or_default(),
        email: email.to_owned(),
        password: wanted.password.clone(),
        language: wanted.language.clone().unwrap_or_else(|| "en".into()),
    };
    let mut faults = Faults::default();
    person.collect("", &mut faults);
    faults.result()?;
    let password_hash = password::hash(wanted.password.clone(), app.config.password_cost).await?;
    Ok(Guest::New { person, password_hash })
}

/// Makes a member of somebody who was invited. The invitation is used up.
pub async fn accept(
    tx: &mut Connection,
    command: &Command,
    token: &str,
    guest: &Result<Guest, Refusal>,
) -> Result<Answer<Joined>, Failure> {
    let guest = guest.as_ref().map_err(Clone::clone)?;
    let taken = invitation::accept(tx, &secret::token_hash(token), command.at).await?.ok_or_else(gone)?;
    let person_id = match guest {
        Guest::Known(id) => id.0,
        Guest::New { person, password_hash } => {
            let row = PersonRow::new(command.id(), person, password_hash.clone(), command.at);
            person::insert(tx, &row).await?;
            row.id
        }
    };
    let member = MemberRow {
        organisation_id: taken.organisation_id,
        person_id,
        roles: taken.roles,
        version: 1,
        created_at: command.at,
    };
    person::insert_member(tx, &member).await?;
    tell_member(command, "member.joined", &member);
    let joined = Joined { organisation_id: member.organisation_id, person_id, roles: member.roles };
    Ok(Answer::ok(joined))
}

/// Unknown, used, revoked, expired: which of them is not told.
fn gone() -> Refusal {
    Refusal::new(Kind::LinkExpired, "The invitation is no longer good.")
}

fn unknown() -> Refusal {
    Refusal::not_found("invitation")
}

fn tell(command: &Command, kind: &'static str, row: &InvitationRow) {
    let subject = Subject { kind: "invitation", id: row.id, version: 1 };
    command.event(kind, subject, None, &[row.organisation_id], json!({"roles": row.roles}));
}
