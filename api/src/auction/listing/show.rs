//! Auctions as they are shown.

use domain::auction::{Increments, Rules, decimal_of};
use domain::kernel::Currency;
use domain::kernel::language::pick;
use infra::Failure;
use infra::auction::bidder::BidderRow;
use infra::auction::deposit::DepositRow;
use infra::auction::listing::SummaryRow;
use infra::auction::lot::LotRow;
use infra::auction::outcome::AwardRow;
use infra::auction::store::AuctionRow;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::{AuctionData, IncrementsDto, RangeDto, SoftCloseDto};
use crate::auction::deposit::dto::AuctionDepositDto;
use crate::catalogue::category::texts;
use crate::http::dto::{MoneyDto, Time};

/// An auction in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuctionSummary {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// Who holds it: the seller, or the buyer where suppliers undercut each other.
    pub seller_id: Uuid,
    /// The name in the reader's language.
    pub title: String,
    #[schema(example = "open")]
    pub state: String,
    #[schema(example = "english")]
    pub format: String,
    pub currency: String,
    #[schema(example = "qualified")]
    pub access: String,
    /// What a bidder has to bind before it bids.
    pub deposit: MoneyDto,
    /// How many lots.
    pub lots: i64,
    pub opens_at: Time,
    /// The end of the last lot, as far as it is known.
    pub ends_at: Time,
    pub created_at: Time,
}

/// An auction: as it was put together, the rules that follow, and how its lots stand. Reserve prices are shown to the holder alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Auction)]
pub struct AuctionDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// Who holds it: the seller, or the buyer where suppliers undercut each other.
    pub seller_id: Uuid,
    /// The name in the reader's language.
    pub title: String,
    #[serde(flatten)]
    pub data: AuctionData,
    /// By which it runs: with all that preset and format say.
    pub rules: RulesDto,
    /// `draft`, `scheduled`, `open`, `sold`, `unsold`, `offered` (to the second bidder), `relisted` or `cancelled`.
    #[schema(example = "open")]
    pub state: String,
    /// How each lot stands, by number.
    pub standing: Vec<StandingDto>,
    /// The end of the last lot, as far as it is known.
    pub ends_at: Time,
    /// What the caller's company is in it; null for others.
    pub caller: Option<CallerDto>,
    /// The auction in whose place it stands.
    pub relisted_from: Option<Uuid>,
    pub cancelled_at: Option<Time>,
    pub cancel_reason: Option<String>,
    pub created_at: Time,
    pub published_at: Option<Time>,
    /// Since when nothing of it is open any more: contracts, deposits, offers.
    pub settled_at: Option<Time>,
}

/// The settings by which an auction runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionRules)]
pub struct RulesDto {
    pub format: String,
    pub pricing: String,
    pub increments: IncrementsDto,
    pub proxy: bool,
    pub soft_close: Option<SoftCloseDto>,
    pub interval_seconds: Option<u32>,
    pub sealed_seconds: Option<u32>,
    pub topping_seconds: Option<u32>,
    pub undersubscribed: String,
    pub disclosure: String,
    pub access: String,
    pub deposit: MoneyDto,
}

/// How a lot stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionLotStanding)]
pub struct StandingDto {
    pub number: usize,
    /// It has a hidden reserve.
    pub has_reserve: bool,
    /// `draft`, `scheduled`, `open`, `sold`, `unsold`, `offered`, `relisted` or `cancelled`.
    #[schema(example = "open")]
    pub state: String,
    pub ends_at: Time,
    /// Of one unit, as far as there is one and the caller may know of it.
    pub price: Option<MoneyDto>,
    pub reserve_met: bool,
    /// `sold`, `no_bids`, `reserve_not_met`, `undersubscribed` or `cancelled`.
    pub outcome: Option<String>,
    /// Who gets what, as far as the disclosure lets the caller know.
    pub awards: Vec<AwardDto>,
}

