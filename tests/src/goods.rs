//! Makes goods by the hundred thousand, in Russian and English, for the benches: the same number gives the same product, on every
//! machine.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A kind of goods: a category with the attributes that tell its goods apart.
struct Family {
    /// Of the category, which bears the code of OKPD 2.
    okpd2: &'static str,
    en: &'static str,
    ru: &'static str,
    unit: &'static str,
    size: Size,
    /// The lowest price, in cents.
    from: u64,
}

/// How goods of a family are measured.
#[derive(Clone, Copy)]
enum Size {
    Thread,
    Pipe,
    Sheet,
    Cable,
    Litres,
    Kilograms,
    Number,
}

const fn family(
    okpd2: &'static str,
    en: &'static str,
    ru: &'static str,
    unit: &'static str,
    size: Size,
    from: u64,
) -> Family {
    Family { okpd2, en, ru, unit, size, from }
}

#[rustfmt::skip]
const FAMILIES: [Family; 24] = [
    family("25.94.11.110", "Hex bolt", "Болт шестигранный", "C62", Size::Thread, 40),
    family("25.94.11.130", "Hex nut", "Гайка шестигранная", "C62", Size::Thread, 15),
    family("25.94.12", "Flat washer", "Шайба плоская", "C62", Size::Thread, 5),
    family("24.20.13", "Welded pipe", "Труба электросварная", "MTR", Size::Pipe, 900),
    family("24.10.31", "Hot-rolled sheet", "Лист горячекатаный", "TNE", Size::Sheet, 52_000),
    family("24.10.62", "Reinforcing bar", "Арматура стальная", "TNE", Size::Thread, 48_000),
    family("27.32.13", "Power cable", "Кабель силовой", "MTR", Size::Cable, 120),
    family("20.30.11", "Acrylic paint", "Краска акриловая", "C62", Size::Litres, 800),
    family("20.30.12", "Alkyd enamel", "Эмаль алкидная", "C62", Size::Litres, 950),
    family("23.51.12", "Portland cement", "Портландцемент", "C62", Size::Kilograms, 450),
    family("23.61.11", "Paving slab", "Плитка тротуарная", "MTK", Size::Sheet, 1_100),
    family("16.10.10", "Planed board", "Доска строганая", "MTQ", Size::Sheet, 21_000),
    family("25.73.30", "Adjustable wrench", "Ключ разводной", "C62", Size::Number, 1_500),
    family("28.13.14", "Centrifugal pump", "Насос центробежный", "C62", Size::Number, 19_000),
    family("28.14.13", "Ball valve", "Кран шаровой", "C62", Size::Pipe, 700),
    family("28.15.10", "Deep groove bearing", "Подшипник шариковый", "C62", Size::Number, 350),
    family("27.40.15", "LED lamp", "Лампа светодиодная", "C62", Size::Number, 180),
    family("27.20.22", "Lead-acid battery", "Аккумулятор свинцовый", "C62", Size::Number, 4_200),
    family("14.12.30", "Work jacket", "Куртка рабочая", "C62", Size::Number, 2_600),
    family("20.41.31", "Liquid soap", "Мыло жидкое", "C62", Size::Litres, 250),
    family("10.61.21", "Wheat flour", "Мука пшеничная", "C62", Size::Kilograms, 90),
    family("10.83.13", "Black tea", "Чай чёрный", "C62", Size::Kilograms, 600),
    family("31.01.12", "Office desk", "Стол офисный", "C62", Size::Number, 9_800),
    family("25.93.11", "Steel rope", "Канат стальной", "MTR", Size::Pipe, 310),
];

/// Makers, as words that both languages write alike.
const MAKERS: [&str; 16] = [
    "Nordwerk",
    "Uralprom",
    "Baltika",
    "Severstan",
    "Kamatech",
    "Ostwind",
    "Volgaline",
    "Metrix",
    "Altair",
    "Polaris",
    "Donmet",
    "Rheinmark",
    "Sibur-K",
    "Amurtek",
    "Lenta",
    "Vektor",
];

/// What they are made or meant for.
const USES: [(&str, &str); 12] = [
    ("outdoor work", "наружных работ"),
    ("indoor work", "внутренних работ"),
    ("bridges", "мостов"),
    ("machine building", "машиностроения"),
    ("food industry", "пищевой промышленности"),
    ("shipyards", "судостроения"),
    ("farms", "сельского хозяйства"),
    ("power stations", "электростанций"),
    ("housing", "жилищного строительства"),
    ("mining", "горных работ"),
    ("workshops", "мастерских"),
    ("warehouses", "складов"),
];

const GRADES: [&str; 10] = ["A", "B", "C", "4.8", "8.8", "10.9", "A2", "A4", "St3", "09G2S"];

/// A stream of numbers after SplitMix64, one for each product.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let index = self.below(all.len() as u64);
        all[usize::try_from(index).expect("an index")]
    }
}

