//! Reading open data. Whoever asks gets what nobody in particular would: it is of open portals alone.

use domain::kernel::{RfqId, Timestamp};
use domain::portal::Function;
use domain::sourcing::Subject;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::organisation;
use infra::sourcing::award;
use infra::sourcing::open_data::{self as store, ReleasedRow};
use uuid::Uuid;

use super::build::{Around, process};
use crate::catalogue::category::texts;
use crate::integration::ocds::process::Process;
use crate::portal::access;
use crate::sourcing::access::unknown;

/// The requests of an open portal that changed since a time.
pub async fn list(
    connection: &mut Connection,
    portal: &str,
    since: Option<Timestamp>,
    page: &Page,
) -> Result<List<Process>, Failure> {
    let seen = access::look(connection, portal, None, Function::Sourcing).await?;
    let found = store::list(connection, seen.id, since, page).await?;
    let around = around(connection, &found.items).await?;
    let items = found.items.iter().map(|row| process(row, &around)).collect::<Result<_, _>>()?;
    Ok(List { items, next: found.next })
}

/// One of them.
pub async fn find(connection: &mut Connection, portal: &str, id: RfqId) -> Result<Process, Failure> {
    let seen = access::look(connection, portal, None, Function::Sourcing).await?;
    let found = store::find(connection, seen.id, id).await?.ok_or_else(unknown)?;
    let around = around(connection, std::slice::from_ref(&found)).await?;
    process(&found, &around)
}

/// What belongs to all of them, in one query for each kind of thing.
async fn around(connection: &mut Connection, released: &[ReleasedRow]) -> Result<Around, Failure> {
    let ids: Vec<Uuid> = released.iter().map(|one| one.request.id).collect();
    let awards = store::awards(connection, &ids).await?;
    let contracts: Vec<Uuid> = awards.iter().filter_map(|award| award.contract_id).collect();
    let buyers = released.iter().map(|one| one.request.buyer_id);
    let companies: Vec<Uuid> = buyers.chain(awards.iter().map(|award| award.quoter_id)).collect();
    let (mut products, mut categories) = (Vec::new(), Vec::new());
    for one in released {
        for line in one.request.terms()?.lines {
            match line.subject {
                Subject::Product(id) => products.push(id.0),
                Subject::Category(id) => categories.push(id.0),
                Subject::FreeText => {}
            }
        }
    }
    let mut around = Around { awards, ..Around::default() };
    let companies = organisation::of_ids(connection, &companies).await?;
    around.companies = companies.into_iter().map(|one| (one.row.id, one)).collect();
    let contracts = store::contracts(connection, &contracts).await?;
    around.contracts = contracts.into_iter().map(|one| (one.id, one)).collect();
    around.amendments = store::amendments(connection, &ids).await?;
    around.with_answers = store::with_answers(connection, &ids).await?;
    for product in award::products(connection, &products).await? {
        around.products.insert(product.id, texts(product.name)?);
    }
    for (id, code, name) in store::categories(connection, &categories).await? {
        around.categories.insert(id, (code, texts(name)?));
    }
    Ok(around)
}
