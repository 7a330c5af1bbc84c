//! Lines that are ordered later: those of requisition lists and of standing orders.

use std::collections::HashSet;

use domain::kernel::{Findings, Kind, OrganisationId, Quantity};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::{offer, visibility};
use infra::db::Connection;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::LineData;
use crate::command::Command;
use crate::http::dto::QuantityDto;
use crate::portal::access;

/// What of an offer is ordered later.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedLine {
    pub offer_id: Uuid,
    pub quantity: QuantityDto,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl ListedLine {
    pub fn of(offer_id: Uuid, quantity: Decimal, unit: &str, note: Option<&str>) -> Self {
        Self { offer_id, quantity: QuantityDto::of(quantity, unit), note: note.map(str::to_owned) }
    }
}

impl From<ListedLine> for LineData {
    fn from(line: ListedLine) -> Self {
        Self { note: line.note, ..Self::new(line.offer_id, line.quantity) }
    }
}

/// A line that can be kept.
pub struct Listed {
    pub position: i32,
    pub offer_id: Uuid,
    pub quantity: Quantity,
    pub note: Option<String>,
}

/// Lets pass lines of more than nothing, of offers that the buyer sees on the portal. A portal that they do not see is refused at once.
pub async fn check(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    portal_id: Uuid,
    lines: &[ListedLine],
    findings: &mut Findings,
) -> Result<Vec<Listed>, Failure> {
    let ids: Vec<Uuid> = lines.iter().map(|line| line.offer_id).collect();
    let portal = portal_id.to_string();
    let (_, offers, visible) = {
        let tx = &*tx;
        let seen = visibility::among(tx, &ids, visibility::seen_by(Some(own), command.at));
        futures::try_join!(access::look(tx, &portal, Some(own.0), Function::Catalogue), offer::load(tx, &ids), seen)?
    };
    let on_portal = offers.iter().filter(|offer| offer.row.portal_id == portal_id).map(|offer| offer.row.id);
    let known: HashSet<Uuid> = on_portal.filter(|id| visible.contains(id)).collect();
    let mut kept = Vec::new();
    for ((index, line), position) in lines.iter().enumerate().zip(1..) {
        if !known.contains(&line.offer_id) {
            let detail = "There is no such offer on this portal.";
            findings.add(Kind::NotOffered, format!("/lines/{index}/offer_id"), "not_offered", detail);
        }
        let pointer = format!("/lines/{index}/quantity");
        let Some(quantity) = findings.keep(pointer, line.quantity.parse()) else { continue };
        kept.push(Listed { position, offer_id: line.offer_id, quantity, note: line.note.clone() });
    }
    Ok(kept)
}
