//! Requests that are not over: a draft, some to which whoever comes may quote, and one in its second round.

use serde_json::{Value, json};

use super::companies::Who;
use super::setting::Setting;
use super::stage::{Play, Story, What};
use super::words::{Steel, line, offer, quote, request, steel, with};

/// Aare puts together what it will ask for.
pub fn draft(setting: &Setting) -> Vec<Play> {
    let titles = ["Welding consumables, second half of the year", "Сварочные материалы на второе полугодие"];
    let solid = line(
        1,
        ["Solid wire G3Si1, 1.2 mm, on spools of 16 kg", "Проволока G3Si1, 1,2 мм, катушки 16 кг"],
        "3200",
        "KGM",
    );
    let cored = line(2, ["Flux-cored wire T46 2 P M, 1.2 mm", "Порошковая проволока T46 2 P M, 1,2 мм"], "1200", "KGM");
    let lines = vec![with(solid, json!({"target_price": "1.85"})), with(cored, json!({"target_price": "3.10"}))];
    let data = request(setting, titles, "Olten", [12, 20], lines);
    Story::new(setting, "welding consumables").on(-2, 15, Who::AareBuyer, What::Draft(data)).told()
}

/// Glomma asks for pallets; one quote lies sealed, another one is being put together.
pub fn published(setting: &Setting) -> Vec<Play> {
    let category = json!({"category_id": setting.categories.packaging});
    let pallets = ["Pallets 1200 × 800 mm, new, heat-treated", "Поддоны 1200 × 800 мм, новые, термообработанные"];
    let crates =
        ["Crates for buffers, 1200 × 800 × 800 mm, to 900 kg", "Ящики для буферов, 1200 × 800 × 800 мм, до 900 кг"];
    let collars = ["Pallet collars, 200 mm, six hinges", "Складные борта, 200 мм, шесть петель"];
    let lines = [line(1, pallets, "1200", "C62"), line(2, crates, "180", "C62"), line(3, collars, "900", "C62")];
    let lines = lines.into_iter().map(|line| with(line, category.clone())).collect();
    let titles = ["Pallets and crates for spare parts", "Поддоны и ящики для запасных частей"];
    let data = request(setting, titles, "Hamar", [9, 16], lines);
    let tiers = json!({"tiers": [{"from": "600", "unit_price": "11.90"}, {"from": "1000", "unit_price": "11.40"}]});
    let first = vec![with(offer(1, "12.60", 10), tiers.clone()), offer(2, "84.00", 20), offer(3, "9.80", 10)];
    let second = vec![with(offer(1, "12.60", 10), tiers), offer(2, "79.50", 18), offer(3, "9.80", 10)];
    Story::new(setting, "pallets")
        .on(-5, 9, Who::Glomma, What::Publish(data))
        .on(-4, 8, Who::Vogtland, What::Ask("Are the crates stacked? How high?"))
        .on(-4, 12, Who::GlommaBuyer, What::Answer(0, "Three high, in a dry hall."))
        .on(-3, 9, Who::Vogtland, What::Quote(quote(setting, first)))
        .on(-2, 10, Who::Kaszuby, What::Ask("Do you return empty collars?"))
        .on(-2, 11, Who::Kaszuby, What::Prepare(quote(setting, vec![offer(1, "10.95", 21), offer(3, "9.10", 21)])))
        .on(-1, 14, Who::Vogtland, What::Revise(json!({"offers": second})))
        .told()
}

/// Aare reads the quotes as they come in, and who quotes learns its rank; an auction may follow.
pub fn ranked(setting: &Setting) -> Vec<Play> {
    let category = json!({"category_id": setting.categories.packaging});
    let film = line(1, ["Stretch film, 23 µm, 500 mm", "Стретч-плёнка, 23 мкм, 500 мм"], "6000", "KGM");
    let straps =
        line(2, ["Steel strapping 19 × 0.5 mm, waxed", "Лента стальная упаковочная 19 × 0,5 мм"], "3500", "KGM");
    let titles = ["Stretch film and steel strapping", "Стретч-плёнка и стальная лента"];
    let lines = vec![with(film, category.clone()), with(straps, category)];
    let procedure = json!({"procedure": {
        "secrecy": "open_ranking", "final_auction": true, "alternatives": false, "partial_quotes": false
    }});
    let data = with(request(setting, titles, "Olten", [6, 10], lines), procedure);
    Story::new(setting, "film and strapping")
        .on(-6, 9, Who::AareBuyer, What::Publish(data))
        .on(-4, 10, Who::Kaszuby, What::Quote(quote(setting, vec![offer(1, "1.92", 14), offer(2, "1.48", 14)])))
        .on(-3, 10, Who::Vogtland, What::Quote(quote(setting, vec![offer(1, "1.88", 9), offer(2, "1.44", 9)])))
        .on(-2, 16, Who::Kaszuby, What::Revise(json!({"offers": [offer(1, "1.83", 14), offer(2, "1.44", 14)]})))
        .told()
}

