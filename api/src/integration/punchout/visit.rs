//! A visit: what is in the basket, and how it goes back.

use domain::integration::punchout::Operation;
use domain::kernel::{Kind, OrganisationId, PortalId, Refusal, Timestamp};
use infra::Failure;
use infra::db::Connection;
use infra::integration::punchout::{self, SessionRow};
use serde_json::json;

use super::basket::{self, Item, Line, Shop, all_priced, total};
use super::dto::{Checkout, ItemData, Visit};
use super::post::stamp;
use crate::app::App;
use crate::auth::principals;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::integration::cxml::head::Credential;
use crate::integration::cxml::item::ItemId;
use crate::integration::cxml::order_message::{self, Allowed, ItemIn, OrderMessage};
use crate::integration::procurement::parties::written;
use crate::ordering::rights;
use crate::secret::token_hash;

fn unknown() -> Refusal {
    Refusal::not_found("visit")
}

/// In whose name the visit with this token runs, with the rights of now. A visit whose client, or whose secret, was
/// revoked is gone.
pub async fn visitor(connection: &mut Connection, token: &str, at: Timestamp) -> Result<Principal, Failure> {
    let row = punchout::find(connection, &token_hash(token)).await?.ok_or_else(unknown)?;
    let by = principals::of_client(connection, row.api_client_id, row.api_client_secret_id, at).await?;
    Ok(by.ok_or_else(unknown)?)
}

/// The visit as it stands.
pub async fn show(tx: &mut Connection, command: &Command, token: &str, languages: &[String]) -> Result<Visit, Failure> {
    let row = punchout::find(tx, &token_hash(token)).await?.ok_or_else(unknown)?;
    row.visit()?.check_open(command.at)?;
    shown(tx, command, &row, languages).await
}

/// Puts items into the basket, or takes them out.
pub async fn put(
    tx: &mut Connection,
    command: &Command,
    token: &str,
    items: &[ItemData],
    languages: &[String],
) -> Result<Answer<Visit>, Failure> {
    let mut row = punchout::lock(tx, &token_hash(token)).await?.ok_or_else(unknown)?;
    row.visit()?.check_change(command.at)?;
    let shop = shop(command, &row)?;
    let basket = basket::put(tx, command, shop, kept(&row)?, items).await?;
    if basket.len() > domain::integration::punchout::MAX_ITEMS {
        return Err(Refusal::fault("/items", "too_many", "There are too many lines in the basket.").into());
    }
    row.items = json!(basket);
    punchout::update(tx, &row).await?;
    Ok(Answer::ok(shown(tx, command, &row, languages).await?))
}

/// Ends the visit: the basket as a message for the buyer's system.
pub async fn check_out(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    token: &str,
    languages: &[String],
) -> Result<Answer<Checkout>, Failure> {
    let mut row = punchout::lock(tx, &token_hash(token)).await?.ok_or_else(unknown)?;
    row.visit()?.check_open(command.at)?;
    let lines = basket::price(tx, command, shop(command, &row)?, &kept(&row)?, languages).await?;
    let message = message(app, &row, &lines)?;
    row.checked_out_at = Some(command.at);
    punchout::update(tx, &row).await?;
    let cxml = written(order_message::write(&stamp(app, command.at), &message))?;
    Ok(Answer::ok(Checkout { form_post: row.form_post, cxml }))
}

fn shop(command: &Command, row: &SessionRow) -> Result<Shop, Refusal> {
    let buyer = command.by.require(rights::BUY)?;
    Ok(Shop { buyer, portal: PortalId(row.portal_id), seller: row.seller_id.map(OrganisationId) })
}

fn kept(row: &SessionRow) -> Result<Vec<Item>, Failure> {
    serde_json::from_value(row.items.clone()).map_err(Failure::broken)
}

async fn shown(
    tx: &mut Connection,
    command: &Command,
    row: &SessionRow,
    languages: &[String],
) -> Result<Visit, Failure> {
    let lines = basket::price(tx, command, shop(command, row)?, &kept(row)?, languages).await?;
    Visit::of(row, &lines)
}

fn message(app: &App, row: &SessionRow, lines: &[Line]) -> Result<OrderMessage, Failure> {
    let empty = || Refusal::new(Kind::EmptyOrder, "The basket is empty.");
    let total = total(lines)?.ok_or_else(empty);
    let mut items = Vec::new();
    for ((item, price), line) in all_priced(lines)?.into_iter().zip(1..) {
        let quantity = item.quantity()?;
        items.push(ItemIn {
            id: ItemId { part: item.sku.clone(), auxiliary: Some(item.offer_id.to_string()), buyers: None },
            quantity: quantity.value(),
            line: Some(line),
            price: price.unit_price,
            description: price.name.clone(),
            language: None,
            unit: quantity.unit(),
            unspsc: None,
            classifications: Vec::new(),
            manufacturers_part: None,
            manufacturer: None,
            lead_time_days: u32::try_from(price.lead_time_days).ok(),
        });
    }
    let named = |domain: &str, identity: &str| Credential { domain: domain.to_owned(), identity: identity.to_owned() };
    let looks_only = Operation::parse(&row.operation)? == Operation::Inspect;
    Ok(OrderMessage {
        from: named(&row.supplier_domain, &row.supplier_identity),
        to: named(&row.buyer_domain, &row.buyer_identity),
        user_agent: format!("Torg ({})", app.config.issuer),
        buyer_cookie: row.buyer_cookie.clone(),
        may: if looks_only { Allowed::Inspect } else { Allowed::Edit },
        total: total?,
        shipping: None,
        tax: None,
        lines: items,
    })
}