/// What a winner gets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionAward)]
pub struct AwardDto {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// The name under which it bid.
    pub bidder: String,
    /// Of the bid that won; none where the second bidder took an offer.
    pub number: Option<i32>,
    pub units: i64,
    /// Of one unit.
    pub price: MoneyDto,
    /// Shown to the two parties alone.
    pub contract_id: Option<Uuid>,
    /// The winner did not keep its word.
    pub defaulted_at: Option<Time>,
}

/// What the caller's company is in an auction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionCaller)]
pub struct CallerDto {
    /// `holder` or `bidder`.
    #[schema(example = "bidder")]
    pub role: String,
    /// Of a bidder: `invited`, `applied`, `admitted`, `refused` or `withdrawn`.
    pub state: Option<String>,
    /// Under which it bids, once it is admitted; only it knows that it is it.
    pub pseudonym: Option<String>,
    /// The last deposit that it has bound.
    pub deposit: Option<AuctionDepositDto>,
}

/// What is known of an auction beside its row.
#[derive(Default)]
pub struct Beside {
    pub lots: Vec<LotRow>,
    pub awards: Vec<AwardRow>,
    /// The caller, if it bids.
    pub bidder: Option<BidderRow>,
    pub deposit: Option<DepositRow>,
    /// The lots in which the caller has taken part.
    pub taken_part: Vec<i16>,
}

/// Who reads.
pub struct Reading<'a> {
    pub organisation: Option<Uuid>,
    pub is_own: bool,
    pub is_operator: bool,
    pub languages: &'a [String],
}

impl AuctionSummary {
    pub fn of(row: &SummaryRow, languages: &[String]) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            portal_id: row.portal_id,
            seller_id: row.seller_id,
            title: pick(&texts(row.name.clone())?, languages).to_owned(),
            state: row.state.clone(),
            format: row.format.clone(),
            currency: row.currency.clone(),
            access: row.access.clone(),
            deposit: MoneyDto::of(row.deposit, &row.currency),
            lots: row.lots,
            opens_at: row.opens_at.into(),
            ends_at: row.ends_at.into(),
            created_at: row.created_at.into(),
        })
    }
}

impl AuctionDto {
    pub fn of(row: &AuctionRow, beside: &Beside, by: &Reading<'_>) -> Result<Self, Failure> {
        let rules = row.rules()?;
        let mut data: AuctionData = serde_json::from_value(row.input.clone()).map_err(Failure::broken)?;
        if !by.is_own {
            data.lots.iter_mut().for_each(|lot| lot.reserve_price = None);
        }
        Ok(Self {
            id: row.id,
            portal_id: row.portal_id,
            seller_id: row.seller_id,
            title: pick(&data.name, by.languages).to_owned(),
            data,
            standing: (0..rules.lots.len()).map(|index| standing(row, &rules, index, beside, by)).collect(),
            rules: RulesDto::of(&rules),
            state: row.state.clone(),
            ends_at: row.ends_at.into(),
            caller: caller(beside, by),
            relisted_from: row.relisted_from,
            cancelled_at: row.cancelled_at.map(Into::into),
            cancel_reason: row.cancel_reason.clone(),
            created_at: row.created_at.into(),
            published_at: row.published_at.map(Into::into),
            settled_at: row.settled_at.map(Into::into),
        })
    }
}

fn caller(beside: &Beside, by: &Reading<'_>) -> Option<CallerDto> {
    if by.is_own {
        return Some(CallerDto { role: "holder".to_owned(), state: None, pseudonym: None, deposit: None });
    }
    let bidder = beside.bidder.as_ref()?;
    Some(CallerDto {
        role: "bidder".to_owned(),
        state: Some(bidder.state.clone()),
        pseudonym: bidder.pseudonym.clone(),
        deposit: beside.deposit.as_ref().map(Into::into),
    })
}