/// Aare has answered what there was to ask; quotes come in for some days yet. One of those it invited does not quote.
pub fn questions_closed(setting: &Setting) -> Vec<Play> {
    let of = |thickness, width| Steel {
        category: setting.categories.flat,
        grade: "DX51D",
        thickness: Some(thickness),
        width: Some(width),
    };
    let thin =
        ["Galvanised sheet DX51D+Z275, 0.8 × 1000 × 2000 mm", "Лист оцинкованный DX51D+Z275, 0,8 × 1000 × 2000 мм"];
    let thick = ["Galvanised sheet DX51D+Z275, 1 × 1250 × 2500 mm", "Лист оцинкованный DX51D+Z275, 1 × 1250 × 2500 мм"];
    let lines = vec![steel(1, thin, "22", &of("0.8", "1000")), steel(2, thick, "30", &of("1", "1250"))];
    let titles = ["Galvanised sheet for air ducts", "Оцинкованный лист для воздуховодов"];
    let how = json!({
        "procedure": {"preset": "sealed_tender", "visibility": "both"},
        "invitations": setting.companies(&[Who::Traun, Who::Maas, Who::Klodnica])
    });
    let data = with(request(setting, titles, "Olten", [-1, 6], lines), how);
    Story::new(setting, "air ducts")
        .on(-12, 9, Who::Aare, What::Publish(data))
        .on(-10, 9, Who::Traun, What::Decline("Our line is full until autumn."))
        .on(-9, 11, Who::Maas, What::Ask("Is a minimised spangle wanted?"))
        .on(-8, 9, Who::AareBuyer, What::Answer(0, "Yes, type M to EN 10346, skin-passed."))
        .on(-7, 15, Who::Ruhrort, What::Ask("May both thicknesses come on one lorry?"))
        .on(-6, 9, Who::AareBuyer, What::Answer(1, "Yes, the thicker sheet below."))
        .on(-3, 9, Who::Klodnica, What::Quote(quote(setting, vec![offer(1, "782", 14), offer(2, "766", 14)])))
        .on(-2, 13, Who::Ruhrort, What::Quote(quote(setting, vec![offer(1, "815", 6), offer(2, "801", 6)])))
        .told()
}

/// Glomma has read the first quotes, and asks two of the quoters for their best and final ones.
pub fn second_round(setting: &Setting) -> Vec<Play> {
    let of = Steel { category: setting.categories.long, grade: "S355J2", thickness: None, width: None };
    let beams = ["Beams HEB 200, S355J2, 12.1 m", "Балка HEB 200, S355J2, 12,1 м"];
    let channels = ["Channels UPN 160, S355J2, 12.1 m", "Швеллер UPN 160, S355J2, 12,1 м"];
    let lines = vec![steel(1, beams, "64", &of), steel(2, channels, "48", &of)];
    let asked = [Who::Ruhrort, Who::Ostravice, Who::Klodnica, Who::Mella];
    let titles = ["Beams and channels for underframes", "Балки и швеллеры для рам вагонов"];
    let invited = json!({"invitations": setting.companies(&asked)});
    let data = with(request(setting, titles, "Hamar", [-9, -6], lines), invited);
    let round = json!({"kind": "best_and_final", "deadline": setting.time(3, 12)});
    let quoted =
        |beams: &str, channels: &str, days| quote(setting, vec![offer(1, beams, days), offer(2, channels, days)]);
    let last: Vec<Value> = vec![offer(1, "768", 18), offer(2, "802", 18)];
    Story::new(setting, "beams and channels")
        .on(-15, 9, Who::Glomma, What::Publish(data))
        .on(-9, 10, Who::Ostravice, What::Quote(quoted("812", "839", 35)))
        .on(-8, 10, Who::Klodnica, What::Quote(quoted("784", "815", 21)))
        .on(-7, 10, Who::Ruhrort, What::Quote(quoted("791", "809", 10)))
        .on(-6, 14, Who::Glomma, What::Open)
        .on(-4, 9, Who::Glomma, What::Round(round, vec![Who::Klodnica, Who::Ruhrort]))
        .on(-1, 10, Who::Klodnica, What::Revise(json!({"offers": last})))
        .told()
}
