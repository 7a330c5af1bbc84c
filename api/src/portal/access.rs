//! What a caller may see of a portal, and what its organisation may do there.

use domain::kernel::{OrganisationId, Refusal};
use domain::portal::{Capability, Function, check_function, member};
use infra::Failure;
use infra::db::Connection;
use infra::portal::access::{self, SeenPortal};
use uuid::Uuid;

use super::usecase;
use crate::http::principal::Principal;

/// The portal, if the viewer may know of it and the function is switched on there.
pub async fn look(
    connection: &Connection,
    named: &str,
    viewer: Option<Uuid>,
    function: Function,
) -> Result<SeenPortal, Failure> {
    let found = access::seen(connection, named, viewer.map(OrganisationId)).await?;
    let seen = found.ok_or_else(|| Refusal::not_found("portal"))?;
    check_function(&seen.functions, function)?;
    Ok(seen)
}

/// Whether the viewer's organisation may act by the capability.
pub fn may(seen: &SeenPortal, capability: Capability) -> Result<(), Refusal> {
    match &seen.standing {
        Some(standing) => standing.may(capability, &seen.functions, seen.rules_version),
        None => Err(member::missing(capability)),
    }
}

/// [`look`], also for the operator of the platform, who knows of all portals.
pub async fn look_by(
    connection: &mut Connection,
    named: &str,
    by: Option<&Principal>,
    function: Function,
) -> Result<SeenPortal, Failure> {
    let seen = usecase::seen(connection, by, named).await?;
    check_function(&seen.functions, function)?;
    Ok(seen)
}

/// Whether the viewer's organisation manages the portal. That does not wait for the acceptance of rules: who manages makes them.
pub fn may_manage(seen: &SeenPortal) -> Result<(), Refusal> {
    let standing = seen.standing.as_ref().ok_or_else(|| member::missing(Capability::Manage))?;
    standing.may(Capability::Manage, &seen.functions, 0)
}
