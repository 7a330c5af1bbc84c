//! What a draft asks for, against what is offered: loaded in one round trip, decided by the rules.

use std::collections::HashMap;

use domain::kernel::{
    BudgetId, Currency, Date, Findings, OfferId, OrderLineId, OrganisationId, PortalId, PriceProposalId, Quantity,
    Refusal, Unit,
};
use domain::ordering::{DraftLine, FreightTerms, Offered, OrderFrame, PricedLine, Shortage, check_lines};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::offer::{self, Offer};
use infra::catalogue::pricing::ListedTier;
use infra::catalogue::product::StockRow;
use infra::catalogue::{pricing, stock, visibility};
use infra::db::{self, Connection};
use infra::ordering::credit;
use infra::ordering::order::LineRow;
use infra::ordering::proposal::ProposalRow;
use infra::ordering::terms::{self, Terms};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::OrderData;
use super::proposal;
use crate::catalogue::pricing::{price_list_id, price_lists_of, price_proposal_id, tiers_of};
use crate::catalogue::product::dto::packs_of;
use crate::command::Command;
use crate::portal::access;

/// A draft whose lines are all good, with their prices and the offers they are of.
pub struct Priced {
    pub lines: Vec<PricedLine>,
    pub offers: HashMap<OfferId, Offer>,
    /// The stock of the offers, held; empty for a draft that is not placed yet.
    pub stock: Vec<StockRow>,
    /// How much of it has expired, by product.
    pub expired: HashMap<Uuid, Decimal>,
    /// The prices that were agreed on for lines, held.
    pub agreed: Vec<ProposalRow>,
    /// What binds the buyer.
    pub terms: Terms,
    /// What the buyer says about lines, where anything is said.
    pub details: HashMap<OrderLineId, LineDetails>,
}

/// What a buyer says about a line, besides what and how much of it; what is none is as the order says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineDetails {
    pub cost_centre_id: Option<Uuid>,
    pub buyer_reference: Option<String>,
    pub note: Option<String>,
    pub requested_date: Option<Date>,
    pub delivery_address: Option<Value>,
    /// The budget that it takes from.
    pub budget: Option<BudgetId>,
}

/// The frame of an order; refuses currencies, freight terms and Incoterms that are none, all at once.
pub fn frame(data: &OrderData, buyer: OrganisationId) -> Result<OrderFrame, Refusal> {
    let mut findings = Findings::default();
    let currency = findings.keep("/currency", Currency::parse(&data.currency));
    let limit = data.freight_limit.as_ref().and_then(|limit| findings.keep("/freight_limit", limit.parse()));
    let freight = currency.and_then(|currency| {
        findings.keep("/freight_terms", FreightTerms::parse(&data.freight_terms, limit, currency))
    });
    findings.keep("/shortage", Shortage::parse(&data.shortage));
    if data.incoterm.is_some() != data.incoterm_place.is_some() {
        let pointer = if data.incoterm.is_some() { "/incoterm_place" } else { "/incoterm" };
        findings.add(domain::kernel::Kind::InvalidInput, pointer, "required", "An Incoterm and its place go together.");
    }
    let of_lines =
        data.lines.iter().enumerate().map(|(index, line)| (format!("/lines/{index}"), &line.delivery_address));
    for (pointer, address) in of_lines.chain([(String::new(), &data.delivery_address)]) {
        let Some(address) = address else { continue };
        let mut faults = domain::kernel::Faults::default();
        domain::party::registration::Address::from(address)
            .collect(&format!("{pointer}/delivery_address"), &mut faults);
        for fault in faults.0 {
            findings.add(domain::kernel::Kind::InvalidInput, fault.pointer, fault.code, fault.detail);
        }
    }
    findings.result()?;
    match currency.zip(freight) {
        Some((currency, freight)) => Ok(OrderFrame { buyer, portal: PortalId(data.portal_id), currency, freight }),
        None => Err(Refusal::fault("/currency", "currency", "It is not a currency.")),
    }
}

/// Prices the lines of a draft, for a buyer who may buy on the portal. With `hold`, the stock is held as well.
pub async fn price(
    tx: &mut Connection,
    command: &Command,
    frame: &OrderFrame,
    wanted: &[DraftLine],
    hold: bool,
) -> Result<Priced, Failure> {
    let tx = &*tx;
    let ids: Vec<Uuid> = wanted.iter().map(|line| line.offer.0).collect();
    let portal = frame.portal.to_string();
    let actor = command.by.actor_id().unwrap_or_default();
    // What is about to be placed binds credit: no line begins between this and the read of the terms.
    let buyer = async { if hold { credit::hold_buyer_shared(tx, frame.buyer).await } else { Ok(()) } };
    let ((), (), seen, offers, visible, listed) = futures::try_join!(
        db::tx::plan_once(tx),
        buyer,
        access::look(tx, &portal, Some(frame.buyer.0), Function::Catalogue),
        offer::load(tx, &ids),
        visibility::among(tx, &ids, visibility::seen_by(Some(frame.buyer), command.at)),
        pricing::listed_prices(tx, Some(frame.buyer), &ids, command.at),
    )?;
    // The stock comes last: once its lock has been waited for in vain, nothing else in the transaction gets an answer.
    let today = command.at.date_naive();
    let stock = async { if hold { stock::hold_of_offers(tx, &ids, today).await } else { Ok(Default::default()) } };
    let (terms, (stock, expired)) = futures::try_join!(terms::load(tx, frame.buyer, actor, &ids), stock)?;
    access::may(&seen, Capability::Buy)?;
    let offers: HashMap<OfferId, Offer> = offers.into_iter().map(|offer| (OfferId(offer.row.id), offer)).collect();
    let offered: Result<HashMap<OfferId, Offered>, Failure> =
        offers.iter().map(|(id, offer)| Ok((*id, offered(offer, visible.contains(&id.0), &listed)?))).collect();
    let lines = check_lines(frame, wanted, &offered?)?;
    let (lines, agreed) = proposal::ordered::priced(tx, command, frame, wanted, lines).await?;
    Ok(Priced { lines, offers, stock, expired, agreed, terms, details: HashMap::new() })
}

