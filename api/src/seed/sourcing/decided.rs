//! Requests that are decided: split among two winners, awarded with a standstill that runs, and given up.

use serde_json::json;

use super::companies::Who;
use super::setting::Setting;
use super::stage::{Play, Story, What};
use super::words::{Steel, line, offer, quote, request, steel, with};

/// Neither winner could deliver all. One contract is signed by both sides, the other one by its seller.
pub fn split(setting: &Setting) -> Vec<Play> {
    let of = |thickness, width| Steel {
        category: setting.categories.flat,
        grade: "DC04",
        thickness: Some(thickness),
        width: Some(width),
    };
    let wide = ["Cold rolled strip DC04, 1.2 × 480 mm", "Лента холоднокатаная DC04, 1,2 × 480 мм"];
    let narrow = ["Cold rolled strip DC04, 0.9 × 210 mm", "Лента холоднокатаная DC04, 0,9 × 210 мм"];
    let lines = vec![steel(1, wide, "40", &of("1.2", "480")), steel(2, narrow, "16", &of("0.9", "210"))];
    let titles = ["Cold rolled strip for housings", "Холоднокатаная лента для корпусов"];
    let data = request(setting, titles, "Olten", [-26, -22], lines);
    let part = |of, quantity: &str| with(of, json!({"quantity": quantity}));
    let mella = quote(setting, vec![part(offer(1, "812", 20), "25")]);
    let traun = quote(setting, vec![part(offer(1, "824", 24), "30"), offer(2, "871", 24)]);
    let klodnica = quote(setting, vec![offer(1, "846", 14), offer(2, "889", 14)]);
    let shares = vec![(Who::Mella, 1, "25"), (Who::Traun, 1, "15"), (Who::Traun, 2, "16")];
    let reason = "The lowest prices for each line; neither of the two delivers all of it.";
    let story = Story::new(setting, "cold rolled strip")
        .on(-32, 9, Who::AareBuyer, What::Publish(data))
        .on(-28, 9, Who::Mella, What::Quote(mella))
        .on(-26, 9, Who::Klodnica, What::Quote(klodnica))
        .on(-24, 9, Who::Traun, What::Quote(traun))
        .on(-22, 14, Who::AareBuyer, What::Open)
        .on(-19, 9, Who::Aare, What::Split(shares, reason));
    // Awards are in the order of their quotes.
    story
        .on(-18, 9, Who::Mella, What::Sign(0))
        .on(-18, 10, Who::Traun, What::Sign(1))
        .on(-17, 9, Who::Aare, What::Sign(1))
        .told()
}

/// The losers may object for ten days before there is a contract.
pub fn standstill(setting: &Setting) -> Vec<Play> {
    let of = |thickness| Steel {
        category: setting.categories.flat,
        grade: "S235JR",
        thickness: Some(thickness),
        width: Some("1250"),
    };
    let thin = ["Chequer plate S235JR, 4/6 × 1250 × 3000 mm", "Лист рифлёный S235JR, 4/6 × 1250 × 3000 мм"];
    let thick = ["Chequer plate S235JR, 6/8 × 1250 × 3000 mm", "Лист рифлёный S235JR, 6/8 × 1250 × 3000 мм"];
    let lines = vec![steel(1, thin, "36", &of("4")), steel(2, thick, "28", &of("6"))];
    let titles = ["Chequer plate for wagon floors", "Рифлёный лист для полов вагонов"];
    let preset = json!({"procedure": {"preset": "sealed_tender"}});
    let data = with(request(setting, titles, "Hamar", [-14, -8], lines), preset);
    let quoted = |thin: &str, thick: &str, days| quote(setting, vec![offer(1, thin, days), offer(2, thick, days)]);
    Story::new(setting, "chequer plate")
        .on(-24, 9, Who::Glomma, What::Publish(data))
        .on(-12, 9, Who::Norrsken, What::Quote(quoted("858", "846", 28)))
        .on(-11, 9, Who::Ruhrort, What::Quote(quoted("884", "871", 8)))
        .on(-9, 9, Who::Klodnica, What::Quote(quoted("839", "832", 21)))
        .on(-8, 13, Who::Glomma, What::Open)
        .on(-8, 14, Who::GlommaBuyer, What::Open)
        .on(-3, 9, Who::Glomma, What::Award(Who::Klodnica, "The lowest total; all three offer what was asked for."))
        .told()
}

/// The need is gone. The quote stays sealed for ever.
pub fn cancelled(setting: &Setting) -> Vec<Play> {
    let rails = line(1, ["Crane rail A75, 12 m", "Рельс крановый A75, 12 м"], "480", "MTR");
    let titles = ["Rails for the crane of hall 4", "Рельсы для крана цеха 4"];
    let data = request(setting, titles, "Hamar", [-13, -9], vec![rails]);
    Story::new(setting, "crane rails")
        .on(-20, 9, Who::GlommaBuyer, What::Publish(data))
        .on(-16, 9, Who::Ruhrort, What::Quote(quote(setting, vec![offer(1, "61.40", 45)])))
        .on(-11, 9, Who::Glomma, What::Cancel("The crane is bought together with its rails."))
        .told()
}
