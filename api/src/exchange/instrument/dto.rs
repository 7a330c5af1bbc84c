//! Instruments in JSON.

use chrono::NaiveDate;
use domain::exchange::{Band, Differential, DifferentialInput, InstrumentInput, Property, RulesInput, Tolerance};
use domain::kernel::language::{Texts, pick};
use infra::Failure;
use infra::exchange::instrument::InstrumentRow;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::category::texts;
use crate::catalogue::product::dto::TaxDto;
use crate::http::dto::{MoneyDto, Time};

/// What is traded, and by which rules. Code, grade, unit, lot, tick, currency, guarantee, terms, tolerance, tax and reference price never
/// change; specification and differentials do until it has been traded, the rest at any time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "WHEAT-3-MAR27", "name": {"en": "Wheat, class 3", "ru": "Пшеница 3 класса"}, "grade": "Class 3",
    "specification": [{"parameter": "protein", "value": "12.5", "unit": "P1"}, {"parameter": "standard", "value": "GOST 9353"}],
    "unit": "TNE", "lot_size": "60", "tick_size": "5", "currency": "RUB",
    "band": {"up_ppm": 50000, "down_ppm": 50000}, "volatility_ppm": 20000, "self_trade": "cancel_resting", "guarantee": "limit",
    "max_live_orders": 500, "max_session_lots": 10000,
    "terms": {"incoterm": "FCA", "place": "Novorossiysk", "payment_days": 5, "delivery_from": "2027-03-01", "delivery_to": "2027-03-31"},
    "tolerance": {"more_ppm": 50000, "less_ppm": 50000},
    "differentials": [{"parameter": "protein", "base": "12.5", "step": "0.5", "price_above": "150", "price_below": "-200", "least": "12"}],
    "tax": {"category": "S", "rate": "10"}, "reference_price": "15250"
}))]
pub struct InstrumentData {
    /// Unique on the portal, and kept when the instrument is delisted.
    #[schema(pattern = "^[A-Z0-9][A-Z0-9.-]{1,39}$")]
    pub code: String,
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    pub category_id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 200)]
    pub grade: String,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub specification: Vec<PropertyDto>,
    /// What lots and prices are stated in: a code of UN/ECE Rec 20.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: String,
    /// The smallest quantity, in units; at most six decimals.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub lot_size: String,
    /// The smallest step of the price of a unit; at most six decimals.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub tick_size: String,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// How far prices may lie from the reference price; anywhere without it.
    pub band: Option<BandDto>,
    /// A trade that would move the price by more millionths than this starts a volatility auction instead.
    #[schema(minimum = 1, maximum = 10000000)]
    pub volatility_ppm: Option<u32>,
    /// Which of two orders of one company, or of companies of one group, gives way where they would meet.
    #[serde(default = "cancel_resting")]
    #[schema(pattern = "^(cancel_resting|cancel_incoming|cancel_both|decrement)$", default = "cancel_resting")]
    pub self_trade: String,
    /// What stands behind orders: nothing, the buyer's `limit`, or, `full`, the seller's deposited holdings as well.
    #[serde(default = "none")]
    #[schema(pattern = "^(none|limit|full)$", default = "none")]
    pub guarantee: String,
    /// The most live orders of one member.
    #[schema(minimum = 1, maximum = 1000000)]
    pub max_live_orders: Option<u32>,
    /// The most lots of one member in a session, traded and open together.
    #[schema(minimum = 1)]
    pub max_session_lots: Option<u64>,
    pub terms: InstrumentTermsDto,
    #[serde(default)]
    pub tolerance: ToleranceDto,
    /// How measured qualities change the price at delivery.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub differentials: Vec<DifferentialDto>,
    /// On what is delivered for trades.
    pub tax: TaxDto,
    /// The reference price that it is listed with; later ones come of trading.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub reference_price: Option<String>,
    /// By which its phases change; by hand alone without it.
    pub schedule_id: Option<Uuid>,
}

fn cancel_resting() -> String {
    "cancel_resting".to_owned()
}

fn none() -> String {
    "none".to_owned()
}

/// A stated property, such as the diameter of a rebar.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentProperty)]
pub struct PropertyDto {
    /// A short name for machines, unique in the specification.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub parameter: String,
    #[schema(min_length = 1, max_length = 200)]
    pub value: String,
    /// A code of UN/ECE Rec 20.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
}

/// How far prices may lie from the reference price, in millionths of it, each side for itself; the bounds themselves are allowed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PriceBand)]
pub struct BandDto {
    #[schema(maximum = 10000000)]
    pub up_ppm: u32,
    #[schema(maximum = 999999)]
    pub down_ppm: u32,
}

/// Where, when and by whom what was traded is delivered, and when it is paid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentTerms)]
pub struct InstrumentTermsDto {
    /// A rule of Incoterms 2020, such as `FCA`.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub incoterm: String,
    #[schema(min_length = 1, max_length = 200)]
    pub place: String,
    /// Days from the date of an invoice until it is due.
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: i32,
    /// The first day of delivery.
    pub delivery_from: NaiveDate,
    /// The last one.
    pub delivery_to: NaiveDate,
}

/// How far the delivered quantity may differ from the agreed one, in millionths of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuantityTolerance)]
pub struct ToleranceDto {
    #[schema(maximum = 1000000)]
    pub more_ppm: u32,
    #[schema(maximum = 999999)]
    pub less_ppm: u32,
}

