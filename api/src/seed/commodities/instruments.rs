//! What is traded: four instruments as their makers and users would specify them, and when.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use domain::exchange::Schedule;
use domain::kernel::{Faults, InstrumentId, Timestamp};
use infra::Failure;
use serde_json::{Value, json};

use super::PORTAL;
use crate::app::App;
use crate::exchange::floor::{self, Listed};
use crate::exchange::instrument::dto::InstrumentData;
use crate::exchange::instrument::usecase as instrument;
use crate::exchange::schedule::dto::{StepDto, TradingScheduleData};
use crate::exchange::schedule::usecase as schedule;
use crate::seed::cast::{Player, body};

/// Around the clock, so that whoever tries it finds it open; the sessions change at midnight in Moscow, within seconds.
const STEPS: [(&str, &str); 5] = [
    ("00:00:00", "pre_open"),
    ("00:00:02", "opening_auction"),
    ("00:00:04", "continuous"),
    ("23:59:57", "closing_auction"),
    ("23:59:59", "closed"),
];

/// Every day but New Year, in the year before and those to come.
pub fn schedule(year: i32) -> TradingScheduleData {
    let step = |(at, phase): (&str, &str)| StepDto { at: at.to_owned(), phase: phase.to_owned() };
    TradingScheduleData {
        name: "Around the clock".to_owned(),
        time_zone: "Europe/Moscow".to_owned(),
        steps: STEPS.map(step).into(),
        weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(str::to_owned).into(),
        holidays: (year - 1..year + 4).filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1)).collect(),
    }
}

/// The same for the rules of the domain.
pub fn checked(data: &TradingScheduleData) -> Result<Schedule, Failure> {
    let mut faults = Faults::default();
    let checked = data.input().check("", &mut faults);
    checked.ok_or_else(|| Failure::broken(format!("the trading schedule: {:?}", faults.0)))
}

/// Lists them, to be delivered within the second month after the day.
pub async fn list(
    app: &App,
    operator: &Player,
    times: &TradingScheduleData,
    day: NaiveDate,
    at: Timestamp,
) -> Result<Vec<Arc<Listed>>, Failure> {
    let create = async |tx: &mut _, command: &_| schedule::create(tx, command, PORTAL, times).await;
    let schedule_id = body(operator.act_alone(app, at, create).await?)?.id;
    let from = day.with_day(1).unwrap_or(day) + Months::new(2);
    let to = (from + Months::new(1)).pred_opt().unwrap_or(from);
    let month = from.format("%b%y").to_string().to_uppercase();
    let mut listed = Vec::new();
    for mut data in [rebar(), aluminium(), wheat(), newsprint()] {
        data["code"] = json!(format!("{}-{month}", data["code"].as_str().unwrap_or_default()));
        data["schedule_id"] = json!(schedule_id);
        data["terms"]["delivery_from"] = json!(from);
        data["terms"]["delivery_to"] = json!(to);
        let data: InstrumentData = serde_json::from_value(data).map_err(Failure::broken)?;
        let create = async |tx: &mut _, command: &_| instrument::create(tx, command, PORTAL, &data, &[]).await;
        let made = body(operator.act_alone(app, at, create).await?)?;
        listed.push(floor::listed(app, InstrumentId(made.id)).await?);
    }
    Ok(listed)
}

fn rebar() -> Value {
    json!({
        "code": "REBAR-A500C-12", "name": {"en": "Rebar A500C, 12 mm", "ru": "Арматура А500С, 12 мм"}, "grade": "A500C",
        "specification": [
            {"parameter": "standard", "value": "GOST 34028-2016"}, {"parameter": "diameter", "value": "12", "unit": "MMT"},
            {"parameter": "length", "value": "11.7", "unit": "MTR"},
            {"parameter": "yield_strength_least", "value": "500", "unit": "MPA"},
            {"parameter": "tensile_strength_least", "value": "600", "unit": "MPA"},
            {"parameter": "elongation_least", "value": "14", "unit": "P1"}, {"parameter": "weldable", "value": "yes"}
        ],
        "unit": "TNE", "lot_size": "20", "tick_size": "10", "currency": "RUB", "reference_price": "52400",
        "band": {"up_ppm": 80_000, "down_ppm": 80_000}, "volatility_ppm": 25_000, "guarantee": "limit", "max_live_orders": 500,
        "terms": {"incoterm": "FCA", "place": "Chelyabinsk", "payment_days": 5},
        "tolerance": {"more_ppm": 30_000, "less_ppm": 30_000}, "tax": {"category": "S", "rate": "20"}
    })
}

