//! Keeps the auctions of a portal up to what is decided outside their state machine: what is published by which rules, who may bid, what is
//! cancelled, and what is over and done with.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::auction::{Answer, AuctionState, Auctions, Command, Digest, Rejection, Rules};
use domain::kernel::{AuctionId, GroupId, OrganisationId, PortalId, Timestamp};
use domain::portal::{Capability, Function};
use infra::Failure;
use infra::auction::running::{self, Wanted};
use infra::auction::store::AuctionRow;
use infra::journal::Handle;
use infra::portal::company;
use uuid::Uuid;

use crate::app::App;
use crate::auction::hall;
use crate::hosting::{self, Hosted};

/// An auction as the tables say it should be.
struct Published {
    id: AuctionId,
    seller: OrganisationId,
    secret: Digest,
    rules: Rules,
    /// No lot has opened yet, as far as the tables know.
    is_scheduled: bool,
    is_cancelled: bool,
}

/// What the tables say of auctions of a portal.
struct Tables {
    /// Of all of them, and not of some alone.
    are_all: bool,
    published: Vec<Published>,
    /// Those that were admitted to one of them, or had been.
    bidders: Vec<Wanted>,
    /// Who may bid on the portal.
    able: HashSet<Uuid>,
    /// The groups of all of them, and of the sellers.
    groups: HashMap<Uuid, Uuid>,
}

impl Tables {
    async fn load(app: &App, portal: PortalId, only: Option<&[Uuid]>) -> Result<Self, Failure> {
        let mut connection = app.pool.get().await?;
        let rows = running::auctions(&mut connection, portal, only).await?;
        let published = rows.iter().map(|row| published(app, row)).collect::<Result<Vec<_>, Failure>>()?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let bidders = running::bidders(&mut connection, &ids).await?;
        let sellers = rows.iter().map(|row| row.seller_id);
        let companies: BTreeSet<Uuid> = sellers.chain(bidders.iter().map(|one| one.company)).collect();
        let companies: Vec<Uuid> = companies.into_iter().collect();
        let right = (Capability::Bid, Function::Auction);
        let able = company::able(&mut connection, portal, right, Some(&companies)).await?;
        let able = able.into_iter().map(|one| one.company).collect();
        let groups = company::tops(&mut connection, &companies).await?;
        Ok(Self { are_all: only.is_none(), published, bidders, able, groups })
    }

    fn group(&self, company: Uuid) -> Option<GroupId> {
        self.groups.get(&company).copied().map(GroupId::from)
    }
}

fn published(app: &App, row: &AuctionRow) -> Result<Published, Failure> {
    let secret = app.secret.open(&row.secret)?;
    let secret = secret.try_into().map_err(|_| Failure::broken("the secret of an auction has not 32 bytes"))?;
    Ok(Published {
        id: AuctionId(row.id),
        seller: OrganisationId(row.seller_id),
        secret: Digest(secret),
        rules: row.rules()?,
        is_scheduled: row.state == AuctionState::Scheduled.code(),
        is_cancelled: row.cancelled_at.is_some(),
    })
}

/// Brings the machine up to what the tables say now of all auctions of its portal, or of those that are named.
pub async fn look_after(app: &App, auctions: &Handle<Auctions>, only: Option<&[Uuid]>) -> Result<(), Failure> {
    let (tables, now) = (Tables::load(app, auctions.portal(), only).await?, app.clock.now());
    let commands = auctions.ask(move |auctions| wanted(auctions, &tables, now)).await?;
    if commands.is_empty() {
        return Ok(());
    }
    let done = auctions.submit(commands, None).await?;
    for rejection in done.outcomes.into_iter().filter_map(Result::<Answer, Rejection>::err) {
        // Somebody else may just have said the same; what is still wanted is said again.
        tracing::info!(stream = %auctions.stream(), %rejection, "the auctions do not follow yet");
    }
    Ok(())
}

/// Tells the machine at once what was decided about an auction. That was done, whatever comes of this: the worker tells it within a second.
pub async fn tell_now(app: &App, auction: AuctionId) {
    if let Err(failure) = look_after_auction(app, auction).await {
        tracing::info!(%auction, %failure, "the auctions do not follow yet");
    }
}

async fn look_after_auction(app: &App, auction: AuctionId) -> Result<(), Failure> {
    let called = hall::called(app, auction).await?;
    match hosting::of_stream::<Auctions>(app, called.stream).await? {
        Hosted::Here(auctions) => look_after(app, &auctions, Some(&[auction.0])).await,
        Hosted::There(_) => Ok(()),
    }
}

