//! An auction as it is sent in.

use chrono::NaiveDate;
use domain::auction::{AuctionInput, IncrementsInput, LotInput, RangeInput, SoftClose};
use domain::contract::TermsInput;
use domain::kernel::Faults;
use domain::kernel::language::Texts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::product::dto::TaxDto;
use crate::http::dto::Time;

/// What is sold (or bought, where suppliers undercut each other), and how. All prices are of one unit, in the auction's currency. What is
/// not said is as the preset says, or as usual for the format.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": {"en": "Surplus rebar", "ru": "Остатки арматуры"}, "format": "english", "currency": "EUR",
    "opens_at": "2027-03-01T09:00:00Z", "closes_at": "2027-03-01T12:00:00Z", "stagger_seconds": 120,
    "increments": {"table": [{"from": "0", "step": "10"}, {"from": "1000", "step": "50"}]},
    "soft_close": {"seconds": 300}, "access": "qualified", "deposit": "500", "disclosure": "participants",
    "lots": [{"name": {"en": "Rebar B500B, 12 mm"}, "content": "20", "unit": "TNE", "start_price": "8000", "reserve_price": "9500"}],
    "terms": {"incoterm": "FCA", "place": "Hamburg", "payment_days": 14, "delivery_date": "2027-03-31"},
    "tax": {"category": "S", "rate": "19"}
}))]
pub struct AuctionData {
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// Rules as known auction houses have them, which single settings override.
    #[schema(pattern = "^(ebay_like|prozorro_like|tender_44fz_like|allowance_like)$")]
    pub preset: Option<String>,
    /// Needed without a preset.
    #[schema(pattern = "^(english|reverse_english|dutch|sealed_first_price|sealed_second_price|hybrid)$")]
    pub format: Option<String>,
    /// What the winners of several units pay: each what it bid, or all what the last accepted bid offers.
    #[schema(pattern = "^(pay_as_bid|uniform_price)$")]
    pub pricing: Option<String>,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    pub opens_at: Time,
    /// The end of the first lot; of formats with a falling price it follows from the price.
    pub closes_at: Option<Time>,
    /// Each lot closes so many seconds after the one before it; where the price falls, it begins to so many seconds later.
    #[schema(maximum = 31622400)]
    pub stagger_seconds: Option<u32>,
    /// By how much a bid is better than the price that stands; needed where bids answer each other.
    pub increments: Option<IncrementsDto>,
    /// Whether bidders may name a maximum up to which the system bids for them.
    pub proxy: Option<bool>,
    pub soft_close: Option<SoftCloseDto>,
    /// For how long each price stands, where it falls.
    #[schema(minimum = 1, maximum = 31622400)]
    pub interval_seconds: Option<u32>,
    /// Of a hybrid auction: the time for sealed bids.
    #[schema(minimum = 1, maximum = 31622400)]
    pub sealed_seconds: Option<u32>,
    /// Of a hybrid auction: the time to top the best of them.
    #[schema(minimum = 1, maximum = 31622400)]
    pub topping_seconds: Option<u32>,
    /// What becomes of a sale of several units of which not all find a buyer.
    #[schema(pattern = "^(go_through|cancel)$")]
    pub undersubscribed: Option<String>,
    /// Who learns who won and what is paid: the parties, all who bid for the lot, or everybody.
    #[schema(pattern = "^(parties|participants|public)$")]
    pub disclosure: Option<String>,
    /// Who bids: everybody who may on the portal, whom you qualify, or whom you invite; of the last others know nothing.
    #[schema(pattern = "^(open|qualified|invited)$")]
    pub access: Option<String>,
    /// What a bidder has to bind before it bids, for all lots together.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub deposit: Option<String>,
    #[schema(min_items = 1, max_items = 1000)]
    pub lots: Vec<LotData>,
    /// Of the contracts that come of it.
    pub terms: AuctionTermsDto,
    /// On what is delivered.
    pub tax: TaxDto,
}

/// One lot: goods that are bid for as a whole, or as so many equal units.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionLotData)]
pub struct LotData {
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// How many equal units are bid for; 1 for a lot that is sold as a whole.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 1000000000, default = 1)]
    pub units: u64,
    /// How much of the goods one of them holds.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub content: String,
    /// What that is counted in: a code of UN/ECE Rec 20.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub start_price: String,
    /// Below it (above it where suppliers undercut each other) nothing is sold. Only the holder sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub reserve_price: Option<String>,
    /// Ends the lot at once, until the first bid reaches the reserve.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub buy_now_price: Option<String>,
    /// Where a falling price stops.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub floor_price: Option<String>,
    /// By how much it falls each time.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub price_step: Option<String>,
}

fn one() -> u64 {
    1
}

