//! Limits, holdings, bilateral credit and positions over HTTP.

use actix_web::{get, put, web};
use domain::exchange::{Amount, Command, Market, Position, amount_of, decimal_of};
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Faults, InstrumentId, OrganisationId, PortalId, Refusal};
use infra::Failure;
use infra::journal::Handle;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::dto::{
    AccountDto, CounterpartyLimit, CounterpartyPolicy, HoldingData, PositionDto, PositionList, PositionQuery,
    PositionsDto, TradingLimit,
};
use crate::app::App;
use crate::exchange::floor::{self, Done, Listed};
use crate::exchange::{access, rights};
use crate::hosting::act::act;
use crate::hosting::forward::{forward, read};
use crate::hosting::{self, Hosted};
use crate::http::answer::{self, Answer};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::dto::MoneyDto;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};

/// The market of a portal that the caller sees.
async fn seen(app: &App, by: &Principal, portal: &str, manages: bool) -> Result<(PortalId, Uuid), Problem> {
    let mut connection = app.pool.get().await?;
    let seen = access::seen(&mut connection, Some(by), portal).await?;
    if manages {
        access::may_manage(by, &seen)?;
    }
    Ok((seen.id, hosting::stream_of::<Market>(app, &mut connection, seen.id).await?))
}

fn done(of: &Done) -> Result<Answer<()>, Refusal> {
    match of.outcomes.first() {
        Some(Err(rejection)) => Err((*rejection).into()),
        _ => Ok(Answer::no_content()),
    }
}

fn amount(pointer: &str, text: &str) -> Result<Amount, Refusal> {
    let mut faults = Faults::default();
    let value = faults.keep(pointer, parse_decimal(text));
    let amount = value.and_then(|value| {
        let amount = amount_of(value);
        let invalid = || Invalid::new("amount_out_of_range", "The amount is negative, too large, or too fine.");
        faults.keep(pointer, amount.ok_or_else(invalid))
    });
    faults.result()?;
    amount.ok_or_else(|| Refusal::fault(pointer, "invalid", "The amount cannot be read."))
}

fn currency(pointer: &str, code: &str) -> Result<Currency, Refusal> {
    Currency::parse(code).map_err(|invalid| invalid.at(pointer))
}

/// Set for how much a member may buy in a currency (who manages the portal).
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    request_body = TradingLimit, security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 204, description = "It is set")))]
#[put("/v1/portals/{portal}/exchange/members/{organisation}/limit")]
pub async fn set_trading_limit(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
    body: Body<TradingLimit>,
) -> Reply {
    let (portal, company) = path.into_inner();
    let (_, stream) = seen(&app, &by, &portal, true).await?;
    let currency = currency("/limit/currency", &body.0.limit.currency)?;
    let amount = amount("/limit/amount", &body.0.limit.amount)?;
    act::<Market, _>(&app, &call, &by, stream, vec![Command::SetLimit { company, currency, amount }], done).await
}

/// Set what a member has deposited of an instrument (who manages the portal).
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = HoldingData,
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 204, description = "It is set")))]
#[put("/v1/instruments/{id}/holdings/{organisation}")]
pub async fn set_holding(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(InstrumentId, OrganisationId)>,
    body: Body<HoldingData>,
) -> Reply {
    let (instrument, company) = path.into_inner();
    let listed = floor::listed(&app, instrument).await?;
    {
        let mut connection = app.pool.get().await?;
        let portal = access::seen_of(&mut connection, Some(&by), listed.portal.0, floor::unknown).await?;
        access::may_manage(&by, &portal)?;
    }
    let quantity = &body.0.quantity;
    if quantity.unit != listed.unit.code() {
        let detail = format!("The quantity is in {}.", listed.unit.code());
        return Err(Refusal::fault("/quantity/unit", "unit_mismatch", detail).into());
    }
    let value = parse_decimal(&quantity.value).map_err(|invalid| invalid.at("/quantity/value"))?;
    let lots = match value.is_zero() {
        true => 0,
        false => listed.rules.lots(value).map_err(Refusal::from)?,
    };
    act::<Market, _>(&app, &call, &by, listed.stream, vec![Command::SetHolding { company, instrument, lots }], done)
        .await
}

