//! A product judged by the rules, by its category and by the code lists: all faults at once.

use domain::catalogue::pack::check_packs;
use domain::catalogue::{Pack, Product, ProductInput};
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, Refusal, Unit};
use infra::Failure;
use infra::catalogue::{category, code_list};
use infra::db::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::{PackDto, ProductCodeDto, ProductData};
use crate::catalogue::attribute::check::{definitions_of, judge};

/// A product that may be kept.
#[derive(Debug, Clone)]
pub struct Checked {
    pub product: Product,
    /// As they are kept: numbers in the attribute's unit.
    pub attributes: Value,
    pub packs: Value,
    /// Lists with the product's codes of them.
    pub codes: Vec<(Uuid, String)>,
}

/// Judges a product whose data stand at `root` of the body; `known` is the product if there is one already.
pub async fn check(
    tx: &mut Connection,
    data: &ProductData,
    root: &str,
    known: Option<Uuid>,
) -> Result<Checked, Failure> {
    let mut faults = Faults::default();
    let product = data.input().and_then(ProductInput::check);
    let product = product.map_err(|refusal| faults.0.extend(refusal.faults)).ok();
    let attributes = attributes(tx, data, &mut faults).await?;
    let codes = codes(tx, &data.codes, known, &mut faults).await?;
    let packs = packs(data, &mut faults);
    match product {
        Some(product) if faults.0.is_empty() => Ok(Checked { product, attributes, packs, codes }),
        _ => {
            for fault in &mut faults.0 {
                fault.pointer.insert_str(0, root);
            }
            Err(Refusal::invalid(faults.0).into())
        }
    }
}

async fn attributes(tx: &mut Connection, data: &ProductData, faults: &mut Faults) -> Result<Value, Failure> {
    let Some(id) = data.category_id else {
        if !data.attributes.is_empty() {
            faults.add("/attributes", "no_category", "Only a product in a category has attributes.");
        }
        return Ok(json!({}));
    };
    category::hold_shared(tx).await?;
    let Some(definitions) = definitions_of(tx, &[id]).await?.remove(&id) else {
        faults.add("/category_id", "unknown", "There is no such category.");
        return Ok(json!({}));
    };
    Ok(judge(&definitions, &data.attributes).map_err(|found| faults.0.extend(found.0)).unwrap_or_default())
}

fn packs(data: &ProductData, faults: &mut Faults) -> Value {
    let before = faults.0.len();
    let pack = |(index, pack): (usize, &PackDto)| {
        let unit = faults.keep(format!("/packs/{index}/unit"), Unit::parse(&pack.unit));
        let quantity = faults.keep(format!("/packs/{index}/quantity_of_base"), parse_decimal(&pack.quantity_of_base));
        Some(Pack { unit: unit?, names: pack.name.clone(), quantity_of_base: quantity? })
    };
    let packs: Vec<Pack> = data.packs.iter().enumerate().filter_map(pack).collect();
    // A base unit that is none is a fault of its own.
    if let (true, Ok(base)) = (faults.0.len() == before, Unit::parse(&data.base_unit)) {
        faults.0.extend(check_packs(&packs, base).err().into_iter().flat_map(|found| found.0));
    }
    kept_packs(packs)
}

/// Packs as they are kept.
pub fn kept_packs(packs: Vec<Pack>) -> Value {
    let kept = |pack: Pack| PackDto {
        unit: pack.unit.code().to_owned(),
        name: pack.names,
        quantity_of_base: pack.quantity_of_base.normalize().to_string(),
    };
    json!(packs.into_iter().map(kept).collect::<Vec<_>>())
}

async fn codes(
    tx: &mut Connection,
    stated: &[ProductCodeDto],
    known: Option<Uuid>,
    faults: &mut Faults,
) -> Result<Vec<(Uuid, String)>, Failure> {
    if stated.is_empty() {
        return Ok(Vec::new());
    }
    let lists: Vec<&str> = stated.iter().map(|one| one.list.as_str()).collect();
    let texts: Vec<&str> = stated.iter().map(|one| one.code.as_str()).collect();
    code_list::hold_shared(tx).await?;
    let found = code_list::known(tx, &lists, &texts, known).await?;
    let mut codes = Vec::new();
    for (index, one) in stated.iter().enumerate() {
        if stated[..index].iter().any(|other| other.list == one.list) {
            faults.add(format!("/codes/{index}/list"), "twice", "A product has one code of each list.");
            continue;
        }
        match found.iter().find(|(list, code, _)| *list == one.list && *code == one.code) {
            Some((_, code, list)) => codes.push((*list, code.clone())),
            None => {
                let detail = format!("The code list `{:.40}` has no code `{:.40}` in force.", one.list, one.code);
                faults.add(format!("/codes/{index}/code"), "unknown", detail);
            }
        }
    }
    Ok(codes)
}
