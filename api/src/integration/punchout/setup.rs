//! A person of a buyer's procurement system wants to shop: a visit begins.

use domain::integration::punchout::{LIFE, MAX_ITEMS};
use domain::kernel::{OrganisationId, PortalId, Quantity, Refusal, Unit};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::catalogue::visibility::seen_by;
use infra::db::Connection;
use infra::integration::offered;
use infra::integration::punchout::{self, SessionRow};
use serde_json::json;
use uuid::Uuid;

use super::basket::Item;
use super::page;
use crate::app::App;
use crate::command::Command;
use crate::integration::cxml::head::{Credential, Head};
use crate::integration::cxml::item::ItemOut;
use crate::integration::cxml::setup_request::SetupRequest;
use crate::integration::cxml::status::Status;
use crate::integration::cxml::write::{Body, Response};
use crate::integration::procurement::goods::{numbers, resolve};
use crate::integration::ubl::input::WantedLine;
use crate::ordering::rights;
use crate::portal::access;
use crate::secret::{new_token, token_hash};

const POST: &str = "/cXML/Request/PunchOutSetupRequest/BrowserFormPost/URL";

/// Begins a visit with a secret that was shown, and says where the person's browser goes.
pub async fn begin(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    (head, request): (&Head, &SetupRequest),
    (portal, seller): (&str, Option<OrganisationId>),
    secret: Uuid,
) -> Result<Response, Failure> {
    let buyer = command.by.require(rights::BUY)?;
    let seen = access::look(tx, portal, Some(buyer.0), Function::Catalogue).await?;
    access::may(&seen, Capability::Buy)?;
    if page::origin(&request.form_post).is_none() {
        return Err(Refusal::fault(POST, "url", "This is no address of the web that a browser can be sent to.").into());
    }
    let items = brought(tx, command, (buyer, seen.id, seller), &request.items).await?;
    let token = new_token()?;
    let (us, them) = (first(&head.to), first(&head.from));
    let row = SessionRow {
        id: command.id(),
        token_hash: token_hash(&token),
        organisation_id: buyer.0,
        api_client_id: command.by.actor_id().unwrap_or_default(),
        api_client_secret_id: secret,
        portal_id: seen.id.0,
        seller_id: seller.map(|seller| seller.0),
        operation: request.operation.code().to_owned(),
        buyer_cookie: request.buyer_cookie.clone(),
        form_post: request.form_post.clone(),
        buyer_domain: them.domain,
        buyer_identity: them.identity,
        supplier_domain: us.domain,
        supplier_identity: us.identity,
        items: json!(items),
        created_at: command.at,
        expires_at: command.at + LIFE,
        checked_out_at: None,
    };
    punchout::insert(tx, &row).await?;
    let start_page = format!("{}/v1/punchout/{token}", app.config.issuer.trim_end_matches('/'));
    Ok(Response { status: Status::Ok, detail: String::new(), body: Body::PunchOutSetup { start_page } })
}

fn first(names: &[Credential]) -> Credential {
    let none = || Credential { domain: String::new(), identity: String::new() };
    names.first().cloned().unwrap_or_else(none)
}

/// The basket that comes along, as far as its goods are still offered to the buyer: what is not is left out, so that the person sees it missing
/// and can choose something else.
async fn brought(
    tx: &mut Connection,
    command: &Command,
    (buyer, portal, seller): (OrganisationId, PortalId, Option<OrganisationId>),
    items: &[ItemOut],
) -> Result<Vec<Item>, Failure> {
    if items.len() > MAX_ITEMS {
        let detail = format!("A basket has at most {MAX_ITEMS} lines.");
        return Err(Refusal::fault("/cXML/Request/PunchOutSetupRequest/ItemOut", "too_many", detail).into());
    }
    let wanted: Vec<WantedLine> = items.iter().map(wanted).collect::<Result<_, _>>()?;
    let found = offered::find(tx, portal, seller, &numbers(&wanted), seen_by(Some(buyer), command.at)).await?;
    let mut basket = Vec::new();
    for (item, wanted) in items.iter().zip(&wanted) {
        let Ok(offer) = resolve(wanted, &found) else { continue };
        let unit = item.detail.as_ref().map_or_else(|| offer.unit.clone(), |detail| detail.unit.code().to_owned());
        let quantity = item.quantity.normalize().to_string();
        basket.push(Item { offer_id: offer.offer_id, sku: offer.sku.clone(), quantity, unit });
    }
    Ok(basket)
}

/// An item by its numbers. In which unit it is does not matter for finding it.
fn wanted(item: &ItemOut) -> Result<WantedLine, Failure> {
    let unit = item.detail.as_ref().map_or_else(|| Unit::parse("C62"), |detail| Ok(detail.unit))?;
    Ok(WantedLine {
        pointer: String::new(),
        sku: Some(item.id.part.clone()),
        gtin: None,
        buyers_id: None,
        auxiliary: item.id.auxiliary.clone(),
        quantity: Quantity::new(item.quantity, unit)?,
        expected_price: None,
        buyer_reference: String::new(),
        note: None,
        delivery_address: None,
        requested_date: None,
    })
}
