//! How lots stand and who gets what: what the state machine has decided, and what became of it after the close.

use diesel::dsl::{exists, not, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::auction::AuctionState;
use domain::kernel::{AuctionId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::lot::LotRow;
use super::store::AuctionRow;
use crate::Failure;
use crate::db::Connection;
use crate::schema::{auction, auction_award, auction_lot, auction_runner_up, contract, contract_signature};

/// Who gets what of a lot.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = auction_award, treat_none_as_default_value = false)]
pub struct AwardRow {
    pub id: Uuid,
    pub auction_id: Uuid,
    pub lot: i16,
    pub organisation_id: Uuid,
    pub pseudonym: String,
    /// The bid that won; none where the second bidder took an offer.
    pub number: Option<i32>,
    pub units: i64,
    /// Of one unit, in minor units of the currency.
    pub price: i64,
    pub at: Timestamp,
    pub contract_id: Option<Uuid>,
    pub defaulted_at: Option<Timestamp>,
    /// Who asked first to give the contract up, and when it ended so.
    pub given_up_by: Option<Uuid>,
    pub given_up_at: Option<Timestamp>,
    pub offer_id: Option<Uuid>,
}

impl AwardRow {
    /// Whether the winner gets it still.
    pub fn stands(&self) -> bool {
        self.defaulted_at.is_none() && self.given_up_at.is_none()
    }
}

/// The best bid of those who won nothing.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = auction_runner_up)]
pub struct RunnerUpRow {
    pub pseudonym: String,
    pub price: i64,
}

/// An award beside its contract, if there is one: whose deposit may be bound by it.
#[derive(Debug, Clone, Queryable)]
pub struct PledgeRow {
    pub organisation_id: Uuid,
    pub given_up_by: Option<Uuid>,
    pub given_up_at: Option<Timestamp>,
    pub at: Timestamp,
    /// State of the contract, and when it was made.
    pub contract: Option<(String, Timestamp)>,
}

/// Whether all lots of an auction have closed; not before there are some.
pub async fn is_over(connection: &mut Connection, of: AuctionId) -> Result<bool, Failure> {
    let lots = || auction_lot::table.filter(auction_lot::auction_id.eq(of.0));
    let open = lots().filter(auction_lot::closed_at.is_null());
    Ok(select(exists(lots()).and(not(exists(open)))).get_result(connection).await?)
}

/// Whether what follows from the close of each lot was done.
pub async fn is_settled(connection: &mut Connection, of: AuctionId) -> Result<bool, Failure> {
    let open = auction_lot::table.filter(auction_lot::auction_id.eq(of.0).and(auction_lot::settled_at.is_null()));
    Ok(select(not(exists(open))).get_result(connection).await?)
}

/// One lot, held until the transaction ends.
pub async fn lock_lot(tx: &mut Connection, of: AuctionId, number: i16) -> Result<Option<LotRow>, Failure> {
    let query = auction_lot::table.find((of.0, number)).select(LotRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Notes where a lot stands, and with it its auction, which is held.
pub async fn set_lot_state(tx: &mut Connection, lot: &LotRow, state: AuctionState) -> Result<(), Failure> {
    diesel::update(auction_lot::table.find((lot.auction_id, lot.number)))
        .set(auction_lot::state.eq(state.code()))
        .execute(tx)
        .await?;
    let query = auction_lot::table.filter(auction_lot::auction_id.eq(lot.auction_id)).select(auction_lot::state);
    let codes: Vec<String> = query.distinct().load(tx).await?;
    let states = codes.iter().map(|code| AuctionState::parse(code)).collect::<Result<Vec<_>, _>>()?;
    super::store::set_state(tx, AuctionId(lot.auction_id), AuctionState::of_lots(&states)).await
}

/// Notes that what follows from the close of a lot was done.
pub async fn settle_lot(tx: &mut Connection, lot: &LotRow, at: Timestamp) -> Result<(), Failure> {
    diesel::update(auction_lot::table.find((lot.auction_id, lot.number)))
        .set(auction_lot::settled_at.eq(at))
        .execute(tx)
        .await?;
    Ok(())
}

/// An auction with lots that have closed and are not settled, on which no other node is working; held until the transaction ends. Those
/// `left` are not looked at.
pub async fn take_closed(tx: &mut Connection, left: &[Uuid]) -> Result<Option<AuctionRow>, Failure> {
    let closed = auction_lot::table
        .filter(auction_lot::closed_at.is_not_null().and(auction_lot::settled_at.is_null()))
        .select(auction_lot::auction_id);
    let query = auction::table
        .filter(auction::id.eq_any(closed).and(auction::id.ne_all(left.to_vec())))
        .select(AuctionRow::as_select());
    Ok(query.for_no_key_update().skip_locked().first(tx).await.optional()?)
}

/// So many of the lots of an auction that have closed and are not settled, by number.
pub async fn closed_lots(tx: &mut Connection, of: AuctionId, most: i64) -> Result<Vec<LotRow>, Failure> {
    let query = auction_lot::table
        .filter(auction_lot::auction_id.eq(of.0))
        .filter(auction_lot::closed_at.is_not_null().and(auction_lot::settled_at.is_null()))
        .order(auction_lot::number)
        .limit(most)
        .select(LotRow::as_select());
    Ok(query.load(tx).await?)
}

/// The awards of a lot that are not settled, of so many winners, one winner after the other.
pub async fn awards_to_settle(tx: &mut Connection, lot: &LotRow, winners: i64) -> Result<Vec<AwardRow>, Failure> {
    let open = || {
        auction_award::table
            .filter(auction_award::auction_id.eq(lot.auction_id).and(auction_award::lot.eq(lot.number)))
            .filter(auction_award::contract_id.is_null())
    };
    let winners: Vec<Uuid> = open()
        .select(auction_award::organisation_id)
        .distinct()
        .order(auction_award::organisation_id)
        .limit(winners)
        .load(tx)
        .await?;
    let query = open()
        .filter(auction_award::organisation_id.eq_any(winners))
        .order((auction_award::organisation_id, auction_award::number))
        .select(AwardRow::as_select());
    Ok(query.load(tx).await?)
}

/// All awards of an auction, lot by lot.
pub async fn awards(connection: &mut Connection, of: AuctionId) -> Result<Vec<AwardRow>, Failure> {
    let query = auction_award::table
        .filter(auction_award::auction_id.eq(of.0))
        .order((auction_award::lot, auction_award::id))
        .select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

/// The awards of one lot, those of the best bids first.
pub async fn awards_of_lot(connection: &mut Connection, of: AuctionId, lot: i16) -> Result<Vec<AwardRow>, Failure> {
    let query = auction_award::table
        .filter(auction_award::auction_id.eq(of.0).and(auction_award::lot.eq(lot)))
        .order((auction_award::at, auction_award::number))
        .select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

/// The awards of which a contract was made.
pub async fn awards_of_contract(connection: &mut Connection, id: Uuid) -> Result<Vec<AwardRow>, Failure> {
    let query = auction_award::table.filter(auction_award::contract_id.eq(id)).select(AwardRow::as_select());
    Ok(query.load(connection).await?)
}

/// Keeps an award that comes of an offer.
pub async fn insert_award(tx: &mut Connection, new: &AwardRow) -> Result<(), Failure> {
    diesel::insert_into(auction_award::table).values(new).execute(tx).await?;
    Ok(())
}

/// Notes the contract that was made of awards.
pub async fn note_contract(tx: &mut Connection, awards: &[Uuid], contract: Uuid) -> Result<(), Failure> {
    diesel::update(auction_award::table.filter(auction_award::id.eq_any(awards.to_vec())))
        .set(auction_award::contract_id.eq(contract))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that the winner of these awards is in default.
pub async fn note_default(tx: &mut Connection, awards: &[Uuid], at: Timestamp) -> Result<(), Failure> {
    diesel::update(auction_award::table.filter(auction_award::id.eq_any(awards.to_vec())))
        .set(auction_award::defaulted_at.eq(at))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a contract was given up, and by whom.
pub async fn note_given_up(tx: &mut Connection, contract: Uuid, by: Uuid, at: Timestamp) -> Result<(), Failure> {
    diesel::update(auction_award::table.filter(auction_award::contract_id.eq(contract)))
        .set((auction_award::given_up_by.eq(by), auction_award::given_up_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The awards of an auction that nobody has called in default, each with what became of its contract; those of one company alone where it is
/// named.
pub async fn pledges(
    connection: &mut Connection,
    of: AuctionId,
    only: Option<OrganisationId>,
) -> Result<Vec<PledgeRow>, Failure> {
    let mut query = auction_award::table
        .left_join(contract::table.on(auction_award::contract_id.eq(contract::id.nullable())))
        .filter(auction_award::auction_id.eq(of.0).and(auction_award::defaulted_at.is_null()))
        .select((
            auction_award::organisation_id,
            auction_award::given_up_by,
            auction_award::given_up_at,
            auction_award::at,
            (contract::state, contract::created_at).nullable(),
        ))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(auction_award::organisation_id.eq(only.0));
    }
    Ok(query.load(connection).await?)
}

/// Whether a company has signed a contract.
pub async fn has_signed(connection: &mut Connection, contract: Uuid, company: Uuid) -> Result<bool, Failure> {
    let signature = contract_signature::table
        .filter(contract_signature::contract_id.eq(contract).and(contract_signature::amendment.eq(0)))
        .filter(contract_signature::organisation_id.eq(company));
    Ok(select(exists(signature)).get_result(connection).await?)
}

/// The best bid of those who won nothing of a lot.
pub async fn runner_up(connection: &mut Connection, of: AuctionId, lot: i16) -> Result<Option<RunnerUpRow>, Failure> {
    let query = auction_runner_up::table.find((of.0, lot)).select(RunnerUpRow::as_select());
    Ok(query.first(connection).await.optional()?)
}
