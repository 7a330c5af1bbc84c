//! Reading a catalogue: from memory where it can, in one round trip each where it must.

use std::sync::Arc;

use domain::kernel::money::parse_decimal;
use domain::kernel::{Kind, OrganisationId, Refusal};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::pricing::{self, ListedTier};
use infra::catalogue::search::{self, Common, Listed};
use infra::catalogue::visibility;
use infra::db::Connection;
use infra::db::page::{List, Page};
use uuid::Uuid;

use super::cache::{Body, BodyKey, PageKey, Sight, What, shared};
use super::dto::{CataloguePage, ListedOffer, QuantityQuery};
use super::found::{self, Found, Look};
use super::query::CatalogueQuery;
use crate::app::App;
use crate::http::answer::etag;
use crate::http::cursor;
use crate::portal::access;

/// Who reads, in which languages.
pub struct Reader {
    pub organisation: Option<Uuid>,
    pub languages: Vec<String>,
}

/// A page of the published offers of a portal, at the reader's prices.
pub async fn page(
    app: &App,
    portal: &str,
    query: &CatalogueQuery,
    page: &Page,
    context: &str,
    by: &Reader,
) -> Result<Body, Failure> {
    let sight = look(app, portal, by.organisation).await?;
    let asked = query.asked(&by.languages)?;
    // What price lists say decides for whom they are: such a page is his own.
    let decisive = sight.own_prices && (asked.facets || asked.search.by_price());
    let key = PageKey {
        generation: app.news.catalogue(),
        portal: sight.portal.id.0,
        view: sight.view,
        buyer: decisive.then_some(by.organisation),
        what: What::page(&asked, page.limit, page.after.as_ref()),
    };
    let load = async || {
        let mut connection = app.pool.get().await?;
        let common = common(app, &connection).await?;
        found::find(&mut connection, looking(app, &sight, by, &common), &asked, page).await
    };
    let found = remembered(app, &key, load).await?;
    render(app, &sight, key, &found.list, by, None, |items| {
        let next = found.list.next.as_ref().map(|after| cursor::seal(&app.secret, context, after));
        let body = CataloguePage::of(items, next.clone(), &found, &by.languages)?;
        Ok((serde_json::to_vec(&body).map_err(Failure::broken)?, next))
    })
    .await
}

/// One published offer, at the reader's price for a quantity.
pub async fn offer(app: &App, portal: &str, id: Uuid, query: &QuantityQuery, by: &Reader) -> Result<Body, Failure> {
    let sight = look(app, portal, by.organisation).await?;
    let key = PageKey {
        generation: app.news.catalogue(),
        portal: sight.portal.id.0,
        view: sight.view,
        buyer: None,
        what: What::Offer(id),
    };
    let load = async || {
        let common = Common::default();
        found::one(&mut *app.pool.get().await?, looking(app, &sight, by, &common), id).await
    };
    let found = remembered(app, &key, load).await?;
    if found.list.items.is_empty() {
        return Err(Refusal::not_found("offer").into());
    }
    render(app, &sight, key, &found.list, by, query.quantity.clone(), |items| {
        let one = ListedOffer::with_related(items, &found.related);
        let one = one.map(|one| one.with_media(sight.portal.id.0, &found.media, &by.languages)).transpose()?;
        Ok((serde_json::to_vec(&one).map_err(Failure::broken)?, None))
    })
    .await
}

/// What all entries have in common, remembered for a minute.
async fn common(app: &App, connection: &Connection) -> Result<Arc<Common>, Failure> {
    let load = async { search::common(connection).await.map(Arc::new) };
    app.catalogues.common.try_get_with((), load).await.map_err(|failure| shared(&failure))
}

fn looking<'a>(app: &'a App, sight: &'a Sight, by: &Reader, common: &'a Common) -> Look<'a> {
    Look {
        sight,
        reader: by.organisation,
        at: app.clock.now(),
        common,
        counted: &app.catalogues.counts,
        generation: app.news.catalogue(),
        most_priced: app.config.most_priced,
    }
}

