//! Prices in bulk: read line by line as they come, checked, and kept in an edition that is not in force yet.

use actix_web::web;
use domain::catalogue::price::check_discount;
use domain::kernel::money::parse_decimal;
use domain::kernel::quantity::check_quantity;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Fault, Faults, Kind, PriceListId, Refusal, Timestamp, UnitPrice};
use futures::StreamExt;
use infra::Failure;
use infra::catalogue::price_list::PriceListRow;
use infra::catalogue::price_list_edition::{self as edition, Amiss, SentTier};
use infra::db::tx;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::dto::{SentPrice, UploadQuery};
use crate::app::App;
use crate::clock::new_id;
use crate::http::call::Call;
use crate::http::json;
use crate::http::problem::Problem;

/// The longest line.
const MAX_LINE: usize = 4 * 1024;

/// The most lines of one upload, blank ones included.
const MAX_LINES: usize = 1_000_000;

/// How many lines are written at once.
const BATCH: usize = 5_000;

/// How many uploads of a seller may be under way; those that were broken off count until they are forgotten.
const MAX_OPEN: i64 = 20;

/// After so many faults the rest is not looked at.
const MAX_FAULTS: usize = 100;

/// Prices that were taken in and wait.
pub struct Staged {
    pub edition: Uuid,
    /// They are to be all that the list has.
    pub replace: bool,
}

/// Takes the lines in. The first hundred faults are told, and nothing of the upload is kept then.
pub async fn stage(
    app: &App,
    call: &Call,
    list: &PriceListRow,
    query: &UploadQuery,
    body: web::Payload,
) -> Result<Staged, Problem> {
    let replace = match query.mode.as_deref() {
        None | Some("merge") => false,
        Some("replace") => true,
        Some(other) => {
            return Err(Problem::new(Kind::InvalidQuery, format!("`mode` is merge or replace, not {other}.")));
        }
    };
    if call.content_type() != "application/x-ndjson" {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Send application/x-ndjson."));
    }
    if edition::open(&mut *app.pool.get().await?, list.seller_id).await? >= MAX_OPEN {
        return Err(Problem::new(
            Kind::TooManyJobs,
            "Too many of your uploads of prices are under way or were broken off.",
        ));
    }
    let at = app.clock.now();
    let staged = Staged { edition: new_id(at), replace };
    tx::transaction(&app.pool, async |tx| edition::insert(tx, staged.edition, PriceListId(list.id), at, None).await)
        .await?;
    match fill(app, call, list, &staged, body).await {
        Ok(()) => Ok(staged),
        Err(problem) => {
            tidy(app, &staged).await;
            Err(problem)
        }
    }
}

/// Forgets what was taken in, unless it is in force. What fails here is forgotten later, with what a crash leaves.
pub async fn tidy(app: &App, staged: &Staged) {
    if let Err(failure) = forget(app, staged.edition).await {
        tracing::warn!(%failure, "staged prices stay for a while");
    }
}

/// Forgets what was taken in long ago and never put in force. What cannot be forgotten does not keep the others.
pub async fn forget_abandoned(app: &App, before: Timestamp) -> Result<(), Failure> {
    let mut failed = None;
    let old = edition::abandoned(&mut *app.pool.get().await?, before).await?;
    for id in old {
        if let Err(failure) = forget(app, id).await {
            tracing::warn!(edition = %id, %failure, "abandoned prices stay");
            failed = Some(failure);
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn forget(app: &App, id: Uuid) -> Result<(), Failure> {
    while tx::transaction(&app.pool, async |tx| edition::discard_some(tx, id).await).await? {}
    Ok(())
}

async fn fill(
    app: &App,
    call: &Call,
    list: &PriceListRow,
    staged: &Staged,
    mut body: web::Payload,
) -> Result<(), Problem> {
    let mut hash = Sha256::new();
    let mut rest: Vec<u8> = Vec::new();
    let mut lines = Lines {
        app,
        list,
        staged,
        read: 0,
        blank: 0,
        batch: Vec::new(),
        places: Vec::new(),
        faults: Faults::default(),
    };
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::MalformedRequest, "The body ended too early."))?;
        hash.update(&chunk);
        rest.extend_from_slice(&chunk);
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for line in rest[..whole].split_inclusive(|byte| *byte == b'\n') {
            lines.take(line).await?;
        }
        rest.drain(..whole);
        if rest.len() > MAX_LINE {
            return Err(Problem::new(Kind::PayloadTooLarge, format!("A line has at most {MAX_LINE} bytes.")));
        }
    }
    if !rest.is_empty() {
        lines.take(&rest).await?;
    }
    lines.write().await?;
    if lines.blank == lines.read {
        return Err(Refusal::fault("", "required", "Send at least one line.").into());
    }
    lines.faults.result()?;
    call.body_is(hash.finalize().into());
    Ok(())
}

