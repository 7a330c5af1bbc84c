//! The quotes for rolled steel. Who quotes delivers on its own terms: some from the mill and some free at the gate, for
//! all lines or for what they make, in their own currency, with tiers, alternatives and conditions.

use serde_json::{Value, json};

use super::companies::Who;
use super::setting::Setting;
use super::words::{offer, quote, with};

/// Who quotes what, and when: day and hour.
pub fn all(setting: &Setting) -> Vec<(i64, i64, Who, Value)> {
    vec![
        (-13, 11, Who::Ostravice, ostravice(setting)),
        (-12, 9, Who::Maas, maas(setting)),
        (-11, 15, Who::Norrsken, norrsken(setting)),
        (-10, 8, Who::Klodnica, klodnica(setting)),
        (-9, 14, Who::Traun, traun(setting)),
        (-8, 10, Who::Ruhrort, ruhrort(setting)),
        (-7, 16, Who::Amanos, amanos(setting)),
        (-6, 9, Who::Mella, mella(setting)),
    ]
}

/// Lines with their prices, all in the same time.
fn offers(lead_time_days: u16, prices: &[(u16, &str)]) -> Vec<Value> {
    prices.iter().map(|(line, price)| offer(*line, price, lead_time_days)).collect()
}

/// Cheaper from these quantities on.
fn tiers(of: Value, tiers: &[(&str, &str)]) -> Value {
    let tier = |(from, price): &(&str, &str)| json!({"from": from, "unit_price": price});
    with(of, json!({"tiers": tiers.iter().map(tier).collect::<Vec<_>>()}))
}

/// In crowns, from the mill's gate, with the railway's freight.
fn ostravice(setting: &Setting) -> Value {
    let prices = [(2, "16800"), (3, "17950"), (4, "18600"), (5, "17350"), (6, "20100")];
    let mut all = vec![tiers(offer(1, "15150", 28), &[("60", "14950"), ("100", "14780")])];
    all.extend(offers(32, &prices));
    let terms = json!({"currency": "CZK", "incoterm": "FCA", "place": "Ostrava", "freight": "318000",
        "whole_discount_percent": "1", "remarks": "Rolled every other week. By rail to Olten freight station."});
    with(quote(setting, all), terms)
}

/// From stock: the dearest and the fastest.
fn ruhrort(setting: &Setting) -> Value {
    let mut all = vec![tiers(offer(1, "689", 7), &[("50", "678"), ("100", "669")])];
    all.extend(offers(7, &[(2, "752"), (3, "812"), (4, "836"), (5, "778"), (6, "884")]));
    with(quote(setting, all), json!({"remarks": "From stock in Duisburg, two lorries a week."}))
}

/// Rolls no plate; offers another coating beside what is asked for, and wants half of its lines or nothing.
fn traun(setting: &Setting) -> Value {
    let mut all = offers(21, &[(1, "637"), (2, "701"), (3, "752"), (4, "763")]);
    let description = "DX51D+ZM120, 1 × 1250 × 2500 mm: thinner, and lasts longer at cut edges";
    all.push(with(offer(4, "779", 21), json!({"kind": "alternative", "description": description})));
    with(quote(setting, all), json!({"least_lines_percent": "50"}))
}

/// Everything, cheaper as a whole.
fn maas(setting: &Setting) -> Value {
    let all = offers(20, &[(1, "629"), (2, "696"), (3, "748"), (4, "771"), (5, "719"), (6, "812")]);
    with(
        quote(setting, all),
        json!({"whole_discount_percent": "1.5", "remarks": "Deliveries on call, two days ahead."}),
    )
}

/// From the works: who buys there looks for a lorry, and the quote says what it costs.
fn mella(setting: &Setting) -> Value {
    let all = offers(18, &[(1, "588"), (2, "659"), (3, "707"), (4, "726"), (6, "794")]);
    with(quote(setting, all), json!({"incoterm": "EXW", "place": "Brescia", "freight": "13400.00"}))
}

/// Plate, and a better steel in place of what is asked for.
fn norrsken(setting: &Setting) -> Value {
    let instead = json!({"kind": "equivalent", "description": "S420MC, 4 × 1250 mm, the same bending radius",
        "remarks": "Bending test from each end of the coil."});
    let plate = json!({"least_quantity": "24", "remarks": "Tested by ultrasound, class S1/E1, as standard."});
    let all = vec![
        offer(1, "655", 30),
        with(offer(2, "698", 30), instead),
        tiers(with(offer(5, "713", 26), plate), &[("40", "704")]),
        offer(6, "806", 30),
    ];
    quote(setting, all)
}

/// In dollars, by sea; the rest of the way is freight.
fn amanos(setting: &Setting) -> Value {
    let mut all = offers(75, &[(1, "628"), (2, "706"), (3, "745"), (4, "768")]);
    all[0] = tiers(all[0].take(), &[("100", "619")]);
    let terms = json!({"currency": "USD", "incoterm": "CIF", "place": "Rotterdam", "freight": "17600.00",
        "remarks": "One vessel a month; barge to Basel, lorry to Olten."});
    with(quote(setting, all), terms)
}

/// Everything; what is cut to size is priced by the kilogram.
fn klodnica(setting: &Setting) -> Value {
    let by_weight = |of: Value| with(of, json!({"unit": "KGM"}));
    let mut all = offers(14, &[(1, "634"), (2, "699"), (5, "727"), (6, "818")]);
    all.extend([by_weight(offer(3, "0.744", 12)), by_weight(offer(4, "0.761", 12))]);
    quote(setting, all)
}

/// What Klodnica changes of its quote before the deadline.
pub fn cheaper_sheet() -> Value {
    let by_weight = |of: Value| with(of, json!({"unit": "KGM"}));
    let mut all = offers(14, &[(1, "631"), (2, "699"), (5, "727"), (6, "818")]);
    all.extend([by_weight(offer(3, "0.739", 12)), by_weight(offer(4, "0.756", 12))]);
    json!({"offers": all})
}
