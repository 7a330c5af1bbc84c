//! What a contract is made from.

use domain::contract::{CatchWeight, ChargeKind, Measurable};
use domain::kernel::{Currency, Date, Money, OrganisationId};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// What two parties agreed on, by whatever way.
pub struct Origin {
    /// `order`, `clearing`, `auction`, `award` or `call_off`.
    pub kind: &'static str,
    pub id: Uuid,
    pub number: i64,
    pub portal_id: Uuid,
    pub buyer: OrganisationId,
    pub seller: OrganisationId,
    pub currency: Currency,
    /// What the text says about the goods beside the lines.
    pub particulars: Vec<(&'static str, String)>,
    pub lines: Vec<AgreedLine>,
    /// What is charged beside the goods.
    pub charge: Option<(ChargeKind, Money)>,
    /// Code and place.
    pub incoterm: Option<(String, String)>,
    pub payment_days: i32,
    /// Where it goes as a whole.
    pub delivery_address: Option<Value>,
    pub delivery_date: Option<Date>,
    pub buyer_reference: Option<String>,
}

/// A line of it.
pub struct AgreedLine {
    /// None of what is traded on an exchange or sold in an auction: no stock moves for it.
    pub product_id: Option<Uuid>,
    /// The product's, the instrument's code, or the number of the lot.
    pub sku: String,
    pub name: Value,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub discount_percent: Decimal,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub amount: Decimal,
    /// The quantity in the product's base unit.
    pub base_quantity: Decimal,
    /// Taken from the seller's stock for it, in the base unit.
    pub reserved: Decimal,
    /// How one of the unit is weighed, if it is billed by that.
    pub weight: Option<CatchWeight>,
    /// What is measured of it at delivery and changes its price.
    pub differentials: Vec<Measurable>,
    /// Where it goes and by when, as far as that was said.
    pub delivery_address: Option<Value>,
    pub delivery_date: Option<Date>,
}
