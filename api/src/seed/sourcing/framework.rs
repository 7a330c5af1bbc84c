//! A framework agreement for a year: its standstill is over, and a first order was called off from it.

use serde_json::json;

use super::companies::Who;
use super::setting::Setting;
use super::stage::{Play, Story, What};
use super::words::{Steel, offer, quote, request, steel, with};

/// Aare's plate for a year.
pub fn framework(setting: &Setting) -> Vec<Play> {
    let of = |thickness| Steel {
        category: setting.categories.flat,
        grade: "S355J2+N",
        thickness: Some(thickness),
        width: Some("2000"),
    };
    let lines = vec![
        steel(1, ["Plate S355J2+N, 10 × 2000 × 6000 mm", "Лист S355J2+N, 10 × 2000 × 6000 мм"], "240", &of("10")),
        steel(2, ["Plate S355J2+N, 20 × 2000 × 6000 mm", "Лист S355J2+N, 20 × 2000 × 6000 мм"], "180", &of("20")),
        steel(3, ["Plate S355J2+N, 35 × 2000 × 6000 mm", "Лист S355J2+N, 35 × 2000 × 6000 мм"], "90", &of("35")),
    ];
    let titles = ["Plate S355J2+N, a year's need", "Лист S355J2+N, годовая потребность"];
    let how = json!({"procedure": {"preset": "framework"}, "framework_months": 12});
    let mut data = with(request(setting, titles, "Olten", [-48, -42], lines), how);
    data["deadlines"]["award"] = setting.time(-38, 12);
    data["deadlines"]["start"] = json!(setting.day(-28));
    let quoted = |prices: [&str; 3], days| {
        quote(setting, (1..).zip(prices).map(|(line, price)| offer(line, price, days)).collect())
    };
    let order = json!({
        "lines": [{"line": 1, "quantity": "24"}, {"line": 3, "quantity": "9600", "unit": "KGM"}],
        "delivery_date": setting.day(12), "buyer_reference": "Vessel 8812"
    });
    Story::new(setting, "plate for a year")
        .on(-55, 9, Who::Aare, What::Publish(data))
        .on(-52, 9, Who::Maas, What::Ask("Do the prices move with an index?"))
        .on(-51, 9, Who::Aare, What::Answer(0, "No. They hold for the year."))
        .on(-46, 9, Who::Maas, What::Quote(quoted(["724", "731", "758"], 20)))
        .on(-44, 9, Who::Norrsken, What::Quote(quoted(["711", "716", "749"], 26)))
        .on(-43, 9, Who::Klodnica, What::Quote(quoted(["718", "729", "771"], 21)))
        .on(-42, 14, Who::Aare, What::Open)
        .on(-40, 9, Who::Aare, What::Award(Who::Norrsken, "The lowest price in every thickness."))
        .on(-14, 9, Who::AareBuyer, What::CallOff(order))
        .told()
}
