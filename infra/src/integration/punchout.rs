//! Visits from procurement systems, by the hash of their tokens: whoever has the token acts in the visit, and in no other.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::integration::punchout::{Operation, Visit};
use domain::kernel::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::punchout_session;

/// A visit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = punchout_session, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: Uuid,
    pub token_hash: Vec<u8>,
    pub organisation_id: Uuid,
    /// In whose name it runs.
    pub api_client_id: Uuid,
    /// What it was begun with: it is over when that is revoked.
    pub api_client_secret_id: Uuid,
    pub portal_id: Uuid,
    /// Whose goods are shopped for, if not those of all.
    pub seller_id: Option<Uuid>,
    pub operation: String,
    pub buyer_cookie: String,
    pub form_post: String,
    pub buyer_domain: String,
    pub buyer_identity: String,
    pub supplier_domain: String,
    pub supplier_identity: String,
    /// `[{"offer_id", "quantity", "unit"}]`
    pub items: Value,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub checked_out_at: Option<Timestamp>,
}

impl SessionRow {
    pub fn visit(&self) -> Result<Visit, Failure> {
        let operation = Operation::parse(&self.operation)?;
        Ok(Visit { operation, expires_at: self.expires_at, checked_out_at: self.checked_out_at })
    }
}

pub async fn insert(tx: &mut Connection, new: &SessionRow) -> Result<(), Failure> {
    diesel::insert_into(punchout_session::table).values(new).execute(tx).await?;
    Ok(())
}

/// The visit with this token.
pub async fn find(connection: &mut Connection, token_hash: &[u8]) -> Result<Option<SessionRow>, Failure> {
    let query = punchout_session::table.filter(punchout_session::token_hash.eq(token_hash));
    Ok(query.select(SessionRow::as_select()).first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, token_hash: &[u8]) -> Result<Option<SessionRow>, Failure> {
    let query = punchout_session::table.filter(punchout_session::token_hash.eq(token_hash));
    Ok(query.select(SessionRow::as_select()).for_update().first(tx).await.optional()?)
}

/// Forgets the visits that had ended before then.
pub async fn forget(tx: &mut Connection, before: Timestamp) -> Result<(), Failure> {
    diesel::delete(punchout_session::table.filter(punchout_session::expires_at.lt(before))).execute(tx).await?;
    Ok(())
}

/// Keeps the basket of a visit that is held, and whether it was brought back.
pub async fn update(tx: &mut Connection, changed: &SessionRow) -> Result<(), Failure> {
    diesel::update(punchout_session::table.find(changed.id))
        .set((punchout_session::items.eq(&changed.items), punchout_session::checked_out_at.eq(changed.checked_out_at)))
        .execute(tx)
        .await?;
    Ok(())
}
