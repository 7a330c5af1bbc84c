//! Category, attributes and codes of a row.

use std::collections::BTreeMap;

use domain::catalogue::Pack;
use domain::catalogue::attribute::Given;
use domain::catalogue::import::{Cell, Field, Mapping, Row, attribute};
use domain::catalogue::pack::check_packs;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, Unit};
use infra::Failure;
use infra::catalogue::product::ProductRow;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::plan::There;
use crate::catalogue::attribute::check::judge_given;
use crate::catalogue::attribute::dto::Attributes;
use crate::catalogue::product::check::kept_packs;
use crate::catalogue::product::dto::packs_of;

/// The category that a row names, or the one that the product has.
pub fn category(row: &Row, was: Option<&ProductRow>, there: &There, faults: &mut Faults) -> Option<Uuid> {
    match row.get(&Field::Category) {
        None => was.and_then(|was| was.category_id),
        Some(Cell::Quantity { .. } | Cell::Clear) => None,
        Some(Cell::Text(code)) => {
            let found = there.categories.get(code).copied();
            if found.is_none() {
                faults.add("/category", "unknown", format!("There is no category with the code {code:.40}."));
            }
            found
        }
    }
}

/// The attributes that a product has, with what a row says of them, judged by its category.
pub fn attributes(
    mapping: &Mapping,
    row: &Row,
    was: Option<&ProductRow>,
    there: &There,
    category: Option<Uuid>,
    faults: &mut Faults,
) -> Result<Value, Failure> {
    let mut given: BTreeMap<String, Given> = BTreeMap::new();
    if let Some(was) = was {
        let kept = Attributes::deserialize(&was.attributes).map_err(Failure::broken)?;
        given.extend(kept.iter().map(|(key, value)| (key.clone(), Given::from(value))));
    }
    let definitions = category.and_then(|id| there.definitions.get(&id)).map(Vec::as_slice).unwrap_or_default();
    for (field, cell) in row.cells() {
        match (field, cell) {
            (Field::Attribute(key), Cell::Clear) => _ = given.remove(key),
            (Field::Attribute(key), Cell::Text(text)) => {
                let definition = definitions.iter().find(|definition| definition.key == *key);
                let value = attribute::given(definition, text, mapping);
                given.extend(faults.keep(format!("/attributes/{key}"), value).map(|value| (key.clone(), value)));
            }
            (Field::Attribute(key), Cell::Quantity { value, unit }) => {
                let value = attribute::given_quantity(value, unit, mapping);
                given.extend(faults.keep(format!("/attributes/{key}"), value).map(|value| (key.clone(), value)));
            }
            _ => {}
        }
    }
    Ok(judge_given(definitions, &given).map_err(|found| faults.0.extend(found.0)).unwrap_or_default())
}

/// The packs that a product has, with what a row says of them. New ones have no names.
pub fn packs(row: &Row, was: Option<&ProductRow>, base: Unit, faults: &mut Faults) -> Result<Value, Failure> {
    let mut packs: Vec<Pack> = was.map(|was| packs_of(&was.packs)).transpose()?.unwrap_or_default();
    for (field, cell) in row.cells() {
        let Field::Pack(code) = field else { continue };
        let unit = Unit::parse(code)?;
        let pointer = format!("/packs/{code}");
        let quantity = match cell {
            Cell::Quantity { .. } | Cell::Clear => None,
            Cell::Text(text) => {
                let Some(quantity) = faults.keep(&pointer, parse_decimal(text)) else { continue };
                Some(quantity)
            }
        };
        match (packs.iter_mut().find(|pack| pack.unit == unit), quantity) {
            (Some(pack), Some(quantity)) => pack.quantity_of_base = quantity,
            (None, Some(quantity_of_base)) => packs.push(Pack { unit, names: Default::default(), quantity_of_base }),
            (_, None) => packs.retain(|pack| pack.unit != unit),
        }
    }
    for mut fault in check_packs(&packs, base).err().into_iter().flat_map(|found| found.0) {
        let index = fault.pointer.split('/').nth(2).and_then(|index| index.parse::<usize>().ok());
        if let Some(pack) = index.and_then(|index| packs.get(index)) {
            fault.pointer = format!("/packs/{}", pack.unit);
        }
        faults.0.push(fault);
    }
    Ok(kept_packs(packs))
}

/// All codes of a product, if a row changes any: lists and codes.
pub fn codes(row: &Row, id: Option<Uuid>, there: &There, faults: &mut Faults) -> Option<Vec<(Uuid, String)>> {
    let before = id.and_then(|id| there.coded.get(&id)).cloned().unwrap_or_default();
    let mut now = before.clone();
    for (field, cell) in row.cells() {
        match (field, cell) {
            (Field::Code(list), Cell::Clear) => _ = now.remove(list),
            (Field::Code(list), Cell::Text(code)) => _ = now.insert(list.clone(), code.clone()),
            _ => {}
        }
    }
    if now == before {
        return None;
    }
    let mut codes = Vec::new();
    for (list, code) in now {
        let kept = before.get(&list) == Some(&code);
        let known = if kept { there.lists.get(&list) } else { there.codes.get(&(list.clone(), code.clone())) };
        match known {
            Some(id) => codes.push((*id, code)),
            None => {
                let detail = format!("The code list `{list:.40}` has no code `{code:.40}` in force.");
                faults.add(format!("/codes/{list}"), "unknown", detail);
            }
        }
    }
    Some(codes)
}
