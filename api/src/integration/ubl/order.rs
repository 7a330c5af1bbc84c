//! A purchase order as a buyer sends it.

use domain::kernel::{Currency, Date, Money, Quantity};

use super::delivery::{Delivery, DeliveryTerms};
use super::item::Item;
use super::party::Party;
use super::price::{Allowance, Price};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The buyer's number of the order.
    pub id: String,
    pub issued_on: Date,
    /// UNTDID 1001, such as `220` (order), `221` (blanket order), `224` (rush order).
    pub kind: Option<String>,
    /// All notes, one a line.
    pub note: Option<String>,
    pub currency: Currency,
    /// What the buyer asks to be quoted.
    pub customer_reference: Option<String>,
    /// Where the buyer books it.
    pub accounting_cost: Option<String>,
    /// The last day on which it can be accepted.
    pub valid_until: Option<Date>,
    /// The number of the quotation that it answers.
    pub quotation: Option<String>,
    /// The number of the requisition that it comes from.
    pub requisition: Option<String>,
    pub contract: Option<String>,
    pub buyer: Party,
    pub seller: Party,
    /// For whom it is bought.
    pub originator: Option<Party>,
    /// Who gets the invoice.
    pub invoicee: Option<Party>,
    pub delivery: Option<Delivery>,
    pub delivery_terms: Option<DeliveryTerms>,
    /// All terms of payment, one a line.
    pub payment_terms: Option<String>,
    pub allowances: Vec<Allowance>,
    /// All tax together.
    pub tax: Option<Money>,
    /// As the buyer reckons.
    pub totals: Option<Totals>,
    pub lines: Vec<OrderLine>,
}

/// Sums as the sender states them; nothing was added up here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub lines: Option<Money>,
    pub without_tax: Option<Money>,
    pub with_tax: Option<Money>,
    pub allowances: Option<Money>,
    pub charges: Option<Money>,
    pub payable: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The buyer's number of the line.
    pub id: String,
    pub note: Option<String>,
    pub quantity: Quantity,
    /// Net amount as the buyer reckons.
    pub amount: Option<Money>,
    /// Whether less may be delivered at once.
    pub partial_delivery: Option<bool>,
    /// Whether the rest may stay open.
    pub backorder: Option<bool>,
    pub accounting_cost: Option<String>,
    pub delivery: Option<Delivery>,
    pub allowances: Vec<Allowance>,
    pub price: Option<Price>,
    pub item: Item,
}
