//! What a person does with log-ins.

use chrono::TimeDelta;
use domain::kernel::{Kind, PersonId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::party::session::SessionRow;
use infra::party::{person, session};
use serde_json::json;

use super::dto::{LogIn, SessionTokens};
use crate::app::App;
use crate::auth::token::{self, Claims};
use crate::clock::new_id;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::http::principal::Actor;
use crate::secret;

/// A session ends for good after this time, however often it is refreshed.
const LIFE: TimeDelta = TimeDelta::days(14);

/// What a refresh came to. A reused token must end its session, so that case commits before it is refused.
pub enum Refreshed {
    Tokens(SessionTokens),
    Reused,
}

fn wrong() -> Refusal {
    Refusal::new(Kind::InvalidCredentials, "The e-mail address or the password is wrong.")
}

/// Opens a session for a person whose password was already found right.
pub async fn open(
    tx: &mut Connection,
    app: &App,
    who: PersonId,
    wanted: &LogIn,
    at: Timestamp,
) -> Result<SessionTokens, Failure> {
    let found = person::find(tx, who).await?.filter(|person| person.disabled_at.is_none()).ok_or_else(wrong)?;
    let memberships = person::memberships(tx, who).await?;
    let organisation = match wanted.organisation_id {
        Some(id) => {
            Some(memberships.iter().find(|(m, _)| m.organisation_id == id).ok_or_else(wrong)?.0.organisation_id)
        }
        None => memberships.first().map(|(m, _)| m.organisation_id),
    };
    if organisation.is_none() && !found.is_operator {
        return Err(wrong().into());
    }
    let row = SessionRow {
        id: new_id(at),
        person_id: found.id,
        organisation_id: organisation,
        created_at: at,
        expires_at: at + LIFE,
        ended_at: None,
        ended_reason: None,
    };
    session::insert(tx, &row).await?;
    tokens(tx, app, &row, at).await
}

/// Exchanges a refresh token for new tokens.
pub async fn refresh(
    tx: &mut Connection,
    app: &App,
    refresh_token: &str,
    command: &Command,
) -> Result<Refreshed, Failure> {
    let at = command.at;
    let expired = || Refusal::new(Kind::InvalidCredentials, "The refresh token is not good.");
    let hash = secret::token_hash(refresh_token);
    let (row, used) = session::lock_by_refresh_token(tx, &hash).await?.ok_or_else(expired)?;
    if row.ended_at.is_some() || row.expires_at <= at {
        return Err(expired().into());
    }
    if used {
        session::end(tx, row.id, at, "a refresh token was used twice").await?;
        let subject = Subject { kind: "session", id: row.id, version: 1 };
        let data = json!({"person_id": row.person_id, "reason": "a refresh token was used twice"});
        command.event("session.ended", subject, None, &[], data);
        return Ok(Refreshed::Reused);
    }
    let person = person::find(tx, PersonId(row.person_id)).await?;
    person.filter(|person| person.disabled_at.is_none()).ok_or_else(expired)?;
    session::use_refresh_token(tx, &hash, at).await?;
    Ok(Refreshed::Tokens(tokens(tx, app, &row, at).await?))
}

/// Ends the session that the caller's token belongs to.
pub async fn close(tx: &mut Connection, command: &Command) -> Result<Answer<()>, Failure> {
    let Actor::Person { session: id, person } = command.by.actor else {
        return Err(Refusal::forbidden("A machine has no session to end.").into());
    };
    session::end(tx, id, command.at, "logged out").await?;
    let subject = Subject { kind: "session", id, version: 1 };
    command.event("session.ended", subject, None, &[], json!({"person_id": person, "reason": "logged out"}));
    Ok(Answer::no_content())
}

async fn tokens(tx: &mut Connection, app: &App, row: &SessionRow, at: Timestamp) -> Result<SessionTokens, Failure> {
    let refresh_token = secret::new_token()?;
    session::add_refresh_token(tx, row.id, &secret::token_hash(&refresh_token), at).await?;
    let mut claims = Claims::new(&app.config.issuer, row.person_id, at, new_id(at));
    claims.sid = Some(row.id);
    claims.org = row.organisation_id;
    Ok(SessionTokens {
        access_token: token::sign(&app.keys, &claims)?,
        token_type: "Bearer",
        expires_in: token::LIFE.num_seconds(),
        refresh_token,
        session_id: row.id,
    })
}