/// The portal and how the reader sees it, remembered for a moment for each reader.
pub(super) async fn look(app: &App, portal: &str, organisation: Option<Uuid>) -> Result<Arc<Sight>, Failure> {
    let key = (app.news.catalogue(), portal.to_owned(), organisation);
    if let Some(known) = app.catalogues.portals.get(&key).await {
        return Ok(known);
    }
    let connection = app.pool.get().await?;
    let otherwise = async {
        match organisation {
            Some(id) => visibility::sees_otherwise(&connection, OrganisationId(id)).await,
            None => Ok(false),
        }
    };
    let look = access::look(&connection, portal, organisation, Function::Catalogue);
    let (portal, otherwise) = futures::try_join!(look, otherwise)?;
    let buyer = organisation.map(OrganisationId);
    let own_prices = pricing::has_lists(&connection, portal.id, buyer, app.clock.now()).await?;
    let sight = Arc::new(Sight { portal, view: organisation.filter(|_| otherwise), own_prices });
    app.catalogues.portals.insert(key, sight.clone()).await;
    Ok(sight)
}

/// One reader loads, the others who want the same wait for it.
async fn remembered(
    app: &App,
    key: &PageKey,
    load: impl AsyncFnOnce() -> Result<Found, Failure>,
) -> Result<Arc<Found>, Failure> {
    let found = app.catalogues.pages.try_get_with_by_ref(key, async { load().await.map(Arc::new) }).await;
    found.map_err(|failure| shared(&failure))
}

/// The body for this reader: those without prices of their own share one.
async fn render(
    app: &App,
    sight: &Sight,
    page: PageKey,
    found: &List<Listed>,
    by: &Reader,
    quantity: Option<String>,
    body: impl FnOnce(Vec<ListedOffer>) -> Result<(Vec<u8>, Option<String>), Failure>,
) -> Result<Body, Failure> {
    let asked = quantity.as_deref().map(parse_decimal).transpose();
    let asked = asked.map_err(|invalid| Refusal::new(Kind::InvalidQuery, format!("`quantity`: {}", invalid.detail)))?;
    let (common, listed) = match (sight.own_prices, by.organisation) {
        (false, _) => Default::default(),
        (true, None) => {
            let common = prices(app, &page, found, None).await?;
            (common.clone(), common)
        }
        (true, Some(_)) => (prices(app, &page, found, None).await?, prices(app, &page, found, by.organisation).await?),
    };
    let buyer = by.organisation.filter(|_| listed != common);
    let key = BodyKey { page, buyer, languages: by.languages.clone(), quantity };
    if let Some(known) = app.catalogues.bodies.get(&key).await {
        return Ok(known);
    }
    let items: Result<Vec<ListedOffer>, Failure> =
        found.items.iter().map(|row| ListedOffer::of(row, &listed, asked, &by.languages)).collect();
    let (bytes, next) = body(items?)?;
    let body = Body { etag: etag(0, buyer, &bytes), bytes: bytes.into(), next };
    app.catalogues.bodies.insert(key, body.clone()).await;
    Ok(body)
}

/// The prices from lists for the offers of a page, for an organisation or for anybody.
async fn prices(
    app: &App,
    page: &PageKey,
    found: &List<Listed>,
    organisation: Option<Uuid>,
) -> Result<Arc<Vec<ListedTier>>, Failure> {
    let key = (page.clone(), organisation);
    if let Some(known) = app.catalogues.prices.get(&key).await {
        return Ok(known);
    }
    let ids: Vec<Uuid> = found.items.iter().map(|row| row.offer.id).collect();
    let connection = app.pool.get().await?;
    let buyer = organisation.map(OrganisationId);
    let listed = Arc::new(pricing::listed_prices(&connection, buyer, &ids, app.clock.now()).await?);
    app.catalogues.prices.insert(key, listed.clone()).await;
    Ok(listed)
}
