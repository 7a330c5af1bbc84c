//! Who acts in the demonstration, and how: through the use cases of the API, at the times of the history.

use chrono::{NaiveDate, TimeDelta};
use domain::kernel::{OrganisationId, Timestamp};
use domain::party::{OrganisationState, Role};
use infra::Failure;
use infra::db::{Connection, tx};
use uuid::Uuid;

use crate::app::App;
use crate::command::Command;
use crate::http::principal::{Actor, Membership, Principal};

/// Somebody of a company, or the operator.
#[derive(Debug, Clone)]
pub struct Player {
    pub person: Uuid,
    pub name: String,
    /// None for the operator.
    pub organisation: Option<OrganisationId>,
    /// In the company.
    pub role: Role,
}

impl Player {
    /// As somebody who is logged in, for a company that was verified.
    pub fn principal(&self, at: Timestamp) -> Principal {
        let member = |id| Membership { id, state: OrganisationState::Verified, roles: vec![self.role], scopes: None };
        Principal {
            actor: Actor::Person { person: self.person, session: Uuid::nil() },
            name: self.name.clone(),
            organisation: self.organisation.map(member),
            operator: self.organisation.is_none(),
            expires_at: at + TimeDelta::minutes(10),
        }
    }

    /// Runs a use case as this person at a time, within a transaction, and appends its events.
    pub async fn act<T>(
        &self,
        tx: &mut Connection,
        at: Timestamp,
        work: impl AsyncFnOnce(&mut Connection, &Command) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let command = Command::new(self.principal(at), at, None);
        let done = work(tx, &command).await?;
        infra::event::append(tx, &command.into_events()).await?;
        Ok(done)
    }

    /// [`Player::act`] in a transaction of its own.
    pub async fn act_alone<T>(
        &self,
        app: &App,
        at: Timestamp,
        work: impl AsyncFn(&mut Connection, &Command) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        tx::transaction(&app.pool, async |tx| self.act(tx, at, &work).await).await
    }
}

/// An hour of a day in the history.
pub fn hour(day: NaiveDate, hour: u32) -> Timestamp {
    day.and_hms_opt(hour, 0, 0).unwrap_or_default().and_utc()
}

/// What a use case answered.
pub fn body<T>(answer: crate::http::answer::Answer<T>) -> Result<T, Failure> {
    answer.body.ok_or_else(|| Failure::broken("a use case answered nothing"))
}
