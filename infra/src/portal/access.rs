//! Which portal a caller may know of, and how its organisation stands there: one query for every call that touches a portal.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId};
use domain::portal::{Capability, Function, MemberState, Standing, Visibility};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{portal, portal_member};

/// A portal that the caller may know of.
#[derive(Debug, Clone)]
pub struct SeenPortal {
    pub id: PortalId,
    pub slug: String,
    pub visibility: Visibility,
    pub functions: Vec<Function>,
    /// The version of the rules in force; 0 where there are none.
    pub rules_version: i32,
    /// How the caller's organisation stands there; none for outsiders.
    pub standing: Option<Standing>,
}

type Found = (Uuid, String, String, Vec<String>, i32, Option<String>, Option<Vec<String>>, Option<i32>);

/// The portal with this id or slug, if the organisation (or anybody) may know of it.
pub async fn seen(
    connection: &Connection,
    named: &str,
    organisation: Option<OrganisationId>,
) -> Result<Option<SeenPortal>, Failure> {
    let seen = load(connection, named, organisation).await?;
    Ok(seen.filter(|portal| {
        portal.visibility == Visibility::Open || portal.standing.as_ref().is_some_and(|standing| standing.state.sees())
    }))
}

/// The portal with this id or slug, whoever asks: for the operator.
pub async fn any(connection: &Connection, named: &str) -> Result<Option<SeenPortal>, Failure> {
    load(connection, named, None).await
}

async fn load(
    connection: &Connection,
    named: &str,
    organisation: Option<OrganisationId>,
) -> Result<Option<SeenPortal>, Failure> {
    let own = organisation.map(|id| id.0).unwrap_or_default();
    let query = portal::table
        .left_join(
            portal_member::table
                .on(portal_member::portal_id.eq(portal::id).and(portal_member::organisation_id.eq(own))),
        )
        .filter(portal::archived_at.is_null())
        .select((
            portal::id,
            portal::slug,
            portal::visibility,
            portal::functions,
            portal::rules_version,
            portal_member::state.nullable(),
            portal_member::capabilities.nullable(),
            portal_member::accepted_rules.nullable(),
        ));
    let found: Option<Found> = match Uuid::parse_str(named) {
        Ok(id) => query.filter(portal::id.eq(id)).first(&mut &*connection).await.optional()?,
        Err(_) => query.filter(portal::slug.eq(named)).first(&mut &*connection).await.optional()?,
    };
    found.map(read).transpose()
}

fn read(found: Found) -> Result<SeenPortal, Failure> {
    let (id, slug, visibility, functions, rules_version, state, capabilities, accepted) = found;
    let standing = match (state, capabilities, accepted) {
        (Some(state), Some(capabilities), Some(accepted_rules)) => Some(Standing {
            state: MemberState::parse(&state)?,
            capabilities: capabilities.iter().map(|code| Capability::parse(code)).collect::<Result<_, _>>()?,
            accepted_rules,
        }),
        _ => None,
    };
    Ok(SeenPortal {
        id: PortalId(id),
        slug,
        visibility: Visibility::parse(&visibility)?,
        functions: functions.iter().map(|code| Function::parse(code)).collect::<Result<_, _>>()?,
        rules_version,
        standing,
    })
}