fn aluminium() -> Value {
    json!({
        "code": "ALU-A7", "name": {"en": "Primary aluminium A7, ingots", "ru": "Алюминий первичный А7, чушки"}, "grade": "A7",
        "specification": [
            {"parameter": "standard", "value": "GOST 11069-2019"}, {"parameter": "purity", "value": "99.70", "unit": "P1"},
            {"parameter": "iron_most", "value": "0.15", "unit": "P1"}, {"parameter": "silicon_most", "value": "0.15", "unit": "P1"},
            {"parameter": "ingot", "value": "15", "unit": "KGM"}
        ],
        "unit": "TNE", "lot_size": "25", "tick_size": "0.50", "currency": "USD", "reference_price": "2615.00",
        "band": {"up_ppm": 60_000, "down_ppm": 60_000}, "volatility_ppm": 20_000, "self_trade": "cancel_incoming",
        "terms": {"incoterm": "FOB", "place": "Saint Petersburg", "payment_days": 10},
        "tolerance": {"more_ppm": 20_000, "less_ppm": 20_000},
        "differentials": [
            {"parameter": "purity", "base": "99.70", "step": "0.05", "price_above": "12", "price_below": "-18", "least": "99.60"}
        ],
        "tax": {"category": "G", "rate": "0"}
    })
}

fn wheat() -> Value {
    json!({
        "code": "WHEAT-3", "name": {"en": "Milling wheat, class 3", "ru": "Пшеница продовольственная, 3 класс"}, "grade": "Class 3",
        "specification": [
            {"parameter": "standard", "value": "GOST 9353-2016"}, {"parameter": "protein", "value": "12.5", "unit": "P1"},
            {"parameter": "moisture", "value": "12", "unit": "P1"}, {"parameter": "gluten_least", "value": "23", "unit": "P1"},
            {"parameter": "falling_number_least", "value": "200", "unit": "SEC"},
            {"parameter": "natural_weight_least", "value": "730", "unit": "GL"},
            {"parameter": "foreign_matter_most", "value": "2", "unit": "P1"}
        ],
        "unit": "TNE", "lot_size": "60", "tick_size": "5", "currency": "RUB", "reference_price": "16450",
        "band": {"up_ppm": 50_000, "down_ppm": 50_000}, "volatility_ppm": 20_000, "guarantee": "limit", "max_live_orders": 500,
        "max_session_lots": 100_000,
        "terms": {"incoterm": "FCA", "place": "Novorossiysk", "payment_days": 5},
        "tolerance": {"more_ppm": 50_000, "less_ppm": 50_000},
        "differentials": [
            {"parameter": "protein", "base": "12.5", "step": "0.5", "price_above": "150", "price_below": "-200", "least": "12"},
            {"parameter": "moisture", "base": "12", "step": "0.5", "price_above": "-80", "price_below": "40", "most": "14"}
        ],
        "tax": {"category": "S", "rate": "10"}
    })
}

fn newsprint() -> Value {
    json!({
        "code": "NEWSPRINT-45", "name": {"en": "Newsprint 45 g/m²", "ru": "Бумага газетная 45 г/м²"}, "grade": "Grade A",
        "specification": [
            {"parameter": "standard", "value": "GOST 6445-74"}, {"parameter": "grammage", "value": "45", "unit": "GM"},
            {"parameter": "brightness", "value": "59", "unit": "P1"}, {"parameter": "moisture", "value": "8", "unit": "P1"},
            {"parameter": "reel_width", "value": "840", "unit": "MMT"}, {"parameter": "reel_diameter", "value": "1000", "unit": "MMT"}
        ],
        "unit": "TNE", "lot_size": "20", "tick_size": "10", "currency": "RUB", "reference_price": "43800",
        "band": {"up_ppm": 100_000, "down_ppm": 100_000}, "volatility_ppm": 25_000, "self_trade": "decrement",
        "terms": {"incoterm": "CPT", "place": "Nizhny Novgorod", "payment_days": 14},
        "tolerance": {"more_ppm": 20_000, "less_ppm": 20_000},
        "differentials": [
            {"parameter": "moisture", "base": "8", "step": "0.5", "price_above": "-220", "price_below": "0", "most": "10"}
        ],
        "tax": {"category": "S", "rate": "20"}
    })
}
