//! Instruments: what is traded on the exchange of a portal.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::{Differential, KeptRules, Property, Rules};
use domain::kernel::{Date, InstrumentId, Kind, PortalId, Refusal, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{After, List, Page};
use crate::db::prepared::Prepare;
use crate::db::{Connection, constraint};
use crate::schema::{category, instrument};

/// An instrument. The values were checked by [`domain::exchange::InstrumentInput`] before they were kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = instrument, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct InstrumentRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// Unique on the portal, also when it is delisted.
    pub code: String,
    /// A name per language.
    pub name: Value,
    pub category_id: Option<Uuid>,
    pub grade: String,
    /// A list of [`Property`].
    pub specification: Value,
    pub unit: String,
    pub lot_size: Decimal,
    pub tick_size: Decimal,
    pub currency: String,
    pub incoterm: String,
    pub incoterm_place: String,
    pub delivery_from: Date,
    pub delivery_to: Date,
    pub band_up_ppm: Option<i32>,
    pub band_down_ppm: Option<i32>,
    pub volatility_ppm: Option<i32>,
    pub self_trade: String,
    pub guarantee: String,
    pub max_live_orders: Option<i32>,
    pub max_session_lots: Option<i64>,
    /// A list of [`Differential`].
    pub differentials: Value,
    pub tolerance_more_ppm: i32,
    pub tolerance_less_ppm: i32,
    pub tax_category: String,
    pub tax_rate: Decimal,
    pub payment_days: i32,
    /// The one that it is listed with.
    pub reference_price: Option<Decimal>,
    pub schedule_id: Option<Uuid>,
    /// Raised by each change that somebody makes.
    pub version: i64,
    pub created_at: Timestamp,
    pub traded_at: Option<Timestamp>,
    pub delisted_at: Option<Timestamp>,
}

impl InstrumentRow {
    /// The rules by which the market trades it.
    pub fn rules(&self) -> Result<Rules, Failure> {
        let kept = KeptRules {
            tick_size: self.tick_size,
            lot_size: self.lot_size,
            currency: &self.currency,
            band_up_ppm: self.band_up_ppm,
            band_down_ppm: self.band_down_ppm,
            volatility_ppm: self.volatility_ppm,
            self_trade: &self.self_trade,
            guarantee: &self.guarantee,
            max_live_orders: self.max_live_orders,
            max_session_lots: self.max_session_lots,
        };
        Ok(kept.rules()?)
    }

    /// The stated properties of what is traded.
    pub fn specification(&self) -> Result<Vec<Property>, Failure> {
        serde_json::from_value(self.specification.clone()).map_err(Failure::broken)
    }

    /// How measured qualities change the price at delivery.
    pub fn differentials(&self) -> Result<Vec<Differential>, Failure> {
        serde_json::from_value(self.differentials.clone()).map_err(Failure::broken)
    }
}

/// Which instruments of a portal are wanted: all that is said must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    pub code: Option<&'a str>,
    /// This category, or one below it.
    pub category: Option<Uuid>,
    pub currency: Option<&'a str>,
}

fn code_taken(code: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("There is an instrument with the code {code} on the portal already."))
}

fn no_schedule() -> Refusal {
    Refusal::fault("/schedule_id", "unknown", "The portal has no such schedule.")
}

/// Keeps a new instrument.
pub async fn insert(tx: &mut Connection, new: &InstrumentRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(instrument::table).values(new).execute(tx).await;
    refuse(inserted, &new.code)
}

/// Keeps all that may have changed of an instrument.
pub async fn update(tx: &mut Connection, changed: &InstrumentRow) -> Result<(), Failure> {
    let updated = diesel::update(instrument::table.find(changed.id)).set(changed).execute(tx).await;
    refuse(updated, &changed.code)
}

fn refuse(written: QueryResult<usize>, code: &str) -> Result<(), Failure> {
    match constraint::refuse(written, "instrument_code_key", || code_taken(code)) {
        Err(Failure::Database(error)) => constraint::refuse(Err(error), "instrument_schedule", no_schedule),
        other => other.map(|_| ()),
    }
}

/// An instrument, whoever asks.
pub async fn of_id(connection: &mut Connection, id: InstrumentId) -> Result<Option<InstrumentRow>, Failure> {
    let query = instrument::table.find(id.0).select(InstrumentRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// Those of these instruments that there are, in one statement.
pub async fn of_ids(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<InstrumentRow>, Failure> {
    let query = instrument::table.filter(instrument::id.eq_any(ids)).select(InstrumentRow::as_select());
    Ok(query.load(connection).await?)
}

/// [`of_id`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, id: InstrumentId) -> Result<Option<InstrumentRow>, Failure> {
    let query = instrument::table.find(id.0).select(InstrumentRow::as_select());
    Ok(query.for_no_key_update().first(tx).await.optional()?)
}

/// All instruments of a portal, by code, those that are delisted too: for the market that trades them.
pub async fn all_of_portal(connection: &mut Connection, of: PortalId) -> Result<Vec<InstrumentRow>, Failure> {
    let query = instrument::table
        .filter(instrument::portal_id.eq(of.0))
        .order(instrument::code)
        .select(InstrumentRow::as_select());
    Ok(query.load(connection).await?)
}

/// The instruments that are listed on a portal, by code.
pub async fn list(
    connection: &mut Connection,
    of: PortalId,
    filter: Filter<'_>,
    page: &Page,
) -> Result<List<InstrumentRow>, Failure> {
    let mut query = instrument::table
        .filter(instrument::portal_id.eq(of.0).and(instrument::delisted_at.is_null()))
        .order(instrument::code)
        .limit(page.rows())
        .select(InstrumentRow::as_select())
        .into_boxed();
    if let Some(code) = filter.code {
        query = query.filter(instrument::code.eq(code));
    }
    if let Some(id) = filter.category {
        let below = category::table.filter(category::path.contains(vec![id])).select(category::id.nullable());
        query = query.filter(instrument::category_id.eq_any(below));
    }
    if let Some(currency) = filter.currency {
        query = query.filter(instrument::currency.eq(currency));
    }
    if let Some(after) = &page.after {
        query = query.filter(instrument::code.gt(after.key.clone()));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &InstrumentRow| After { key: row.code.clone(), id: row.id }))
}

/// Notes that instruments have been traded, the first time that they are.
pub async fn note_traded(tx: &Connection, ids: &[Uuid], at: Timestamp) -> Result<(), Failure> {
    diesel::update(instrument::table.filter(instrument::id.eq_any(ids).and(instrument::traded_at.is_null())))
        .set(instrument::traded_at.eq(at))
        .prepared()
        .execute(&mut &*tx)
        .await?;
    Ok(())
}
