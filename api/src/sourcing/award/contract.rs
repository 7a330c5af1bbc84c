//! What contracts of awards and call-offs say: what the request says, what the quote says, and what was awarded or
//! called off.

use domain::catalogue::TaxCategory;
use domain::contract::ChargeKind;
use domain::kernel::language::{Texts, pick};
use domain::kernel::{Date, Money, OrganisationId, Quantity, UnitPrice};
use domain::sourcing::{AwardPart, AwardedLine, CallOffLine, LineNumber, Quote, Subject, Terms, Variant};
use infra::Failure;
use infra::db::Connection;
use infra::sourcing::award::{self, AskedProduct, AwardRow};
use infra::sourcing::rfq::RfqRow;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::catalogue::category::texts;
use crate::command::Command;
use crate::contract::make::make;
use crate::contract::origin::{AgreedLine, Origin};

/// On what a contract is made.
pub struct Deal<'a> {
    pub request: &'a RfqRow,
    pub terms: &'a Terms,
    pub quote: &'a Quote,
    products: Vec<AskedProduct>,
}

/// What is sold of a line.
#[derive(Debug, Clone, Copy)]
struct Sold {
    line: LineNumber,
    variant: Variant,
    quantity: Quantity,
    unit_price: UnitPrice,
    discount_percent: Decimal,
    amount: Money,
}

impl<'a> Deal<'a> {
    /// With the products that the lines ask for.
    pub async fn load(
        tx: &mut Connection,
        request: &'a RfqRow,
        terms: &'a Terms,
        quote: &'a Quote,
    ) -> Result<Self, Failure> {
        let product = |subject: Subject| match subject {
            Subject::Product(id) => Some(id.0),
            Subject::FreeText | Subject::Category(_) => None,
        };
        let ids: Vec<Uuid> = terms.lines.iter().filter_map(|line| product(line.subject)).collect();
        let products = if ids.is_empty() { Vec::new() } else { award::products(tx, &ids).await? };
        Ok(Self { request, terms, quote, products })
    }

    fn product(&self, line: LineNumber) -> Option<&AskedProduct> {
        match self.terms.line(line)?.subject {
            Subject::Product(id) => self.products.iter().find(|one| one.id == id.0),
            Subject::FreeText | Subject::Category(_) => None,
        }
    }

    /// The name of a line; of an alternative with what is offered instead.
    pub fn name(&self, line: LineNumber, variant: Variant) -> Result<Texts, Failure> {
        let mut names = self.terms.line(line).map(|line| line.names.clone()).unwrap_or_default();
        if names.is_empty()
            && let Some(product) = self.product(line)
        {
            names = texts(product.name.clone())?;
        }
        if names.is_empty() {
            names.insert("en".to_owned(), format!("Line {line}"));
        }
        if let Some(offer) = self.quote.offer(line, variant).filter(|offer| !offer.description.is_empty()) {
            for name in names.values_mut() {
                *name = format!("{name}: {}", offer.description);
            }
        }
        Ok(names)
    }

    fn agreed(&self, sold: Sold, delivery_date: Option<Date>) -> Result<AgreedLine, Failure> {
        let rate = self.quote.tax_rate;
        let category = if rate.is_zero() { TaxCategory::Zero } else { TaxCategory::Standard };
        let sku = self.product(sold.line).map_or_else(|| format!("LINE-{}", sold.line), |one| one.sku.clone());
        Ok(AgreedLine {
            product_id: None,
            sku,
            name: json!(self.name(sold.line, sold.variant)?),
            quantity: sold.quantity.value(),
            unit: sold.quantity.unit().code().to_owned(),
            unit_price: sold.unit_price.amount(),
            discount_percent: sold.discount_percent,
            tax_category: category.code().to_owned(),
            tax_rate: rate,
            amount: sold.amount.amount(),
            base_quantity: sold.quantity.value(),
            reserved: Decimal::ZERO,
            weight: None,
            differentials: Vec::new(),
            delivery_address: None,
            delivery_date,
        })
    }

