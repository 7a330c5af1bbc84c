//! Contracts in JSON.

use domain::contract::Measurable;
use domain::kernel::language::{Texts, pick};
use domain::kernel::{ContractLineId, Date};
use infra::Failure;
use infra::contract::amendment::AmendmentRow;
use infra::contract::store::{Contract, ContractRow, LineRow, SignatureRow};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::product::dto::TaxDto;
use crate::http::dto::{MoneyDto, QuantityDto, Time};
use crate::ordering::dto::address;
use crate::party::organisation::dto::AddressDto;

/// A contract in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractSummary {
    pub id: Uuid,
    #[schema(example = "C-1042")]
    pub number: String,
    pub origin: OriginDto,
    pub portal_id: Uuid,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    /// `awaiting_signatures`, `active`, `fulfilled`, `closed`, `cancelled`, `disputed` or `terminated`.
    #[schema(example = "active")]
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<String>,
    /// The side that wants to give the contract up and waits for the other's consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_asked_by: Option<Uuid>,
    /// Lines and what is charged beside them, without tax.
    pub total: MoneyDto,
    /// Incoterms 2020.
    #[schema(example = "DAP")]
    pub incoterm: Option<String>,
    pub incoterm_place: Option<String>,
    /// Days from the date of an invoice until it is due.
    pub payment_days: i32,
    pub delivery_date: Option<Date>,
    /// SHA-256 of the text, as it is given to sign.
    pub text_hash: String,
    pub created_at: Time,
    pub activated_at: Option<Time>,
}

/// A contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contract)]
pub struct ContractDto {
    #[serde(flatten)]
    pub summary: ContractSummary,
    pub lines: Vec<ContractLineDto>,
    pub signatures: Vec<SignatureDto>,
}

/// What a contract was made from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractOrigin)]
pub struct OriginDto {
    /// `order`, `clearing` of trades on an exchange, `auction` (what was awarded there), `award` of a request for quotation, or `call_off` from a
    /// framework agreement.
    #[schema(example = "order")]
    pub kind: String,
    /// The order, or the first of the trades.
    pub id: Uuid,
}

/// A line of a contract, and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractLine)]
pub struct ContractLineDto {
    pub id: Uuid,
    pub position: i32,
    /// `goods`, or what is charged beside them: `freight`, or the `difference` of trades that were offset.
    #[schema(example = "goods")]
    pub kind: String,
    /// None of what was traded on an exchange.
    pub product_id: Option<Uuid>,
    /// The code of the instrument, if it was traded on an exchange.
    pub sku: Option<String>,
    /// In the reader's language.
    pub name: String,
    pub quantity: QuantityDto,
    pub unit_price: MoneyDto,
    pub discount_percent: String,
    pub tax: TaxDto,
    /// Without tax.
    pub amount: MoneyDto,
    /// On its way, or received in good order.
    pub despatched: QuantityDto,
    /// Received in good order.
    pub received: QuantityDto,
    pub invoiced: QuantityDto,
    /// How it is weighed, if it is billed by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<LineWeightDto>,
    /// What is measured at delivery and changes the price.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differentials: Vec<LineDifferentialDto>,
    /// Where it goes, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<AddressDto>,
    /// By when, if that was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_date: Option<Date>,
}

/// How a line is weighed and billed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractLineWeight)]
pub struct LineWeightDto {
    /// What one of the line's unit weighs, about.
    pub nominal: QuantityDto,
    /// How much more or less it may weigh.
    pub tolerance_percent: String,
    /// How much less, where that is another share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_percent: Option<String>,
    /// For one of the weighing unit.
    pub unit_price: MoneyDto,
    /// Received in good order.
    pub received: QuantityDto,
    pub invoiced: QuantityDto,
}

/// How a measured parameter changes the price of one of the unit in which a line is billed. For each whole step away from the base it
/// changes once; beyond `least` and `most` it is not of the grade.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractLineDifferential)]
pub struct LineDifferentialDto {
    pub parameter: String,
    /// What it is measured in, if it has a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    pub base: String,
    pub step: String,
    pub price_above: String,
    pub price_below: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<String>,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signature)]
pub struct SignatureDto {
    pub organisation_id: Uuid,
    pub person_id: Uuid,
    pub person_name: String,
    pub signed_at: Time,
}

/// An amendment: a later change of a contract, in force once both sides have signed it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Amendment)]
pub struct AmendmentDto {
    pub number: i32,
    /// `proposed`, `agreed`, `withdrawn` or `declined`.
    #[schema(example = "proposed")]
    pub state: String,
    pub proposed_by: Uuid,
    pub proposed_at: Time,
    pub decided_at: Option<Time>,
    pub text: String,
    pub text_hash: String,
    pub signatures: Vec<SignatureDto>,
}

/// What a person signs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}))]
pub struct SignData {
    /// The SHA-256 of the text that was read, as 64 hexadecimal digits.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    pub text_hash: String,
}