/// What a draft's body asks for; the faults of all quantities at once.
pub fn wanted(command: &Command, data: &OrderData) -> Result<Vec<DraftLine>, Refusal> {
    let mut findings = Findings::default();
    let lines = data.lines.iter().enumerate().filter_map(|(index, line)| {
        let quantity = findings.keep(format!("/lines/{index}/quantity"), line.quantity.parse())?;
        let proposal = line.price_proposal_id.map(PriceProposalId);
        Some(DraftLine { id: command.id(), offer: OfferId(line.offer_id), quantity, proposal })
    });
    let lines = lines.collect();
    findings.result()?;
    Ok(lines)
}

/// What a draft's body says about its lines.
pub fn details(wanted: &[DraftLine], data: &OrderData) -> HashMap<OrderLineId, LineDetails> {
    let said = data.lines.iter().map(|line| LineDetails {
        cost_centre_id: line.cost_centre_id,
        buyer_reference: line.buyer_reference.clone(),
        note: line.note.clone(),
        requested_date: line.requested_date,
        delivery_address: line.delivery_address.as_ref().map(|address| json!(address)),
        budget: None,
    });
    let all = wanted.iter().map(|line| line.id).zip(said);
    all.filter(|(_, details)| *details != LineDetails::default()).collect()
}

/// What a kept draft says about its lines.
pub fn kept_details(lines: &[LineRow]) -> HashMap<OrderLineId, LineDetails> {
    let said = lines.iter().map(|line| {
        let details = LineDetails {
            cost_centre_id: line.cost_centre_id,
            buyer_reference: line.buyer_reference.clone(),
            note: line.note.clone(),
            requested_date: line.requested_date,
            delivery_address: line.delivery_address.clone(),
            budget: None,
        };
        (OrderLineId(line.id), details)
    });
    said.filter(|(_, details)| *details != LineDetails::default()).collect()
}

/// What the lines of a kept draft ask for.
pub fn kept(lines: &[LineRow]) -> Result<Vec<DraftLine>, Failure> {
    let line = |row: &LineRow| {
        let quantity = Quantity::new(row.quantity, Unit::parse(&row.unit)?)?;
        let proposal = row.price_proposal_id.map(PriceProposalId);
        Ok(DraftLine { id: OrderLineId(row.id), offer: OfferId(row.offer_id), quantity, proposal })
    };
    lines.iter().map(line).collect()
}

fn offered(offer: &Offer, visible: bool, listed: &[ListedTier]) -> Result<Offered, Failure> {
    Ok(Offered {
        seller: OrganisationId(offer.row.seller_id),
        portal: PortalId(offer.row.portal_id),
        published: visible && offer.seller_trades && offer.product.archived_at.is_none(),
        unit: Unit::parse(&offer.product.base_unit)?,
        packs: packs_of(&offer.product.packs)?,
        minimum_order: offer.product.minimum_order,
        order_multiple: offer.product.order_multiple,
        tiers: tiers_of(&offer.tiers, &offer.row.currency)?,
        price_lists: price_lists_of(listed, offer.row.id)?,
    })
}

impl Priced {
    /// The lines as they are kept, numbered from 1, as part of an order.
    pub fn rows(&self, order: Uuid, lines: &[PricedLine], reserve: bool) -> Result<Vec<LineRow>, Failure> {
        let row = |(position, line): (i32, &PricedLine)| {
            let offer = self.offers.get(&line.offer).ok_or_else(|| Failure::broken("an offer vanished"))?;
            let said = self.details.get(&line.id).cloned().unwrap_or_default();
            Ok(LineRow {
                id: line.id.0,
                order_id: order,
                position,
                offer_id: line.offer.0,
                product_id: offer.product.id,
                seller_id: line.seller.0,
                sku: offer.product.sku.clone(),
                name: offer.product.name.clone(),
                quantity: line.quantity.value(),
                unit: line.quantity.unit().code().to_owned(),
                unit_price: line.unit_price.amount(),
                price_source: line.price.source.code().to_owned(),
                price_list_id: price_list_id(line.price.source),
                discount_percent: Default::default(),
                tax_category: offer.product.tax_category.clone(),
                tax_rate: offer.product.tax_rate,
                amount: line.amount.amount(),
                reserved: if reserve { line.base_quantity } else { Default::default() },
                confirmed_quantity: None,
                base_quantity: line.base_quantity,
                confirmed_price: None,
                cost_centre_id: said.cost_centre_id,
                buyer_reference: said.buyer_reference,
                note: said.note,
                requested_date: said.requested_date,
                delivery_address: said.delivery_address,
                price_proposal_id: price_proposal_id(line.price.source),
                weight_unit: offer.weight.as_ref().map(|weight| weight.unit.clone()),
                weight_nominal: offer.weight.as_ref().map(|weight| weight.nominal),
                weight_tolerance: offer.weight.as_ref().map(|weight| weight.tolerance_percent),
            })
        };
        (1..).zip(lines).map(row).collect()
    }

    /// Gives lines new identifiers, under which the same is said about them.
    pub fn renew(&mut self, command: &Command, lines: &mut [PricedLine]) {
        for line in lines {
            let fresh = command.id();
            if let Some(said) = self.details.remove(&line.id) {
                self.details.insert(fresh, said);
            }
            line.id = fresh;
        }
    }
}
