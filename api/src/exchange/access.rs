//! Which exchanges a caller may know of, and decide on.

use domain::kernel::{Kind, PortalId, Refusal};
use domain::portal::Function;
use infra::Failure;
use infra::db::Connection;
use infra::exchange::CONCERNED;
use infra::portal::access::SeenPortal;
use infra::portal::store;
use uuid::Uuid;

use super::rights;
use crate::http::principal::Principal;
use crate::portal::access;

/// The portal, if it has an exchange and the caller may know of it: anybody of an open one, members of a closed one, the operator.
pub async fn seen(connection: &mut Connection, by: Option<&Principal>, named: &str) -> Result<SeenPortal, Failure> {
    access::look_by(connection, named, by, Function::Exchange).await
}

/// [`seen`] for something of the portal that was asked for by its own id: whoever does not see the portal learns nothing of it.
pub async fn seen_of(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: Uuid,
    unknown: impl FnOnce() -> Refusal,
) -> Result<SeenPortal, Failure> {
    match seen(connection, by, &portal.to_string()).await {
        Err(Failure::Refused(refusal)) if refusal.kind == Kind::NotFound => Err(unknown().into()),
        other => other,
    }
}

/// Lets pass who decides on the exchange: the operator, and members with the capability.
pub fn may_manage(by: &Principal, seen: &SeenPortal) -> Result<(), Refusal> {
    if by.operator {
        return Ok(());
    }
    by.require(rights::MANAGE)?;
    access::may_manage(seen)
}

/// Whom it concerns what is traded on a portal, and when: those who trade there, those who manage it, and who acts.
pub async fn concerned(tx: &mut Connection, by: &Principal, portal: PortalId) -> Result<Vec<Uuid>, Failure> {
    let mut concerned = store::concerned(tx, portal, &CONCERNED).await?;
    concerned.extend(by.organisation_id());
    concerned.sort_unstable();
    concerned.dedup();
    Ok(concerned)
}