/// A proposed amendment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Line 1 is delivered by 2026-12-20.",
    "text_hash": "a2f5b9a1a1e0fd2f4a62d1a3a1f5f0a8a2f5b9a1a1e0fd2f4a62d1a3a1f5f0a8"}))]
pub struct AmendmentData {
    #[schema(min_length = 1, max_length = 20000)]
    pub text: String,
    /// The SHA-256 of `text` in UTF-8, so that nothing was changed on the way.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    pub text_hash: String,
}

/// Why a step is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Half of the delivery arrived wet."}))]
pub struct Grounds {
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Which contracts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContractQuery {
    /// `buyer` or `seller`: only those where you are that side.
    #[param(pattern = "^(buyer|seller)$")]
    pub role: Option<String>,
    pub state: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

/// A contract's number as people read it.
pub fn number(running: i64) -> String {
    format!("C-{running}")
}

impl From<&ContractRow> for ContractSummary {
    fn from(row: &ContractRow) -> Self {
        Self {
            id: row.id,
            number: number(row.number),
            origin: OriginDto { kind: row.origin_kind.clone(), id: row.origin_id },
            portal_id: row.portal_id,
            buyer_id: row.buyer_id,
            seller_id: row.seller_id,
            state: row.state.clone(),
            state_reason: row.state_reason.clone(),
            cancel_asked_by: row.cancel_asked_by,
            total: MoneyDto::of(row.total, &row.currency),
            incoterm: row.incoterm.clone(),
            incoterm_place: row.incoterm_place.clone(),
            payment_days: row.payment_days,
            delivery_date: row.delivery_date,
            text_hash: hex::encode(&row.text_hash),
            created_at: row.created_at.into(),
            activated_at: row.activated_at.map(Time::from),
        }
    }
}

impl ContractDto {
    pub fn of(contract: &Contract, languages: &[String]) -> Result<Self, Failure> {
        let lines: Result<Vec<_>, _> =
            contract.lines.iter().map(|line| ContractLineDto::of(line, contract, languages)).collect();
        Ok(Self {
            summary: (&contract.row).into(),
            lines: lines?,
            signatures: contract.signatures.iter().map(SignatureDto::from).collect(),
        })
    }
}

impl ContractLineDto {
    fn of(line: &LineRow, of: &Contract, languages: &[String]) -> Result<Self, Failure> {
        let currency = of.row.currency.as_str();
        let weight = of.weights.iter().find(|weight| weight.contract_line_id == line.id);
        let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
        let quantity = |value| QuantityDto::of(value, &line.unit);
        Ok(Self {
            id: line.id,
            position: line.position,
            kind: line.kind.clone(),
            product_id: line.product_id,
            sku: line.sku.clone(),
            name: pick(&names, languages).to_owned(),
            quantity: quantity(line.quantity),
            unit_price: MoneyDto::price(line.unit_price, currency),
            discount_percent: line.discount_percent.normalize().to_string(),
            tax: TaxDto { category: line.tax_category.clone(), rate: line.tax_rate.normalize().to_string() },
            amount: MoneyDto::of(line.amount, currency),
            despatched: quantity(line.despatched),
            received: quantity(line.received),
            invoiced: quantity(line.invoiced),
            weight: weight.map(|weight| LineWeightDto {
                nominal: QuantityDto::of(weight.nominal, &weight.unit),
                tolerance_percent: weight.tolerance_percent.normalize().to_string(),
                less_percent: weight.less_percent.map(|less| less.normalize().to_string()),
                unit_price: MoneyDto::price(weight.unit_price, currency),
                received: QuantityDto::of(weight.received, &weight.unit),
                invoiced: QuantityDto::of(weight.invoiced, &weight.unit),
            }),
            differentials: of.grading.of(ContractLineId(line.id)).map(LineDifferentialDto::from).collect(),
            delivery_address: address(line.delivery_address.as_ref())?,
            delivery_date: line.delivery_date,
        })
    }
}

impl From<&Measurable> for LineDifferentialDto {
    fn from(of: &Measurable) -> Self {
        let text = |value: Decimal| value.normalize().to_string();
        let differential = &of.differential;
        Self {
            parameter: differential.parameter.clone(),
            unit: of.unit.clone(),
            base: text(differential.base),
            step: text(differential.step),
            price_above: text(differential.price_above),
            price_below: text(differential.price_below),
            least: differential.least.map(text),
            most: differential.most.map(text),
        }
    }
}

impl From<&SignatureRow> for SignatureDto {
    fn from(row: &SignatureRow) -> Self {
        Self {
            organisation_id: row.organisation_id,
            person_id: row.person_id,
            person_name: row.person_name.clone(),
            signed_at: row.signed_at.into(),
        }
    }
}

impl AmendmentDto {
    pub fn of(row: &AmendmentRow, signatures: &[SignatureRow]) -> Self {
        Self {
            number: row.number,
            state: row.state.clone(),
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at.into(),
            decided_at: row.decided_at.map(Time::from),
            text: row.text.clone(),
            text_hash: hex::encode(&row.text_hash),
            signatures: signatures.iter().map(SignatureDto::from).collect(),
        }
    }
}
