//! The auction hall of this node: the auctions that it hosts, and what of them is remembered for those who bid.

use std::sync::Arc;

use domain::auction::{Access, Auctions, Command, Format, Rejection, Rules};
use domain::kernel::{AuctionId, Currency, OrganisationId, PortalId};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::auction::{running, store};
use infra::db::tx;
use infra::journal::Handle;
use infra::portal::company;
use moka::sync::Cache;
use uuid::Uuid;

use super::{access, clerk};
use crate::app::{App, Shared};
use crate::hosting::{Machines, Served, act, stream_of};
use crate::http::dto::MoneyDto;

/// How many auctions are remembered.
const REMEMBERED: u64 = 10_000;

/// An auction as bids need it. What may still change is not remembered.
#[derive(Debug)]
pub struct Called {
    pub id: AuctionId,
    pub portal: PortalId,
    pub seller: OrganisationId,
    /// Of the journal that its bids are in.
    pub stream: Uuid,
    pub rules: Rules,
}

impl Called {
    pub fn currency(&self) -> Currency {
        self.rules.currency
    }

    pub fn format(&self) -> Format {
        self.rules.format
    }

    /// A price of one unit.
    pub fn price(&self, minor: i64) -> MoneyDto {
        MoneyDto::of(domain::auction::decimal_of(minor, self.currency()), self.currency().code())
    }
}

/// The auctions of this node, and what is remembered of them.
pub struct Hall {
    pub auctions: Machines<Auctions>,
    called: Cache<AuctionId, Arc<Called>>,
}

impl Default for Hall {
    fn default() -> Self {
        Self { auctions: Machines::default(), called: Cache::new(REMEMBERED) }
    }
}

/// What the auctions of a portal did for a call.
pub type Done = act::Done<Auctions>;

/// The auction, whoever asks; remembered once it has opened, since its rules do not change any more.
pub async fn called(app: &App, id: AuctionId) -> Result<Arc<Called>, Failure> {
    if let Some(known) = app.hall.called.get(&id) {
        return Ok(known);
    }
    let mut connection = app.pool.get().await?;
    let row = store::of_id(&mut connection, id).await?.filter(|row| row.published_at.is_some());
    let row = row.ok_or_else(access::unknown)?;
    let portal = PortalId(row.portal_id);
    let stream = stream_of::<Auctions>(app, &mut connection, portal).await?;
    let called = Called { id, portal, seller: OrganisationId(row.seller_id), stream, rules: row.rules()? };
    let called = Arc::new(called);
    if row.opens_at <= app.clock.now() {
        app.hall.called.insert(id, called.clone());
    }
    Ok(called)
}

impl Served for Auctions {
    fn machines(shared: &Shared) -> &Machines<Self> {
        &shared.hall.auctions
    }

    /// Who bids may have been admitted just now, and in an auction that is open to all its first bid admits it.
    async fn supply(
        app: &App,
        auctions: &Handle<Self>,
        commands: &[Command],
        outcomes: &[Self::Outcome],
    ) -> Result<bool, Failure> {
        let lacks = |outcome: &Self::Outcome| {
            matches!(
                outcome,
                Err(Rejection::UnknownAuction
                    | Rejection::NotQualified
                    | Rejection::CompanySuspended
                    | Rejection::Withdrawn
                    | Rejection::DepositNotCovered)
            )
        };
        let mut concerned = Vec::new();
        for (command, outcome) in commands.iter().zip(outcomes).filter(|(_, outcome)| lacks(outcome)) {
            let Some((auction, company)) = bidder_of(command) else { continue };
            // An auction that the machine has not heard of lacks its bidders, too. Who takes back what it never bid needs no admission.
            let is_unknown = matches!(outcome, Err(Rejection::UnknownAuction | Rejection::NotQualified));
            if is_unknown && !matches!(command, Command::Unseal { .. }) {
                admit_to_open(app, auctions.portal(), auction, company).await?;
            }
            concerned.push(auction.0);
        }
        if concerned.is_empty() {
            return Ok(false);
        }
        clerk::look_after(app, auctions, Some(&concerned)).await?;
        Ok(true)
    }
}

/// The auction of what a bidder does, and the bidder.
fn bidder_of(command: &Command) -> Option<(AuctionId, OrganisationId)> {
    match *command {
        Command::Bid { auction, company, .. }
        | Command::BuyNow { auction, company, .. }
        | Command::Accept { auction, company, .. }
        | Command::Seal { auction, company, .. }
        | Command::Unseal { auction, company, .. }
        | Command::Top { auction, company, .. } => Some((auction, company)),
        _ => None,
    }
}

/// Admits a company to an auction that is open to all who may bid on the portal and asks for no deposit.
async fn admit_to_open(app: &App, portal: PortalId, id: AuctionId, company: OrganisationId) -> Result<(), Failure> {
    let at = app.clock.now();
    tx::transaction(&app.pool, async |tx| {
        let Some(row) = store::of_id(tx, id).await? else { return Ok(()) };
        let is_open = row.access == Access::Open.code() && row.deposit.is_zero() && row.is_running();
        let able = company::able(tx, portal, (Capability::Bid, Function::Auction), Some(&[company.0])).await?;
        let tops = company::tops(tx, &[company.0, row.seller_id]).await?;
        let is_sellers = tops.get(&company.0) == tops.get(&row.seller_id);
        if is_open && !is_sellers && !able.is_empty() {
            running::admit_new(tx, id, company.0, at).await?;
        }
        Ok(())
    })
    .await
}