/// The worker: looks after the auctions of all portals that this node hosts.
pub async fn look_after_all(app: App) -> Result<(), Failure> {
    for auctions in app.hall.auctions.here() {
        look_after(&app, &auctions, None).await?;
    }
    Ok(())
}

fn wanted(auctions: &Auctions, tables: &Tables, now: Timestamp) -> Vec<Command> {
    let mut commands = wanted_auctions(auctions, tables, now);
    commands.extend(wanted_rights(auctions, tables));
    commands.extend(wanted_bidders(auctions, tables, now));
    if !tables.are_all {
        return commands;
    }
    let running: HashSet<AuctionId> = tables.published.iter().map(|one| one.id).collect();
    let settled = auctions.listed().filter(|id| !running.contains(id));
    commands.extend(settled.map(|auction| Command::Forget { auction }));
    commands
}

/// Whether all lots of an auction are still to open.
fn has_not_opened(auctions: &Auctions, auction: AuctionId, now: Timestamp) -> bool {
    auctions.lots(auction, now).iter().all(|lot| lot.phase == domain::auction::Phase::Scheduled)
}

/// What is to be published, or anew by other rules, or cancelled.
fn wanted_auctions(auctions: &Auctions, tables: &Tables, now: Timestamp) -> Vec<Command> {
    let mut commands = Vec::new();
    for Published { id, seller, secret, rules, is_scheduled, is_cancelled } in &tables.published {
        // One whose end was slept through by all nodes closes without bids: nothing of it stays open for ever. What the tables know to have
        // opened may be over and forgotten by now, and does not begin once more.
        let is_new = *is_scheduled && auctions.rules(*id) != Some(rules) && has_not_opened(auctions, *id, now);
        if is_new {
            commands.push(Command::List {
                auction: *id,
                seller: *seller,
                group: tables.group(seller.0),
                secret: *secret,
                rules: Box::new(rules.clone()),
            });
        }
        let runs = auctions.lots(*id, now).iter().any(|lot| !lot.phase.is_closed());
        if *is_cancelled && (is_new || runs) {
            commands.push(Command::Cancel { auction: *id });
        }
    }
    commands
}

/// Who may bid on the portal again, and who no more.
fn wanted_rights(auctions: &Auctions, tables: &Tables) -> Vec<Command> {
    let known = tables.published.iter().flat_map(|one| auctions.bidders(one.id)).map(|bidder| bidder.company);
    // Nothing was asked about a company of which the tables have nothing yet.
    let known: BTreeSet<OrganisationId> = known.filter(|company| tables.groups.contains_key(&company.0)).collect();
    let mut commands = Vec::new();
    for company in known {
        match (tables.able.contains(&company.0), auctions.is_suspended(company)) {
            (true, true) => commands.push(Command::Reinstate { company }),
            (false, false) => commands.push(Command::Suspend { company }),
            _ => {}
        }
    }
    commands
}

/// Who is to be admitted to which auction, is known otherwise by now, or was taken out of it.
fn wanted_bidders(auctions: &Auctions, tables: &Tables, now: Timestamp) -> Vec<Command> {
    let published: HashMap<Uuid, &Published> = tables.published.iter().map(|one| (one.id.0, one)).collect();
    let mut commands = Vec::new();
    for Wanted { auction, company, is_admitted, has_deposit } in &tables.bidders {
        let Some(of) = published.get(auction) else { continue };
        let is_over =
            auctions.rules(of.id).is_some() && auctions.lots(of.id, now).iter().all(|lot| lot.phase.is_closed());
        if is_over {
            continue;
        }
        let (id, company, group) = (of.id, OrganisationId(*company), tables.group(*company));
        let known = auctions.bidder(id, company);
        let is_sellers = company == of.seller || group == tables.group(of.seller.0);
        let deposit_covered = of.rules.deposit == 0 || *has_deposit;
        let is_as_wanted = known
            .is_some_and(|known| !known.withdrawn && known.group == group && known.deposit_covered == deposit_covered);
        if !is_admitted {
            if known.is_some_and(|known| !known.withdrawn) {
                commands.push(Command::Withdraw { auction: id, company });
            }
        } else if !is_as_wanted && tables.able.contains(&company.0) && (known.is_some() || !is_sellers) {
            commands.push(Command::Admit { auction: id, company, group, deposit_covered });
        }
    }
    commands
}
