//! What is on its way: `DespatchAdvice`. Peppol: BIS Despatch Advice 3.

use chrono::NaiveTime;
use domain::kernel::Date;

use super::delivery::{Period, write_period};
use super::item::{self, Item};
use super::names::{Measure, date, document, measure, measure_given, reference, time};
use super::party::{self, Address, Party};
use super::specification;
use crate::integration::xml::write::{Written, Xml};

const CUSTOMIZATION: &str = "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3";
const PROFILE: &str = "urn:fdc:peppol.eu:poacc:bis:despatch_advice:3";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DespatchAdvice {
    pub id: String,
    pub issued_on: Date,
    /// In UTC.
    pub issued_at: Option<NaiveTime>,
    pub note: Option<String>,
    /// The buyer's number of the order.
    pub order_id: Option<String>,
    /// Who sends the goods, and who gets them.
    pub supplier: Party,
    pub receiver: Party,
    /// Who bought and who sold them, where these are others.
    pub buyer: Option<Party>,
    pub seller: Option<Party>,
    pub shipment: Shipment,
    pub lines: Vec<DespatchLine>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shipment {
    /// The number of the consignment; `1` if it has none, since the schema asks for one.
    pub id: Option<String>,
    pub gross_weight: Option<Measure>,
    pub tracking: Option<String>,
    pub carrier: Option<Party>,
    pub despatched_on: Option<Date>,
    pub despatched_from: Option<Address>,
    pub expected: Option<Period>,
    pub deliver_to: Option<Address>,
    /// Pallets, parcels and the like.
    pub units: Vec<HandlingUnit>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlingUnit {
    /// A Serial Shipping Container Code (GS1), or another number.
    pub id: String,
    /// UN/ECE Rec 21, such as `PX` (pallet).
    pub kind: Option<String>,
    pub marks: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DespatchLine {
    pub id: String,
    pub note: Option<String>,
    pub delivered: Measure,
    /// How much is still to come, and why.
    pub outstanding: Option<Measure>,
    pub outstanding_reason: Option<String>,
    /// The buyer's number of the order's line.
    pub order_line: String,
    /// The order, where it is another one than that of the whole.
    pub order_id: Option<String>,
    /// With the lots that it is from.
    pub item: Item,
}

pub fn write(advice: &DespatchAdvice) -> std::io::Result<String> {
    document("DespatchAdvice", |xml| {
        specification(xml, [&advice.supplier, &advice.receiver], CUSTOMIZATION, PROFILE)?;
        xml.leaf("cbc:ID", &advice.id)?;
        date(xml, "cbc:IssueDate", Some(advice.issued_on))?;
        time(xml, "cbc:IssueTime", advice.issued_at)?;
        xml.given("cbc:Note", &advice.note)?;
        reference(xml, "cac:OrderReference", &advice.order_id)?;
        party::write_wrapped(xml, "cac:DespatchSupplierParty", &advice.supplier)?;
        party::write_wrapped(xml, "cac:DeliveryCustomerParty", &advice.receiver)?;
        party::write_wrapped_given(xml, "cac:BuyerCustomerParty", &advice.buyer)?;
        party::write_wrapped_given(xml, "cac:SellerSupplierParty", &advice.seller)?;
        shipment(xml, &advice.shipment)?;
        advice.lines.iter().try_for_each(|one| line(xml, one))
    })
}

fn shipment(xml: &mut Xml, shipment: &Shipment) -> Written {
    if *shipment == Shipment::default() {
        return Ok(());
    }
    xml.node("cac:Shipment", |xml| {
        xml.leaf("cbc:ID", shipment.id.as_deref().unwrap_or("1"))?;
        measure_given(xml, "cbc:GrossWeightMeasure", shipment.gross_weight)?;
        xml.node("cac:Delivery", |xml| delivery(xml, shipment))?;
        shipment.units.iter().try_for_each(|unit| {
            xml.node("cac:TransportHandlingUnit", |xml| {
                xml.leaf("cbc:ID", &unit.id)?;
                xml.given("cbc:TransportHandlingUnitTypeCode", &unit.kind)?;
                xml.given("cbc:ShippingMarks", &unit.marks)
            })
        })
    })
}

fn delivery(xml: &mut Xml, shipment: &Shipment) -> Written {
    xml.given("cbc:TrackingID", &shipment.tracking)?;
    if let Some(address) = &shipment.deliver_to {
        party::write_address(xml, "cac:DeliveryAddress", address)?;
    }
    write_period(xml, "cac:EstimatedDeliveryPeriod", shipment.expected)?;
    if let Some(carrier) = &shipment.carrier {
        party::write(xml, "cac:CarrierParty", carrier)?;
    }
    if shipment.despatched_on.is_none() && shipment.despatched_from.is_none() {
        return Ok(());
    }
    xml.node("cac:Despatch", |xml| {
        date(xml, "cbc:ActualDespatchDate", shipment.despatched_on)?;
        shipment.despatched_from.as_ref().map_or(Ok(()), |from| party::write_address(xml, "cac:DespatchAddress", from))
    })
}

fn line(xml: &mut Xml, line: &DespatchLine) -> Written {
    xml.node("cac:DespatchLine", |xml| {
        xml.leaf("cbc:ID", &line.id)?;
        xml.given("cbc:Note", &line.note)?;
        measure(xml, "cbc:DeliveredQuantity", line.delivered)?;
        measure_given(xml, "cbc:OutstandingQuantity", line.outstanding)?;
        xml.given("cbc:OutstandingReason", &line.outstanding_reason)?;
        xml.node("cac:OrderLineReference", |xml| {
            xml.leaf("cbc:LineID", &line.order_line)?;
            reference(xml, "cac:OrderReference", &line.order_id)
        })?;
        item::write(xml, &line.item)
    })
}