/// The categories that the goods are in: code and names.
pub fn categories() -> Vec<(&'static str, &'static str, &'static str)> {
    FAMILIES.iter().map(|family| (family.okpd2, family.en, family.ru)).collect()
}

/// The attributes of each of these categories, as their bodies.
pub fn attributes() -> Vec<Value> {
    let choices: Vec<Value> = GRADES.iter().map(|grade| json!({"key": key(grade), "name": {"en": grade}})).collect();
    vec![
        json!({"key": "grade", "name": {"en": "Grade", "ru": "Класс"}, "kind": "choice", "choices": choices}),
        json!({"key": "weight", "name": {"en": "Weight", "ru": "Масса"}, "kind": "number", "unit": "KGM"}),
        json!({"key": "certified", "name": {"en": "Certified", "ru": "Сертифицировано"}, "kind": "yes_no"}),
    ]
}

fn key(grade: &str) -> String {
    format!("g{}", grade.to_ascii_lowercase()).replace('.', "_")
}

/// The product of a number, as a line for an import: offered at two prices.
pub fn product(seed: u64, number: u64) -> Value {
    let mut dice = Dice(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95));
    let family = &FAMILIES[usize::try_from(number % FAMILIES.len() as u64).expect("an index")];
    let (size, maker, grade) = (size(family.size, &mut dice), dice.of(&MAKERS), dice.of(&GRADES));
    let (use_en, use_ru) = dice.of(&USES);
    let cents = family.from + dice.below(family.from * 3);
    let price = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    let pack = 10 * (1 + dice.below(20));
    json!({
        "sku": format!("G-{number:07}"),
        "name": {"en": format!("{} {size} {maker}, grade {grade}", family.en), "ru": format!("{} {size} {maker}, класс {grade}", family.ru)},
        "description": {
            "en": format!("{} {size} by {maker} for {use_en}. Grade {grade}, {pack} to a box.", family.en),
            "ru": format!("{} {size} производства {maker} для {use_ru}. Класс {grade}, в коробке {pack}.", family.ru)},
        "category": family.okpd2, "base_unit": family.unit, "tax": {"category": "S", "rate": "20"},
        "lead_time_days": dice.below(30), "on_hand": (dice.below(5_000)).to_string(),
        "attributes": {"grade": key(grade), "weight": format!("{}.{}", dice.below(90), 1 + dice.below(9)), "certified": dice.below(2) == 0},
        "price": {"1": price(cents), (pack.to_string()): price(cents * 9 / 10)}
    })
}

fn size(size: Size, dice: &mut Dice) -> String {
    match size {
        Size::Thread => format!("M{}×{}", dice.of(&[4, 5, 6, 8, 10, 12, 16, 20, 24]), 10 + 5 * dice.below(40)),
        Size::Pipe => format!("{}×{} mm", dice.of(&[15, 20, 25, 32, 40, 57, 76, 108, 159]), 2 + dice.below(8)),
        Size::Sheet => {
            format!("{}×{}×{} mm", 2 + dice.below(60), 100 * (1 + dice.below(15)), 500 * (1 + dice.below(12)))
        }
        Size::Cable => format!("{}×{} mm²", 1 + dice.below(5), dice.of(&["1.5", "2.5", "4", "6", "10", "16"])),
        Size::Litres => format!("{} l", dice.of(&["0.5", "0.9", "2.5", "5", "10", "20"])),
        Size::Kilograms => format!("{} kg", dice.of(&["0.25", "0.5", "1", "2", "5", "25", "50"])),
        Size::Number => format!("{}-{}", dice.of(&["KX", "RM", "ZT", "PV", "SL"]), 100 + dice.below(900)),
    }
}

/// The goods from one number to another as a file of NDJSON.
pub fn lines(seed: u64, numbers: std::ops::Range<u64>) -> String {
    let mut file = String::new();
    for number in numbers {
        // Writing to a string cannot fail.
        let _ = writeln!(file, "{}", product(seed, number));
    }
    file
}

/// What buyers of these goods look for, each search once: words of a name in one of the languages.
pub fn searches(seed: u64, count: u64) -> Vec<String> {
    let mut all = std::collections::BTreeSet::new();
    let mut number = 0;
    while (all.len() as u64) < count {
        let language = if number % 2 == 0 { "ru" } else { "en" };
        let name = product(seed, number)["name"][language].as_str().expect("a name").replace(',', "");
        let words: Vec<&str> = name.split(' ').collect();
        // From two neighbours to the whole name, at any place.
        let from = usize::try_from(number / 2 % 3).expect("an index");
        let to = (from + 2 + usize::try_from(number / 6 % 3).expect("an index")).min(words.len());
        all.insert(words[from..to].join(" "));
        number += 1;
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_product_and_others_differ() {
        assert_eq!(lines(7, 0..100), lines(7, 0..100));
        assert_ne!(lines(7, 0..100), lines(8, 0..100));
        let names: std::collections::BTreeSet<String> = (0..1_000).map(|n| product(7, n)["name"].to_string()).collect();
        assert!(names.len() > 900, "{}", names.len());
    }
}
