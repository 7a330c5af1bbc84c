//! What is sold, in each format: as the holders would describe it. Prices are in roubles.

use chrono::TimeDelta;
use domain::kernel::Timestamp;
use serde_json::{Value, json};

/// When an auction opens and, where that does not follow from its price, closes.
#[derive(Clone, Copy)]
pub struct Times {
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
}

impl Times {
    /// The goods are fetched within three weeks of the close.
    fn terms(&self, incoterm: &str, place: &str) -> Value {
        let by = (self.closes_at + TimeDelta::days(21)).date_naive();
        json!({"incoterm": incoterm, "place": place, "payment_days": 10, "delivery_date": by})
    }
}

fn taxed(mut data: Value, times: Times) -> Value {
    data["currency"] = json!("RUB");
    data["access"] = json!("open");
    data["tax"] = json!({"category": "S", "rate": "20"});
    data["opens_at"] = json!(times.opens_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
    if data["interval_seconds"].is_null() {
        data["closes_at"] = json!(times.closes_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
    }
    data
}

/// Open bids with maxima, a hidden reserve, a deposit, and two lots that close one after the other.
pub fn english(times: Times) -> Value {
    taxed(
        json!({
            "name": {"en": "Rebar from a finished site", "ru": "Арматура с завершённой стройки"}, "format": "english",
            "increments": {"table": [{"from": "0", "step": "5000"}, {"from": "1000000", "step": "10000"}]},
            "soft_close": {"seconds": 300}, "stagger_seconds": 300, "deposit": "50000", "disclosure": "participants",
            "lots": [
                {"name": {"en": "Rebar A500C, 12 mm", "ru": "Арматура А500С, 12 мм"}, "content": "20", "unit": "TNE",
                    "start_price": "800000", "reserve_price": "900000"},
                {"name": {"en": "Rebar A500C, 16 mm", "ru": "Арматура А500С, 16 мм"}, "content": "12", "unit": "TNE",
                    "start_price": "480000", "buy_now_price": "640000"}
            ],
            "terms": times.terms("FCA", "Naberezhnye Chelny")
        }),
        times,
    )
}

/// Suppliers undercut each other in steps of 0.5 to 5 % of the start price; each bid in the last ten minutes gives ten more.
pub fn reverse_english(times: Times) -> Value {
    taxed(
        json!({
            "name": {"en": "Kerb stones for a housing estate", "ru": "Бортовой камень для жилого квартала"},
            "preset": "tender_44fz_like",
            "lots": [{"name": {"en": "Kerb stones BR 100.30.15", "ru": "Камень бортовой БР 100.30.15"}, "content": "2400", "unit": "C62",
                "start_price": "1200000"}],
            "terms": times.terms("DAP", "Saint Petersburg")
        }),
        times,
    )
}

/// The price falls every ten minutes until all pallets are gone.
pub fn dutch(times: Times, interval: u32) -> Value {
    taxed(
        json!({
            "name": {"en": "Roofing sheet, ends of series", "ru": "Профнастил, остатки серий"}, "format": "dutch",
            "interval_seconds": interval, "disclosure": "public",
            "lots": [{"name": {"en": "Pallet of roofing sheet S-21", "ru": "Паллета профнастила С-21"}, "units": 20, "content": "120",
                "unit": "MTK", "start_price": "52000", "price_step": "1000", "floor_price": "30000"}],
            "terms": times.terms("EXW", "Naberezhnye Chelny")
        }),
        times,
    )
}

/// Sealed bids for units; all winners pay what the last accepted bid offers.
pub fn sealed_first_price(times: Times) -> Value {
    taxed(
        json!({
            "name": {"en": "Steel angle 50×50×5 by the bundle", "ru": "Уголок 50×50×5 пачками"}, "format": "sealed_first_price",
            "pricing": "uniform_price", "disclosure": "public",
            "lots": [{"name": {"en": "Bundle of steel angle", "ru": "Пачка уголка"}, "units": 40, "content": "2.5", "unit": "TNE",
                "start_price": "120000"}],
            "terms": times.terms("FCA", "Naberezhnye Chelny")
        }),
        times,
    )
}

/// The highest sealed bid wins and pays the second one.
pub fn sealed_second_price(times: Times) -> Value {
    taxed(
        json!({
            "name": {"en": "Fork-lift truck, 5 t, 2019", "ru": "Погрузчик вилочный, 5 т, 2019 г."}, "format": "sealed_second_price",
            "lots": [{"name": {"en": "Diesel fork-lift truck", "ru": "Дизельный погрузчик"}, "content": "1", "unit": "C62",
                "start_price": "900000", "reserve_price": "1000000"}],
            "terms": times.terms("EXW", "Petrozavodsk")
        }),
        times,
    )
}

/// The price falls in steps of 1 % until somebody takes it; then sealed bids above it, then who took it may top the best of them.
pub fn hybrid(times: Times, interval: u32) -> Value {
    taxed(
        json!({
            "name": {"en": "Crawler excavator, 22 t, 2017", "ru": "Экскаватор гусеничный, 22 т, 2017 г."}, "preset": "prozorro_like",
            "interval_seconds": interval,
            "lots": [{"name": {"en": "Crawler excavator", "ru": "Экскаватор гусеничный"}, "content": "1", "unit": "C62",
                "start_price": "4000000"}],
            "terms": times.terms("EXW", "Petrozavodsk")
        }),
        times,
    )
}
