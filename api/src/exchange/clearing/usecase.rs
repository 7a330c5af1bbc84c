//! Makes contracts of trades, exactly once. What was done is kept as a clearing ([`super::past`]).

use std::collections::{HashMap, HashSet};

use domain::exchange::{Cleared, Deal, PricedDeal, TradeNumber, Unsettled, clear as net, trade_id};
use domain::kernel::{ClearingId, InstrumentId};
use infra::Failure;
use infra::contract::store;
use infra::db::Connection;
use infra::exchange::clearing;
use infra::exchange::instrument::{self, InstrumentRow};
use infra::exchange::past_clearing::{self, ClearingRow, PairRow};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{ClearedContractDto, ClearingDto};
use super::origin::{Traded, origin};
use crate::command::{Command, Subject};
use crate::contract::dto::number;
use crate::contract::make::make;
use crate::http::answer::Answer;
use crate::http::dto::MoneyDto;

/// How many contracts, and about how many trades, one transaction clears: it shall not hold up who reads events.
const MOST_CONTRACTS: usize = 100;
const MOST_TRADES: usize = 10_000;

/// What was cleared.
#[derive(Default)]
pub struct Outcome {
    /// None where nothing was cleared.
    pub id: Option<Uuid>,
    pub made: Vec<Made>,
    /// How many trades.
    pub cleared: usize,
    pub remaining: usize,
}

/// A contract that was made.
pub struct Made {
    pub contract: Uuid,
    pub instrument: InstrumentId,
    pub buyer: Uuid,
    pub seller: Uuid,
    pub total: MoneyDto,
    pub trades: usize,
}

/// Who manages the portal has its trades cleared now, of sessions that run, too.
pub async fn on_demand(
    tx: &mut Connection,
    command: &Command,
    stream: Uuid,
    trades: &[Unsettled],
) -> Result<Answer<ClearingDto>, Failure> {
    let done = clear(tx, command, stream, trades).await?;
    let ids: Vec<Uuid> = done.made.iter().map(|made| made.contract).collect();
    // They got their numbers in this order.
    let numbers = store::numbers(tx, &ids).await?;
    let by = &command.by;
    let contracts = done.made.into_iter().zip(numbers).map(|(made, running)| {
        let of_own = by.organisation_id().is_some_and(|own| own == made.buyer || own == made.seller);
        let knows = by.operator || of_own;
        ClearedContractDto {
            contract_id: made.contract,
            number: number(running),
            instrument_id: made.instrument.0,
            trades: made.trades,
            buyer_id: knows.then_some(made.buyer),
            seller_id: knows.then_some(made.seller),
            total: knows.then_some(made.total),
        }
    });
    let contracts = contracts.collect();
    let (cleared_trades, remaining_trades) = (done.cleared, done.remaining);
    Ok(Answer::ok(ClearingDto { id: done.id, contracts, cleared_trades, remaining_trades }))
}

