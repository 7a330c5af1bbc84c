//! Where something goes, when, and on which terms.

use domain::kernel::Date;

use super::names::{AGGREGATE, cac, cbc};
use super::party::{self, Address, Identifier, Party};
use crate::integration::xml::read::date;
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Element, Reading};

/// From a day to a day, both included; either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Period {
    /// The one day.
    pub fn on(day: Date) -> Self {
        Self { from: Some(day), to: Some(day) }
    }
}

/// Where and when goods are wanted, or promised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// A number of the place, such as a GLN (`0088`).
    pub location: Option<Identifier>,
    pub place: Option<String>,
    pub address: Option<Address>,
    pub requested: Option<Period>,
    pub promised: Option<Period>,
    /// Who takes it.
    pub receiver: Option<Party>,
}

/// Who bears carriage and risk up to where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryTerms {
    /// A rule of Incoterms, such as `DAP`.
    pub incoterm: Option<String>,
    pub special: Option<String>,
    pub place: Option<String>,
}

/// The first `Delivery` in the element, if there is one. Further ones are a fault (`repeated`): quantities that are split over places are
/// not understood.
pub fn read(reading: &mut Reading, of: Element<'_>) -> Option<Delivery> {
    let delivery = reading.child(of, cac("Delivery"))?;
    let location = reading.child(delivery, cac("DeliveryLocation"));
    let direct = reading.child(delivery, cac("DeliveryAddress"));
    let address = direct.or_else(|| reading.child(location?, cac("Address")));
    let id = location.and_then(|location| reading.child(location, cbc("ID")));
    let receiver = reading.child(delivery, cac("DeliveryParty"));
    Some(Delivery {
        location: id.and_then(|id| party::identifier(reading, id)),
        place: location.and_then(|location| reading.text(location, cbc("Name"))),
        address: address.map(|address| party::read_address(reading, address)),
        requested: read_period(reading, delivery, "RequestedDeliveryPeriod"),
        promised: read_period(reading, delivery, "PromisedDeliveryPeriod"),
        receiver: receiver.map(|one| party::read(reading, one)),
    })
}

/// The period in the child of that name. Fault `period` if it ends before it begins.
pub fn read_period(reading: &mut Reading, of: Element<'_>, name: &str) -> Option<Period> {
    let all = of.children_of(AGGREGATE, name).next()?;
    let from = reading.field(all, cbc("StartDate"), date);
    let to = reading.field(all, cbc("EndDate"), date);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reading.fault(all, "period", "The period ends before it begins.");
    }
    (from.is_some() || to.is_some()).then_some(Period { from, to })
}

pub fn read_terms(reading: &mut Reading, of: Element<'_>) -> Option<DeliveryTerms> {
    let terms = of.children_of(AGGREGATE, "DeliveryTerms").next()?;
    let location = reading.child(terms, cac("DeliveryLocation"));
    let special = reading.texts(terms, cbc("SpecialTerms"));
    Some(DeliveryTerms {
        incoterm: reading.text(terms, cbc("ID")),
        special: (!special.is_empty()).then(|| special.join("\n")),
        place: location
            .and_then(|location| reading.text(location, cbc("Name")).or_else(|| reading.text(location, cbc("ID")))),
    })
}

pub fn write(xml: &mut Xml, delivery: &Option<Delivery>) -> Written {
    let Some(delivery) = delivery.as_ref().filter(|one| **one != Delivery::default()) else { return Ok(()) };
    xml.node("cac:Delivery", |xml| {
        write_location(xml, delivery)?;
        write_period(xml, "cac:RequestedDeliveryPeriod", delivery.requested)?;
        write_period(xml, "cac:PromisedDeliveryPeriod", delivery.promised)?;
        delivery.receiver.as_ref().map_or(Ok(()), |one| party::write(xml, "cac:DeliveryParty", one))
    })
}

fn write_location(xml: &mut Xml, delivery: &Delivery) -> Written {
    if delivery.location.is_none() && delivery.place.is_none() && delivery.address.is_none() {
        return Ok(());
    }
    xml.node("cac:DeliveryLocation", |xml| {
        if let Some(id) = &delivery.location {
            party::write_identifier(xml, "cbc:ID", id)?;
        }
        xml.given("cbc:Name", &delivery.place)?;
        delivery.address.as_ref().map_or(Ok(()), |address| party::write_address(xml, "cac:Address", address))
    })
}

pub fn write_period(xml: &mut Xml, name: &str, period: Option<Period>) -> Written {
    let Some(period) = period.filter(|one| *one != Period::default()) else { return Ok(()) };
    xml.node(name, |xml| {
        super::names::date(xml, "cbc:StartDate", period.from)?;
        super::names::date(xml, "cbc:EndDate", period.to)
    })
}

pub fn write_terms(xml: &mut Xml, terms: &Option<DeliveryTerms>) -> Written {
    let Some(terms) = terms.as_ref().filter(|one| **one != DeliveryTerms::default()) else { return Ok(()) };
    xml.node("cac:DeliveryTerms", |xml| {
        xml.given("cbc:ID", &terms.incoterm)?;
        xml.given("cbc:SpecialTerms", &terms.special)?;
        match &terms.place {
            Some(place) => xml.node("cac:DeliveryLocation", |xml| xml.leaf("cbc:Name", place)),
            None => Ok(()),
        }
    })
}
