//! What an export says of each thing: what its address answers to who asked for the export, by the same functions.

use domain::integration::export::Section as S;
use domain::kernel::{AuctionId, Kind, OrganisationId, Timestamp};
use infra::Failure;
use infra::db::page::Page;
use infra::event;
use infra::integration::export::owned::{self, Owned};
use serde::Serialize;
use serde_json::{Value, json};

use super::cursor::Cursor;
use super::part::Part;
use super::rights;
use crate::app::App;
use crate::event::dto::EventDto;
use crate::event::usecase as feed;
use crate::http::principal::Principal;
use crate::http::problem::refused;
use crate::ordering::{cost_centre, credit, proposal, requisition, standing};
use crate::party::{api_client, bank_account, invitation, member, organisation};
use crate::sourcing::{award, framework, quote, rfq, template};
use crate::{auction, billing, catalogue, contract, document, exchange, ordering};

/// How many identifiers are asked for at once.
const IDS: i64 = 1_000;

/// How many events are.
const EVENTS: i64 = 200;

/// Who reads.
pub struct Reader<'a> {
    pub app: &'a App,
    pub by: &'a Principal,
    pub own: OrganisationId,
    /// The types of which nothing is written.
    pub left_out: &'a [String],
    pub at: Timestamp,
}

impl Reader<'_> {
    /// Gathers a part from there on; with where it goes on, unless that was all.
    pub async fn gather(&self, from: Cursor) -> Result<(Part, Option<Cursor>), Failure> {
        let mut part = Part::begin();
        let mut at = Some(from);
        while let Some(cursor) = at {
            if part.is_full() {
                return Ok((part, Some(cursor)));
            }
            at = match cursor.section {
                section if !rights::reads(self.by, self.left_out, section) => cursor.next_section(),
                S::Event => self.events(cursor, &mut part).await?,
                _ => self.things(cursor, &mut part).await?,
            };
        }
        Ok((part, None))
    }

    async fn things(&self, mut cursor: Cursor, part: &mut Part) -> Result<Option<Cursor>, Failure> {
        let section = cursor.section;
        let mut connection = self.app.pool.get().await?;
        let found = owned::after(&mut connection, self.own, section, cursor.after, IDS).await?;
        drop(connection);
        for one in &found {
            part.add(section, one.id, self.shown(section, *one).await?)?;
            cursor.after = one.id;
            if part.is_full() {
                return Ok(Some(cursor));
            }
        }
        Ok(if found.is_empty() { cursor.next_section() } else { Some(cursor) })
    }

    async fn events(&self, mut cursor: Cursor, part: &mut Part) -> Result<Option<Cursor>, Failure> {
        let mut connection = self.app.pool.get().await?;
        if refused(feed::may_read(&mut connection, self.by, self.at).await)?.is_err() {
            return Ok(cursor.next_section());
        }
        let all = event::Wanted::default();
        let found = event::feed(&mut connection, self.own.0, Some(cursor.event), &all, EVENTS).await?;
        drop(connection);
        let Some(last) = found.last() else { return Ok(cursor.next_section()) };
        let is_late = last.tx > cursor.until;
        cursor.event = event::Position { tx: last.tx, seq: last.seq };
        for row in found.into_iter().filter(|row| row.tx <= cursor.until) {
            let id = row.id;
            part.add(S::Event, id, Some(value(EventDto::from(row))?))?;
        }
        Ok(if is_late { cursor.next_section() } else { Some(cursor) })
    }

    /// What is shown of a thing; nothing where its address would refuse.
    async fn shown(&self, section: S, one: Owned) -> Result<Option<Value>, Failure> {
        match refused(self.read(section, one).await)? {
            Ok(shown) => Ok(Some(shown)),
            Err(refusal) if matches!(refusal.kind, Kind::Internal | Kind::Unavailable) => Err(refusal.into()),
            Err(_) => Ok(None),
        }
    }

    #[rustfmt::skip]
    async fn read(&self, section: S, one: Owned) -> Result<Value, Failure> {
        let (app, by, own, at) = (self.app, self.by, self.own, self.at);
        let (id, portal) = (one.id, one.within.unwrap_or_default().to_string());
        match section {
            // They take connections of their own.
            S::ExchangeOrder => return value(exchange::order::usecase::find(app, by, id.into()).await?),
            S::ExchangeTrade => return value(exchange::data::own::find(app, by, id.into()).await?),
            S::AuctionBids => return self.bids(id.into()).await,
            _ => {}
        }
        let c = &mut *app.pool.get().await?;
        match section {
            S::Organisation => value(organisation::usecase::find(c, by, id.into()).await?.0),
            S::Member => value(member::usecase::find(c, by, (own, id.into())).await?.0),
            S::Invitation => value(invitation::usecase::find(c, by, (own, id.into()), at).await?),
            S::ApiClient => value(api_client::usecase::find(c, by, (own, id.into())).await?.0),
            S::BankAccount => value(bank_account::usecase::find(c, by, (own, id.into())).await?.0),
            S::CostCentre => value(cost_centre::usecase::find(c, by, (own, id.into())).await?.0),
            S::Budget => {
                let centre = one.within.unwrap_or_default().into();
                value(cost_centre::budget::find(c, by, (own, centre, id.into())).await?.0)
            }
            S::BuyerGroup => value(catalogue::buyer_group::usecase::find(c, by, (own, id.into())).await?.0),
            S::Warehouse => value(catalogue::warehouse::usecase::find(c, by, id.into()).await?.0),
            S::Product => value(catalogue::product::usecase::find(c, by, id.into()).await?.0),
            S::Stock => value(catalogue::product::usecase::find_stock(c, by, id.into()).await?.0),
            S::Offer => value(catalogue::offer::usecase::find(c, by, &portal, id.into(), at).await?.0),
            S::PriceList => value(catalogue::price_list::usecase::find(c, by, &portal, id.into()).await?.0),
            S::CreditLine => value(credit::usecase::find(c, by, (own, id.into())).await?.0),
            S::RequisitionList => value(requisition::usecase::find(c, by, id.into()).await?.0),
            S::StandingOrder => value(standing::usecase::find(c, by, id.into()).await?.0),
            S::PriceProposal => value(proposal::usecase::find(c, by, id.into(), at).await?.0),
            S::Order => value(ordering::usecase::find(c, by, id.into(), at, &[]).await?.0),
            S::Contract => value(contract::usecase::find(c, by, id.into(), at, &[]).await?.0),
            S::Delivery => value(contract::delivery::find(c, by, id.into(), at).await?.0),
            S::Return => value(contract::goods_return::find(c, by, id.into(), at).await?.0),
            S::Invoice | S::CreditNote => value(billing::usecase::find(c, by, id.into(), at, &[]).await?.0),
            S::Payment => value(billing::payment::find(c, by, id.into(), at).await?.0),
            S::CommissionStatement => value(billing::commission::statement::find(c, by, id.into()).await?.0),
            S::Account => value(billing::account::find(c, by, id.into(), at).await?),
            S::LedgerEntry => value(billing::account::entry(c, by, id.into(), at).await?),
            S::Document => value(document::usecase::find(c, Some(by), id.into(), at).await?.0),
            S::Auction => value(auction::listing::read::find(c, Some(by), id.into(), &[]).await?.0),
            S::RfqTemplate => value(template::usecase::find(c, by, id.into()).await?.0),
            S::Rfq => value(rfq::read::find(c, by, id.into()).await?.0),
            S::Quote => value(quote::read::find(c, app, by, id.into()).await?.0),
            S::RfqAward => value(award::read::find(c, by, id.into()).await?.0),
            S::FrameworkAgreement => value(framework::usecase::find(c, by, id.into(), at).await?),
            S::ExchangeOrder | S::ExchangeTrade | S::AuctionBids | S::Event => {
                Err(Failure::broken("a section that is read otherwise"))
            }
        }
    }

    /// All bids of the organisation in an auction.
    async fn bids(&self, id: AuctionId) -> Result<Value, Failure> {
        let (mut items, mut page) = (Vec::new(), Page { limit: 200, after: None });
        loop {
            let found = auction::bid::own::list(self.app, self.by, id, None, &page).await?;
            items.extend(found.items.into_iter().map(value).collect::<Result<Vec<_>, _>>()?);
            let Some(after) = found.next else { return Ok(json!({"auction_id": id.0, "items": items})) };
            page.after = Some(after);
        }
    }
}

fn value(shown: impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(shown).map_err(Failure::broken)
}
