//! Requests whose quotes have come in: sealed ones that wait for the second of two people, and those of a tender in two
//! envelopes.

use serde_json::{Value, json};

use super::companies::Who;
use super::setting::Setting;
use super::stage::{Play, Story, What};
use super::words::{Steel, line, offer, quote, request, steel, with};

/// Glomma's buyer has opened; nobody reads the quotes until its owner does so as well.
pub fn waiting(setting: &Setting) -> Vec<Play> {
    let of = |grade, thickness, width| Steel {
        category: setting.categories.flat,
        grade,
        thickness: Some(thickness),
        width: Some(width),
    };
    let walls = ["Weathering sheet S355J2WP, 4 × 1500 × 6000 mm", "Лист атмосферостойкий S355J2WP, 4 × 1500 × 6000 мм"];
    let floors =
        ["Weathering plate S355J2W+N, 8 × 2000 × 6000 mm", "Лист атмосферостойкий S355J2W+N, 8 × 2000 × 6000 мм"];
    let lines = vec![
        steel(1, walls, "85", &of("S355J2WP", "4", "1500")),
        steel(2, floors, "140", &of("S355J2W+N", "8", "2000")),
    ];
    let titles = ["Weathering steel for hopper wagons", "Атмосферостойкая сталь для хопперов"];
    let preset = json!({"procedure": {"preset": "sealed_tender"}});
    let data = with(request(setting, titles, "Hamar", [-8, -2], lines), preset);
    let quoted = |walls: &str, floors: &str, days| quote(setting, vec![offer(1, walls, days), offer(2, floors, days)]);
    Story::new(setting, "weathering steel")
        .on(-18, 9, Who::Glomma, What::Publish(data))
        .on(-14, 10, Who::Norrsken, What::Ask("Is the plate shot-blasted and primed?"))
        .on(-13, 9, Who::Glomma, What::Answer(0, "Shot-blasted to Sa 2½, not primed."))
        .on(-6, 10, Who::Norrsken, What::Quote(quoted("861", "884", 32)))
        .on(-5, 11, Who::Klodnica, What::Quote(quoted("848", "893", 40)))
        .on(-3, 15, Who::Ruhrort, What::Quote(quoted("897", "902", 21)))
        .on(-1, 9, Who::GlommaBuyer, What::Open)
        .told()
}

/// Glomma admits who may quote, amends the request, judges what is offered, and then opens the prices. One quote was
/// not confirmed in time.
pub fn two_envelopes(setting: &Setting) -> Vec<Play> {
    let titles = ["Laser-cut and bent parts for bogie frames", "Детали рам тележек: лазерная резка и гибка"];
    let how = json!({
        "procedure": {"preset": "two_envelope", "prequalification": true},
        "criteria": [{"kind": "price", "weight": "60"},
            {"kind": "score", "key": "welding", "name": {"en": "Weldable", "ru": "Под сварку"}, "weight": "25"},
            {"kind": "score", "key": "samples", "name": {"en": "Samples", "ru": "Образцы"}, "weight": "15"}]
    });
    let data = with(request(setting, titles, "Hamar", [-18, -10], parts(setting, "640")), how);
    let deadlines = json!({"questions": setting.time(-18, 12), "quotes": setting.time(-9, 12)});
    let amendment = json!({"lines": parts(setting, "720"), "deadlines": deadlines});
    let quoted = |side: &str, bracket: &str| quote(setting, vec![offer(1, side, 24), offer(2, bracket, 18)]);
    let revised = json!({"version": 2, "offers": [offer(1, "42.60", 24), offer(2, "9.85", 18)]});
    let judged = |welding: &str, samples: &str| json!({"scores": {"welding": welding, "samples": samples}});
    Story::new(setting, "bogie parts")
        .on(-26, 9, Who::Glomma, What::Publish(data))
        .on(-25, 9, Who::Ostravice, What::Apply("Two lasers of 12 kW; certified to EN 15085-2, level CL1."))
        .on(-25, 10, Who::Traun, What::Apply("Laser, bending to 4 m, deburring; EN 15085-2, level CL1."))
        .on(-24, 9, Who::Klodnica, What::Apply("Service centre with lasers and presses; EN 15085-2, level CL2."))
        .on(-24, 16, Who::Mella, What::Apply("We cut coils and would buy the bending in."))
        .on(-23, 9, Who::GlommaBuyer, What::Admit(Who::Ostravice))
        .on(-23, 9, Who::GlommaBuyer, What::Admit(Who::Traun))
        .on(-23, 9, Who::GlommaBuyer, What::Admit(Who::Klodnica))
        .on(-23, 9, Who::GlommaBuyer, What::Reject(Who::Mella, "What is welded on needs EN 15085-2."))
        .on(-19, 9, Who::Ostravice, What::Quote(quoted("41.80", "9.65")))
        .on(-18, 9, Who::Klodnica, What::Quote(quoted("39.90", "9.20")))
        .on(-17, 9, Who::Traun, What::Quote(quoted("44.10", "10.15")))
        .on(-16, 9, Who::Glomma, What::Amend(amendment))
        .on(-14, 9, Who::Ostravice, What::Confirm)
        .on(-12, 9, Who::Traun, What::Revise(revised))
        .on(-9, 14, Who::Glomma, What::Open)
        .on(-9, 15, Who::GlommaBuyer, What::Open)
        .on(-8, 9, Who::Glomma, What::Judge(Who::Ostravice, judged("80", "85")))
        .on(-8, 9, Who::Glomma, What::Judge(Who::Traun, judged("95", "90")))
        .on(-7, 9, Who::Glomma, What::Open)
        .on(-7, 10, Who::GlommaBuyer, What::Open)
        .told()
}

/// So many side plates, and brackets in any case.
fn parts(setting: &Setting, plates: &str) -> Vec<Value> {
    let metal = json!({"category_id": setting.categories.metals, "specification": {"grade": "S355J2+N"}});
    let side = ["Side plate 12 mm, bent twice, drawing GW-4711", "Щека 12 мм, два гиба, чертёж GW-4711"];
    let bracket = ["Bracket 8 mm, drawing GW-4726", "Кронштейн 8 мм, чертёж GW-4726"];
    vec![with(line(1, side, plates, "C62"), metal.clone()), with(line(2, bracket, "2600", "C62"), metal)]
}
