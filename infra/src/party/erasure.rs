//! What else knows a person's name or address is forgotten with the person. Signatures keep the name: they are documents of record.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{PersonId, Timestamp};

use super::password_reset;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{invitation, mail};

/// Forgets an address in mails and invitations, and what a person could still use to come in.
pub async fn forget(
    tx: &mut Connection,
    of: PersonId,
    email: &str,
    instead: &str,
    at: Timestamp,
) -> Result<(), Failure> {
    password_reset::forget(tx, of, at).await?;
    diesel::delete(mail::table.filter(mail::recipient.eq(email))).execute(tx).await?;
    let open = invitation::accepted_at.is_null().and(invitation::revoked_at.is_null());
    diesel::update(invitation::table.filter(invitation::email.eq(email).and(open)))
        .set(invitation::revoked_at.eq(at))
        .execute(tx)
        .await?;
    diesel::update(invitation::table.filter(invitation::email.eq(email)))
        .set(invitation::email.eq(instead))
        .execute(tx)
        .await?;
    Ok(())
}
