//! Offers to second bidders in JSON.

use domain::kernel::Currency;
use infra::Failure;
use infra::auction::offer::OfferRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auction::listing::show::money;
use crate::http::dto::{MoneyDto, Time};

/// How long the second bidder has to answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_at": "2027-03-08T12:00:00Z"}))]
pub struct SecondOfferData {
    /// 72 hours from now by default, 31 days at most.
    pub expires_at: Option<Time>,
}

/// A lot that is offered to the second bidder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionOffer)]
pub struct OfferDto {
    pub id: Uuid,
    pub auction_id: Uuid,
    pub lot: i16,
    /// Under which the second bidder bid.
    pub pseudonym: String,
    /// Who that is: shown to itself, and to the seller once it has accepted.
    pub organisation_id: Option<Uuid>,
    pub price: MoneyDto,
    /// `open`, `accepted`, `declined`, `withdrawn` or `expired`.
    #[schema(example = "open")]
    pub state: String,
    pub expires_at: Time,
    pub created_at: Time,
    pub answered_at: Option<Time>,
    /// What was made of it.
    pub contract_id: Option<Uuid>,
}

impl OfferDto {
    pub fn of(row: &OfferRow, contract: Option<Uuid>, currency: &str, by: Uuid) -> Result<Self, Failure> {
        let is_known = by == row.organisation_id || row.state == "accepted";
        Ok(Self {
            id: row.id,
            auction_id: row.auction_id,
            lot: row.lot,
            pseudonym: row.pseudonym.clone(),
            organisation_id: Some(row.organisation_id).filter(|_| is_known),
            price: money(row.price, Currency::parse(currency)?),
            state: row.state.clone(),
            expires_at: row.expires_at.into(),
            created_at: row.created_at.into(),
            answered_at: row.answered_at.map(Into::into),
            contract_id: contract,
        })
    }
}
