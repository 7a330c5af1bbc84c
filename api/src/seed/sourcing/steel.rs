//! Rolled steel: six lines, eight quotes in three currencies, scored, and one of them bargained over.

use serde_json::{Value, json};

use super::companies::Who;
use super::setting::Setting;
use super::stage::{Play, Story, What};
use super::steel_quotes;
use super::words::{Steel, request, steel as line, with};

const SPECIFICATION: &str = "\
Flat steel for the second quarter: technical terms of delivery

1  Certificates     Inspection certificate 3.1 to EN 10204 for each coil and each plate, sent with the despatch advice.
2  Tolerances       EN 10051 (hot rolled), EN 10131 (cold rolled), EN 10143 (galvanised), EN 10029 class A (plate).
3  Surface          Pickled and oiled where the line says so. White rust or pitting: the bundle goes back.
4  Coils            Inner diameter 508 or 610 mm, 12 t at most, eye to the sky, strapped three times.
5  Sheets           Bundles of 3 t at most, on timber, paper between bundle and cover, the heat number on each bundle.
6  Ultrasonic test  Line 5: EN 10160, class S1/E1.
7  Delivery         Curtain-sider, unloading by crane from above, Monday to Thursday, 7 to 15 h.
";

/// The request, its questions, its quotes, their opening, and what has come of that so far.
pub fn steel(setting: &Setting) -> Vec<Play> {
    let mut story = Story::new(setting, "rolled steel")
        .on(-20, 8, Who::Aare, What::MiniTender(data(setting), SPECIFICATION))
        .on(-20, 9, Who::Aare, What::Keep("Flat steel, quarterly"))
        .on(-17, 10, Who::Ruhrort, What::Ask("May one inspection certificate cover several coils of the same heat?"))
        .on(-16, 7, Who::Aare, What::Answer(0, "No: one for each coil. Several may come in one file."))
        .on(-15, 13, Who::Traun, What::Ask("Line 4: would a zinc-magnesium coating do in place of Z275?"))
        .on(
            -14,
            8,
            Who::Aare,
            What::Answer(1, "Offer it as an alternative beside Z275. Our paint shop has yet to try it."),
        );
    for (day, hour, by, quote) in steel_quotes::all(setting) {
        story = story.on(day, hour, by, What::Quote(quote));
    }
    story =
        story.on(-7, 9, Who::Klodnica, What::Revise(steel_quotes::cheaper_sheet())).on(-6, 13, Who::Aare, What::Open);
    for (whose, judgement) in judgements() {
        story = story.on(-5, 9, Who::AareBuyer, What::Judge(whose, judgement));
    }
    let expires_at = setting.time(5, 12);
    let wish = json!({
        "lines": [{"line": 1, "unit_price": "608"}, {"line": 5, "unit_price": "702"}], "expires_at": expires_at,
        "remarks": "At these prices you get the whole request."
    });
    let reply = json!({
        "lines": [{"line": 1, "unit_price": "618"}, {"line": 5, "unit_price": "709"}], "expires_at": expires_at,
        "remarks": "Half of the way. We keep the coils in Venlo until you call for them, to the end of the quarter."
    });
    story
        .on(-4, 9, Who::Aare, What::Counter(Who::Maas, wish))
        .on(-2, 14, Who::Maas, What::Counter(Who::Maas, reply))
        .told()
}

fn data(setting: &Setting) -> Value {
    let titles = ["Flat steel for the second quarter", "Листовой прокат на второй квартал"];
    let mut request = request(setting, titles, "Olten", [-12, -6], lines(setting));
    request["deadlines"]["award"] = setting.time(8, 12);
    let more = json!({
        "description": {"en": "In two deliveries a month. Quotes for single lines are welcome, so are alternatives.",
            "ru": "Две поставки в месяц. Можно предложить отдельные позиции, а также аналоги наряду с запрошенным."},
        "currencies": ["EUR", "CZK", "USD"],
        "rates": [{"currency": "CZK", "rate": "0.0405"}, {"currency": "USD", "rate": "0.87"}],
        "criteria": [{"kind": "price", "weight": "80"}, {"kind": "lead_time", "weight": "5"},
            {"kind": "score", "key": "quality", "name": {"en": "Quality", "ru": "Качество"}, "weight": "15"}]
    });
    with(request, more)
}

fn lines(setting: &Setting) -> Vec<Value> {
    let of = |grade, thickness, width| Steel {
        category: setting.categories.flat,
        grade,
        thickness: Some(thickness),
        width: Some(width),
    };
    let coating = |mut line: Value, coating: &str| {
        line["specification"]["coating"] = json!(coating);
        line
    };
    let by = |line: Value, day| with(line, json!({"required_on": setting.day(day)}));
    let coil = ["Hot rolled coil S235JR, 3 × 1500 mm", "Рулон горячекатаный S235JR, 3 × 1500 мм"];
    let pickled = ["Pickled and oiled coil S355MC, 4 × 1250 mm", "Рулон травленый промасленный S355MC, 4 × 1250 мм"];
    let cold = ["Cold rolled sheet DC01, 1.5 × 1250 × 2500 mm", "Лист холоднокатаный DC01, 1,5 × 1250 × 2500 мм"];
    let zinc = ["Galvanised sheet DX51D, 1 × 1250 × 2500 mm", "Лист оцинкованный DX51D, 1 × 1250 × 2500 мм"];
    let plate = ["Plate S355J2+N, 12 × 2000 × 6000 mm", "Лист толстый S355J2+N, 12 × 2000 × 6000 мм"];
    let floor = ["Chequer plate S235JR, 5/7 × 1250 × 2500 mm", "Лист рифлёный S235JR, 5/7 × 1250 × 2500 мм"];
    vec![
        with(
            by(line(1, coil, "120", &of("S235JR", "3", "1500")), 90),
            json!({"target_price": "610", "show_target": true}),
        ),
        by(line(2, pickled, "60", &of("S355MC", "4", "1250")), 90),
        by(line(3, cold, "45", &of("DC01", "1.5", "1250")), 100),
        coating(by(line(4, zinc, "38", &of("DX51D", "1", "1250")), 100), "Z275"),
        with(by(line(5, plate, "55", &of("S355J2+N", "12", "2000")), 80), json!({"target_price": "700"})),
        by(line(6, floor, "12", &of("S235JR", "5", "1250")), 100),
    ]
}

/// What Aare's buyer thinks of each: how good it is, what duties cost beside, and which equivalents will do.
fn judgements() -> Vec<(Who, Value)> {
    let quality = |points: &str, note: &str| json!({"scores": {"quality": points}, "note": note});
    let amanos = json!({"allowance": "6200.00"});
    let norrsken = json!({"accepted": [{"line": 2, "variant": 1}]});
    vec![
        (Who::Ostravice, quality("70", "Late twice last year.")),
        (Who::Ruhrort, quality("90", "From stock; the fastest of them.")),
        (Who::Traun, quality("90", "Zinc-magnesium not tried yet.")),
        (Who::Maas, quality("85", "No complaint in three years.")),
        (Who::Mella, quality("65", "New to us.")),
        (Who::Norrsken, with(quality("95", "S420MC bends as well as what we asked for."), norrsken)),
        (Who::Amanos, with(quality("50", "Customs clearance comes on top."), amanos)),
        (Who::Klodnica, quality("75", "Good cut edges, packaging could be better.")),
    ]
}