/// Limit for how much your organisation trades with a company, or refuse it. Your orders pass over what they may not meet, without losing
/// their place, and so do theirs.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    request_body = CounterpartyLimit, security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 204, description = "It is set")))]
#[put("/v1/portals/{portal}/exchange/counterparties/{organisation}")]
pub async fn set_counterparty_limit(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
    body: Body<CounterpartyLimit>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let (portal, counterparty) = path.into_inner();
    let (_, stream) = seen(&app, &by, &portal, false).await?;
    let currency = currency("/currency", &body.0.currency)?;
    let limit = body.0.limit.as_deref().map(|text| amount("/limit", text)).transpose()?;
    act::<Market, _>(
        &app,
        &call,
        &by,
        stream,
        vec![Command::SetCredit { company, counterparty, currency, limit }],
        done,
    )
    .await
}

/// Say whether your organisation trades only with companies for which it has set a limit.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug")), request_body = CounterpartyPolicy,
    security(("person" = []), ("client" = ["exchange:trade"])),
    responses((status = 204, description = "It is set")))]
#[put("/v1/portals/{portal}/exchange/counterparties")]
pub async fn set_counterparty_policy(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<CounterpartyPolicy>,
) -> Reply {
    let company = by.require(rights::TRADE)?;
    let (_, stream) = seen(&app, &by, &portal, false).await?;
    act::<Market, _>(
        &app,
        &call,
        &by,
        stream,
        vec![Command::RefuseOthers { company, refuse: body.0.refuse_others }],
        done,
    )
    .await
}

/// What your organisation may do, and has bound, on exchanges.
#[utoipa::path(tag = "exchange", params(PositionQuery), security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "Accounts and positions by portal", body = PositionList)))]
#[get("/v1/exchange/positions")]
pub async fn read_positions(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PositionQuery>) -> Reply {
    let company = by.require(rights::READ)?;
    let items = match &query.portal {
        Some(portal) => {
            let (_, stream) = seen(&app, &by, portal, false).await?;
            match hosting::of_stream::<Market>(&app, stream).await? {
                Hosted::Here(market) => positions(&app, company, &market).await?.into_iter().collect(),
                Hosted::There(address) => return forward(&app, &call, &address).await,
            }
        }
        None => everywhere(&app, &call, company).await?,
    };
    answer::read(&call, by.organisation_id(), &PositionList { items }, None)
}

/// What a company has in all markets, each asked where it is hosted.
async fn everywhere(app: &App, call: &Call, company: OrganisationId) -> Result<Vec<PositionsDto>, Problem> {
    let mut items = Vec::new();
    for stream in hosting::all_streams::<Market>(app).await? {
        match hosting::of_stream::<Market>(app, stream.id).await? {
            Hosted::Here(market) => items.extend(positions(app, company, &market).await?),
            Hosted::There(address) => {
                let url = format!("{address}/v1/exchange/positions?portal={}", stream.portal_id);
                let list: Option<PositionList> = read(app, call, &url).await?;
                items.extend(list.map(|list| list.items).unwrap_or_default());
            }
        }
    }
    Ok(items)
}

/// What a company has in one market; none where it never traded.
async fn positions(
    app: &App,
    company: OrganisationId,
    market: &Handle<Market>,
) -> Result<Option<PositionsDto>, Failure> {
    let look = move |market: &Market| {
        let held = |(id, _)| Some((id, market.position(company, id).ok()?));
        let positions: Vec<_> =
            market.instruments().filter_map(held).filter(|(_, held)| *held != Position::default()).collect();
        let is_member = market.admitted().any(|one| one.company == company);
        is_member.then(|| (market.accounts(company), positions))
    };
    let Some((accounts, held)) = market.ask(look).await? else { return Ok(None) };
    let mut positions = Vec::new();
    for (id, position) in held {
        positions.push(shown(&*floor::listed(app, id).await?, &position));
    }
    let accounts = accounts.into_iter().map(|(currency, account)| AccountDto {
        limit: money(account.limit, currency),
        reserved: money(account.reserved, currency),
        unsettled: money(account.unsettled, currency),
    });
    Ok(Some(PositionsDto { portal_id: market.portal().0, accounts: accounts.collect(), positions }))
}

fn money(amount: Amount, currency: Currency) -> MoneyDto {
    MoneyDto::price(decimal_of(amount).unwrap_or_default(), currency.code())
}

fn shown(listed: &Listed, position: &Position) -> PositionDto {
    PositionDto {
        instrument_id: listed.id.0,
        live_orders: position.live_orders,
        open_quantity: listed.quantity(position.open),
        traded_quantity: listed.quantity(position.traded),
        deposited: listed.quantity(position.deposited),
        reserved: listed.quantity(position.reserved),
        sold: listed.quantity(position.sold),
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(set_trading_limit).service(set_holding).service(set_counterparty_limit);
    config.service(set_counterparty_policy).service(read_positions);
}
