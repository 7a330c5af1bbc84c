//! Products judged by the attributes of their categories.

use std::collections::{BTreeMap, HashMap};

use domain::catalogue::attribute::{Definition, Given, check_attributes, effective};
use domain::kernel::{CategoryId, Faults, Kind, Refusal};
use infra::Failure;
use infra::catalogue::attribute::{self, AttributeRow, Attributed};
use infra::db::Connection;
use serde_json::Value;
use uuid::Uuid;

use super::dto::{AttributeData, AttributeValueDto, Attributes};

/// How many products that would no longer fit are named.
const MOST_NAMED: usize = 20;

/// What holds for each of these categories: their own definitions and those they inherit. Unknown categories are left out.
pub async fn definitions_of(
    connection: &Connection,
    categories: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Definition>>, Failure> {
    let paths = attribute::paths(connection, categories).await?;
    let mut all: Vec<Uuid> = paths.values().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let rows = attribute::of_categories(connection, &all).await?;
    let of =
        |path: &[Uuid]| holding(path, &rows).into_iter().map(definition).collect::<Result<Vec<Definition>, Failure>>();
    paths.iter().map(|(id, path)| Ok((*id, of(path)?))).collect()
}

/// Of these definitions those that hold at the end of a way down from the root.
pub fn holding<'a>(path: &[Uuid], rows: &'a [AttributeRow]) -> Vec<&'a AttributeRow> {
    let way = path.iter().flat_map(|id| rows.iter().filter(move |row| row.category_id == *id));
    effective(way, |row| row.key.clone()).into_values().collect()
}

/// A definition as it is kept.
pub fn definition(row: &AttributeRow) -> Result<Definition, Failure> {
    Ok(AttributeData::of(row)?.definition()?)
}

/// The attributes of a product as they are kept; all their faults, with pointers below `/attributes`.
pub fn judge(definitions: &[Definition], stated: &Attributes) -> Result<Value, Faults> {
    let given: BTreeMap<String, Given> = stated.iter().map(|(key, value)| (key.clone(), value.into())).collect();
    judge_given(definitions, &given)
}

/// [`judge`] of attributes that did not come in JSON.
pub fn judge_given(definitions: &[Definition], given: &BTreeMap<String, Given>) -> Result<Value, Faults> {
    let values = check_attributes(definitions, given)?;
    let kept: BTreeMap<String, AttributeValueDto> =
        values.into_iter().map(|(key, value)| (key, value.into())).collect();
    Ok(serde_json::to_value(kept).unwrap_or_default())
}

/// Refuses a change of the tree, already made in this transaction, after which products in and below a category would not fit.
pub async fn check_products(tx: &Connection, category: CategoryId, pointer: &str) -> Result<(), Failure> {
    let mut definitions: HashMap<Uuid, Vec<Definition>> = HashMap::new();
    let (mut broken, mut after) = (Vec::new(), None);
    loop {
        let products = attribute::products_below(tx, category, after).await?;
        let Some(last) = products.last() else { break };
        after = Some(last.id);
        let mut new: Vec<Uuid> = products.iter().filter_map(|one| one.category_id).collect();
        new.retain(|id| !definitions.contains_key(id));
        new.sort_unstable();
        new.dedup();
        if !new.is_empty() {
            definitions.extend(definitions_of(tx, &new).await?);
        }
        for product in &products {
            broken.extend(misfit(product, &definitions)?);
        }
        if broken.len() >= MOST_NAMED {
            break;
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    let mut faults = Faults::default();
    for detail in broken.into_iter().take(MOST_NAMED) {
        faults.add(pointer, "breaks_product", detail);
    }
    let detail = "Products would no longer fit their category.";
    Err(Refusal { faults: faults.0, ..Refusal::new(Kind::ProductsWouldBreak, detail) }.into())
}

/// What is wrong with a product, in a sentence.
fn misfit(product: &Attributed, definitions: &HashMap<Uuid, Vec<Definition>>) -> Result<Option<String>, Failure> {
    let Some(definitions) = product.category_id.and_then(|id| definitions.get(&id)) else { return Ok(None) };
    let stated: Attributes = serde_json::from_value(product.attributes.clone()).map_err(Failure::broken)?;
    let Err(faults) = judge(definitions, &stated) else { return Ok(None) };
    let told: Vec<String> = faults.0.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail)).collect();
    Ok(Some(format!("Product {} ({}): {}", product.sku, product.id, told.join(" "))))
}
