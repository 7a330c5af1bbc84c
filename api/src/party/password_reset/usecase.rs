//! What is done about forgotten passwords.

use chrono::TimeDelta;
use domain::kernel::{Kind, PersonId, Refusal, Timestamp};
use domain::party::check_password;
use infra::db::Connection;
use infra::party::{password_reset, person, session};
use infra::{Failure, mailbox};

use super::dto::ResetCompletion;
use crate::app::App;
use crate::auth::password;
use crate::command::Command;
use crate::http::answer::{Answer, Status};
use crate::party::me::usecase::tell;
use crate::secret;

/// How long a link is good.
const LIFE: TimeDelta = TimeDelta::hours(1);

/// Mails a link to the account of this address, if there is one. The answer is the same if there is none.
pub async fn request(tx: &mut Connection, app: &App, command: &Command, email: &str) -> Result<Answer<()>, Failure> {
    let found = person::find_by_email(tx, email).await?.filter(|person| person.disabled_at.is_none());
    if let Some(person) = found {
        let token = secret::new_token()?;
        let hash = secret::token_hash(&token);
        password_reset::insert(tx, PersonId(person.id), &hash, command.at, command.at + LIFE).await?;
        let text = format!(
            "Somebody, probably you, asked for a new password.\n\nChoose one within an hour, with this token or link:\n\n\
             {}/password-resets?token={token}\n\nIf it was not you, do nothing: your password stays as it is.\n",
            app.config.issuer
        );
        let sealed = app.secret.seal(text.as_bytes())?;
        mailbox::put(tx, command.id(), &person.email, "A new password", &sealed, command.at).await?;
        tell(tx, command, "person.password_reset_requested", &person).await?;
    }
    Ok(Answer { status: Status::ACCEPTED, location: None, version: None, body: None })
}

/// The hash of the new password, if the token is good and the password, too; before the transaction, since it takes time.
pub async fn prepare(app: &App, wanted: &ResetCompletion, email: Option<String>) -> Result<String, Failure> {
    let email = email.ok_or_else(gone)?;
    check_password(&wanted.new_password, &email).map_err(|invalid| invalid.at("/new_password"))?;
    password::hash(wanted.new_password.clone(), app.config.password_cost).await
}

/// The address behind a token that is good.
pub async fn email_of(connection: &mut Connection, token: &str, at: Timestamp) -> Result<Option<String>, Failure> {
    password_reset::email_of(connection, &secret::token_hash(token), at).await
}

/// Sets the new password. All links and sessions of the person end.
pub async fn complete(
    tx: &mut Connection,
    command: &Command,
    token: &str,
    new_hash: &Result<String, Refusal>,
) -> Result<Answer<()>, Failure> {
    let new_hash = new_hash.as_ref().map_err(Clone::clone)?;
    let id = password_reset::take(tx, &secret::token_hash(token), command.at).await?.ok_or_else(gone)?;
    let found = person::lock(tx, id).await?.filter(|person| person.disabled_at.is_none());
    let mut held = found.ok_or_else(gone)?;
    held.password_hash.clone_from(new_hash);
    held.version += 1;
    person::update(tx, &held).await?;
    password_reset::forget(tx, id, command.at).await?;
    session::end_all(tx, id, None, command.at, "the password was reset").await?;
    tell(tx, command, "person.password_reset", &held).await?;
    Ok(Answer::no_content())
}

/// Unknown, used, expired: which of them is not told.
fn gone() -> Refusal {
    Refusal::new(Kind::LinkExpired, "The link is no longer good.")
}