/// A measurable parameter of the specification, in whose unit it is measured: for each whole step away from the base the price of a unit
/// changes once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GradeDifferential)]
pub struct DifferentialDto {
    #[schema(min_length = 1, max_length = 40)]
    pub parameter: String,
    /// What the price is stated for.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub base: String,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub step: String,
    /// Negative where more is worse.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub price_above: String,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub price_below: String,
    /// What is less is not of the grade.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub least: Option<String>,
    /// What is more is not of the grade.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub most: Option<String>,
}

/// An instrument.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Instrument)]
pub struct InstrumentDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// The name in the reader's language.
    pub title: String,
    #[serde(flatten)]
    pub data: InstrumentData,
    pub created_at: Time,
    /// Since when it has been traded.
    pub traded_at: Option<Time>,
    /// It is not traded any more.
    pub delisted_at: Option<Time>,
}

/// Which instruments to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InstrumentQuery {
    #[param(max_length = 40)]
    pub code: Option<String>,
    /// Those of this category, or of one below it.
    pub category: Option<Uuid>,
    #[param(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    /// How many items to give: 1 to 200, 50 by default.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl InstrumentData {
    /// For the rules of the domain.
    pub fn input(&self) -> InstrumentInput {
        let data = self.clone();
        InstrumentInput {
            code: data.code,
            names: data.name,
            grade: data.grade,
            specification: data.specification.into_iter().map(Into::into).collect(),
            unit: data.unit,
            rules: RulesInput {
                lot_size: data.lot_size,
                tick_size: data.tick_size,
                currency: data.currency,
                band: data.band.map(|band| Band { up_ppm: band.up_ppm, down_ppm: band.down_ppm }),
                volatility_ppm: data.volatility_ppm,
                self_trade: data.self_trade,
                guarantee: data.guarantee,
                max_live_orders: data.max_live_orders,
                max_session_lots: data.max_session_lots,
            },
            incoterm: data.terms.incoterm,
            place: data.terms.place,
            payment_days: data.terms.payment_days,
            delivery_from: data.terms.delivery_from,
            delivery_to: data.terms.delivery_to,
            tolerance: Tolerance { more_ppm: data.tolerance.more_ppm, less_ppm: data.tolerance.less_ppm },
            differentials: data.differentials.into_iter().map(Into::into).collect(),
            tax_category: data.tax.category,
            tax_rate: data.tax.rate,
            reference_price: data.reference_price,
        }
    }

    /// The editable part of a kept instrument.
    pub fn of(row: &InstrumentRow) -> Result<Self, Failure> {
        let rules = row.rules()?;
        Ok(Self {
            code: row.code.clone(),
            name: texts(row.name.clone())?,
            category_id: row.category_id,
            grade: row.grade.clone(),
            specification: row.specification()?.into_iter().map(Into::into).collect(),
            unit: row.unit.clone(),
            lot_size: plain(row.lot_size),
            tick_size: plain(row.tick_size),
            currency: row.currency.clone(),
            band: rules.band.map(|band| BandDto { up_ppm: band.up_ppm, down_ppm: band.down_ppm }),
            volatility_ppm: rules.volatility_ppm,
            self_trade: row.self_trade.clone(),
            guarantee: row.guarantee.clone(),
            max_live_orders: rules.max_live_orders,
            max_session_lots: rules.max_session_lots,
            terms: InstrumentTermsDto {
                incoterm: row.incoterm.clone(),
                place: row.incoterm_place.clone(),
                payment_days: row.payment_days,
                delivery_from: row.delivery_from,
                delivery_to: row.delivery_to,
            },
            tolerance: ToleranceDto {
                more_ppm: u32::try_from(row.tolerance_more_ppm).map_err(Failure::broken)?,
                less_ppm: u32::try_from(row.tolerance_less_ppm).map_err(Failure::broken)?,
            },
            differentials: row.differentials()?.iter().map(Into::into).collect(),
            tax: TaxDto { category: row.tax_category.clone(), rate: plain(row.tax_rate) },
            reference_price: row.reference_price.map(|price| MoneyDto::price(price, &row.currency).amount),
            schedule_id: row.schedule_id,
        })
    }
}

impl InstrumentDto {
    pub fn of(row: &InstrumentRow, languages: &[String]) -> Result<Self, Failure> {
        let data = InstrumentData::of(row)?;
        Ok(Self {
            id: row.id,
            portal_id: row.portal_id,
            title: pick(&data.name, languages).to_owned(),
            data,
            created_at: row.created_at.into(),
            traded_at: row.traded_at.map(Into::into),
            delisted_at: row.delisted_at.map(Into::into),
        })
    }
}

impl From<PropertyDto> for Property {
    fn from(dto: PropertyDto) -> Self {
        Self { parameter: dto.parameter, value: dto.value, unit: dto.unit }
    }
}

impl From<Property> for PropertyDto {
    fn from(property: Property) -> Self {
        Self { parameter: property.parameter, value: property.value, unit: property.unit }
    }
}

impl From<DifferentialDto> for DifferentialInput {
    fn from(dto: DifferentialDto) -> Self {
        Self {
            parameter: dto.parameter,
            base: dto.base,
            step: dto.step,
            price_above: dto.price_above,
            price_below: dto.price_below,
            least: dto.least,
            most: dto.most,
        }
    }
}

impl From<&Differential> for DifferentialDto {
    fn from(one: &Differential) -> Self {
        Self {
            parameter: one.parameter.clone(),
            base: plain(one.base),
            step: plain(one.step),
            price_above: plain(one.price_above),
            price_below: plain(one.price_below),
            least: one.least.map(plain),
            most: one.most.map(plain),
        }
    }
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}
