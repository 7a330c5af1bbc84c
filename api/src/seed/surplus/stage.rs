//! The auctions as their history is told: the clock stands until the next moment is spoken of.

use domain::auction::{Auctions, Command, LotNumber};
use domain::kernel::{AuctionId, PortalId, Refusal, Timestamp};
use infra::Failure;
use infra::journal::Handle;
use serde_json::Value;

use super::PORTAL;
use super::companies::company;
use crate::app::App;
use crate::auction::bid::dto::NewAuctionBid;
use crate::auction::bid::read;
use crate::auction::bidder::dto::AuctionApplication;
use crate::auction::bidder::usecase as bidder;
use crate::auction::deposit::usecase as deposit;
use crate::auction::listing::dto::AuctionData;
use crate::auction::listing::usecase as listing;
use crate::auction::settlement::review;
use crate::auction::settlement::run::settle_closed;
use crate::auction::{clerk, hall, opening};
use crate::command::by_service;
use crate::hosting::act::settled;
use crate::hosting::{self, Hosted};
use crate::seed::cast::{Player, body};

/// What somebody does at a moment.
pub struct Play {
    pub at: Timestamp,
    pub auction: AuctionId,
    pub by: Player,
    pub what: What,
}

/// A bid as it would be sent in, or the purchase of a lot at once.
pub enum What {
    Bid(Value),
    BuyNow(LotNumber),
}

pub struct Stage<'a> {
    pub app: &'a App,
    hosted: Handle<Auctions>,
    /// Those that were announced.
    pub auctions: Vec<AuctionId>,
}

impl<'a> Stage<'a> {
    /// Hosts the portal's auctions on this node.
    pub async fn open(app: &'a App, portal: PortalId) -> Result<Self, Failure> {
        let stream = hosting::stream_of::<Auctions>(app, &mut *app.pool.get().await?, portal).await?;
        match hosting::of_stream::<Auctions>(app, stream).await? {
            Hosted::Here(hosted) => Ok(Self { app, hosted, auctions: Vec::new() }),
            Hosted::There(address) => {
                Err(Failure::Unavailable(format!("{address} serves this database: stop it while the data are loaded")))
            }
        }
    }

    /// Announces an auction now.
    pub async fn announce(&mut self, holder: &Player, data: Value) -> Result<AuctionId, Failure> {
        let (app, at) = (self.app, self.app.clock.now());
        let data: AuctionData = serde_json::from_value(data).map_err(Failure::broken)?;
        let create =
            async |tx: &mut _, command: &_| listing::create(tx, command, &app.secret, PORTAL, &data, &[]).await;
        let id = AuctionId(body(holder.act_alone(app, at, create).await?)?.id);
        let publish = async |tx: &mut _, command: &_| listing::publish(tx, command, id, &[]).await;
        holder.act_alone(app, at, publish).await?;
        self.auctions.push(id);
        Ok(id)
    }

    /// Somebody applies, and is admitted where the auction is open to all.
    pub async fn apply(&self, by: &Player, auction: AuctionId) -> Result<(), Failure> {
        let data = AuctionApplication { note: None };
        let apply = async |tx: &mut _, command: &_| bidder::apply(tx, command, auction, &data).await;
        by.act_alone(self.app, self.app.clock.now(), apply).await.map(drop)
    }

    /// Somebody binds the deposit.
    pub async fn bind(&self, by: &Player, auction: AuctionId) -> Result<(), Failure> {
        let bind = async |tx: &mut _, command: &_| deposit::bind(tx, command, auction).await;
        by.act_alone(self.app, self.app.clock.now(), bind).await.map(drop)
    }

    /// Tells all that is done, in the order of time.
    pub async fn play(&self, mut plays: Vec<Play>) -> Result<(), Failure> {
        plays.sort_by_key(|play| play.at);
        for play in plays {
            self.pass_to(play.at).await?;
            self.act(&play).await?;
        }
        Ok(())
    }

    /// Lets time pass, with all that happens by itself on the way.
    pub async fn pass_to(&self, instant: Timestamp) -> Result<(), Failure> {
        while let Some(due) = self.hosted.ask(Auctions::due).await?.filter(|due| *due <= instant) {
            self.app.clock.stand_at(due.max(self.app.clock.now()));
            self.hosted.submit(vec![Command::Tick], None).await?;
            opening::open_waiting(self.app, &self.hosted).await?;
        }
        self.app.clock.stand_at(instant);
        clerk::look_after(self.app, &self.hosted, None).await?;
        self.hosted.projected().await?;
        settle_closed(self.app.clone()).await
    }

    /// Frees the deposits that nothing binds any more of what has closed.
    pub async fn review(&self) -> Result<(), Failure> {
        for auction in self.auctions.iter().copied() {
            by_service(self.app, async |tx, command| review::review(tx, command, auction).await).await?;
        }
        Ok(())
    }

    async fn act(&self, play: &Play) -> Result<(), Failure> {
        let (company, called) = (company(&play.by)?, hall::called(self.app, play.auction).await?);
        let command = match &play.what {
            What::BuyNow(lot) => {
                Command::BuyNow { auction: play.auction, lot: *lot, company, currency: called.rules.currency }
            }
            What::Bid(data) => {
                let data: NewAuctionBid = serde_json::from_value(data.clone()).map_err(Failure::broken)?;
                let part = read::part(&self.hosted, &called, data.lot).await?;
                read::read(&self.app.secret, &called, part, company, &data)?.command
            }
        };
        let done = settled(self.app, &self.hosted, vec![command], || None).await?;
        match done.outcomes.into_iter().find_map(Result::err) {
            Some(rejection) => Err(Refusal::from(rejection).into()),
            None => Ok(()),
        }
    }
}