    /// The frame of a contract about this, without its lines.
    fn origin(&self, kind: &'static str, id: Uuid, seller: OrganisationId) -> Origin {
        let title = pick(&self.terms.titles, &[]);
        let mut particulars = vec![("Request for quotation", format!("{title} ({})", self.request.id))];
        if !self.quote.remarks.is_empty() {
            particulars.push(("Remarks of the seller", self.quote.remarks.clone()));
        }
        Origin {
            kind,
            id,
            number: 1,
            portal_id: self.request.portal_id,
            buyer: OrganisationId(self.request.buyer_id),
            seller,
            currency: self.quote.currency,
            particulars,
            lines: Vec::new(),
            charge: None,
            incoterm: Some((self.quote.delivery.incoterm.code().to_owned(), self.quote.delivery.place.clone())),
            payment_days: self.terms.payment_days,
            delivery_address: None,
            delivery_date: None,
            buyer_reference: None,
        }
    }

    /// What the quoter remarked on a line.
    fn remark(&self, line: LineNumber, variant: Variant) -> Option<(&'static str, String)> {
        let remarks = &self.quote.offer(line, variant)?.remarks;
        (!remarks.is_empty()).then(|| ("Remarks on a line", format!("{}: {remarks}", self.label(line))))
    }

    /// A line without a day is delivered as fast as its quoter said.
    fn lead_time(&self, line: &AwardedLine) -> Option<(&'static str, String)> {
        let has_day = self.terms.line(line.line).is_some_and(|line| line.required_on.is_some());
        let days = line.lead_time_days;
        (!has_day).then(|| ("Lead time", format!("{}: {days} days after the contract", self.label(line.line))))
    }

    fn label(&self, line: LineNumber) -> String {
        self.product(line).map_or_else(|| format!("LINE-{line}"), |one| one.sku.clone())
    }
}

impl From<&AwardedLine> for Sold {
    fn from(of: &AwardedLine) -> Self {
        let AwardedLine { line, variant, quantity, unit_price, discount_percent, amount, .. } = *of;
        Self { line, variant, quantity, unit_price, discount_percent, amount }
    }
}

impl From<&CallOffLine> for Sold {
    fn from(of: &CallOffLine) -> Self {
        let CallOffLine { line, variant, quantity, unit_price, discount_percent, amount } = *of;
        Self { line, variant, quantity, unit_price, discount_percent, amount }
    }
}

/// Makes the contract of an award, which names it: nothing becomes a contract twice.
pub async fn of_award(
    tx: &mut Connection,
    command: &Command,
    deal: &Deal<'_>,
    award: &AwardRow,
    part: &AwardPart,
) -> Result<Uuid, Failure> {
    let mut origin = deal.origin("award", award.id, part.quoter);
    for line in &part.lines {
        let required_on = deal.terms.line(line.line).and_then(|line| line.required_on);
        origin.lines.push(deal.agreed(line.into(), required_on)?);
        origin.particulars.extend(deal.lead_time(line));
        origin.particulars.extend(deal.remark(line.line, line.variant));
    }
    origin.charge = Some((ChargeKind::Freight, part.freight)).filter(|(_, freight)| !freight.amount().is_zero());
    Ok(make(tx, command, origin).await?.0)
}

/// What is said of a call-off beside its lines.
pub struct CallOff<'a> {
    pub id: Uuid,
    pub framework: Uuid,
    pub seller: OrganisationId,
    pub delivery_date: Option<Date>,
    pub buyer_reference: Option<&'a str>,
}

/// Makes the contract of what is called off.
pub async fn of_call_off(
    tx: &mut Connection,
    command: &Command,
    deal: &Deal<'_>,
    call_off: &CallOff<'_>,
    lines: &[CallOffLine],
) -> Result<Uuid, Failure> {
    let mut origin = deal.origin("call_off", call_off.id, call_off.seller);
    origin.particulars.push(("Framework agreement", call_off.framework.to_string()));
    origin.particulars.extend(call_off.buyer_reference.map(|text| ("Reference of the buyer", text.to_owned())));
    for line in lines {
        origin.lines.push(deal.agreed(line.into(), None)?);
        origin.particulars.extend(deal.remark(line.line, line.variant));
    }
    origin.delivery_date = call_off.delivery_date;
    origin.buyer_reference = call_off.buyer_reference.map(str::to_owned);
    Ok(make(tx, command, origin).await?.0)
}
