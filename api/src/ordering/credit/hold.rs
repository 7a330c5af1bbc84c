//! Orders over the buyer's credit.

use domain::kernel::{Kind, OrderId, Refusal};
use domain::ordering::OrderState;
use infra::Failure;
use infra::db::Connection;
use infra::ordering::order::{self, Order};
use serde_json::json;

use crate::command::Command;
use crate::http::answer::Answer;
use crate::ordering::dto::OrderDto;
use crate::ordering::rights;
use crate::ordering::usecase::{tell, unknown};

/// The seller consents to an order that is over the buyer's credit.
pub async fn release(
    tx: &mut Connection,
    command: &Command,
    id: OrderId,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let own = command.by.member()?.id;
    let held = order::lock(tx, own, id).await?.filter(|order| order.row.seller_id == Some(own.0));
    let mut held = held.ok_or_else(unknown)?;
    command.by.require(rights::CREDIT)?;
    let state = OrderState::parse(&held.row.state)?;
    if state != OrderState::Placed || !held.row.credit_hold {
        return Err(Refusal::new(Kind::WrongState, "The order is not held for its buyer's credit.").into());
    }
    held.row.credit_hold = false;
    held.row.version += 1;
    order::update(tx, &held.row).await?;
    tell(command, "order.credit_released", &held, json!({}));
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
}

/// Refuses an order that is held.
pub fn check(order: &Order) -> Result<(), Refusal> {
    if order.row.credit_hold {
        let detail = "The order is over the buyer's credit: release it first, or decline it.";
        return Err(Refusal::new(Kind::CreditHold, detail));
    }
    Ok(())
}
