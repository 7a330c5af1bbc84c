//! The changes of an auction's lots as Server-Sent Events. Nobody is named in them but by pseudonyms, and what is sealed is in none of them.

use std::sync::Arc;

use domain::auction::{Auctions, Event};
use domain::kernel::AuctionId;
use futures::StreamExt;
use infra::journal::{Committed, Handle};
use serde_json::{Value, json};

use super::{look, show};
use crate::app::App;
use crate::auction::access;
use crate::auction::hall::{self, Called};
use crate::hosting::live::{self, Told};
use crate::hosting::stream::{Opened, Place, Token};
use crate::hosting::{self, Hosted};
use crate::http::dto::Time;
use crate::http::principal::Principal;
use crate::http::problem::Problem;

struct Reader {
    app: App,
    token: Token,
    called: Arc<Called>,
}

/// What is sent to a reader until it may not read any more, the auctions move to another node, or the service stops.
pub async fn open(
    app: &App,
    viewer: Option<&Principal>,
    token: Token,
    id: AuctionId,
    last: Option<Place>,
) -> Result<Opened, Problem> {
    let (called, _) = look::seen(app, viewer, id).await?;
    let auctions = match hosting::of_stream::<Auctions>(app, called.stream).await? {
        Hosted::Here(auctions) => auctions,
        Hosted::There(address) => return Ok(Opened::There(address)),
    };
    look::listing(app, &auctions, id).await?;
    let reader = Reader { app: app.clone(), token, called };
    Ok(Opened::Here(live::read(reader, auctions, last).boxed_local()))
}

impl live::Reader<Auctions> for Reader {
    fn app(&self) -> &App {
        &self.app
    }

    async fn may_read(&self) -> bool {
        let Ok(by) = self.token.viewer(&self.app).await else { return false };
        let Ok(mut connection) = self.app.pool.get().await else { return false };
        access::seen(&mut connection, by.as_deref(), self.called.id).await.is_ok()
    }

    async fn snapshot(&self, auctions: &Handle<Auctions>, reason: &str) -> Option<(i64, Value)> {
        // Before it opens its rules may have changed.
        let called = hall::called(&self.app, self.called.id).await.ok()?;
        let (id, now) = (called.id, self.app.clock.now());
        let (entry, lots) = auctions.look(move |auctions| auctions.lots(id, now)).await.ok()?;
        let lots: Vec<_> =
            (1..).zip(&lots).map(|(number, view)| show::live(number, view, None, now, &called)).collect();
        Some((entry, json!({"reason": reason, "now": Time(now), "lots": lots})))
    }

    fn told(&self, entry: &Committed<Event>) -> Vec<Told> {
        let now = self.app.clock.now();
        let told = |(event, what): (usize, &Event)| {
            let Event::Public(public) = what else { return None };
            if public.auction != self.called.id {
                return None;
            }
            let (kind, mut data) = show::change(public.lot, &public.what, &self.called);
            data["lot"] = public.lot.into();
            data["change"] = public.change.into();
            data["at"] = json!(Time(public.at));
            data["now"] = json!(Time(now));
            Some(Told { event, kind, data })
        };
        entry.events.iter().enumerate().filter_map(told).collect()
    }
}