/// The lines of an upload, written in batches.
struct Lines<'a> {
    app: &'a App,
    list: &'a PriceListRow,
    staged: &'a Staged,
    /// How many there were so far, and how many of them say nothing.
    read: usize,
    blank: usize,
    batch: Vec<SentTier>,
    /// Which line each of the batch is.
    places: Vec<usize>,
    faults: Faults,
}

impl Lines<'_> {
    async fn take(&mut self, line: &[u8]) -> Result<(), Problem> {
        if line.len() > MAX_LINE || self.read >= MAX_LINES {
            let detail = format!("An upload has at most {MAX_LINES} lines of {MAX_LINE} bytes.");
            return Err(Problem::new(Kind::PayloadTooLarge, detail));
        }
        if line.trim_ascii().is_empty() {
            self.read += 1;
            self.blank += 1;
            return Ok(());
        }
        match sent(line, self.list.currency.as_deref()) {
            Ok(tier) => {
                self.batch.push(tier);
                self.places.push(self.read);
            }
            Err((name, invalid)) => {
                let pointer = format!("/{}{name}", self.read);
                self.faults.add(pointer, invalid.code, invalid.detail);
                self.enough()?;
            }
        }
        self.read += 1;
        if self.batch.len() >= BATCH {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes the batch; notes which lines could not be taken.
    async fn write(&mut self) -> Result<(), Problem> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let (edition, batch) = (self.staged.edition, &self.batch);
        let amiss = tx::transaction(&self.app.pool, async |tx| edition::stage(tx, edition, batch).await).await?;
        for (index, why) in amiss {
            let place = self.places.get(index).copied().unwrap_or_default();
            let named = if batch[index].sku.is_some() { "sku" } else { "offer_id" };
            let (code, detail) = match why {
                Amiss::Unknown => ("unknown", "You have no such offer on this portal."),
                Amiss::Twice => ("twice", "The offer has another price from this quantity on already."),
            };
            self.faults.0.push(Fault { pointer: format!("/{place}/{named}"), code, detail: detail.to_owned() });
        }
        self.batch.clear();
        self.places.clear();
        self.enough()
    }

    fn enough(&mut self) -> Result<(), Problem> {
        if self.faults.0.len() < MAX_FAULTS {
            return Ok(());
        }
        let mut faults = std::mem::take(&mut self.faults);
        faults.0.truncate(MAX_FAULTS);
        Ok(faults.result()?)
    }
}

/// A line as it is kept; or what is wrong with it, and where.
fn sent(line: &[u8], currency: Option<&str>) -> Result<SentTier, (&'static str, Invalid)> {
    let whole = |error: String| ("", Invalid::new("invalid", error));
    let value = json::parse(line).map_err(|error| whole(format!("The line is not valid JSON: {error}.")))?;
    let sent: SentPrice = serde_json::from_value(value).map_err(|error| whole(error.to_string()))?;
    if sent.sku.is_some() == sent.offer_id.is_some() {
        return Err(whole("Name the offer by sku or by offer_id.".to_owned()));
    }
    if sent.sku.as_ref().is_some_and(|sku| sku.contains('\0')) {
        return Err(("/sku", Invalid::new("unknown", "You have no such offer on this portal.")));
    }
    let from = sent.from.as_deref().unwrap_or("0");
    let from = parse_decimal(from).and_then(check_quantity).map_err(|invalid| ("/from", invalid))?;
    let (mut unit_price, mut discount_percent) = (None, None);
    match (&sent.price, &sent.discount_percent) {
        (Some(text), None) => {
            let missing = || Invalid::new("currency", "The list has no currency yet: set it first.");
            let price = currency.ok_or_else(missing).and_then(Currency::parse);
            let price = price.and_then(|currency| UnitPrice::stated(parse_decimal(text)?, currency));
            unit_price = Some(price.map_err(|invalid| ("/price", invalid))?.amount());
        }
        (None, Some(text)) => {
            let percent = parse_decimal(text).and_then(check_discount);
            discount_percent = Some(percent.map_err(|invalid| ("/discount_percent", invalid))?);
        }
        _ => return Err(whole("A line has either a price or a discount_percent.".to_owned())),
    }
    Ok(SentTier { sku: sent.sku, offer_id: sent.offer_id, from_quantity: from, unit_price, discount_percent })
}
