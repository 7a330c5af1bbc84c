//! Amendments of contracts and the signatures under them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ContractId, Timestamp};
use uuid::Uuid;

use super::store::SignatureRow;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{contract_amendment, contract_signature};

/// A change of a contract that was proposed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_amendment, treat_none_as_default_value = false)]
pub struct AmendmentRow {
    pub id: Uuid,
    pub contract_id: Uuid,
    /// Counted within the contract.
    pub number: i32,
    pub text: String,
    pub text_hash: Vec<u8>,
    pub proposed_by: Uuid,
    pub proposed_at: Timestamp,
    pub state: String,
    pub decided_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Connection, new: &AmendmentRow) -> Result<(), Failure> {
    diesel::insert_into(contract_amendment::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the state of an amendment.
pub async fn update_state(tx: &mut Connection, changed: &AmendmentRow) -> Result<(), Failure> {
    diesel::update(contract_amendment::table.find(changed.id))
        .set((contract_amendment::state.eq(&changed.state), contract_amendment::decided_at.eq(changed.decided_at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The amendments of a contract in their order, each with its signatures. Whoever asks was found to be a party before.
pub async fn of_contract(
    connection: &mut Connection,
    id: ContractId,
) -> Result<Vec<(AmendmentRow, Vec<SignatureRow>)>, Failure> {
    use contract_amendment as a;
    use contract_signature as s;
    let rows: Vec<AmendmentRow> = a::table
        .filter(a::contract_id.eq(id.0))
        .order(a::number)
        .select(AmendmentRow::as_select())
        .load(connection)
        .await?;
    let signatures: Vec<SignatureRow> = s::table
        .filter(s::contract_id.eq(id.0).and(s::amendment.gt(0)))
        .order(s::signed_at)
        .select(SignatureRow::as_select())
        .load(connection)
        .await?;
    let of = |row: AmendmentRow| {
        let under = signatures.iter().filter(|one| one.amendment == row.number).cloned().collect();
        (row, under)
    };
    Ok(rows.into_iter().map(of).collect())
}
