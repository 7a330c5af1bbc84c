//! Who asks: taken from the access token, looked up in the database, remembered for a few seconds.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use domain::kernel::{Kind, OrganisationId, PersonId, Refusal, Timestamp};
use domain::party::{OrganisationState, Role, Scope};
use futures::future::LocalBoxFuture;
use uuid::Uuid;

use super::problem::Problem;
use crate::app::App;

/// A person, a machine, or the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Person { person: Uuid, session: Uuid },
    Client(Uuid),
    Service,
}

/// Who acts, for which organisation, with which rights.
#[derive(Debug, Clone)]
pub struct Principal {
    pub actor: Actor,
    pub name: String,
    pub organisation: Option<Membership>,
    /// Runs the platform.
    pub operator: bool,
    /// The token's end.
    pub expires_at: Timestamp,
}

/// The organisation a principal acts for.
#[derive(Debug, Clone)]
pub struct Membership {
    pub id: OrganisationId,
    pub state: OrganisationState,
    /// The roles of a person; a machine has scopes instead.
    pub roles: Vec<Role>,
    pub scopes: Option<Vec<Scope>>,
}

/// Who may do something: a row of a feature's table of rights.
#[derive(Debug, Clone, Copy)]
pub struct Right {
    /// The roles of people, any of which will do.
    pub roles: &'static [Role],
    /// The scope of machines.
    pub scope: Scope,
    /// Only for verified organisations.
    pub trading: bool,
}

impl Right {
    pub const fn of(roles: &'static [Role], scope: Scope) -> Self {
        Self { roles, scope, trading: false }
    }

    /// For what only verified organisations may do.
    pub const fn trading(roles: &'static [Role], scope: Scope) -> Self {
        Self { roles, scope, trading: true }
    }
}

impl Principal {
    /// The service itself: timers and jobs.
    pub fn service(at: Timestamp) -> Self {
        Self { actor: Actor::Service, name: "torg".into(), organisation: None, operator: false, expires_at: at }
    }

    /// A job that somebody began: their name stands on the record, what they may do is asked for anew.
    pub fn on_record(actor: Option<Uuid>, at: Timestamp) -> Self {
        Self { actor: actor.map_or(Actor::Service, Actor::Client), ..Self::service(at) }
    }

    /// Somebody without a token, for what is open to all.
    pub fn nobody(at: Timestamp) -> Self {
        Self { name: "nobody".into(), ..Self::service(at) }
    }

    /// The id of the person or client, for the record.
    pub fn actor_id(&self) -> Option<Uuid> {
        match self.actor {
            Actor::Person { person, .. } => Some(person),
            Actor::Client(client) => Some(client),
            Actor::Service => None,
        }
    }

    /// Keys of idempotency belong to the organisation, or to the person where there is none.
    pub fn scope(&self) -> Uuid {
        self.organisation_id().or(self.actor_id()).unwrap_or_default()
    }

    pub fn organisation_id(&self) -> Option<Uuid> {
        self.organisation.as_ref().map(|m| m.id.0)
    }

    /// The organisation, or a refusal for an operator who acts for none.
    pub fn member(&self) -> Result<&Membership, Refusal> {
        self.organisation
            .as_ref()
            .ok_or_else(|| Refusal::forbidden("This needs somebody who acts for an organisation."))
    }

    /// Lets pass a person with one of the roles, or a machine with the scope, and gives their organisation. What only the verified
    /// may do is refused to others.
    pub fn require(&self, right: Right) -> Result<OrganisationId, Refusal> {
        let member = self.member()?;
        let roles = right.roles;
        match &member.scopes {
            Some(scopes) if !scopes.contains(&right.scope) => {
                let detail = format!("This needs the scope `{}`.", right.scope.code());
                return Err(Refusal::new(Kind::InsufficientScope, detail));
            }
            None if !member.roles.iter().any(|role| roles.contains(role)) => {
                let names: Vec<&str> = roles.iter().map(|role| role.code()).collect();
                return Err(Refusal::forbidden(format!("This needs one of the roles {}.", names.join(", "))));
            }
            _ => {}
        }
        if right.trading {
            domain::party::may_trade(member.state)?;
        }
        // What is closed is kept for the record: its people can look, but change nothing.
        if member.state == OrganisationState::Closed && !right.scope.is_read() {
            return Err(Refusal::new(Kind::WrongState, "Your organisation is closed."));
        }
        Ok(member.id)
    }

    /// The person who acts; machines sign nothing and invite nobody.
    pub fn person(&self) -> Result<PersonId, Refusal> {
        match self.actor {
            Actor::Person { person, .. } => Ok(PersonId(person)),
            _ => Err(Refusal::forbidden("Only a person may do this.")),
        }
    }

    pub fn require_operator(&self) -> Result<(), Refusal> {
        if self.operator { Ok(()) } else { Err(Refusal::forbidden("Only the operator of the platform may do this.")) }
    }
}

impl FromRequest for Principal {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let found = authenticate(&request).await?;
            let none = || Problem::new(Kind::Unauthenticated, "Send an access token: Authorization: Bearer …");
            found.map(|principal| principal.as_ref().clone()).ok_or_else(none)
        })
    }
}

/// Who asks, where nobody needs to: open portals can be seen by anyone.
pub struct Viewer(pub Option<Arc<Principal>>);

impl Viewer {
    pub fn principal(&self) -> Option<&Principal> {
        self.0.as_deref()
    }

    pub fn organisation_id(&self) -> Option<Uuid> {
        self.0.as_ref().and_then(|principal| principal.organisation_id())
    }
}

impl FromRequest for Viewer {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { authenticate(&request).await.map(Viewer) })
    }
}

/// The principal of the request's token: none without one, a problem for one that is not good.
async fn authenticate(request: &HttpRequest) -> Result<Option<Arc<Principal>>, Problem> {
    if let Some(known) = request.extensions().get::<Arc<Principal>>() {
        return Ok(Some(known.clone()));
    }
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let malformed = || Problem::new(Kind::InvalidToken, "Authorization takes the form: Bearer <access token>.");
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(malformed());
    }
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::internal(&"the app is not set up"))?;
    let principal = crate::auth::principals::of_token(app, token.trim()).await?;
    request.extensions_mut().insert(principal.clone());
    Ok(Some(principal))
}