fn standing(row: &AuctionRow, rules: &Rules, index: usize, beside: &Beside, by: &Reading<'_>) -> StandingDto {
    let lot = beside.lots.iter().find(|lot| usize::try_from(lot.number) == Ok(index + 1));
    let discloses = lot.is_some_and(|lot| discloses(rules, lot, beside, by));
    // Open bids and falling prices were seen by all; what sealed bids came to is disclosed as the winner is.
    let was_seen = rules.format.is_open() || (rules.format.falls() && rules.parts.is_none());
    let price = lot.filter(|lot| was_seen || discloses || lot.closed_at.is_none()).and_then(|lot| lot.price);
    let of_lot = beside.awards.iter().filter(|award| usize::try_from(award.lot) == Ok(index + 1));
    let awards = of_lot.filter(|award| discloses || Some(award.organisation_id) == by.organisation);
    StandingDto {
        number: index + 1,
        has_reserve: rules.lots[index].reserve.is_some(),
        state: lot.map_or(&row.state, |lot| &lot.state).clone(),
        ends_at: lot.map_or_else(|| rules.ends(index), |lot| lot.ends_at).into(),
        price: price.map(|price| money(price, rules.currency)),
        reserve_met: lot.is_some_and(|lot| lot.reserve_met),
        outcome: lot.and_then(|lot| lot.outcome.clone()),
        awards: awards.map(|award| AwardDto::of(award, rules.currency, by.is_own, by.organisation)).collect(),
    }
}

/// Whether the caller may know who won a lot that has closed, and at which price.
fn discloses(rules: &Rules, lot: &LotRow, beside: &Beside, by: &Reading<'_>) -> bool {
    let has_taken_part = beside.taken_part.contains(&lot.number);
    lot.closed_at.is_some() && rules.disclosure.tells(by.is_own || by.is_operator, has_taken_part)
}

impl AwardDto {
    /// For a reader who holds the auction or not, and is of a company or not.
    pub fn of(award: &AwardRow, currency: Currency, is_own: bool, company: Option<Uuid>) -> Self {
        let is_party = is_own || company == Some(award.organisation_id);
        Self {
            id: award.id,
            organisation_id: award.organisation_id,
            bidder: award.pseudonym.clone(),
            number: award.number,
            units: award.units,
            price: money(award.price, currency),
            contract_id: award.contract_id.filter(|_| is_party),
            defaulted_at: award.defaulted_at.filter(|_| is_party).map(Into::into),
        }
    }
}

impl RulesDto {
    fn of(rules: &Rules) -> Self {
        Self {
            format: rules.format.code().to_owned(),
            pricing: rules.pricing.code().to_owned(),
            increments: increments(&rules.increments, rules.currency),
            proxy: rules.proxy,
            soft_close: rules.soft_close.map(Into::into),
            interval_seconds: rules.interval,
            sealed_seconds: rules.parts.map(|parts| parts.sealed),
            topping_seconds: rules.parts.map(|parts| parts.topping),
            undersubscribed: rules.undersubscribed.code().to_owned(),
            disclosure: rules.disclosure.code().to_owned(),
            access: rules.access.code().to_owned(),
            deposit: money(rules.deposit, rules.currency),
        }
    }
}

fn increments(of: &Increments, currency: Currency) -> IncrementsDto {
    let plain = |minor: i64| decimal_of(minor, currency).to_string();
    // Hundredths of a percent in percent.
    let percent = |hundredths: u32| Decimal::new(hundredths.into(), 2).normalize().to_string();
    match of {
        Increments::Table(table) => IncrementsDto {
            table: Some(table.iter().map(|row| RangeDto { from: plain(row.from), step: plain(row.step) }).collect()),
            least_percent: None,
            most_percent: None,
        },
        Increments::Share { least, most } => {
            IncrementsDto { table: None, least_percent: Some(percent(*least)), most_percent: most.map(percent) }
        }
    }
}

/// Minor units as money.
pub fn money(minor: i64, currency: Currency) -> MoneyDto {
    MoneyDto { amount: decimal_of(minor, currency).to_string(), currency: currency.code().to_owned() }
}