/// Makes contracts of those of the trades that are not cleared. `trades` may be what a market said some time ago.
pub async fn clear(
    tx: &mut Connection,
    command: &Command,
    stream: Uuid,
    trades: &[Unsettled],
) -> Result<Outcome, Failure> {
    clearing::hold(tx, stream).await?;
    let named: Vec<TradeNumber> = trades.iter().map(|trade| trade.trade).collect();
    let known = clearing::cleared(tx, stream, &named).await?;
    let open: Vec<Unsettled> = trades.iter().filter(|trade| !known.contains(&trade.trade)).copied().collect();
    let traded = instruments(tx, &open).await?;
    let priced = |id: InstrumentId, deal: &Deal| traded.get(&id).and_then(|of| deal.priced(&of.rules));
    let clearing = command.id::<ClearingId>();
    let (mut outcome, mut rows, mut pairs) = (Outcome::default(), Vec::new(), Vec::new());
    for cleared in net(&open, |id, deal| priced(id, deal).is_some()) {
        if outcome.made.len() >= MOST_CONTRACTS || outcome.cleared >= MOST_TRADES {
            outcome.remaining += cleared.trades.len();
            continue;
        }
        let deal = cleared.deal.as_ref().map(|deal| (deal, priced(cleared.instrument, deal)));
        let made = match (deal, traded.get(&cleared.instrument)) {
            (None, _) => None,
            (Some((deal, Some(priced))), Some(of)) => {
                Some(contract(tx, command, of, stream, &cleared, (deal, &priced)).await?)
            }
            _ => {
                tracing::error!(%stream, trades = ?cleared.trades, "these trades fit into no contract");
                continue;
            }
        };
        let id = made.as_ref().map(|made| made.contract);
        rows.extend(cleared.trades.iter().map(|&trade| (trade, id)));
        outcome.cleared += cleared.trades.len();
        pairs.push(pair(clearing, pairs.len(), &cleared, id)?);
        tell(command, stream, clearing, &cleared, traded.get(&cleared.instrument), id);
        outcome.made.extend(made);
    }
    if !rows.is_empty() {
        let of = traded.values().next().ok_or_else(|| Failure::broken("trades of no instrument"))?;
        clearing::insert(tx, stream, &rows, command.at).await?;
        let row = ClearingRow { id: clearing.0, portal_id: of.row.portal_id, cleared_at: command.at };
        past_clearing::insert(tx, &row, &pairs).await?;
        outcome.id = Some(clearing.0);
    }
    Ok(outcome)
}

/// What the clearing keeps of one pair, after so many others.
fn pair(clearing: ClearingId, before: usize, cleared: &Cleared, contract: Option<Uuid>) -> Result<PairRow, Failure> {
    let (first, second) = cleared.parties;
    Ok(PairRow {
        clearing_id: clearing.0,
        position: i32::try_from(before + 1).map_err(Failure::broken)?,
        instrument_id: cleared.instrument.0,
        first_id: first.0,
        second_id: second.0,
        trades: i32::try_from(cleared.trades.len()).map_err(Failure::broken)?,
        contract_id: contract,
    })
}

async fn instruments(tx: &mut Connection, open: &[Unsettled]) -> Result<HashMap<InstrumentId, Traded>, Failure> {
    let named: HashSet<Uuid> = open.iter().map(|trade| trade.instrument.0).collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let traded = |row: InstrumentRow| {
        let rules = row.rules()?;
        Ok((InstrumentId(row.id), Traded { row, rules }))
    };
    instrument::of_ids(tx, &named).await?.into_iter().map(traded).collect()
}

async fn contract(
    tx: &mut Connection,
    command: &Command,
    of: &Traded,
    stream: Uuid,
    cleared: &Cleared,
    (deal, priced): (&Deal, &PricedDeal),
) -> Result<Made, Failure> {
    let contract = make(tx, command, origin(of, stream, cleared, deal, priced)?).await?;
    let goods: Decimal = priced.lines.iter().map(|line| line.amount.amount()).sum();
    let total = goods + priced.difference.map(|owed| owed.amount()).unwrap_or_default();
    Ok(Made {
        contract: contract.0,
        instrument: cleared.instrument,
        buyer: deal.buyer.0,
        seller: deal.seller.0,
        total: MoneyDto::of(total, &of.row.currency),
        trades: cleared.trades.len(),
    })
}

/// One event for each trade, as for its execution: what was recorded of one is found by its identifier.
fn tell(
    command: &Command,
    stream: Uuid,
    clearing: ClearingId,
    cleared: &Cleared,
    of: Option<&Traded>,
    contract: Option<Uuid>,
) {
    let parties = [cleared.parties.0.0, cleared.parties.1.0];
    let data = json!({"instrument_id": cleared.instrument, "contract_id": contract, "clearing_id": clearing});
    for &trade in &cleared.trades {
        let subject = Subject { kind: "trade", id: trade_id(stream, trade).0, version: 2 };
        command.event("trade.cleared", subject, of.map(|of| of.row.portal_id), &parties, data.clone());
    }
}