/// A table by price range, or a percentage of the start price.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionIncrements)]
pub struct IncrementsDto {
    /// Ascending; the first row begins at 0.
    #[schema(max_items = 50)]
    pub table: Option<Vec<RangeDto>>,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub least_percent: Option<String>,
    /// A bid is better by at most that.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub most_percent: Option<String>,
}

/// From a price on the step is this.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionIncrement)]
pub struct RangeDto {
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub from: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub step: String,
}

/// A bid that improves in the last so many seconds moves the end to so many seconds after it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionSoftClose)]
pub struct SoftCloseDto {
    #[schema(minimum = 1, maximum = 31622400)]
    pub seconds: u32,
    /// The end of the first lot never moves beyond.
    pub final_end: Option<Time>,
}

/// Where, by when and on which terms what was sold is delivered and paid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionTerms)]
pub struct AuctionTermsDto {
    /// A rule of Incoterms 2020, such as `FCA`.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub incoterm: String,
    #[schema(min_length = 1, max_length = 200)]
    pub place: String,
    /// Days from the date of an invoice until it is due.
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: i32,
    pub delivery_date: Option<NaiveDate>,
}

/// Why an auction is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The goods were damaged in the warehouse."}))]
pub struct AuctionCancellation {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Which auctions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuctionQuery {
    /// `draft` (your own), `scheduled`, `open`, `sold`, `unsold`, `offered`, `relisted` or `cancelled`.
    pub state: Option<String>,
    /// `english`, `reverse_english`, `dutch`, `sealed_first_price`, `sealed_second_price` or `hybrid`.
    pub format: Option<String>,
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// Those that this company holds.
    pub seller: Option<Uuid>,
    /// Those that end before.
    #[param(value_type = Option<String>, format = DateTime)]
    pub closing_before: Option<Time>,
    /// `ends_at`: those that end soonest first; `newest`.
    #[param(pattern = "^(ends_at|newest)$", default = "ends_at")]
    pub sort: Option<String>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl AuctionData {
    /// For the rules of the domain. What two ways of saying the same contradict each other in is noted here.
    pub fn input(&self, faults: &mut Faults) -> AuctionInput {
        let data = self.clone();
        AuctionInput {
            names: data.name,
            preset: data.preset,
            format: data.format,
            pricing: data.pricing,
            currency: data.currency,
            opens_at: data.opens_at.0,
            closes_at: data.closes_at.map(|at| at.0),
            stagger_seconds: data.stagger_seconds,
            increments: data.increments.and_then(|increments| increments.input(faults)),
            proxy: data.proxy,
            soft_close: data.soft_close.map(Into::into),
            interval_seconds: data.interval_seconds,
            sealed_seconds: data.sealed_seconds,
            topping_seconds: data.topping_seconds,
            undersubscribed: data.undersubscribed,
            disclosure: data.disclosure,
            access: data.access,
            deposit: data.deposit,
            lots: data.lots.into_iter().map(Into::into).collect(),
            terms: TermsInput {
                incoterm: data.terms.incoterm,
                place: data.terms.place,
                payment_days: data.terms.payment_days,
                delivery_date: data.terms.delivery_date,
            },
            tax_category: data.tax.category,
            tax_rate: data.tax.rate,
        }
    }
}

impl IncrementsDto {
    fn input(self, faults: &mut Faults) -> Option<IncrementsInput> {
        match (self.table, self.least_percent) {
            (Some(_), Some(_)) => {
                faults.add("/increments/least_percent", "not_taken", "Steps are a table or a percentage, not both.");
                None
            }
            (Some(_), None) if self.most_percent.is_some() => {
                faults.add("/increments/most_percent", "not_taken", "Steps of a table have no upper bound.");
                None
            }
            (Some(table), None) => {
                let row = |row: RangeDto| RangeInput { from: row.from, step: row.step };
                Some(IncrementsInput::Table(table.into_iter().map(row).collect()))
            }
            (None, Some(least_percent)) => {
                Some(IncrementsInput::Share { least_percent, most_percent: self.most_percent })
            }
            (None, None) => {
                faults.add("/increments", "required", "A table or a percentage is needed.");
                None
            }
        }
    }
}

impl From<LotData> for LotInput {
    fn from(data: LotData) -> Self {
        Self {
            names: data.name,
            units: data.units,
            content: data.content,
            unit: data.unit,
            start_price: data.start_price,
            reserve_price: data.reserve_price,
            buy_now_price: data.buy_now_price,
            floor_price: data.floor_price,
            price_step: data.price_step,
        }
    }
}

impl From<SoftCloseDto> for SoftClose {
    fn from(dto: SoftCloseDto) -> Self {
        Self { seconds: dto.seconds, final_end: dto.final_end.map(|at| at.0) }
    }
}

impl From<SoftClose> for SoftCloseDto {
    fn from(of: SoftClose) -> Self {
        Self { seconds: of.seconds, final_end: of.final_end.map(Into::into) }
    }
}
